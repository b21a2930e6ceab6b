"""What is said about the constant offset of picture and sound: how to measure it, what came out, why nothing did."""

from __future__ import annotations

from datetime import datetime

from perfstudio.model.calibration import CalibrationUsed, Measurement, Method, PairCalibration, Refusal, Unsure
from perfstudio.texts import formatting

TITLE = "Picture and sound in step"
NOT_CALIBRATED = "Not calibrated"
WHY = "Every camera and microphone has a small delay of its own. Clap ten times, and it is taken out of your takes."
METHODS = {Method.CLAP: "Claps", Method.PATTERN: "Flashes and clicks"}
HOW = {
    Method.CLAP: (
        "Stand where you will play, with light on your hands.",
        "Clap ten times, about a second apart.",
        "Leave your hands together for a moment each time.",
    ),
    Method.PATTERN: (
        "Play the pattern film on a phone or tablet, sound on.",
        "Hold its screen towards the camera, where your face will be.",
        "Keep it there for 45 seconds. The player's own delay is in the answer; claps have none.",
    ),
}
WHERE_PATTERN = "`perfstudio calibrate --pattern-film FILE` makes the film."
DELETED = "What is recorded here is deleted as soon as it is measured."
MEASURING = "Measuring …"
STARTING = "Starting …"
KEPT = "Kept. New takes with this camera and microphone are corrected."
FORGOTTEN = "Forgotten. New takes with this camera and microphone are not corrected."
SOUND_ONLY = "Without a camera there is nothing to bring in step."
_SMALL_MS = 1.0

_REFUSALS = {
    Unsure.NOTHING_HEARD: {
        Method.CLAP: "Too few claps were heard: {heard}. Clap harder and nearer, and keep quiet between.",
        Method.PATTERN: "Too few clicks were heard: {heard}. Turn the player's sound up and bring it nearer.",
    },
    Unsure.NOTHING_SEEN: {
        Method.CLAP: "{heard} were heard, but no hands were seen to meet. Clap inside the picture, with more light.",
        Method.PATTERN: "{heard} were heard, but no flashes were seen. Turn the screen up and to the camera.",
    },
    Unsure.TOO_FEW: {
        Method.CLAP: "Only {paired} of {heard} were clear in both picture and sound. Clap a second apart, inside the "
        "picture, and leave your hands together for a moment.",
        Method.PATTERN: "Only {paired} of {heard} had their flash. Hold the screen still and fill more of the picture.",
    },
    Unsure.NO_AGREEMENT: {
        Method.CLAP: "The claps do not agree with one another. Keep quiet between them and clap ten again.",
        Method.PATTERN: "Flashes and clicks do not belong together. Play the pattern film alone, from its start.",
    },
    Unsure.TOO_WIDE: {
        Method.CLAP: "The claps agree only within {sure}, which is not enough. More light on your hands helps, and "
        "holding them together for a moment.",
        Method.PATTERN: "The flashes agree only within {sure}, which is not enough. Less light in the room helps, "
        "and a screen that fills more of the picture.",
    },
}


def state(offset_ms: float) -> str:
    """Sound is 42 ms late."""
    if abs(offset_ms) < _SMALL_MS:
        return "Sound and picture are in step"
    return f"Sound is {formatting.milliseconds(abs(offset_ms))} {'late' if offset_ms > 0 else 'early'}"


def sure(found: Measurement) -> str:
    """sure to within 3 ms."""
    return f"sure to within {max(1, round(found.sure_ms + 0.499))} ms"


def result(found: Measurement) -> str:
    """What the wizard and the verb say when they have an answer."""
    what = "claps" if found.method is Method.CLAP else "flashes"
    text = f"{state(found.offset_ms)}; {sure(found)}, by {found.count} {what}."
    if found.source_sure_ms is None:
        text += " The player's own delay is part of this; it may be some tens of milliseconds."
    return text


def refusal(found: Refusal, method: Method) -> str:
    """Why there is no answer and what helps. Nothing was changed."""
    one = "clap" if method is Method.CLAP else "click"
    heard = formatting.count(found.heard, one) if found.heard else "none"
    return _REFUSALS[found.why][method].format(
        heard=heard, paired=found.paired, sure=formatting.milliseconds(found.sure_ms)
    )


def counted(heard: int, seen: int, method: Method) -> str:
    """7 claps heard, 7 seen."""
    one = "clap" if method is Method.CLAP else "click"
    return f"{formatting.count(heard, one)} heard, {seen} seen"


def in_force(line: PairCalibration | None, now: datetime) -> str:
    """What holds for a pair: Sound is 42 ms late, corrected; sure to within 3 ms, measured today 14:06."""
    if line is None:
        return f"{NOT_CALIBRATED}. {WHY}"
    return f"{corrected(line.used)}, measured {formatting.when(line.used.measured_utc, now)}."


def corrected(used: CalibrationUsed) -> str:
    """Sound is 42 ms late, corrected; sure to within 3 ms."""
    fixed = "" if abs(used.offset_ms) < _SMALL_MS else ", corrected"
    return f"{state(used.offset_ms)}{fixed}; {sure(used)}"
