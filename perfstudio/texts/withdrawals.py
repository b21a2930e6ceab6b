"""Who was told that consent was taken back or given again, and who has still to be."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages, _
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.texts.template import say

_WHY: Messages[dict[ErrorCode, str]] = {
    ErrorCode.RECEIVER_UNREACHABLE: "it cannot be reached now",
    ErrorCode.RECEIVER_PROTOCOL: "its answer makes no sense",
    ErrorCode.RECEIVER_REFUSED: "it did not take the message",
    ErrorCode.RECEIPT_DIFFERS: "what it confirmed is not what was said",
    ErrorCode.TOKEN_WRONG: "it does not know your token",
    ErrorCode.TOKEN_MISSING: "it asks for your token, and that is not at hand",
    ErrorCode.RECEIVER_UNSAFE: "its address is not safe to send to",
    ErrorCode.STUDIO_UNKNOWN: "it is no longer connected",
}


def confirmed(studio: str, *, given: bool = False) -> str:
    """A receiver has answered that it knows."""
    if given:
        return say("[{studio}|The receiver] has confirmed that lines were given again.", {"studio": studio})
    return say("[{studio}|The receiver] has confirmed that consent was taken back.", {"studio": studio})


def open_still(studio: str, title: str, problem: PerfstudioError, *, given: bool = False) -> str:
    """A receiver has not answered yet: which one, about what, why, and when it is told."""
    why = _(_WHY[problem.code]) if problem.code in _WHY else _("it did not answer as it should")
    if problem.facts.get("detail") == "certificate":
        why = _("its certificate is not trusted here")
    if given:
        return say(
            "[{studio}|The receiver] has not been told yet that lines of [{title}|a take] were given again: {why}. "
            "It is told at the next delivery.",
            {"studio": studio, "title": title, "why": why},
        )
    return say(
        "[{studio}|The receiver] has not been told yet that consent for [{title}|a take] was taken back: {why}. "
        "It is told at the next delivery.",
        {"studio": studio, "title": title, "why": why},
    )
