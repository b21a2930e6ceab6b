"""Who was told that consent was taken back or given again, what came of it there, and who has still to be told."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.texts.formatting import listing
from perfstudio.texts.template import one_line, say, sentences

_WHY: Messages[dict[ErrorCode, str]] = {
    ErrorCode.RECEIVER_UNREACHABLE: "it cannot be reached now",
    ErrorCode.RECEIVER_PROTOCOL: "its answer makes no sense",
    ErrorCode.RECEIVER_REFUSED: "it did not accept the message",
    ErrorCode.RECEIVER_FULL: "it has no room for the message now",
    ErrorCode.RECEIPT_DIFFERS: "what it confirmed is not what was said",
    ErrorCode.TOKEN_WRONG: "it does not know your token",
    ErrorCode.TOKEN_MISSING: "it asks for your token, which is not available here",
    ErrorCode.RECEIVER_UNSAFE: "its address is not safe to send to",
    ErrorCode.STUDIO_UNKNOWN: "it is no longer connected",
}


_ANSWERS: Messages[dict[DeletionWord, str]] = {
    DeletionWord.DELETED: "[{studio}|The receiver] has confirmed that you took [{title}|a take] back, "
    "and signed that it is deleted there.",
    DeletionWord.KEPT: "[{studio}|The receiver] has confirmed that you took [{title}|a take] back, but still keeps it. "
    "Contact the studio.",
    DeletionWord.WAITS: "[{studio}|The receiver] has the message about [{title}|a take]. A person there still has to "
    "confirm that it is yours.",
    DeletionWord.DISMISSED: "A person at [{studio}|the receiver] did not accept the message about [{title}|a take] as "
    "yours, so the take stays there. Contact the studio.",
    DeletionWord.SILENT: "[{studio}|The receiver] has confirmed that you took [{title}|a take] back, but has not "
    "signed that it is deleted there. It will be asked again at the next delivery.",
    DeletionWord.KEYLESS: "[{studio}|The receiver] has confirmed that you took [{title}|a take] back. "
    "Whether it is deleted there cannot be checked: the studio's document has no key. Ask the studio for its new one.",
    DeletionWord.UNPROVEN: "[{studio}|The receiver] has confirmed that you took [{title}|a take] back. What it signed "
    "about deleting it is not valid. It will be asked again at the next delivery.",
    DeletionWord.LOST: "[{studio}|The receiver] says it does not know the consent of [{title}|a take], and its record "
    "here is gone too. So it could not be told that you took it back. Contact the studio.",
    DeletionWord.LEFT: "[{studio}|The receiver] was left the message that you took [{title}|a take] back. A server of "
    "this kind cannot say what happens to it.",
}
_USES_END = N_("{studio} has confirmed that these uses of {title} end. It keeps the take for the others.")
_HELD = N_("It was in {exports}. What was made from that, such as a trained model, is not undone.")


def confirmed(studio: str, *, given: bool = False) -> str:
    """A receiver has answered that it knows."""
    if given:
        return say("[{studio}|The receiver] has confirmed that lines were given again.", {"studio": studio})
    return say("[{studio}|The receiver] has confirmed that consent was taken back.", {"studio": studio})


def answered(studio: str, title: str, word: DeletionWord | None, *, blocks: bool, exports: Iterable[str] = ()) -> str:
    """What a receiver that was told has made of it: deleted is only what it has signed."""
    if word is None:
        return confirmed(studio)
    if not blocks and word in (DeletionWord.KEPT, DeletionWord.SILENT, DeletionWord.KEYLESS):
        return _(_USES_END, studio=studio, title=title)
    return sentences(say(_ANSWERS[word], {"studio": studio, "title": title}), held_by(exports))


def held_by(exports: Iterable[str]) -> str:
    """What a deletion does not undo; nothing where nothing held the take."""
    names = listing(one_line(name) for name in exports)
    return _(_HELD, exports=names) if names else ""


def open_still(studio: str, title: str, problem: PerfstudioError, *, given: bool = False) -> str:
    """A receiver has not answered yet: which one, about what, why, and when it is told."""
    why = _(_WHY[problem.code]) if problem.code in _WHY else _("it did not answer as it should")
    if problem.facts.get("detail") == "certificate":
        why = _("its certificate is not trusted here")
    if given:
        return say(
            "[{studio}|The receiver] has not yet been told that lines of [{title}|a take] were given again: {why}. It "
            "will be told at the next delivery.",
            {"studio": studio, "title": title, "why": why},
        )
    return say(
        "[{studio}|The receiver] has not yet been told that consent for [{title}|a take] was taken back: {why}. It "
        "will be told at the next delivery.",
        {"studio": studio, "title": title, "why": why},
    )
