"""Try the line to a partner: find each other, let both compare four words, and measure what the line is like."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from perfstudio.call.messages import LineMeasured, LineOrder
from perfstudio.model.duet_terms import DuetTerms
from perfstudio.model.duet_words import line_words
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.session.duet.line_link import LineLink
from perfstudio.session.duet.terms import exchange_terms


class Meeting(Protocol):
    """How two find each other."""

    def say(self, says: str) -> object:
        """How this side can be reached."""

    def wait(self) -> str:
        """How the other side can be reached, once it has said so."""


@dataclass(frozen=True, slots=True)
class LineHooks:
    """What is told on the way, on the thread that tries."""

    met: Callable[[], None] = lambda: None
    """The other side is there."""
    words: Callable[[tuple[str, ...]], None] = lambda _: None
    """The line stands; both sides see these words if nobody is between them."""
    accepts: Callable[[DuetTerms], None] = lambda _: None
    """What the other says of themselves; may raise CallError. Nothing of oneself was sent until then but one's own."""


def connect(link: LineLink, meeting: Meeting, hooks: LineHooks, terms: DuetTerms, *, first: bool) -> DuetTerms:
    """Both have told the other how they can be reached, the line stands, and what the other says of themselves will
    do. Raises CallError, and what the meeting raises."""
    if first:
        mine = link.described()
        meeting.say(mine)
    theirs = meeting.wait()
    hooks.met()
    link.tell(theirs)
    if not first:
        mine = link.described()
        meeting.say(mine)
    link.wait_open()
    try:
        hooks.words(line_words(*((mine, theirs) if first else (theirs, mine))))
    except ValueError:
        raise CallError(ErrorCode.DUET_NO_SENSE) from None
    said = exchange_terms(link, terms)
    hooks.accepts(said)
    return said


def try_line(
    meeting: Meeting, order: LineOrder, hooks: LineHooks, terms: DuetTerms, stop: threading.Event
) -> LineMeasured:
    """Raises what `connect` does; `stop` ends every wait."""
    with LineLink(order, stop) as link:
        connect(link, meeting, hooks, terms, first=order.first)
        return link.measured()
