"""Studio documents: read strictly from a file or an https address, kept in the home folder.

An address that the performer typed may lie in a private network; one that came with a pack may not: a pack must not
make the app knock on doors behind the performer's router.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError
from perfstudio.delivery.http import HttpClient, Timeouts
from perfstudio.delivery.origin import origin_of, shown
from perfstudio.delivery.trust import certificates, speaks_tls
from perfstudio.durable import private_folder, remove, write_durably
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import fingerprint
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.turning import turned

LARGEST = 64 << 10
LONGEST_SHOWN = 80
NO_KEY = "none"
"""In place of a fingerprint."""
_DEVICE = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")
"""learn.microsoft.com, "Naming Files, Paths, and Namespaces"."""


def read_studio(
    source: str | Path, *, typed: bool = True, ca_file: Path | None = None, trust: str | None = None
) -> Studio:
    """The document at an address or in a file, to be connected to. `typed` is False for addresses that came with a
    pack; `trust` is the certificate (PEM) of a receiver that no known authority vouches for.

    Raises DeliveryError: STUDIO_UNREADABLE (there is no document), STUDIO_INVALID (it does not hold), RECEIVER_UNSAFE
    (an address that may not be used), STUDIO_UNREACHABLE.
    """
    if isinstance(source, str) and source.lower().startswith(("https://", "http://")):
        return _straight(_fetch(source, typed=typed, ca_file=ca_file, trust=trust), shown(source))
    file = Path(source)
    return _straight(_read(file, source), file.name)


def _straight(data: bytes, name: str) -> Studio:
    """A document whose words are read as they are written: whoever connects decides by them."""
    studio = parse_studio(data, name)
    for where in turned(studio.to_json()):
        raise _invalid(name, where, "turning_mark")
    return studio


def _read(file: Path, source: str | Path) -> bytes:
    try:
        with file.open("rb") as handle:
            return handle.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        what = re.sub(r"//[^/@]*@", "//", str(source))[:LONGEST_SHOWN]  # without name and password
        reason = "EACCES" if isinstance(problem, PermissionError) else ""
        raise DeliveryError(ErrorCode.STUDIO_UNREADABLE, file=what, reason=reason) from None


def parse_studio(data: bytes, name: str) -> Studio:
    """Strictly: one JSON object, no key twice, no NaN, known fields only, addresses on one usable origin."""
    try:
        studio = read_document(data, Studio, limit=LARGEST)
    except JsonProblemError as problem:
        raise _invalid(name, problem.where, problem.problem, **problem.facts) from None
    origin = origin_of(studio.tus)
    if studio.base is not None and origin_of(studio.base) != origin:
        there = shown(studio.base)
        raise DeliveryError(ErrorCode.RECEIVER_UNSAFE, address=shown(studio.tus), detail="two_places", elsewhere=there)
    if studio.certificate is not None and certificates(studio.certificate) is None:
        raise _invalid(name, "certificate", "no_certificate")
    return studio


def key_word(studio: Studio) -> str:
    """The studio's key as people compare it."""
    return fingerprint(studio.public_key) if studio.public_key is not None else NO_KEY


class Studios:
    """The studios this home knows, one small file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, studio: Studio, new_key: str | None = None) -> None:
        """Keep a document durably; a known id is replaced, its key never by itself.

        `new_key` is the fingerprint of another key, or `NO_KEY`, where a person has decided so. Raises OSError,
        DeliveryError: STUDIO_KEY_CHANGED (another key than before), STUDIO_KEY_GONE (none, or no calls any more).
        """
        private_folder(self._folder)
        self._require_same_key(studio, new_key)
        write_durably(self._file(studio.id), json.dumps(studio.to_json(), indent=1).encode())

    def all(self) -> tuple[Studio, ...]:
        """Every readable document, by name. An unreadable one is left where it is and left out."""
        found = []
        for file in sorted(self._folder.glob("*.json")):
            try:
                found.append(parse_studio(_read(file, file), file.name))
            except DeliveryError:
                continue
        return tuple(sorted(found, key=lambda studio: studio.name.casefold()))

    def get(self, studio_id: str) -> Studio:
        """One studio. Raises DeliveryError(STUDIO_UNKNOWN)."""
        for studio in self.all():
            if studio.id == studio_id:
                return studio
        raise DeliveryError(ErrorCode.STUDIO_UNKNOWN, studio=studio_id)

    def _require_same_key(self, studio: Studio, new_key: str | None) -> None:
        known = next((known for known in self.all() if known.id == studio.id), None)
        if known is None:
            return
        before, now = key_word(known), key_word(studio)
        if before in (NO_KEY, now) and (studio.base is not None or known.base is None):
            return
        if new_key is not None and "".join(new_key.split()).casefold() == "".join(now.split()):
            return
        if now in (NO_KEY, before):
            raise DeliveryError(ErrorCode.STUDIO_KEY_GONE, studio=known.name, new=now)
        raise DeliveryError(ErrorCode.STUDIO_KEY_CHANGED, studio=known.name, known=before, new=now)

    def forget(self, studio_id: str) -> None:
        """Forget a studio; its deliveries stay in the outbox."""
        known = self.get(studio_id)
        remove(self._file(known.id))

    def _file(self, studio_id: str) -> Path:
        """An id that Windows takes for a device, whatever its ending, is kept under a name that no id has."""
        return self._folder / f"{studio_id}{'_' if _DEVICE.fullmatch(studio_id) else ''}.json"


def _fetch(address: str, *, typed: bool, ca_file: Path | None, trust: str | None) -> bytes:
    limits = Timeouts(answer_s=20.0)
    wire = HttpClient(address, None, timeouts=limits, ca_file=ca_file, trust=trust, public_only=not typed)
    try:
        reply = wire.ask(DeliveryStep.JSON, "GET", address, {"Accept": "application/json"})
    except TransferError as problem:
        raise not_fetched(problem.failure, address) from None
    finally:
        wire.close()
    if reply.status >= 500:
        raise DeliveryError(ErrorCode.STUDIO_UNREACHABLE, address=shown(address))
    if reply.status != 200:
        raise _no_document(address)
    if reply.body.lstrip()[:1] == b"<":
        raise _no_document(address, "web_page")
    return reply.body


def not_fetched(failure: Failure, address: str) -> DeliveryError:
    """Why a studio could not be asked, as an error of connecting to it."""
    broke_off = failure.fault in (Fault.RESET, Fault.PROTOCOL) and not failure.detail.startswith("tls")
    if broke_off and address.lower().startswith("http:") and speaks_tls(origin_of(address)):
        return DeliveryError(ErrorCode.RECEIVER_UNSAFE, address=shown(address), detail="tls_here")
    if failure.fault in (Fault.UNSAFE, Fault.CERTIFICATE):
        facts = {"detail": failure.detail, "why": failure.why, "elsewhere": failure.elsewhere}
        known = {name: value for name, value in facts.items() if value}
        return DeliveryError(ErrorCode.RECEIVER_UNSAFE, address=shown(address), **known)
    if failure.fault in (Fault.PORTAL, Fault.PROTOCOL):
        return _no_document(address, failure.detail or failure.fault.value)
    return DeliveryError(ErrorCode.STUDIO_UNREACHABLE, address=shown(address), detail=failure.detail)


def _no_document(address: str, reason: str = "") -> DeliveryError:
    return DeliveryError(ErrorCode.STUDIO_UNREADABLE, file=shown(address), reason=reason)


def _invalid(name: str, where: str, problem: str, **facts: str | int | float) -> DeliveryError:
    return DeliveryError(ErrorCode.STUDIO_INVALID, file=name, where=where, problem=problem, **facts)
