"""What is said of a take that rolls, on the stage and by the verb alike: one table, and no numbers that move."""

from __future__ import annotations

from typing import Final

from perfstudio.capture.recording import messages as m
from perfstudio.capture.recording.messages import RecorderStatus, Stream
from perfstudio.language.catalogue import N_, Messages, _, ngettext
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.session.take_safety import UNWRITTEN, LossKind, TakeLoss, TakeSafety
from perfstudio.texts import errors, formatting
from perfstudio.texts.states import end_reason
from perfstudio.texts.template import say, sentences

MUTED: Final = N_("The microphone sends only silence. It is muted or unplugged.")
BLACK: Final = N_("The picture is black. Open the lens cover, or switch the camera on.")
_TEXTS: Messages[dict[LossKind, str]] = {
    LossKind.UNHEARD: "The recorder does not answer. If this goes on, cut: what was written is kept.",
    LossKind.UNWRITTEN: "Nothing is reaching the disk. What was written stays. Cut, and check the disk.",
    LossKind.NO_SOUND: "Nothing comes from the microphone. Check its plug.",
    LossKind.MUTED: MUTED,
    LossKind.SOUND_UNWRITTEN: "The sound is not reaching the disk. What was written stays. Cut, and check the disk.",
    LossKind.NO_PICTURE: "Nothing comes from the camera. Check its plug, or its network.",
    LossKind.PICTURE_UNWRITTEN: "The picture is not reaching the disk. What was written stays. "
    "Cut, and check the disk.",
    LossKind.BLACK: BLACK,
    LossKind.STILL: "The picture has frozen. Cut, then restart the camera: unplug it, or switch it off and on.",
    LossKind.DISK_ENDS: "The disk is nearly full. The take will end by itself, and all of it is kept.",
    LossKind.DISK_LOW: "The disk has room for {seconds_left} more of recording.",
    LossKind.BACKLOG: "The computer was {seconds} behind with the picture and now works faster. [{lost} were lost; "
    "close other programs.|Nothing is lost.]",
    LossKind.PICTURE_CHANGED: "The camera changed its picture to {width} by {height}. The next take will have that "
    "size.",
    LossKind.BATTERY_LOW: "The battery is down to {share}. Plug the computer in, so that it does not end a take.",
}
_CHANGED_WHILE_ROLLING = N_(
    "The camera changed its picture to {width} by {height}. The take keeps the size it began with, and shows the whole "
    "picture in it."
)
_OVER: Messages[dict[LossKind, str]] = {
    LossKind.UNHEARD: "The recorder answers again.",
    **dict.fromkeys(UNWRITTEN, N_("What is recorded reaches the disk again.")),
    LossKind.NO_SOUND: "The microphone is back. The gap is marked in the take.",
    LossKind.MUTED: "The microphone is heard again.",
    LossKind.NO_PICTURE: "The camera is back. The gap is marked in the take.",
    LossKind.BLACK: "The picture is no longer black.",
    LossKind.STILL: "The picture moves again.",
    LossKind.DISK_ENDS: "There is room on the disk again.",
}

_MISSING: Messages[dict[frozenset[Stream], str]] = {
    frozenset(Stream): "Nothing is reaching the disk",
    frozenset({Stream.SOUND}): "Sound is missing",
    frozenset({Stream.PICTURE}): "The picture is missing",
}


def sentence(loss: TakeLoss) -> str:
    """What is being lost, and what helps; or what is worth knowing."""
    match loss.notice:
        case m.DeviceLost(_, problem) | m.DiskFull(problem) | m.TakeEnding(_, problem):
            return _ending(problem)
        case m.TakeEnded(reason):
            return sentences(end_reason(reason), _("The take is closed and kept."))
        case m.PictureChanged(rolling=True):
            return say(_CHANGED_WHILE_ROLLING, _words(loss.notice))
        case _:
            return say(_TEXTS[loss.kind], _words(loss.notice))


def over(loss: TakeLoss, now: TakeSafety) -> str:
    """That it is over; nothing of what has no end but the take's, and of what goes on under another name."""
    goes_on = loss.kind in UNWRITTEN and any(other.kind in UNWRITTEN for other in now.losses)
    return "" if goes_on else _(_OVER.get(loss.kind, ""))


def on_disk(status: RecorderStatus, safety: TakeSafety) -> tuple[str, bool]:
    """What has reached the disk, by sizes read back, or what does not; and whether all of it does."""
    if safety.written:
        words = _written(status)
        if status.dropped:
            dropped = ngettext("{number} dropped", "{number} dropped", status.dropped)
            return formatting.dotted((words, dropped)), False
        return words, True
    if not safety.heard:
        return _("The recorder is silent"), False
    if safety.missing:
        return _(_MISSING[safety.missing]), False
    return _("The picture is behind") if safety.behind else _("Nothing is on the disk yet"), False


def _written(status: RecorderStatus) -> str:
    size = formatting.size(status.picture_bytes + status.sound_bytes)
    if status.frame_age_s is None:
        return _("{size} on disk", size=size)
    return ngettext(
        "{frames} frame · {size} on disk",
        "{frames} frames · {size} on disk",
        status.frames,
        frames=formatting.number(status.frames),
        size=size,
    )


def _ending(problem: PerfstudioError) -> str:
    """A problem that ends the take. A full disk is said without figures: nothing is needed any more."""
    if problem.code is ErrorCode.DISK_FULL:
        return errors.sentence_for(ErrorCode.DISK_FULL, {})
    return errors.sentence(problem)


def _words(notice: m.Notice | None) -> dict[str, str]:
    match notice:
        case m.PictureChanged(width, height):
            return {"width": str(width), "height": str(height)}
        case m.Backlog(seconds, _, dropped):
            return {
                "seconds": formatting.span(seconds),
                "lost": formatting.count(dropped, "picture") if dropped else "",
            }
        case m.BatteryLow(share):
            return {"share": formatting.percent(share)}
        case m.DiskLow(seconds_left):
            return {"seconds_left": formatting.about(seconds_left)}
        case _:
            return {}
