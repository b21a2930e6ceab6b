"""The moments of a take that the timeline draws and the list beside it reads: what was marked, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from perfstudio.model.checks import CheckCode, Verdict
from perfstudio.model.marks import OwnMark
from perfstudio.model.take import TakeManifest
from perfstudio.model.timing import Gap, MarkerName


class MomentKind(StrEnum):
    """What a moment is."""

    MARKED = "marked"
    BROKE = "broke"
    TOO_LOUD = "too_loud"
    LOST_PICTURES = "lost_pictures"
    LOST_SOUND = "lost_sound"
    AWAY = "away"  # nobody, only a part of a face, or somebody else is in the picture


MARKS = {MarkerName.MARK: MomentKind.MARKED, MarkerName.BROKE: MomentKind.BROKE}
_FOUND = {
    CheckCode.CLIPPING: MomentKind.TOO_LOUD,
    CheckCode.TRUE_PEAK: MomentKind.TOO_LOUD,
    CheckCode.LEFT_FRAME: MomentKind.AWAY,
    CheckCode.CUT_OFF: MomentKind.AWAY,
    CheckCode.OTHER_PERSON: MomentKind.AWAY,
}


@dataclass(frozen=True, slots=True)
class TakeMoment:
    """A moment, or a stretch where `until_s` is later, in seconds of take time."""

    kind: MomentKind
    at_s: float
    until_s: float
    note: str = ""
    own: OwnMark | None = None
    """What it was made of, where the performer may still change it."""


def moments_of(manifest: TakeManifest) -> tuple[TakeMoment, ...]:
    """All of a take, in their order."""
    found = [*_marked(manifest), *_lost(manifest), *_found(manifest)]
    return tuple(sorted(found, key=lambda moment: (moment.at_s, moment.kind)))


def _marked(manifest: TakeManifest) -> Iterator[TakeMoment]:
    for mark in (*manifest.markers, *(manifest.own_marks() or ())):
        kind = MARKS.get(mark.name)
        if kind is not None:
            own = mark if isinstance(mark, OwnMark) else None
            yield TakeMoment(kind, mark.at_s, mark.at_s, mark.note, own)


def _lost(manifest: TakeManifest) -> Iterator[TakeMoment]:
    pictures: tuple[Gap, ...] = manifest.video.gaps if manifest.video is not None else ()
    sound: tuple[Gap, ...] = manifest.audio.gaps if manifest.audio is not None else ()
    for kind, gaps in ((MomentKind.LOST_PICTURES, pictures), (MomentKind.LOST_SOUND, sound)):
        for gap in gaps:
            yield TakeMoment(kind, gap.start_s, gap.start_s + gap.length_s)


def _found(manifest: TakeManifest) -> Iterator[TakeMoment]:
    for check in manifest.checks:
        kind = _FOUND.get(check.code)
        if kind is not None and check.verdict is not Verdict.GOOD:
            for span in check.times:
                yield TakeMoment(kind, span.start_s, span.end_s)
