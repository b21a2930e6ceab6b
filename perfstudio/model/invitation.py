"""The link by which a studio invites a performer: where it is, a code that is good once, and the studio's key.

    perfstudio://connect?at=https%3A%2F%2Flab.example&code=…&key=…

Whoever has the link can become a sender of that studio once, so it goes to one person only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import Field

from perfstudio.model.dates import Moment
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ids import Sha256
from perfstudio.model.jws import is_public_key
from perfstudio.model.links import LONGEST, SCHEME, is_invitation, unwrapped
from perfstudio.model.signed import SignedDocument

_CODE = re.compile(r"[A-Za-z0-9_-]{22,86}")
"""At least 128 bits in base64url."""
_NAMES = ("at", "code", "key")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What stands in a link. `address` is what /studio.json hangs on; who uses it looks first whether it is safe."""

    address: str
    code: str = field(repr=False)
    public_key: str

    def link(self) -> str:
        """The link, of plain ASCII."""
        values = zip(_NAMES, (self.address, self.code, self.public_key), strict=True)
        return f"{SCHEME}://connect?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in values)


class TokenGiven(SignedDocument):
    """Answer to `POST /v1/tokens`: what the code of an invitation became, signed with the key that the link names."""

    format: Literal["perfstudio-token-given/1"] = "perfstudio-token-given/1"
    studio_id: str
    """Whose receiver it is good at."""
    name: str
    """What the studio calls the one who was invited."""
    code_sha256: Sha256
    """SHA-256 of the code: the answer to another one is no answer to this."""
    token: str = Field(min_length=20, max_length=200, repr=False)
    """Told this once."""
    at: Moment
    """When it was made."""


def read_invitation(text: str) -> Invitation:
    """The invitation in a link, as copied from a letter: with line ends, blanks and brackets around it.

    Raises DeliveryError(INVITATION_UNREADABLE, reason): cut_off (a part is missing), link_damaged.
    """
    link = unwrapped(text)
    if len(link) > LONGEST or not is_invitation(link):
        raise _unreadable("link_damaged")
    try:
        parts = urlsplit(link)
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True, max_num_fields=len(_NAMES))
    except ValueError:
        raise _unreadable("cut_off" if "?" not in link or link.endswith(("?", "&")) else "link_damaged") from None
    found = dict(pairs)
    if (parts.netloc.lower(), parts.fragment) != ("connect", "") or parts.path not in ("", "/"):
        raise _unreadable("link_damaged")
    if len(found) != len(pairs) or not set(found) <= set(_NAMES):
        raise _unreadable("link_damaged")
    if len(found) < len(_NAMES) or not found["at"] or len(found["key"]) < 43:
        raise _unreadable("cut_off")
    if not _CODE.fullmatch(found["code"]) or not is_public_key(found["key"]):
        raise _unreadable("link_damaged")
    return Invitation(found["at"].rstrip("/"), found["code"], found["key"])


def _unreadable(reason: str) -> DeliveryError:
    return DeliveryError(ErrorCode.INVITATION_UNREADABLE, reason=reason)
