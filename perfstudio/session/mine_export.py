"""A folder with everything that is mine: every take with its papers, every receipt, what was given to whom, who I am.

It says that it is unfinished from its first byte to its last; asked again, it goes on. Only what was read back counts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from perfstudio.durable import disk_error, disk_full, free_bytes, private_folder, remove, sync_folder
from perfstudio.library.library import Library
from perfstudio.model.errors import ErrorCode, LibraryError, PerfstudioError
from perfstudio.packs.pack_store import PackStore
from perfstudio.paths import leads_to
from perfstudio.session.given import GivenService
from perfstudio.session.mine_copy import SourceUnreadableError, copy, put, read_back, sweep
from perfstudio.session.mine_files import ABOUT, Mine, MineTake, about, beside, find, whose, written
from perfstudio.session.settings_values import Settings
from perfstudio.session.unread_papers import UnreadPaper

UNFINISHED, README, HASHES = "UNFINISHED.txt", "README.txt", "hashes.sha256"
SPARE = 32 << 20
"""Bytes beyond the files: papers that are made, folders, blocks half full."""
TRIES = 3
"""How often a take is copied whose papers change meanwhile."""
Tick = Callable[[int, int], object]
"""(bytes done, bytes in all): each is read once and read back once."""


@dataclass(frozen=True, slots=True)
class MineReport:
    """What is there, read back. `damaged` was copied as it lies here, which is not as it was sealed."""

    folder: Path
    takes: tuple[str, ...]
    deleted: tuple[str, ...]
    """Takes that were deleted here and whose papers are there."""
    files: int
    bytes: int
    left: tuple[tuple[str, str], ...]
    """(take id, why it is not there): rolling, missing, unreadable."""
    damaged: tuple[str, ...]
    unread: tuple[UnreadPaper, ...] = ()
    """Papers that were copied as they lie here, and cannot be read."""
    earlier: tuple[str, ...] = ()
    """What an earlier copy into this folder left, and is no longer mine here or could not come along again: folders of
    takes, else files, as they lie in the copy. They stay, and no hash vouches for them."""


@dataclass(frozen=True, slots=True)
class MineWords:
    """What the copy says of itself, in the language of the performer."""

    unfinished: str
    readme: Callable[[MineReport], str]


@dataclass
class _Work:
    folder: Path
    total: int
    tick: Tick
    stop: threading.Event
    done: int = 0
    hashes: dict[str, str] = field(default_factory=dict)

    def move(self, size: int) -> None:
        """So many bytes more. Raises LibraryError(EXPORT_STOPPED)."""
        if self.stop.is_set():
            raise LibraryError(ErrorCode.EXPORT_STOPPED, folder=str(self.folder))
        self.done = min(self.done + size, self.total)
        self.tick(self.done, self.total)


class MineExport:
    """Copies out of one library. Nothing here is changed by it."""

    def __init__(self, library: Library, shelf: PackStore, settings: Callable[[], Settings]) -> None:
        self._library, self._shelf, self._settings = library, shelf, settings

    def run(
        self,
        folder: Path,
        words: MineWords,
        *,
        tick: Tick = lambda done, total: None,
        stop: threading.Event | None = None,
    ) -> MineReport:
        """Make the copy, or go on with it, or bring it up to date.

        Raises LibraryError: EXPORT_INSIDE, EXPORT_FOREIGN, EXPORT_OTHERS, DISK_FULL before anything is written;
        EXPORT_STOPPED and what the disk says, with a folder that says it is unfinished.
        """
        folder = folder.absolute()
        self._check(folder)
        mine = find(self._library)
        self._require_room(folder, mine)
        try:
            return self._copy(_Work(folder, 2 * mine.size(), tick, stop or threading.Event()), mine, words)
        except OSError as problem:
            raise disk_error(problem, folder, LibraryError) from problem

    def _check(self, folder: Path) -> None:
        ours = (leads_to(self._library.root), leads_to(self._library.takes))
        if any(leads_to(folder).is_relative_to(place) for place in ours):
            raise LibraryError(ErrorCode.EXPORT_INSIDE, folder=str(folder))
        try:
            names = {place.name for place in folder.iterdir()} if folder.exists() else set()
        except OSError as problem:
            raise disk_error(problem, folder, LibraryError) from problem
        if names and not names & {UNFINISHED, HASHES}:
            raise LibraryError(ErrorCode.EXPORT_FOREIGN, folder=str(folder))
        if whose(folder) not in ("", self._settings().performer_id):
            raise LibraryError(ErrorCode.EXPORT_OTHERS, folder=str(folder))

    def _require_room(self, folder: Path, mine: Mine) -> None:
        needed = SPARE
        for take in mine.takes:
            for name, size in take.files:
                there = folder / take.target / name
                needed += 0 if there.is_file() and there.stat().st_size == size else size
        if free_bytes(folder) < needed:
            raise disk_full(folder, LibraryError, needed)

    def _copy(self, work: _Work, mine: Mine, words: MineWords) -> MineReport:
        private_folder(work.folder)
        put(work.folder / UNFINISHED, words.unfinished.encode())
        put(work.folder / ABOUT, about(self._settings()))
        left = list(mine.left)
        copied: list[MineTake] = []
        for take in mine.takes:
            try:
                self._copy_take(work, take)
                copied.append(take)
            except SourceUnreadableError:
                left.append((take.take_id, "unreadable"))
        given = GivenService(self._library, self._shelf).read()
        for name, data in written(self._library, given, self._settings()):
            work.hashes[name] = put(work.folder / name, data)
        there = {take.take_id for take in copied}
        return self._finish(work, copied, tuple(left), words, tuple(p for p in given.unread if p.take_id in there))

    def _copy_take(self, work: _Work, take: MineTake) -> None:
        """Every file; once more when its papers changed meanwhile, so that they are all of one moment."""
        for _ in range(TRIES):
            before = self._library.stamp(take.take_id)
            for name, _size in take.files:
                target = f"{take.target}/{name}"
                work.hashes[target] = copy(take.folder / name, work.folder / target, work.move)
            if self._library.stamp(take.take_id) == before:
                return
        raise SourceUnreadableError(take.take_id)

    def _finish(
        self,
        work: _Work,
        copied: list[MineTake],
        left: tuple[tuple[str, str], ...],
        words: MineWords,
        unread: tuple[UnreadPaper, ...],
    ) -> MineReport:
        """Read everything back, write the hashes and the README, and only then let go of the word "unfinished"."""
        wrong = {name for name, digest in work.hashes.items() if read_back(work.folder / name, work.move) != digest}
        if wrong:
            raise LibraryError(ErrorCode.EXPORT_DIFFERS, file=min(wrong), folder=str(work.folder))
        sweep(work.folder)
        size = sum((work.folder / name).stat().st_size for name in work.hashes)
        report = MineReport(
            work.folder,
            tuple(take.take_id for take in copied if not take.deleted),
            tuple(take.take_id for take in copied if take.deleted),
            len(work.hashes),
            size,
            left,
            tuple(take.take_id for take in copied if not self._as_sealed(work, take)),
            unread,
            beside(work.folder, work.hashes),
        )
        work.hashes[README] = put(work.folder / README, words.readme(report).encode())
        lines = [f"{digest}  {name}\n" for name, digest in sorted(work.hashes.items())]
        put(work.folder / HASHES, "".join(lines).encode())
        remove(work.folder / UNFINISHED)
        sync_folder(work.folder)
        return report

    def _as_sealed(self, work: _Work, take: MineTake) -> bool:
        if take.deleted:
            return True
        try:
            manifest = self._library.manifest(take.take_id)
        except PerfstudioError:
            return False
        return all(work.hashes.get(f"{take.target}/{entry.name}") == entry.sha256 for entry in manifest.files)
