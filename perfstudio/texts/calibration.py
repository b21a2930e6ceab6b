"""What is said about the constant offset of picture and sound: how to measure it, what came out, why nothing did."""

from __future__ import annotations

from datetime import datetime

from perfstudio.language.catalogue import N_, Messages, Plural, _
from perfstudio.model.calibration import CalibrationUsed, Measurement, Method, PairCalibration, Refusal, Unsure
from perfstudio.texts import formatting
from perfstudio.texts.template import sentences

TITLE = N_("Picture and sound in sync")
NOT_CALIBRATED = N_("Not calibrated")
WHY = N_("Every camera and microphone has a small delay of its own. Clap ten times to have it taken out of your takes.")
METHODS: Messages[dict[Method, str]] = {Method.CLAP: "Claps", Method.PATTERN: "Flashes and clicks"}
HOW: Messages[dict[Method, tuple[str, str, str]]] = {
    Method.CLAP: (
        "Stand where you will play, with light on your hands.",
        "Clap ten times, about a second apart.",
        "Keep your hands together for a moment each time.",
    ),
    Method.PATTERN: (
        "Play the test video on a phone or tablet, with the sound on.",
        "Hold its screen up to the camera, where your face will be.",
        "Keep it there for 45 seconds. The result includes the player's own delay; claps have none.",
    ),
}
WHERE_PATTERN = N_("`perfstudio calibrate --pattern-film FILE` makes the video.")
DELETED = N_("What is recorded here is deleted as soon as it has been measured.")
MEASURING = N_("Measuring …")
STARTING = N_("Starting …")
KEPT = N_("Calibration kept. New takes with this camera and microphone are corrected.")
FORGOTTEN = N_("Calibration forgotten. New takes with this camera and microphone are not corrected.")
SOUND_ONLY = N_("Without a camera, there is nothing to bring into sync.")
_SMALL_MS = 1.0
_FOUND = {
    Method.CLAP: Plural("{state}; {sure}, by {number} clap.", "{state}; {sure}, by {number} claps."),
    Method.PATTERN: Plural("{state}; {sure}, by {number} flash.", "{state}; {sure}, by {number} flashes."),
}

_REFUSALS: Messages[dict[Unsure, dict[Method, str]]] = {
    Unsure.NOTHING_HEARD: {
        Method.CLAP: "Too few claps were heard: {heard}. Clap harder and closer, and keep quiet in between.",
        Method.PATTERN: "Too few clicks were heard: {heard}. Turn up the player's sound and bring it closer.",
    },
    Unsure.NOTHING_SEEN: {
        Method.CLAP: "{heard} were heard, but no hands were seen to meet. Clap inside the picture, with more light.",
        Method.PATTERN: "{heard} were heard, but no flashes were seen. Turn up the screen's brightness and point it at "
        "the camera.",
    },
    Unsure.TOO_FEW: {
        Method.CLAP: "Only {paired} of {heard} were clear in both picture and sound. Clap a second apart, inside the "
        "picture, and keep your hands together for a moment.",
        Method.PATTERN: "Only {paired} of {heard} came with a flash. Hold the screen still, and let it fill more of "
        "the picture.",
    },
    Unsure.NO_AGREEMENT: {
        Method.CLAP: "The claps do not agree with each other. Keep quiet in between, and clap ten times again.",
        Method.PATTERN: "The flashes and clicks do not match. Play the test video by itself, from the start.",
    },
    Unsure.TOO_WIDE: {
        Method.CLAP: "The claps agree only within {sure}, which is not enough. It helps to have more light on your "
        "hands and to hold them together for a moment.",
        Method.PATTERN: "The flashes agree only within {sure}, which is not enough. It helps to have less light in the "
        "room and a screen that fills more of the picture.",
    },
}


def state(offset_ms: float) -> str:
    """Sound is 42 ms late."""
    if abs(offset_ms) < _SMALL_MS:
        return _("Sound and picture are in sync")
    off = formatting.milliseconds(abs(offset_ms))
    return _("Sound is {off} late", off=off) if offset_ms > 0 else _("Sound is {off} early", off=off)


def sure(found: Measurement) -> str:
    """sure to within 3 ms."""
    return _("accurate to {number} ms", number=max(1, round(found.sure_ms + 0.499)))


def result(found: Measurement) -> str:
    """What the wizard and the verb say when they have an answer."""
    counted = _FOUND[found.method].of(found.count, state=state(found.offset_ms), sure=sure(found))
    lag = _("This includes the player's own delay, which may be some tens of milliseconds.")
    return counted if found.source_sure_ms is not None else sentences(counted, lag)


def refusal(found: Refusal, method: Method) -> str:
    """Why there is no answer and what helps. Nothing was changed."""
    heard = _heard(found.heard, method) if found.heard else _("none")
    sure_ms = formatting.milliseconds(found.sure_ms)
    return _(_REFUSALS[found.why][method], heard=heard, paired=found.paired, sure=sure_ms)


def counted(heard: int, seen: int, method: Method) -> str:
    """7 claps heard, 7 seen."""
    return _("{heard} heard, {seen} seen", heard=_heard(heard, method), seen=seen)


def _heard(number: int, method: Method) -> str:
    return formatting.count(number, "clap" if method is Method.CLAP else "click")


def in_force(line: PairCalibration | None, now: datetime) -> str:
    """What holds for a pair: Sound is 42 ms late, corrected; sure to within 3 ms, measured today 14:06."""
    if line is None:
        return sentences(_("{words}.", words=_(NOT_CALIBRATED)), _(WHY))
    when = formatting.when(line.used.measured_utc, now)
    return _("{state}, measured {when}.", state=corrected(line.used), when=when)


def corrected(used: CalibrationUsed) -> str:
    """Sound is 42 ms late, corrected; sure to within 3 ms."""
    words = {"state": state(used.offset_ms), "sure": sure(used)}
    if abs(used.offset_ms) < _SMALL_MS:
        return _("{state}; {sure}", **words)
    return _("{state}, corrected; {sure}", **words)
