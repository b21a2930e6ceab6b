"""The set-up check in words: what to do now, what was found, the one remedy, and what changed since the last time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from perfstudio.language.catalogue import N_, Messages, Plural, _
from perfstudio.model.checks import CheckCode, Verdict
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.room import RoomPart, RoomReading, RoomTopic
from perfstudio.texts import checks, errors, formatting
from perfstudio.texts.template import say, sentences

_C = CheckCode

PARTS: Messages[dict[RoomPart, tuple[str, str, str]]] = {
    RoomPart.TONE: ("Room tone", "Two seconds of nobody", "Be still for two seconds."),
    RoomPart.LOUD: ("A loud line", "As loud as the scene gets", "One line, as loud as it will get."),
    RoomPart.SOFT: ("A soft line", "As soft as you ever speak", "One line, as soft as it will get."),
    RoomPart.PLAY: ("Five seconds", "Recorded, read back, played", "Five seconds, as in the scene."),
}
"""Name, what it is, and what to do."""
LOOK: Messages[tuple[str, str, str]] = ("Framing and light", "Sit as you will play", "Sit as you will play.")
LOOKS_GOOD = N_("Framing and light look good.")
STILL_AGAIN = N_("That was more than the room. Once more: be still for two seconds.")
EXAMPLES: Messages[dict[RoomPart, str]] = {
    RoomPart.LOUD: "“I told you not to come here.”",
    RoomPart.SOFT: "“I never stopped waiting.”",
    RoomPart.PLAY: "Speak, move, turn your head. Then it is played back to you.",
}
OPENING = N_("Opening the camera and the microphone.")
READING = N_("Reading back what was recorded.")
PRIVACY = N_("The recording is played back once and deleted when you leave. Only the measurements are kept.")
ALL_GOOD = N_("Everything is ready.")
NOT_KEPT = N_("The measurements could not be kept for next time.")
NOTHING_SHARED = N_("There is nothing to compare: nothing was measured in both.")
STILL_FREE = N_("You can record anyway.")
PLAYED = N_("This is what was recorded. Listen whether it sounds like you.")
NOT_HERE = N_("The camera and microphone could not be opened.")
NO_DEVICES = N_("No camera or microphone is chosen yet.")
CUT_SHORT = N_("The check ended early.")
_LOST: Messages[dict[ErrorCode, str]] = {
    ErrorCode.CAMERA_LOST: "The camera went away. Plug it in again, and restart the check whenever you like.",
    ErrorCode.CAMERA_LINE_LOST: "The connection to the camera was lost. Check the camera and the network, and restart "
    "whenever you like.",
    ErrorCode.CAMERA_STOPPED: "The camera sends no more pictures. Unplug it and plug it in again, and restart whenever "
    "you like.",
    ErrorCode.MICROPHONE_STOPPED: "Nothing more comes from the microphone. Check its plug and its switch, and restart "
    "whenever you like.",
    ErrorCode.MICROPHONE_LOST: "The microphone went away. Plug it in again, and restart the check whenever you like.",
    ErrorCode.RECORDER_DIED: "The recorder stopped and was restarted. Begin again whenever you like.",
    ErrorCode.NOTHING_RECORDED: "It could not be read back. Begin again whenever you like.",
}
"""A take would be kept; of a check nothing has to be."""

TOPICS: Messages[dict[RoomTopic, str]] = {
    RoomTopic.ROOM: "Room",
    RoomTopic.LOUD: "Loud line",
    RoomTopic.SOFT: "Soft line",
    RoomTopic.MICROPHONE: "Microphone",
    RoomTopic.FRAMING: "Framing",
    RoomTopic.LIGHT: "Light",
    RoomTopic.CAMERA: "Camera",
    RoomTopic.SYNC: "Sync",
}

_GOOD: Messages[dict[RoomTopic, str]] = {
    RoomTopic.ROOM: "The room is quiet.",
    RoomTopic.LOUD: "Your loud line stays clear of the limit.",
    RoomTopic.SOFT: "Your soft line stands out from the room.",
    RoomTopic.MICROPHONE: "The microphone captures your whole voice.",
    RoomTopic.FRAMING: "You are well placed, at a good distance.",
    RoomTopic.LIGHT: "The light on your face is good.",
    RoomTopic.CAMERA: "The picture is sharp and steady.",
    RoomTopic.SYNC: "Picture and sound stay together.",
}
_LOOK: Messages[dict[tuple[RoomTopic, CheckCode], str]] = {
    (RoomTopic.LOUD, _C.CLIPPING): "The loud line is cut off at the limit. Turn the input down, or move back a hand.",
    (RoomTopic.LOUD, _C.SPEECH): "No loud line was heard. Check that it is the right microphone and that it is turned "
    "up.",
    (RoomTopic.SOFT, _C.SPEECH): "No soft line was heard above the room. Come closer to the microphone.",
    (RoomTopic.SOFT, _C.SNR): "The soft line gets lost in the room. Come closer to the microphone, or make the room "
    "quieter.",
    (RoomTopic.MICROPHONE, _C.ZEROS): "The microphone sent only silence[ for {zeros}]. It is muted or unplugged.",
    (RoomTopic.MICROPHONE, _C.SILENCE): "The microphone heard almost nothing. It may be the wrong one, or turned down.",
    (RoomTopic.FRAMING, _C.FACE): "Hardly any face was seen. Sit in the picture, with the light on your face.",
    (RoomTopic.LIGHT, _C.BLACK): "The picture is black. Open the lens cover, or switch the camera on.",
    (
        RoomTopic.CAMERA,
        _C.FROZEN,
    ): "The picture froze. Unplug the camera, or switch it off and on.",
    (RoomTopic.SYNC, _C.SYNC): "Picture and sound are apart. Another camera, or a cable, may fix that.",
}
_LOUD: Messages[dict[str, str]] = {
    "high": "The loud line comes close to the limit. Turn the input down, or move back a hand.",
    "low": "The loud line stays far below the limit. Turn the input up, or come closer.",
}
NOT_CALIBRATED = N_("The fixed delay of this camera has not been measured.")


def problem(met: PerfstudioError) -> str:
    """Why a check came to nothing, and the way on."""
    return _(_LOST.get(met.code, "")) or errors.sentence(met)


def finding(reading: RoomReading) -> str:
    """What was found on one topic; with a remedy where there is something to look at."""
    told = reading.telling
    if told.verdict is Verdict.GOOD:
        return _(_GOOD[reading.topic])
    own = _LOOK.get((reading.topic, told.code))
    if reading.topic is RoomTopic.LOUD and told.code is _C.TRUE_PEAK:
        own = _LOUD.get(str(told.facts.get("direction")))
    if own is None:
        return checks.sentence(told)
    zeros = formatting.span(told.value) if told.code is _C.ZEROS and told.value is not None else ""
    return say(own, {"zeros": zeros})


def figure(reading: RoomReading) -> str:
    """The number behind it, short: −58 dBFS, 7 dB of headroom. Nothing where no number says more than the words."""
    by_code = {check.code: check for check in reading.checks}
    code, form = _FIGURES.get(reading.topic, (None, ""))
    check = by_code.get(code) if code is not None else None
    if check is None or check.value is None:
        return ""
    shown = _NUMBERS.get(check.code, formatting.number)
    return say(form, {"value": shown(check.value)})


def calibrated(reading: RoomReading) -> bool | None:
    """Whether the constant offset of camera and microphone is known; None when that is not what a reading is about."""
    found = next((c for c in reading.checks if c.code is _C.SYNC), None)
    return bool(found.facts.get("calibrated")) if found is not None else None


def summary(readings: tuple[RoomReading, ...]) -> str:
    """The one line over the result."""
    looks = sum(reading.verdict is not Verdict.GOOD for reading in readings)
    return _LOOKS.of(looks, things=_small(looks))


def detail(readings: tuple[RoomReading, ...], changed: int) -> str:
    """The line below it: that nothing stands in the way, and how much changed."""
    looks = any(reading.verdict is not Verdict.GOOD for reading in readings)
    free = _(STILL_FREE) if looks else ""
    differs = _CHANGED.of(changed, things=_small(changed)) if changed else ""
    return sentences(free, differs) or _(PLAYED)


def last_time(measured: datetime, now: datetime) -> str:
    """When the room was checked, as in “Checked today 14:06.”"""
    return _("Set-up checked {when}", when=formatting.when(measured, now))


def since(measured: datetime, now: datetime) -> str:
    """Since when, as in “Since yesterday 14:06.”"""
    return _("Since {when}", when=formatting.when(measured, now))


def beside(character: str, title: str, number: int) -> str:
    """Beside take 2 of “The letter” (Ines)."""
    return _("{character}, next to take {number} of “{title}”", character=character, number=number, title=title)


def _small(count: int) -> str:
    return _(_SMALL[count]) if count in _SMALL else formatting.number(count)


_SMALL: Messages[dict[int, str]] = {
    2: "Two",
    3: "Three",
    4: "Four",
    5: "Five",
    6: "Six",
    7: "Seven",
    8: "Eight",
}
# Translators: {things} is a number in words, as in "Two".
_LOOKS = Plural("One thing to look at.", "{things} things to look at.", ALL_GOOD)
# Translators: {things} is a number in words, as in "Two".
_CHANGED = Plural("One thing has changed.", "{things} things have changed.")
_FIGURES: Messages[dict[RoomTopic, tuple[CheckCode, str]]] = {
    RoomTopic.ROOM: (_C.NOISE_FLOOR, "noise {value} dB"),
    RoomTopic.LOUD: (_C.TRUE_PEAK, "{value} dB of headroom"),
    RoomTopic.SOFT: (_C.SNR, "{value} dB above the room"),
    RoomTopic.MICROPHONE: (_C.BANDWIDTH, "up to {value}"),
    RoomTopic.FRAMING: (_C.FACE_SIZE, "face {value} of the height"),
    RoomTopic.LIGHT: (_C.BRIGHTNESS, "brightness {value}"),
    RoomTopic.CAMERA: (_C.FRAME_RATE, "{value} frames per second"),
    RoomTopic.SYNC: (_C.SYNC, "within {value}"),
}


_NUMBERS: dict[CheckCode, Callable[[float], str]] = {
    _C.TRUE_PEAK: lambda value: formatting.number(max(0.0, -value)),
    _C.FACE_SIZE: formatting.percent,
    _C.BRIGHTNESS: lambda value: formatting.percent(value / 255),
    _C.BANDWIDTH: formatting.frequency,
    _C.SYNC: lambda value: formatting.milliseconds(abs(value)),
    _C.FRAME_RATE: lambda value: formatting.number(value, 1),
}
