"""The files of a bundle: that each is there as it was sealed, under its name, and that nothing else lies beside it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from perfstudio.durable import is_file, is_folder, is_link, read_plain, sha256_of
from perfstudio.library.folder import CLIPS, PAIRS, RULING, SENT, SPOKEN
from perfstudio.library.second_copy import RAW
from perfstudio.model.base import Document
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, SECOND_COPY, FileRole, TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.take_reading import NEWER, TAKE_LIMIT, TAKE_LIST_LIMIT, read_take
from perfstudio.packs.reserved import is_bundled_studio
from perfstudio.paths import leads_to
from perfstudio.receiver.marks import NOW, TAKEN_BACK
from perfstudio.session.takes.earlier_consents import EARLIER, no_earlier_records

BESIDE: Final = frozenset(
    {
        FILE_NAMES[FileRole.MANIFEST],
        FILE_NAMES[FileRole.CONSENT],
        FILE_NAMES[FileRole.RECEIPT],
        RULING,
        PAIRS,
        CLIPS,
        SENT,
        TAKEN_BACK,
        NOW,
        RAW,
    }
)
"""What may lie in a take's folder though take.json does not list it; at a receiver also what was signed since."""
_Kind = TypeVar("_Kind", bound=Document)
_LEFT = re.compile(
    r"take\.damaged-[0-9T]+\.json"
    r"|\.(?:(?:take|consent|consent-now|consent-[0-9a-f]{16}|receipt|ruling|pairs|clips|sent|withdrawal)\.json"
    r"|spoken-consent\.flac)\.[0-9a-f]{8}\.tmp"
)
"""A take.json that a repair set aside, and writes that a kill cut short."""
_OF_SYSTEMS = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".directory", "icon\r"})
"""What file managers leave in every folder that somebody looks into."""
_BALLAST: Final = "ballast.bin"
_TAKE_ID = re.compile(r"(?<![0-9a-z])[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])")


def problem(file: str, problem: str, **facts: str | int | float) -> DeliveryError:
    """What is wrong with one file of a bundle, as an error."""
    return DeliveryError(ErrorCode.BUNDLE_INVALID, file=file, problem=problem, **facts)


def read_paper(folder: Path, role: FileRole) -> bytes | None:
    """The bytes of a paper, or None where there is none. A link is not followed. Raises DeliveryError."""
    return read_named(folder, FILE_NAMES[role])


def read_named(folder: Path, name: str) -> bytes | None:
    """The same of a paper that has no role: it never leaves."""
    try:
        return read_plain(folder / name, TAKE_LIMIT)
    except FileNotFoundError:
        return None
    except OSError:
        raise problem(name, "link" if is_link(folder / name) else "unreadable") from None


def read_take_paper(folder: Path) -> tuple[bytes, TakeManifest]:
    """take.json as it lies there, and as it is read. Raises DeliveryError(BUNDLE_INVALID)."""
    name = FILE_NAMES[FileRole.MANIFEST]
    data = read_paper(folder, FileRole.MANIFEST)
    if data is None:
        raise problem(name, "missing")
    try:
        return data, read_take(data)
    except JsonProblemError as bad:
        raise not_json(name, bad) from bad


def read_beside(folder: Path, name: str, kind: type[_Kind]) -> _Kind | None:
    """A document beside a take, read strictly; None where there is none. Raises DeliveryError."""
    data = read_named(folder, name)
    try:
        if data is None:
            return None
        return read_document(data, kind, limit=TAKE_LIMIT, max_items=TAKE_LIST_LIMIT, own_words=True)
    except JsonProblemError as bad:
        raise not_json(name, bad) from bad


def beside_problems(
    folder: Path, name: str, kind: type[_Kind], look: Callable[[_Kind], Iterable[DeliveryError]]
) -> Iterator[DeliveryError]:
    """Why a document beside a take is none, or what `look` finds wrong with it; nothing where there is none."""
    try:
        paper = read_beside(folder, name, kind)
    except DeliveryError as found:
        yield found
        return
    if paper is not None:
        yield from look(paper)


def of_another_studio(studio_id: str, manifest: TakeManifest) -> bool:
    """Whether a studio is not the one that asked for this take; what the bundled pack asks for may go to any."""
    asked = manifest.prompt.studio
    return studio_id != asked.id and not is_bundled_studio(asked.id, asked.legal_name)


def not_json(file: str, bad: JsonProblemError) -> DeliveryError:
    """Why the bytes of a paper are none, and where in it."""
    if bad.problem == NEWER:
        return problem(file, NEWER)
    place = {"where": bad.where} if bad.where else {}
    return problem(file, "unreadable", form=bad.problem, **place, **bad.facts)


def file_problems(folder: Path, manifest: TakeManifest, record: ConsentRecord | None) -> Iterator[DeliveryError]:
    """Everything that is wrong with the files and their names, in the order of take.json; last what was read aloud."""
    yield from _name_problems(folder, manifest.take_id)
    listed = [entry.name for entry in manifest.files]
    for entry in manifest.files:
        named_elsewhere = entry.role is FileRole.SPOKEN_CONSENT  # by the record: who signed did so after the seal
        if named_elsewhere or entry.name != FILE_NAMES.get(entry.role) or listed.count(entry.name) > 1:
            yield problem(FILE_NAMES[FileRole.MANIFEST], "names")
        elif found := _wrong(folder / entry.name, entry.size, entry.sha256):
            yield problem(entry.name, found)
    aloud = record.said_aloud() if record is not None else None
    if aloud is not None and (found := _wrong(folder / SPOKEN, aloud.size, aloud.sha256)):
        yield problem(SPOKEN, found)
    for name in _others(folder, {*listed, *BESIDE, *((SPOKEN,) if aloud is not None else ())}):
        yield problem(name, "not_listed")
    for name in no_earlier_records(folder, manifest.take_id):
        yield problem(name, "no_earlier_consent")
    yield from _raw_problems(folder / RAW, manifest)


def can_be_read(folder: Path, manifest: TakeManifest) -> bool:
    """Whether what the take and its `raw/` hold are files, and no pipes, devices or links."""
    raw = folder / RAW
    listed = [folder / entry.name for entry in manifest.files]
    try:
        kept = list(raw.iterdir()) if raw.is_dir() else []
        return all(stat.S_ISREG(file.lstat().st_mode) for file in (*listed, *kept) if os.path.lexists(file))
    except OSError:
        return False


def _name_problems(folder: Path, take_id: str) -> Iterator[DeliveryError]:
    """The folder may be called anything but what another take is called. What differs in nothing but its letters' size
    is one name, for some systems do not tell it apart.
    """
    names = {name.casefold(): name for name in (leads_to(folder).name, folder.absolute().name)}
    for name in sorted(names.values()):
        found = set(_TAKE_ID.findall(name.casefold()))
        if found and take_id not in found:
            yield problem(name, "folder_of_another_take")


def _raw_problems(raw: Path, manifest: TakeManifest) -> Iterator[DeliveryError]:
    """What stayed in `raw/` is as it was recorded. Takes of format 1 have no hashes of it."""
    if is_link(raw):
        yield problem(RAW, "link")
    if is_link(raw) or not is_folder(raw) or not isinstance(manifest, TakeManifest2):
        return
    if is_file(raw / SECOND_COPY):
        return  # proved to be held by the other files, and on its way out
    kept = {file.name: file for file in manifest.raw or ()}
    for name, file in kept.items():
        if found := _wrong(raw / name, file.size, file.sha256):
            yield problem(f"{RAW}/{name}", found)
    for name in _others(raw, {*kept, _BALLAST}):
        yield problem(f"{RAW}/{name}", "not_listed")


def _wrong(file: Path, size: int, sha256: str) -> str:
    """A code for what is wrong with a file, or nothing."""
    try:
        if file.is_symlink():
            return "link"
        if not file.is_file():
            return "missing"
        with file.open("rb") as source:
            if os.fstat(source.fileno()).st_size != size:
                return "size_differs"
            return "" if sha256_of(source) == sha256 else "hash_differs"
    except OSError:
        return "unreadable"


def _others(folder: Path, known: set[str]) -> list[str]:
    """What lies in a folder and belongs to nobody: no part of the take, nor what systems leave in folders."""
    try:
        with os.scandir(folder) as names:
            found = sorted((entry.name, entry.is_file(follow_symlinks=False)) for entry in names)
    except OSError:  # what is listed in it cannot be read either, and that is said
        return []
    return [name for name, is_file in found if name not in known and not (is_file and _belongs(name, known))]


def _belongs(name: str, known: set[str]) -> bool:
    if EARLIER.fullmatch(name) or _LEFT.fullmatch(name):
        return True
    return name.casefold() in _OF_SYSTEMS or (name.startswith("._") and name.removeprefix("._") in known)
