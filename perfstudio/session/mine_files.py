"""Everything that is mine, as files to be copied: what lies in the home, and what is written for the copy."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from perfstudio.consent.receipt import written_receipt
from perfstudio.consent.receipt_page import page_of
from perfstudio.durable import read_plain
from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeRow
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session.given import Given
from perfstudio.session.given_document import document_bytes, table_bytes
from perfstudio.session.settings_values import Settings

_OURS = re.compile(r"\.reserve|\.[a-z-]+\.[a-z0-9]+\.[0-9a-f]{8}\.tmp|ballast\.bin")
"""Room that a recording held, and writes that a kill cut short: nothing of the performer's."""
_COPIED = ("takes", "deleted-takes", "receipts")
ABOUT = "about-me.json"
SKIPPED, BLOCKED = "scenes-i-skipped.json", "partners-i-blocked.json"
LIST_BYTES = 4_000_000
ABOUT_ME = (
    "performer_id", "signed_name", "camera_name", "microphone_name", "sound_only", "theme", "text_percent",
    "reduced_motion", "countdown_s", "prompt_px", "self_view", "tags_never", "tags_noted", "play_language",
)  # fmt: skip
"""Of the settings: who and how. Addresses of devices stay out, for a password may be in them; keys and tokens lie
elsewhere and are never read here."""


@dataclass(frozen=True, slots=True)
class MineTake:
    """A take, or the papers of a deleted one, and its files: (path inside its folder, bytes)."""

    take_id: str
    folder: Path
    files: tuple[tuple[str, int], ...]
    deleted: bool = False

    @property
    def target(self) -> str:
        """Its folder in the copy."""
        return f"{'deleted-takes' if self.deleted else 'takes'}/{self.take_id}"


@dataclass(frozen=True, slots=True)
class Mine:
    """What there is. `left` pairs a take with why it cannot come along: rolling, missing, unreadable."""

    takes: tuple[MineTake, ...]
    left: tuple[tuple[str, str], ...]

    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for take in self.takes for _name, size in take.files)


def find(library: Library) -> Mine:
    """Every sealed take, also binned and damaged ones, and the papers of deleted ones."""
    takes: list[MineTake] = []
    left: list[tuple[str, str]] = []
    for row in library.list():
        why = _why_not(row)
        try:
            found = None if why else _take(row.take_id, library.folder(row.take_id))
        except (OSError, PerfstudioError):
            found, why = None, "unreadable"
        if found is not None:
            takes.append(found)
        else:
            left.append((row.take_id, why))
    for take_id in library.deleted_with_papers():
        takes.append(_take(take_id, library.papers_folder(take_id), deleted=True))
    return Mine(tuple(takes), tuple(left))


def written(library: Library, given: Given, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """What is written for the copy: (path, bytes). What was given to whom, a receipt a signed take, who I am here, and
    which scenes I skipped, and partners I blocked."""
    yield "what-i-have-given.csv", table_bytes(given)
    yield "what-i-have-given.json", document_bytes(given, utc_now())
    for take in given.takes:
        record = library.consent(take.take_id)
        if record is not None:
            yield f"receipts/{take.take_id}.html", page_of(written_receipt(record)).encode()
    yield ABOUT, about(settings)
    paths = AppPaths(library.root)
    for name, file in ((SKIPPED, paths.skips), (BLOCKED, paths.blocked)):
        with contextlib.suppress(OSError):  # there is none, or it cannot be read
            yield name, read_plain(file, LIST_BYTES)


def about(settings: Settings) -> bytes:
    """Who I am here; whose copy a folder holds is told by it."""
    plain = settings.model_dump(mode="json", include=set(ABOUT_ME))
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()


def beside(copy: Path, named: Collection[str]) -> tuple[str, ...]:
    """What lies in the folders that a copy is made of, and is none of the `named` files: the folder of a take where it
    holds no named file, else single files. Raises OSError.
    """
    alive = {name.rpartition("/")[0] for name in named}
    alive |= {"/".join(folder.split("/")[:2]) for folder in alive}
    found: dict[str, None] = {}
    for top in _COPIED:
        for file in sorted((copy / top).rglob("*")):
            name = file.relative_to(copy).as_posix()
            if name in named or (file.is_dir() and not file.is_symlink()):
                continue
            take = "/".join(name.split("/")[:2])
            found[name if take in alive else take] = None
    return tuple(found)


def whose(folder: Path) -> str:
    """The id of the performer whose copy lies there; empty where that is not said."""
    try:
        said = json.loads((folder / ABOUT).read_bytes())
    except (OSError, ValueError):
        return ""
    return str(said.get("performer_id", "")) if isinstance(said, dict) else ""


def _why_not(row: TakeRow) -> str:
    return "missing" if row.missing else "" if row.sealed else "rolling"


def _take(take_id: str, folder: Path, *, deleted: bool = False) -> MineTake:
    return MineTake(take_id, folder, tuple(sorted(_files(folder, ""))), deleted)


def _files(folder: Path, inside: str) -> Iterator[tuple[str, int]]:
    """Regular files; links are not followed and not copied."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{inside}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path), f"{name}/")
            elif S_ISREG(entry.stat(follow_symlinks=False).st_mode) and not _OURS.fullmatch(entry.name):
                yield name, entry.stat(follow_symlinks=False).st_size
