"""What is said around a statement that is read aloud."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.model.spoken import SpokenRequest
from perfstudio.texts import formatting


def asked(request: SpokenRequest) -> tuple[str, ...]:
    """That a statement is asked for, what for, and what becomes of it."""
    wanted = (
        _("The studio asks you to read this aloud before you sign. Without it nothing can be allowed.")
        if request.required
        else _("The studio asks you to read this aloud before you sign. You may leave it out.")
    )
    kept = _("Only the sound is kept. It goes with the take, and is deleted here when you take everything back.")
    return (wanted, request.why, kept) if request.why else (wanted, kept)


def heard(seconds: float) -> str:
    """What was read is there, and not kept yet."""
    return _(
        "{length} were heard. Listen to it. It is kept when you sign; until then you can read it again.",
        length=formatting.span(seconds),
    )
