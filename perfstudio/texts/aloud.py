"""What is said around a statement that is read aloud."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.spoken import SpokenRequest
from perfstudio.texts import formatting, rights


def asked(request: SpokenRequest) -> tuple[str, ...]:
    """That a statement is asked for, what for, and what becomes of it."""
    wanted = (
        _("The studio asks you to read this aloud before you sign. Without it, you cannot allow anything.")
        if request.required
        else _("The studio asks you to read this aloud before you sign. You can leave it out.")
    )
    kept = _("Only the sound is kept. It goes with the take, and is deleted here when you take everything back.")
    return (wanted, request.why, kept) if request.why else (wanted, kept)


def changed(record: ConsentRecord, left: bool | None) -> str:
    """What holds after the last act of a record; `left` as `after_taking_back` has it."""
    return " ".join(filter(None, (rights.changed(record), after_taking_back(left))))


def after_taking_back(left: bool | None) -> str:
    """Whether what was read aloud is still here once everything was taken back; None: there is nothing to say."""
    if left is None:
        return ""
    if left:
        return _(
            "What you read aloud could not be deleted yet. It will be deleted the next time perfstudio looks at "
            "the take."
        )
    return _("What you read aloud is deleted here.")


def to_read(microphone: str) -> str:
    """On the terminal, before the words to read."""
    return _(
        "Read this aloud into the microphone “{microphone}”. It opens when you press Enter.", microphone=microphone
    )


def read(seconds: float) -> str:
    """On the terminal, after it: the signature follows."""
    return _("{length} were heard. They are kept with what you sign now.", length=formatting.span(seconds))


def heard(seconds: float) -> str:
    """What was read is there, and not kept yet."""
    return _(
        "{length} were heard. Listen to it. It is kept when you sign; until then, you can read it again.",
        length=formatting.span(seconds),
    )
