"""What two say of themselves before they play, and whether that will do."""

from __future__ import annotations

from perfstudio.call.papers import MOST_PAPER
from perfstudio.model.duet_terms import DuetTerms
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.session.duet.line_link import LineLink
from perfstudio.session.settings_values import Settings


def own_terms(settings: Settings) -> DuetTerms:
    """What this side says. Raises CallError(DUET_AGE) before anything is looked up."""
    if not settings.adult_stated:
        raise CallError(ErrorCode.DUET_AGE)
    return DuetTerms(performer_id=settings.performer_id, adult=True)


def exchange_terms(link: LineLink, mine: DuetTerms) -> DuetTerms:
    """Say it, and hear the partner's, over a line that stands and carries nothing else yet. Raises CallError:
    DUET_NO_SENSE, DUET_PARTNER_AGE, and those of the line."""
    link.say(mine.canonical())
    try:
        theirs = read_document(link.said(), DuetTerms, limit=MOST_PAPER)
    except JsonProblemError:
        raise CallError(ErrorCode.DUET_NO_SENSE) from None
    if not theirs.adult:
        raise CallError(ErrorCode.DUET_PARTNER_AGE)
    link.all_said()
    return theirs
