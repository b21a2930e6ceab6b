"""What a studio asks of what comes: at a consent record, at an announcement before any byte, at a finished bundle.

Each question is answered with what is wrong, as codes that the sender turns into words; with nothing, it may come in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.model.clip import ClipDocument
from perfstudio.model.consent import ConsentEvent, ConsentRecord, UseId
from perfstudio.model.delivery import AnnouncedFile

Problems = tuple[str, ...]
IsClip = Callable[[Path, ClipDocument], bool]
"""Whether a file is the clip that was said to come."""
Inspect = Callable[[Path], Problems]
"""Looks at a whole bundle (the folder is named by its take id). OSError: it could not be looked at; once more later."""


@dataclass(frozen=True, slots=True)
class IncomingTake:
    """An announced take, and the record it stands on as far as the receiver knows it."""

    take_id: str
    files: tuple[AnnouncedFile, ...]
    record: ConsentRecord
    taken_back: frozenset[UseId]
    """Uses of the record that a withdrawal has ended since."""


@dataclass(frozen=True, slots=True)
class Admission:
    """By default everything may come in."""

    record: Callable[[ConsentRecord], Problems] = lambda record: ()
    act: Callable[[ConsentRecord, tuple[ConsentEvent, ...], ConsentEvent, frozenset[str]], Problems] = (
        lambda record, known, act, keys: ()
    )
    """Asked of an act of withdrawal that came beside its record: the record, the acts known of it, this one, and the
    keys that came in the place of the record's. With a problem it is not taken for the performer's, and waits for a
    person."""
    take: Callable[[IncomingTake], Problems] = lambda arrival: ()
    bundle: Inspect = lambda folder: ()
    clip: IsClip = lambda file, said: True
    """Asked of a clip that came to wait, when all of it is here."""
    stop: Callable[[], None] = lambda: None
    """The receiver ends: what is being looked at is left, and looked at anew at the next start."""


ANYTHING = Admission()
