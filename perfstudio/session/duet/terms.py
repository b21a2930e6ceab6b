"""What two say of themselves before they play, and whether that will do."""

from __future__ import annotations

from perfstudio.model.duet_terms import DuetTerms
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.session.duet.line_link import LineLink
from perfstudio.session.settings_values import Settings


def own_terms(settings: Settings, *, draws: bool = False, records: bool = False) -> DuetTerms:
    """What this side says. Raises CallError(DUET_AGE) before anything is looked up."""
    if not settings.adult_stated:
        raise CallError(ErrorCode.DUET_AGE)
    return DuetTerms(performer_id=settings.performer_id, adult=True, draws=draws, records=records)


def exchange_terms(link: LineLink, mine: DuetTerms) -> DuetTerms:
    """Say it, and hear the partner's, over a line that stands and carries nothing else yet; where a scene is to be
    drawn, that follows. Raises CallError: DUET_NO_SENSE, DUET_PARTNER_AGE, DUET_ONE_RECORDS, DUET_ONE_NAMED, and those
    of the line."""
    link.say(mine)
    theirs = link.said(DuetTerms)
    if not theirs.adult:
        raise CallError(ErrorCode.DUET_PARTNER_AGE)
    if theirs.records != mine.records:
        raise CallError(ErrorCode.DUET_ONE_RECORDS)
    if theirs.draws != mine.draws:
        raise CallError(ErrorCode.DUET_ONE_NAMED)
    if not mine.draws:
        link.all_said()
    return theirs
