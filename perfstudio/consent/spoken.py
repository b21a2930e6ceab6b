"""A statement read aloud: that it is there where the text asks for it, and in the words of that text."""

from __future__ import annotations

from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.prompt import Terms
from perfstudio.model.spoken import NAME, SpokenRequest, SpokenStatement


def require_spoken(terms: Terms, spoken: SpokenStatement | None, *, gives: bool) -> None:
    """What was read aloud is what `terms` ask for. `gives`: something is allowed; a refusal needs no words.

    Raises ConsentError: CONSENT_SPOKEN_MISSING, CONSENT_SPOKEN_UNASKED, CONSENT_INVALID (other words or language).
    """
    asked = terms.spoken
    if spoken is None:
        if asked is not None and asked.required and gives:
            raise ConsentError(ErrorCode.CONSENT_SPOKEN_MISSING)
        return
    if asked is None:
        raise ConsentError(ErrorCode.CONSENT_SPOKEN_UNASKED)
    if spoken.language != terms.language or not _is_wording(asked, spoken.text):
        raise ConsentError(ErrorCode.CONSENT_INVALID, where="spoken", problem="other_words")


def spoken_problem(record: ConsentRecord) -> str:
    """What a receiver finds wrong with what was read aloud for a record of which something stands; empty: nothing."""
    asked, spoken = record.notice.spoken, record.spoken
    if spoken is None:
        return "spoken_missing" if asked is not None and asked.required and record.granted() else ""
    if asked is None:
        return "spoken_unasked"
    right = spoken.language == record.notice.language and _is_wording(asked, spoken.text)
    return "" if right else "spoken_other_words"


def _is_wording(asked: SpokenRequest, text: str) -> bool:
    """Whether these are the words to read: those that name nobody, or those with some name in its place."""
    if text == asked.statement:
        return True
    before, found, after = (asked.with_name or "").partition(NAME)
    named = len(text) > len(before) + len(after) and text.startswith(before) and text.endswith(after)
    return bool(found) and named
