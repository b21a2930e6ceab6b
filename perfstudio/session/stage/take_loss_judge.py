"""Is the take being lost? One judge for window and verb: it hears every notice, looks at every status, and answers.

It has no clock, no thread and no Qt. What it is fed with carries its moment, in seconds on any clock that only goes
forward, and it may come late: only what was seen counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfstudio.capture.recording import messages as m
from perfstudio.capture.recording.messages import Notice, RecorderStatus, Stream
from perfstudio.model.checks import CheckCode, CheckResult
from perfstudio.model.loss_limits import (
    ARRIVING_S,
    DISK_EASED_S,
    DISK_LOW_S,
    LONGEST_STEP_S,
    STAYS_S,
    UNHEARD_S,
    UNWRITTEN_S,
)
from perfstudio.model.take import EndReason
from perfstudio.session.stage.file_growth import FileGrowth
from perfstudio.session.take_safety import LossKind, TakeLoss, TakeSafety

_ORDER = {kind: index for index, kind in enumerate(LossKind)}
_HINTS = {CheckCode.ZEROS: LossKind.MUTED, CheckCode.BLACK: LossKind.BLACK, CheckCode.FROZEN: LossKind.STILL}
_SILENT = {Stream.SOUND: LossKind.NO_SOUND, Stream.PICTURE: LossKind.NO_PICTURE}
_GONE = {Stream.SOUND: LossKind.MICROPHONE_LOST, Stream.PICTURE: LossKind.CAMERA_LOST}
_UNWRITTEN = {Stream.SOUND: LossKind.SOUND_UNWRITTEN, Stream.PICTURE: LossKind.PICTURE_UNWRITTEN}
_REASONS = {
    EndReason.CAMERA_LOST: LossKind.CAMERA_LOST,
    EndReason.MICROPHONE_LOST: LossKind.MICROPHONE_LOST,
    EndReason.DISK_FULL: LossKind.DISK_REFUSES,
    EndReason.DISK_FAILED: LossKind.DISK_REFUSES,
}
_OF_A_TAKE = {LossKind.DISK_REFUSES, LossKind.ENDING, LossKind.DISK_ENDS}
"""What lasts no longer than its take; devices that fail go on failing in the next one."""
_NOTES: dict[type[Notice], LossKind] = {
    m.DiskLow: LossKind.DISK_LOW,
    m.Backlog: LossKind.BACKLOG,
    m.PictureChanged: LossKind.PICTURE_CHANGED,
    m.BatteryLow: LossKind.BATTERY_LOW,
    m.TakeEnded: LossKind.ENDED,
}


@dataclass(slots=True)
class _Said:
    """What is said, and when it was last so."""

    loss: TakeLoss
    seen_s: float


class TakeLossJudge:
    """`hear` every notice from the opening of the devices on, `look` at every status; not from two threads at once."""

    def __init__(self) -> None:
        self._lasting: dict[LossKind, TakeLoss] = {}
        """What the recorder said and has not taken back."""
        self._said: dict[LossKind, _Said] = {}
        self._growth = FileGrowth()
        self._read_ns = -1
        self._looked_s: float | None = None
        self._unheard_s = 0.0

    def hear(self, notice: Notice, at_s: float) -> TakeLoss | None:
        """Take in a notice. What it says only once is the answer: what loses nothing, and why the take ends."""
        match notice:
            case m.Stalled(stream, silent_s):
                self._last(TakeLoss(_SILENT[stream], at_s - silent_s, notice))
            case m.Resumed(stream):
                self._lasting.pop(_SILENT[stream], None)
            case m.ZeroSound(seconds, now):
                self._turn(TakeLoss(LossKind.MUTED, at_s - seconds, notice), now)
            case m.StillPicture(seconds, now):
                self._turn(TakeLoss(LossKind.STILL, at_s - seconds, notice), now)
            case m.BlackPicture(seconds, now):
                self._turn(TakeLoss(LossKind.BLACK, at_s - seconds, notice), now)
            case m.DeviceLost() | m.DiskFull() | m.TakeEnding():
                return self._last(TakeLoss(_ending(notice), at_s, notice))
            case m.DiskLow(seconds_left) if seconds_left <= DISK_LOW_S[-1]:
                self._last(TakeLoss(LossKind.DISK_ENDS, at_s, notice))
            case m.DiskLow() | m.Backlog() | m.PictureChanged() | m.BatteryLow() | m.TakeEnded():
                return TakeLoss(_NOTES[type(notice)], at_s, notice)
        return None

    def look(self, status: RecorderStatus, hint: CheckResult | None, at_s: float) -> TakeSafety:
        """The take now: `status` is the newest there is, `hint` what the live checks say of it.

        A status that is not newer than the last one tells nothing but that the recorder is silent.
        """
        self._listen(status, at_s)
        if not status.rolling:
            self._forget_the_take()
            return TakeSafety()
        if self._unheard_s == 0.0:
            self._growth.look(status)
        heard, missing, behind = self._unheard_s < ARRIVING_S, self._missing(status), self._is_behind(status)
        begun = status.sound_bytes > 0 and (status.frame_age_s is None or status.picture_bytes > 0)
        return TakeSafety(
            written=begun and heard and not missing and not behind,
            losses=self._losses(status, hint, at_s),
            missing=missing,
            behind=behind,
            heard=heard,
        )

    def _last(self, loss: TakeLoss) -> TakeLoss | None:
        """From now on, until it is taken back; None when it is so already."""
        return loss if self._lasting.setdefault(loss.kind, loss) is loss else None

    def _turn(self, loss: TakeLoss, now: bool) -> None:
        if now:
            self._last(loss)
        else:
            self._lasting.pop(loss.kind, None)

    def _listen(self, status: RecorderStatus, at_s: float) -> None:
        """How long the recorder has been silent while somebody listened."""
        step_s = 0.0 if self._looked_s is None else min(at_s - self._looked_s, LONGEST_STEP_S)
        self._unheard_s = 0.0 if status.read_ns != self._read_ns else self._unheard_s + step_s
        self._looked_s, self._read_ns = at_s, status.read_ns

    def _forget_the_take(self) -> None:
        for kind in _OF_A_TAKE:
            self._lasting.pop(kind, None)
        self._said.clear()
        self._growth.clear()

    def _missing(self, status: RecorderStatus) -> frozenset[Stream]:
        missing = set(self._growth.unwritten)
        if status.block_age_s is None or status.block_age_s >= ARRIVING_S or not status.nonzero:
            missing.add(Stream.SOUND)
        if status.frame_age_s is not None and status.frame_age_s >= ARRIVING_S:
            missing.add(Stream.PICTURE)
        return frozenset(missing)

    def _is_behind(self, status: RecorderStatus) -> bool:
        return max(status.backlog_s, self._growth.still_s[Stream.PICTURE]) >= UNWRITTEN_S

    def _losses(self, status: RecorderStatus, hint: CheckResult | None, at_s: float) -> tuple[TakeLoss, ...]:
        """What is being lost, and what was until a moment ago."""
        for loss in self._found(status, hint, at_s):
            known = self._said.get(loss.kind)
            self._said[loss.kind] = _Said(known.loss if known is not None else loss, at_s)
        self._said = {kind: said for kind, said in self._said.items() if at_s - said.seen_s <= STAYS_S}
        if LossKind.UNWRITTEN in self._said:
            for part in _UNWRITTEN.values():
                self._said.pop(part, None)
        return tuple(self._said[kind].loss for kind in sorted(self._said, key=_ORDER.__getitem__))

    def _found(self, status: RecorderStatus, hint: CheckResult | None, at_s: float) -> Iterator[TakeLoss]:
        if status.disk_s is not None:
            self._forecast(status.disk_s, at_s)
        yield from self._lasting.values()
        if hint is not None and hint.code in _HINTS:
            yield TakeLoss(_HINTS[hint.code], at_s)
        if self._unheard_s >= UNHEARD_S:
            yield TakeLoss(LossKind.UNHEARD, at_s - self._unheard_s)
        unwritten = self._growth.unwritten
        if len(unwritten) == len(Stream):
            yield TakeLoss(LossKind.UNWRITTEN, at_s - min(unwritten.values()))
        else:
            yield from (TakeLoss(_UNWRITTEN[stream], at_s - still_s) for stream, still_s in unwritten.items())

    def _forecast(self, disk_s: float, at_s: float) -> None:
        """The end of the disk is near, or no longer."""
        if disk_s < DISK_LOW_S[-1]:
            self._last(TakeLoss(LossKind.DISK_ENDS, at_s))
        elif disk_s >= DISK_EASED_S:
            self._lasting.pop(LossKind.DISK_ENDS, None)


def _ending(notice: m.DeviceLost | m.DiskFull | m.TakeEnding) -> LossKind:
    match notice:
        case m.DeviceLost(stream):
            return _GONE[stream]
        case m.DiskFull():
            return LossKind.DISK_REFUSES
        case m.TakeEnding(reason):
            return _REASONS.get(reason, LossKind.ENDING)
