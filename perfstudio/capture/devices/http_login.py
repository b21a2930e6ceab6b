"""Name and password over http: Basic (RFC 7617) and Digest (RFC 7616, with what is left of RFC 2069)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import Final

from perfstudio.capture.devices.addresses import Address

_SCHEME: Final = re.compile(r"(?i)(?:^|,)\s*(digest|basic)(?=\s|,|$)")
_FIELD: Final = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_HASHES: Final = {"md5": "md5", "sha-256": "sha256", "sha-512-256": "sha512_256"}


def answer(asked: str, address: Address) -> str:
    """What to put into Authorization when a camera asked so in WWW-Authenticate; Digest where it is offered."""
    places = [*_SCHEME.finditer(asked)]
    for found, end in zip(places, [*(place.start() for place in places[1:]), len(asked)], strict=True):
        if found[1].lower() == "digest":
            fields = {name.lower(): quoted or bare for name, quoted, bare in _FIELD.findall(asked[found.end() : end])}
            if (digest := _digest(fields, address)) is not None:
                return digest
    token = base64.b64encode(f"{address.user}:{address.password}".encode())
    return f"Basic {token.decode('ascii')}"


def _digest(fields: dict[str, str], address: Address) -> str | None:
    """The answer to one challenge; None when it asks for a way that is not known here."""
    algorithm = fields.get("algorithm", "MD5")
    name = _HASHES.get(algorithm.lower().removesuffix("-sess"))
    if name is None or name not in hashlib.algorithms_available or "nonce" not in fields:
        return None

    def hashed(text: str) -> str:
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    realm, nonce = fields.get("realm", ""), fields["nonce"]
    ours, count = secrets.token_hex(8), "00000001"
    who = hashed(f"{address.user}:{realm}:{address.password}")
    if algorithm.lower().endswith("-sess"):
        who = hashed(f"{who}:{nonce}:{ours}")
    what = hashed(f"GET:{address.path}")
    with_auth = "auth" in re.split(r"[\s,]+", fields.get("qop", ""))
    said = f"{nonce}:{count}:{ours}:auth" if with_auth else nonce
    quoted = {
        "username": address.user.replace("\\", "\\\\").replace('"', '\\"'), "realm": realm, "nonce": nonce,
        "uri": address.path, "response": hashed(f"{who}:{said}:{what}"), "opaque": fields.get("opaque", ""),
    }  # fmt: skip
    parts = [f'{key}="{value}"' for key, value in quoted.items() if value or key == "realm"]
    parts += [f"algorithm={algorithm}"] if "algorithm" in fields else []
    parts += ["qop=auth", f"nc={count}", f'cnonce="{ours}"'] if with_auth else []
    return "Digest " + ", ".join(parts)
