"""One take folder: its names, and what can be read from it without following a link or trusting a byte."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from perfstudio.durable import is_link, read_plain
from perfstudio.library.receipts import is_over
from perfstudio.library.take_row import Sent, TakeRow, derive_state
from perfstudio.model.base import Document
from perfstudio.model.checks import worst
from perfstudio.model.clip_given import ClipsGiven
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Arrival, Receipt, SentNote
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.ids import is_take_id
from perfstudio.model.pair_document import PairsKept
from perfstudio.model.reading import read_document
from perfstudio.model.ruling import Ruling
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, Decision, FileRole, TakeManifest, TakeState
from perfstudio.model.take_reading import NEWER, TAKE_LIMIT, TAKE_LIST_LIMIT, read_take

MANIFEST = FILE_NAMES[FileRole.MANIFEST]
CONSENT = FILE_NAMES[FileRole.CONSENT]
RECEIPT = FILE_NAMES[FileRole.RECEIPT]
RULING = "ruling.json"
"""What the studio decided of a delivered take, in its own signed words; no part of what was sealed or sent."""
PAIRS = "pairs.json"
"""What studios told of the scenes for two that it is one side of, as they signed it; no part of what was sealed or
sent."""
CLIPS = "clips.json"
"""Which clips of it went out as files; no part of what was sealed or sent."""
SENT = "sent.json"
SPOKEN = FILE_NAMES[FileRole.SPOKEN_CONSENT]
"""What was read aloud for the consent, for as long as anything of it stands."""
PART = ".part"
DOCUMENT_LIMIT = TAKE_LIMIT
"""Bytes of one JSON document of a take."""
LIST_LIMIT = TAKE_LIST_LIMIT

_NO_JSON = frozenset({"not_json", "not_utf8", "too_deep", "control_character"})
_Kind = TypeVar("_Kind", bound=Document)
_Found = TypeVar("_Found")

_REMEMBERED = 32
"""Documents whose reading is remembered: a page, a gate and the index ask for the same few again and again, and to read
and hash one takes a millisecond or two. The disk is read each time."""
_REMEMBERED_BYTES = 1 << 16
"""Larger ones are rare, and are not kept."""


@dataclass(frozen=True, slots=True)
class TakeLocation:
    """Where a take lies now."""

    take_id: str
    folder: Path
    sealed: bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """Identity of the documents of a take: changes whenever one of them is replaced, added, edited or removed."""

    text: str
    newest_ns: int
    """When the last of them changed, by the clock of its disk."""


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """What the index keeps of one take: its row, the stamp of the files read, and the manifest when it was whole."""

    row: TakeRow
    stamp: str
    manifest: TakeManifest | None

    def copy(self) -> bytes | None:
        """The packed second copy of a sealed manifest, or None."""
        if self.manifest is None or not self.row.sealed:
            return None
        return zlib.compress(json.dumps(self.manifest.to_json()).encode(), 6)


def locate(takes: Path, take_id: str) -> TakeLocation | None:
    """Where the take lies; a sealed folder wins over an unsealed one. A link is not a place.

    Looked at twice, because a take may be sealed (renamed) by another process between the two looks.
    """
    for name, sealed in ((take_id, True), (take_id + PART, False), (take_id, True)):
        folder = takes / name
        try:
            if stat.S_ISDIR(folder.lstat().st_mode):
                return TakeLocation(take_id, folder, sealed)
        except FileNotFoundError:
            continue
    return None


def scan(takes: Path) -> tuple[dict[str, TakeLocation], tuple[str, ...]]:
    """Every take folder by id, and the names in the folder that are none (links included)."""
    places: dict[str, TakeLocation] = {}
    foreign: list[str] = []
    with os.scandir(takes) as names:
        for name in names:
            take_id, sealed = name.name.removesuffix(PART), not name.name.endswith(PART)
            if not is_take_id(take_id) or not name.is_dir(follow_symlinks=False):
                foreign.append(name.name)
            elif sealed or take_id not in places:
                places[take_id] = TakeLocation(take_id, takes / name.name, sealed)
    return places, tuple(sorted(foreign))


def stamp(place: TakeLocation) -> Stamp:
    """The identity of a take's documents as they lie there now."""
    parts, newest_ns = ["sealed" if place.sealed else "part"], 0
    for name in (MANIFEST, CONSENT, RECEIPT, SENT, RULING, PAIRS, CLIPS, SPOKEN):
        try:
            status = os.lstat(f"{place.folder}/{name}")
        except OSError:
            if name not in (SENT, RULING, PAIRS, CLIPS, SPOKEN):  # most takes have none: their stamps stay as of 0.1.0
                parts.append("-")
            continue
        parts.append(f"{status.st_mtime_ns}:{status.st_size}:{status.st_ino}")
        newest_ns = max(newest_ns, status.st_mtime_ns, status.st_ctime_ns)
    return Stamp(" ".join(parts), newest_ns)


def papers_sha256(folder: Path) -> str:
    """What a take's own papers and those of its delivery are by their bytes, whatever their times say. In hex; of what
    cannot be read, that it cannot."""
    found = hashlib.sha256()
    for name in (MANIFEST, CONSENT, RECEIPT, SENT):
        try:
            data = read_plain(folder / name, DOCUMENT_LIMIT)
            found.update(f"{name} {len(data)} ".encode() + data)
        except OSError as problem:
            found.update(f"{name} {problem.errno} ".encode())
    return found.hexdigest()


def read_manifest(place: TakeLocation) -> TakeManifest:
    """take.json, whole and consistent. Raises LibraryError(TAKE_DAMAGED) with a detail, see `TakeRow.damage`."""
    found = _read(place, MANIFEST, _take, "")
    if found is None:
        raise damaged(place.take_id, "missing")
    manifest, seal_holds = found
    if manifest.take_id != place.take_id:
        raise damaged(place.take_id, "folder_of_another_take")
    if place.sealed and not seal_holds:
        raise damaged(place.take_id, "seal")
    return manifest


def read_consent(place: TakeLocation) -> ConsentRecord | None:
    """consent.json, or None when the take has none. Raises LibraryError(TAKE_DAMAGED, detail=consent, or
    consent_of_another_take)."""
    record = _read(place, CONSENT, _consent, "consent")
    return _of_this(place, record, record.take.take_id if record is not None else "", "consent")


def read_receipt(place: TakeLocation) -> Receipt | None:
    """receipt.json, or None when the take has none. Raises LibraryError(TAKE_DAMAGED), as for `read_consent`."""
    receipt = _read(place, RECEIPT, _reader(Receipt), "receipt")
    return _of_this(place, receipt, receipt.take_id if receipt is not None else "", "receipt")


def read_ruling(place: TakeLocation) -> Ruling | None:
    """ruling.json, or None when nothing was decided. Raises LibraryError(TAKE_DAMAGED), as for `read_consent`."""
    ruling = _read(place, RULING, _reader(Ruling), "ruling")
    return _of_this(place, ruling, ruling.take_id if ruling is not None else "", "ruling")


def read_pairs(place: TakeLocation) -> PairsKept | None:
    """pairs.json, or None when nothing was told. Raises LibraryError(TAKE_DAMAGED), as for `read_consent`."""
    kept = _read(place, PAIRS, _reader(PairsKept), "pairs")
    return _of_this(place, kept, kept.take_id if kept is not None else "", "pairs")


def read_clips(place: TakeLocation) -> ClipsGiven | None:
    """clips.json, or None when no clip went out. Raises LibraryError(TAKE_DAMAGED), as for `read_consent`."""
    given = _read(place, CLIPS, _reader(ClipsGiven), "clips")
    return _of_this(place, given, given.take_id if given is not None else "", "clips")


def read_sent(place: TakeLocation) -> SentNote | None:
    """sent.json, or None when the take has none. Raises LibraryError(TAKE_DAMAGED), as for `read_consent`."""
    note = _read(place, SENT, _reader(SentNote), "sent")
    return _of_this(place, note, note.take_id if note is not None else "", "sent")


def read_arrival(place: TakeLocation) -> Arrival | None:
    """The receipt, or else the note that it was sent, or None. Raises LibraryError(TAKE_DAMAGED)."""
    receipt = read_receipt(place)
    return receipt if receipt is not None else read_sent(place)


def read_entry(place: TakeLocation, known: TakeRow | None = None) -> FolderEntry:
    """What the index keeps of this take. Never raises for a damaged one: `known` (an older row) fills its gaps."""
    seen = stamp(place).text
    try:
        manifest = read_manifest(place)
        consent, arrival = read_consent(place), read_arrival(place)
    except LibraryError as error:
        return FolderEntry(_damaged_row(place, str(error.facts["detail"]), known), seen, None)
    if arrival is not None and consent is not None and is_over(arrival, consent):
        arrival = None
    state = derive_state(manifest, place.sealed, consent, arrival)
    return FolderEntry(_row(place, manifest, state, arrival.state if arrival else ""), seen, manifest)


def early_row(folder: Path, manifest: TakeManifest) -> TakeRow:
    """The row of a take that was cut and is not sealed yet, from what is known of it."""
    return _row(TakeLocation(manifest.take_id, folder, sealed=False), manifest, TakeState.UNDECIDED, "")


def damaged(take_id: str, detail: str, **facts: str | int | float) -> LibraryError:
    """The error for a take whose folder cannot be trusted; with the file, line and problem where those are known."""
    return LibraryError(ErrorCode.TAKE_DAMAGED, take=take_id, detail=detail, **facts)


def size_of(folder: Path) -> int:
    """Bytes of all regular files below a folder; links are not followed, files that vanish count nothing."""
    total = 0
    try:
        with os.scandir(folder) as names:
            for name in names:
                if name.is_dir(follow_symlinks=False):
                    total += size_of(Path(name.path))
                elif name.is_file(follow_symlinks=False):
                    total += name.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        pass
    return total


def _reader(kind: type[_Kind]) -> Callable[[bytes], _Kind]:
    return partial(read_document, kind=kind, limit=DOCUMENT_LIMIT, max_items=LIST_LIMIT, own_words=True)


def _remembered(read: Callable[[bytes], _Found]) -> Callable[[bytes], _Found]:
    """The same value for the same bytes: nothing in it can change. Refusals are not remembered."""
    again = lru_cache(maxsize=_REMEMBERED)(read)
    return lambda data: (again if len(data) <= _REMEMBERED_BYTES else read)(data)


@_remembered
def _take(data: bytes) -> tuple[TakeManifest, bool]:
    """The manifest, and whether its seal holds."""
    manifest = read_take(data)
    return manifest, manifest.seal_sha256 == manifest.seal()


_consent = _remembered(_reader(ConsentRecord))


def _read(place: TakeLocation, name: str, read: Callable[[bytes], _Found], detail: str) -> _Found | None:
    """One document of a take; `detail` names every damage alike, or is empty for the particular codes."""
    path = place.folder / name
    try:
        data = read_plain(path, DOCUMENT_LIMIT)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise damaged(place.take_id, detail or ("link" if is_link(path) else "unreadable")) from error
    try:
        return read(data)
    except JsonProblemError as problem:
        facts = {"file": name, "where": problem.where, "problem": problem.problem, **problem.facts}
        if problem.problem == NEWER:
            raise damaged(place.take_id, NEWER) from problem
        raise damaged(place.take_id, detail or _why(problem), **facts) from problem


def _of_this(place: TakeLocation, found: _Found | None, take_id: str, paper: str) -> _Found | None:
    """A paper that came into the wrong folder says nothing of the take that lies there."""
    if found is not None and take_id != place.take_id:
        raise damaged(place.take_id, f"{paper}_of_another_take", file=f"{paper}.json")
    return found


def _why(problem: JsonProblemError) -> str:
    return "not_json" if problem.problem in _NO_JSON else "invalid"


def _row(place: TakeLocation, manifest: TakeManifest, state: TakeState, sent: Sent) -> TakeRow:
    slate, shown, said = manifest.slate, manifest.prompt, manifest.said()
    return TakeRow(
        take_id=manifest.take_id,
        sealed=place.sealed,
        studio_id=shown.studio.id,
        pack_id=slate.pack_id,
        pack_version=slate.pack_version,
        prompt_id=slate.prompt_id,
        prompt_title=shown.prompt.title,
        character=shown.character,
        take_number=slate.take_number,
        emotions=tuple(e.term for e in shown.prompt.emotions),
        started_utc=manifest.started_utc,
        duration_s=manifest.duration_s,
        state=state,
        decision=manifest.decision,
        circled=manifest.circled,
        practice=manifest.practice,
        verdict=worst(manifest.judged()) if manifest.checks else None,
        meant=said.meant if said else (),
        note=manifest.note,
        sent=sent,
        size_bytes=size_of(place.folder),
    )


def _damaged_row(place: TakeLocation, detail: str, known: TakeRow | None) -> TakeRow:
    blank = TakeRow(
        take_id=place.take_id,
        sealed=place.sealed,
        studio_id="",
        pack_id="",
        pack_version="",
        prompt_id="",
        prompt_title="",
        character="",
        take_number=0,
        emotions=(),
        started_utc=_id_time(place.take_id),
        duration_s=None,
        state=TakeState.DAMAGED,
        decision=Decision.UNDECIDED,
        circled=False,
        practice=False,
        verdict=None,
        meant=(),
        note="",
        sent="",
        size_bytes=size_of(place.folder),
        damage=detail,
    )
    if known is None:
        return blank
    return replace(known, sealed=place.sealed, state=TakeState.DAMAGED, damage=detail, missing=False)


def _id_time(take_id: str) -> datetime:
    """The time a take id was made at, from its first ten characters; 1970 when a wrong clock made it absurd."""
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    milliseconds = 0
    for letter in take_id[:10]:
        milliseconds = milliseconds * 32 + digits.index(letter)
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
