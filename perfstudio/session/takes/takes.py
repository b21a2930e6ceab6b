"""The Takes room: the library's lines for pages and verbs, and what the performer does to a take."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from perfstudio.library import decisions
from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeFilter, TakeRow
from perfstudio.library.trash import EmptyReport
from perfstudio.model.checks import CheckCode
from perfstudio.model.clip_given import ClipGiven
from perfstudio.model.consent import Compensation
from perfstudio.model.errors import LibraryError
from perfstudio.model.labels import Labels
from perfstudio.model.marks import OwnMark
from perfstudio.model.played import Played
from perfstudio.model.ruling import Ruling
from perfstudio.model.take import FILE_NAMES, FileRole, LedgerEntry, TakeManifest, TakeState, Trim
from perfstudio.session.bus import Bus
from perfstudio.session.events import TakeChanged, TakesEmptied
from perfstudio.session.settings import SettingsStore
from perfstudio.session.takes.deciding import Act, DecidedMany, Deciding
from perfstudio.session.takes.labels_again import LabelsAgain, labels_again
from perfstudio.session.takes.missing import MissingLabel, missing
from perfstudio.session.takes.rulings import TakeRulings
from perfstudio.session.takes.same_scene import SceneTake, watchable
from perfstudio.session.undo import Step, UndoKind, UndoStack
from perfstudio.session.views import TakeLine

NOMINAL_BYTES_PER_S = 280_000
"""A take of 1280x720 (1.5 Mbit/s picture, lossless sound), until there are takes to go by; nearly twice that for
1920x1080."""
ENOUGH_S = 60.0
"""Takes of this length together say better what a second costs."""
SAME_POINT_S = 0.15
"""Marking a point once more within this distance takes it away."""


class Takes:
    """Decisions about takes. Every change is on disk before it is announced, and can be undone (`undo`)."""

    def __init__(
        self, library: Library, bus: Bus, settings: SettingsStore, rulings: TakeRulings, undo: UndoStack
    ) -> None:
        self._library = library
        self.undo = undo
        self._deciding = Deciding(library, undo, self._tell)
        self._bus = bus
        self._settings = settings
        self._rulings = rulings

    def lines(self, states: Iterable[TakeState] | None = None) -> tuple[TakeLine, ...]:
        """The takes, newest first; binned ones only when asked for."""
        wanted = set(states) if states is not None else set(TakeState) - {TakeState.BINNED}
        return tuple(self._line(row) for row in self._library.list() if row.state in wanted)

    def line(self, take_id: str) -> TakeLine:
        """The line of one take, as pages show it."""
        return self._line(self._library.row(take_id))

    def rows(self, most: int = -1) -> tuple[TakeRow, ...]:
        """Every take as the index has it, the bin too, newest first: nothing is read of its folder. At most so many."""
        return self._library.list(most=most)

    def of_scene(self, pack_id: str, prompt_id: str) -> tuple[SceneTake, ...]:
        """The takes of a scene that can be watched, in the order in which they were played."""
        return watchable(self._library.list(TakeFilter(pack_id=pack_id, prompt_id=prompt_id)))

    def find(self, reference: str) -> str:
        """The take id for an id, a unique beginning of one, "prompt" (its newest take) or "prompt/number"."""
        return self._library.find(reference)

    def manifest(self, take_id: str) -> TakeManifest:
        """Everything that is known about a take."""
        return self._library.manifest(take_id)

    def title(self, take_id: str) -> str:
        """The title of its scene, also of a deleted take whose papers are left. Raises LibraryError."""
        try:
            return self._library.row(take_id).prompt_title
        except LibraryError:
            return self._library.papers(take_id).prompt.prompt.title or take_id

    def ruling(self, take_id: str) -> Ruling | None:
        """What the studio decided of a take, as far as it is known here."""
        return self._rulings.of_take(take_id)

    def decided_by(self, take_id: str) -> str:
        """The name of whoever decided it; of the studio that asks for the take where nothing was decided."""
        asks, ruling = self._library.manifest(take_id).prompt.studio, self._rulings.of_take(take_id)
        return asks.name if ruling is None else self._rulings.who(ruling.studio_id, asks)

    def paid(self, take_id: str) -> Compensation | None:
        """Pay for the work as it was signed, or None where nothing was."""
        record = self._library.consent(take_id)
        return record.pay if record is not None else None

    def clips(self, take_id: str) -> tuple[ClipGiven, ...]:
        """Which clips of it went out; of what cannot be read nothing is shown, and no other clip is made."""
        try:
            return self._library.clips.of(take_id)
        except LibraryError:
            return ()

    def file(self, take_id: str, role: FileRole) -> Path:
        """Where one file of a take lies."""
        return self._library.folder(take_id) / FILE_NAMES[role]

    def decide(self, kind: UndoKind, take_ids: Iterable[str]) -> DecidedMany:
        """Keep, bin, restore or circle several takes: one step to undo. What cannot be done for one stops no other."""
        return self._deciding.each(kind, take_ids, self._verbs[kind])

    def keep(self, take_id: str) -> Step | None:
        """Decide for a take: its decision is KEPT."""
        return self._one(UndoKind.KEEP, take_id)

    def circle(self, take_id: str, *, on: bool = True) -> Step | None:
        """Prefer it; the other takes of the prompt stay as spares."""
        return self._one(UndoKind.CIRCLE if on else UndoKind.UNCIRCLE, take_id)

    def bin(self, take_id: str) -> Step | None:
        """Into the bin, where it rests until the bin is emptied."""
        return self._one(UndoKind.BIN, take_id)

    def restore(self, take_id: str) -> Step | None:
        """Out of the bin, to be decided anew."""
        return self._one(UndoKind.RESTORE, take_id)

    def empty_bin(self, busy: Iterable[str] = (), only: Collection[str] | None = None) -> EmptyReport:
        """Delete what lies in the bin, or those of `only` that do. The only thing that deletes; takes in `busy` (being
        sent now) stay."""
        report = self._library.empty_bin(only, busy=tuple(busy))
        self._bus.publish(TakesEmptied())
        return report

    def label(self, take_id: str, labels: Labels, seconds: float = 0.0) -> None:
        """The performer's own words."""
        self._deciding.one(UndoKind.LABEL, take_id, lambda one: self._library.label(one, labels))
        if seconds > 0:
            self._library.spend(take_id, LedgerEntry(kind="label", seconds=seconds))

    def labels_again(self, take_ids: Collection[str]) -> LabelsAgain | None:
        """What "as the last time" would say of several takes; see `labels_again`."""
        return labels_again(self._library, take_ids)

    def label_each(self, again: LabelsAgain) -> DecidedMany:
        """Say it of each of them: one step to undo."""
        act: Act = lambda take_id: self._library.label(take_id, again.labels)  # noqa: E731 - what is done to each
        return self._deciding.each(UndoKind.LABEL, again.take_ids, act)

    def say_played(self, take_id: str, played: Played) -> None:
        """The language, accent and age that were played. Raises LibraryError(PLAYED_NO_PLACE) of a take of format 1."""
        self._deciding.one(UndoKind.PLAYED, take_id, lambda one: self._library.update(one, decisions.played(played)))

    def note(self, take_id: str, note: str) -> None:
        """A line to oneself."""
        self._deciding.one(UndoKind.NOTE, take_id, lambda one: self._library.note(one, note))

    def intend(self, take_id: str, code: CheckCode, *, on: bool) -> None:
        """A finding is a choice (or not)."""
        self._deciding.one(UndoKind.INTEND, take_id, lambda one: self._library.intend(one, code, on))

    def mark(self, take_id: str, where: OwnMark) -> None:
        """A moment is marked; marked once more at the same place it is no longer. Raises LibraryError."""
        self._deciding.one(UndoKind.MARK, take_id, lambda one: self._library.update(one, decisions.mark(where)))

    def word_mark(self, take_id: str, where: OwnMark, word: str) -> None:
        """Another word to a moment that was marked. Raises LibraryError."""
        change = decisions.word_mark(where, word)
        self._deciding.one(UndoKind.MARK, take_id, lambda one: self._library.update(one, change))

    def trim(self, take_id: str, in_s: float | None, out_s: float | None) -> None:
        """In and out points; no file changes."""
        trim = Trim(in_s=in_s, out_s=out_s)
        self._deciding.one(UndoKind.TRIM, take_id, lambda one: self._library.trim(one, trim))

    def mark_point(self, take_id: str, which: str, at_s: float) -> None:
        """The in point ("in_s") or the out point ("out_s") is here, see `marked`."""
        trim = marked(self._library.manifest(take_id).trim, which, at_s)
        self.trim(take_id, trim.in_s, trim.out_s)

    def storage_bytes(self) -> int:
        """What all takes together use on disk."""
        return self._library.used_bytes()

    def free_bytes(self) -> int:
        """What is left on the disk of the takes."""
        return self._library.free_bytes()

    def time_left_s(self) -> float:
        """How many seconds of finished takes fit on the disk: at the rate of those that are there, once they say
        enough, else of the picture that is asked for. While one rolls it takes twice as much: then the recorder says
        how long it can go on."""
        lasting = [row for row in self._library.list() if row.duration_s]
        seconds = sum(row.duration_s or 0.0 for row in lasting)
        camera = self._settings.now.camera
        rate = NOMINAL_BYTES_PER_S * (1.8 if camera is not None and camera.height > 720 else 1.0)
        if seconds >= ENOUGH_S:
            rate = max(sum(row.size_bytes for row in lasting) / seconds, 1000.0)
        return self.free_bytes() / rate

    @property
    def _verbs(self) -> Mapping[UndoKind, Act]:
        library = self._library
        return {
            UndoKind.KEEP: library.keep,
            UndoKind.CIRCLE: library.circle,
            UndoKind.UNCIRCLE: library.uncircle,
            UndoKind.BIN: library.bin,
            UndoKind.RESTORE: library.restore,
        }

    def _one(self, kind: UndoKind, take_id: str) -> Step | None:
        return self._deciding.one(kind, take_id, self._verbs[kind])

    def _tell(self, take_id: str) -> None:
        self._bus.publish(TakeChanged(take_id))

    def _line(self, row: TakeRow) -> TakeLine:
        line = line_of(row, self._library.folder(row.take_id), missing(self._library, row))
        ruling = self._rulings.of(row)
        return replace(line, ruling=ruling) if ruling is not None else line


def line_of(row: TakeRow, folder: Path | None = None, missing: tuple[MissingLabel, ...] = ()) -> TakeLine:
    """What pages and verbs show of a take, from its row and its folder; without it no picture is looked for."""
    thumbnail = folder / FILE_NAMES[FileRole.THUMBNAIL] if folder is not None else None
    return TakeLine(
        take_id=row.take_id,
        title=row.prompt_title,
        character=row.character,
        emotions=row.emotions,
        pack_id=row.pack_id,
        prompt_id=row.prompt_id,
        number=row.take_number,
        duration_s=row.duration_s,
        recorded=row.started_utc,
        state=row.state,
        circled=row.circled,
        verdict=row.verdict,
        sent=bool(row.sent),
        size=row.size_bytes,
        thumbnail=thumbnail if thumbnail is not None and thumbnail.is_file() else None,
        practice=row.practice,
        missing=missing,
        damage=row.damage,
        delivered=row.sent == "accepted",
    )


def marked(trim: Trim, which: str, at_s: float) -> Trim:
    """`trim` with one of its points here: marked once more at the same place it goes, and it wins over the one that it
    crosses."""
    points = {"in_s": trim.in_s, "out_s": trim.out_s}
    before = points[which]
    points[which] = None if before is not None and abs(before - at_s) < SAME_POINT_S else at_s
    start, end = points["in_s"], points["out_s"]
    if start is not None and end is not None and end - start < SAME_POINT_S:
        points["out_s" if which == "in_s" else "in_s"] = None
    return Trim(**points)
