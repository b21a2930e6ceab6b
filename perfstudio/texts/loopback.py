"""What is said when the constant of headphones and a microphone is measured."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.loopback import LoopbackFound, LoopbackLine, LoopbackRefusal, NoLoopback

TITLE = N_("Headphones and microphone")
HOW = (
    N_("Take the headphones off and hold one side close to the microphone."),
    N_("Twelve clicks are played. Keep quiet until they are over."),
)
KEPT = N_("Measurement kept. New takes with these headphones and this microphone include it.")
_WHY: Messages[dict[NoLoopback, str]] = {
    NoLoopback.NOT_PLAYED: "Nothing was played in the headphones. Try again.",
    NoLoopback.TOO_FEW: "Too few clicks came back. Turn the headphones up, and hold one side to the microphone.",
    NoLoopback.NO_AGREEMENT: "The clicks that came back do not agree. Keep quiet until they are over, and try again.",
}


def result(found: LoopbackFound) -> str:
    """What came out."""
    return _(
        "Sound comes back {late} ms later than the devices say, within {bound} ms, measured with {count} clicks.",
        late=f"{found.correction_s * 1000:+.1f}",
        bound=f"{found.bound_s * 1000:.1f}",
        count=found.count,
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
