"""What is said when the constant of headphones and a microphone is measured."""

from __future__ import annotations

from datetime import datetime

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.language.conventions import number, signed
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.loopback import LoopbackFound, LoopbackLine, LoopbackRefusal, NoLoopback
from perfstudio.texts import errors, formatting
from perfstudio.texts.template import one_line, say

TITLE = N_("Headphones and microphone")
HOW = (
    N_("Take the headphones off and hold one side close to the microphone."),
    N_("Twelve clicks are played. Keep quiet until they are over."),
)
MEASURE = N_("Measure once")
MEASURE_AGAIN = N_("Measure again")
PLAY = N_("Play the clicks")
NOT_NOW = N_("Not now")
OPENING = N_("Opening the headphones …")
PLAYING = N_("Keep quiet: the clicks are being played.")
MEASURING = N_("Listening to what came back …")
UNCHANGED = N_("Nothing was changed.")
KEPT = N_("Measurement kept. New takes with these headphones and this microphone include it.")
_WHY: Messages[dict[NoLoopback, str]] = {
    NoLoopback.NOT_PLAYED: "Nothing was played in the headphones. Try again.",
    NoLoopback.NOTHING_HEARD: "No click came back. Hold one side of the headphones to the microphone, and try again.",
    NoLoopback.ECHOES: "Every click came back more than once. Turn off all other loudspeakers, and try again.",
    NoLoopback.TOO_FEW: "Too few clicks came back. Turn the headphones up, and hold one side to the microphone.",
    NoLoopback.NO_AGREEMENT: "The clicks that came back do not agree. Keep quiet until they are over, and try again.",
}

_PROBLEMS: Messages[dict[ErrorCode, str]] = {
    ErrorCode.HEADPHONES_UNKNOWN: "The headphones[ “{id}”] are not here now. Plug them in, or choose others.",
    ErrorCode.HEADPHONES_REFUSED: "The headphones[ “{id}”] are there but do not open. Another program may be using "
    "them. Close that program and try again.",
    ErrorCode.HEADPHONES_LOST: "The headphones[ “{id}”] went away while the clicks were playing.",
}
"""Of headphones in which no partner is heard yet."""


def problem(met: PerfstudioError) -> str:
    """Why the clicks could not be played or recorded."""
    own = _PROBLEMS.get(met.code)
    return say(own, {"id": one_line(str(met.facts.get("id", "")))}) if own is not None else errors.sentence(met)


def result(found: LoopbackFound) -> str:
    """What came out."""
    return _(
        "Sound comes back {late} ms from when the devices say, within {bound} ms, measured with {count} clicks.",
        late=signed(found.correction_s * 1000, 1),
        bound=number(found.bound_s * 1000, 1),
        count=found.count,
    )


def in_force(line: LoopbackLine | None, bound_s: float, now: datetime) -> str:
    """How well it is known when a partner is heard: by the devices' own word, within so many seconds, or by clicks."""
    if line is None:
        return _(
            "Your takes say when you heard your partner, within {bound} ms, going by what the devices say. Measured "
            "once, with one side held to the microphone, it is within a few.",
            bound=number(bound_s * 1000),
        )
    return _(
        "Your takes say when you heard your partner, within {bound} ms: measured by clicks, {when}.",
        bound=number(line.found.bound_s * 1000, 1),
        when=formatting.when(line.measured_utc, now),
    )


def found(line: LoopbackFound) -> str:
    """What came out, in the words of the green room."""
    return _(
        "{count} clicks came back. Takes with these headphones and this microphone now say when you heard your partner "
        "within {bound} ms.",
        count=line.count,
        bound=number(line.bound_s * 1000, 1),
    )


def refusal(refused: LoopbackRefusal) -> str:
    """Why nothing came out."""
    return _(_WHY[refused.why])


def pair(line: LoopbackLine) -> str:
    """One line of the list."""
    return _(
        "{headphones} with {microphone}: {result}",
        headphones=line.headphones_name or line.headphones,
        microphone=line.microphone_name or line.microphone,
        result=result(line.found),
    )
