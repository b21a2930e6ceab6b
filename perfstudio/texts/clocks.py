"""Why the clocks of two machines cannot be laid on each other, as part of a sentence."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages, _
from perfstudio.model.pair import ClocksProblem

# Translators: part of a sentence: why it cannot be told where two takes lie to each other.
_UNALIGNED: Messages[dict[ClocksProblem, str]] = {
    ClocksProblem.NO_STAMPS: "one of them comes without the times of the pings",
    ClocksProblem.UNREADABLE: "the times of the pings are not the ones a take was sealed with",
    ClocksProblem.TOO_FEW: "too few pings were heard on both sides",
    ClocksProblem.JUMPED: "one computer's clock jumped in between",
}


def why_unaligned(problem: ClocksProblem) -> str:
    """In the language that is spoken."""
    return _(_UNALIGNED[problem])
