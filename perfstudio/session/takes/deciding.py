"""A decision about one take or many, and the step by which it is undone: every field as it was before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from perfstudio.library import decisions
from perfstudio.library.decisions import Changed
from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeFilter
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.take import TakeManifest, TakeState
from perfstudio.session.undo import Step, UndoKind, UndoStack, UndoSubject

Act = Callable[[str], TakeManifest]
"""Does it to one take; returns its take.json as written."""
_CIRCLES = (UndoKind.CIRCLE, UndoKind.UNCIRCLE)


@dataclass(frozen=True, slots=True)
class DecidedMany:
    """What came of it: the step to undo (None where nothing changed), and the takes that stay as they were."""

    step: Step | None
    changed: tuple[str, ...]
    left: tuple[tuple[str, PerfstudioError], ...] = ()


class Deciding:
    """`tell` hears of each take that changed, once that is on the disk."""

    def __init__(self, library: Library, undo: UndoStack, tell: Callable[[str], object]) -> None:
        self._library, self._undo, self._tell = library, undo, tell

    def one(self, kind: UndoKind, take_id: str, act: Act) -> Step | None:
        """Decide about one take. Raises LibraryError."""
        decided = self.each(kind, (take_id,), act)
        for _take, problem in decided.left:
            raise problem
        return decided.step

    def each(self, kind: UndoKind, take_ids: Iterable[str], act: Act) -> DecidedMany:
        """Decide about each of them."""
        found: dict[str, Changed] = {}
        left: list[tuple[str, PerfstudioError]] = []
        subjects: list[UndoSubject] = []
        for take_id in take_ids:
            try:
                changes = self._watched(take_id, act, others=kind in _CIRCLES)
                subjects.append(self._subject(take_id))
            except PerfstudioError as problem:
                left.append((take_id, problem))
                continue
            found |= changes
            self._tell(take_id)
        changed = {take_id: pairs for take_id, pairs in found.items() if pairs}
        step = self._step(kind, subjects, changed) if changed else None
        return DecidedMany(step, tuple(changed), tuple(left))

    def _watched(self, take_id: str, act: Act, *, others: bool) -> dict[str, Changed]:
        """What `act` changes; a circle leaves the other takes of its scene."""
        before = self._library.manifest(take_id)
        circled = self._circled_beside(before) if others else ()
        was = {other: self._library.manifest(other) for other in circled}
        found = {take_id: decisions.changed(before, act(take_id))}
        return found | {other: decisions.changed(was[other], self._library.manifest(other)) for other in circled}

    def _circled_beside(self, take: TakeManifest) -> tuple[str, ...]:
        same = TakeFilter(pack_id=take.slate.pack_id, prompt_id=take.slate.prompt_id, circled=True)
        rows = self._library.list(same)
        return tuple(r.take_id for r in rows if r.take_id != take.take_id and r.state is not TakeState.DAMAGED)

    def _step(self, kind: UndoKind, subjects: list[UndoSubject], changed: dict[str, Changed]) -> Step:
        first = subjects[0]
        subject = UndoSubject(first.title, first.number, len(subjects))
        forward = {take_id: {name: pair[::-1] for name, pair in pairs.items()} for take_id, pairs in changed.items()}
        step = Step(kind, subject, lambda: self._turn(changed), lambda: self._turn(forward))
        self._undo.add(step)
        return step

    def _turn(self, changes: Mapping[str, Changed]) -> int:
        """Put the fields of each take back; how many takes changed. Raises LibraryError when none could be written."""
        turned, problem = 0, None
        for take_id, pairs in changes.items():
            try:
                before = self._library.manifest(take_id)
                turned += bool(decisions.changed(before, self._library.update(take_id, decisions.turned(pairs))))
            except PerfstudioError as error:
                problem = error
                continue
            self._tell(take_id)
        if problem is not None and not turned:
            raise problem
        return turned

    def _subject(self, take_id: str) -> UndoSubject:
        row = self._library.row(take_id)
        return UndoSubject(row.prompt_title, row.take_number)
