"""What the performer decided last, to be undone and done again: one stack for all pages, until the program ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from perfstudio.model.errors import ErrorCode, PerfstudioError

MOST = 200
"""Steps that are remembered; the oldest are forgotten first."""
_GONE = frozenset({ErrorCode.TAKE_UNKNOWN, ErrorCode.TAKE_DAMAGED, ErrorCode.TAKE_NOT_READY})
"""What a step was about is not there any more: it can never be undone."""


class UndoKind(StrEnum):
    """Everything that can be undone. What is signed and what is deleted cannot: they have words of their own."""

    KEEP = "keep"
    CIRCLE = "circle"
    UNCIRCLE = "uncircle"
    BIN = "bin"
    RESTORE = "restore"
    LABEL = "label"
    PLAYED = "played"  # how it was played: language, accent, age
    NOTE = "note"
    INTEND = "intend"  # a finding was a choice, or not
    MARK = "mark"  # a moment was marked, got another word, or is marked no longer
    TRIM = "trim"  # in and out points
    SKIP = "skip"  # of a scene
    TAKE_UP = "take_up"  # of a skipped scene


@dataclass(frozen=True, slots=True)
class UndoSubject:
    """What was decided about, by the words that name it: a take, a scene (number 0), or the first of `count` takes."""

    title: str
    number: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One decision. `back` undoes it and `again` does it once more; each says of how many things that is true now: what
    was decided otherwise since stays as it is. They raise PerfstudioError."""

    kind: UndoKind
    subject: UndoSubject
    back: Callable[[], int]
    again: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Turned:
    """A step that was undone (`back`) or done again, and for how many things."""

    step: Step
    changed: int
    back: bool


class UndoStack:
    """Steps that can be undone, and those that can be done again until something else is decided. From any thread."""

    def __init__(self, tell: Callable[[Turned], object] = lambda _: None) -> None:
        """`tell` hears of every step that was undone or done again."""
        self._tell = tell
        self._lock = threading.RLock()
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def add(self, step: Step) -> None:
        """Something was decided: what had been undone before cannot be done again."""
        with self._lock:
            self._done = [*self._done, step][-MOST:]
            self._undone.clear()

    def back(self, step: Step | None = None) -> Turned | None:
        """Undo the last step, or this one; None where there is none. Raises PerfstudioError."""
        with self._lock:
            return self._turn(step, self._done, self._undone, back=True)

    def again(self, step: Step | None = None) -> Turned | None:
        """Do once more what was undone last, or this step; None where there is none. Raises PerfstudioError."""
        with self._lock:
            return self._turn(step, self._undone, self._done, back=False)

    def _turn(self, step: Step | None, source: list[Step], goal: list[Step], *, back: bool) -> Turned | None:
        wanted = step or (source[-1] if source else None)
        if wanted is None or wanted not in source:
            return None
        try:
            changed = wanted.back() if back else wanted.again()
        except PerfstudioError as problem:
            if problem.code in _GONE:
                source.remove(wanted)
            raise
        source.remove(wanted)
        goal.append(wanted)
        turned = Turned(wanted, changed, back)
        self._tell(turned)
        return turned
