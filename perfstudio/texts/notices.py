"""What the recorder notices while it works, in words that can be said after the cut or, when it matters, at once."""

from __future__ import annotations

from perfstudio.capture.recording.messages import (
    Backlog,
    BatteryLow,
    BlackPicture,
    DeviceLost,
    DiskFull,
    DiskLow,
    NotGrowing,
    Notice,
    PictureChanged,
    Resumed,
    Stalled,
    StillPicture,
    Stream,
    TakeEnded,
    TakeEnding,
    ZeroSound,
)
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.errors import ErrorCode
from perfstudio.texts import errors, formatting
from perfstudio.texts.states import end_reason
from perfstudio.texts.template import say, sentences

_DEVICES: Messages[dict[Stream, str]] = {Stream.PICTURE: "camera", Stream.SOUND: "microphone"}
_STREAMS: Messages[dict[Stream, str]] = {Stream.PICTURE: "picture", Stream.SOUND: "sound"}
_TEXTS: Messages[dict[type[Notice], str]] = {
    Stalled: "Nothing has come from the {device} for {silent_s}. What comes next is still recorded.",
    Resumed: "The {device} is back after {silent_s}. The gap is marked in the take.",
    ZeroSound: "The microphone has sent only silence for {seconds}. It is muted or unplugged.",
    StillPicture: "The camera has shown the same picture for {seconds}. After the cut, start it anew: unplug it, or "
    "switch it off and on.",
    BlackPicture: "The picture has been black for {seconds}. Open the lens cover or the camera's switch.",
    PictureChanged: "The camera changed its picture to {width} by {height}. "
    "The take goes on in the size it began with, and the whole picture is shown in it.",
    Backlog: "The computer is {seconds} behind with the picture and works faster now. "
    "[{lost} could not be kept up with; close other programs after the cut.|Nothing is lost.]",
    NotGrowing: "For {seconds} no {stream} has reached the disk. Check the disk after the cut.",
    DiskLow: "Room for {seconds_left} of recording is left on the disk.",
    BatteryLow: "The battery is down to {share}. Plug the computer in, so that no take ends with it.",
}
_BETWEEN_TAKES = N_("The camera changed its picture to {width} by {height}. The next take has that size.")
_OVER: Messages[dict[type[Notice], str]] = {
    ZeroSound: "The microphone is heard again.",
    StillPicture: "The picture moves again.",
    BlackPicture: "The picture is no longer black.",
}


def sentence(notice: Notice) -> str:
    """One notice as a sentence or two."""
    if isinstance(notice, DiskFull | TakeEnding | DeviceLost):
        return _ending(notice)
    if isinstance(notice, TakeEnded):
        return sentences(end_reason(notice.reason), _("The take is closed and kept."))
    if isinstance(notice, ZeroSound | StillPicture | BlackPicture) and not notice.now:
        return _(_OVER[type(notice)])
    if isinstance(notice, PictureChanged) and not notice.rolling:
        return say(_BETWEEN_TAKES, _words(notice))
    return say(_TEXTS[type(notice)], _words(notice))


def _ending(notice: DiskFull | TakeEnding | DeviceLost) -> str:
    """A problem that ends the take. A full disk is said without figures: nothing is needed any more."""
    if notice.problem.code is ErrorCode.DISK_FULL:
        return errors.sentence_for(ErrorCode.DISK_FULL, {})
    return errors.sentence(notice.problem)


def _words(notice: Notice) -> dict[str, str]:
    words: dict[str, str] = {}
    if isinstance(notice, Stalled | Resumed):
        words = {"device": _(_DEVICES[notice.stream]), "silent_s": formatting.span(notice.silent_s)}
    elif isinstance(notice, ZeroSound | StillPicture | BlackPicture):
        words = {"seconds": formatting.span(notice.seconds)}
    elif isinstance(notice, PictureChanged):
        words = {"width": str(notice.width), "height": str(notice.height)}
    elif isinstance(notice, Backlog):
        lost = formatting.count(notice.dropped, "picture") if notice.dropped else ""
        words = {"seconds": formatting.span(notice.seconds), "lost": lost}
    elif isinstance(notice, NotGrowing):
        words = {"stream": _(_STREAMS[notice.stream]), "seconds": formatting.span(notice.seconds)}
    elif isinstance(notice, BatteryLow):
        words = {"share": formatting.percent(notice.share)}
    elif isinstance(notice, DiskLow):
        words = {"seconds_left": formatting.about(notice.seconds_left)}
    return words
