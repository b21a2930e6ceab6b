"""What a studio decided of a take, said to the performer: with its own words, and with what it leaves as it was."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.consent.wording import pay
from perfstudio.language.catalogue import _, ngettext
from perfstudio.model.consent import Compensation
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.session.takes.rulings import AskedAgain
from perfstudio.texts import formatting
from perfstudio.texts.template import clause, one_line, quoted, say, sentences

MOST_NAMED = 3
"""Scenes that are named when much has come at once."""


def decided(ruling: Ruling, studio: str) -> str:
    """Who decided what, and when; with the reason and its moment."""
    when = formatting.day_and_clock(formatting.here(ruling.ruled_at))
    if ruling.word is RulingWord.ACCEPTED:
        said = _("{studio} accepted it on {when}.", studio=one_line(studio), when=when)
    else:
        said = _("{studio} asked for this scene again on {when}.", studio=one_line(studio), when=when)
    return sentences(said, because(ruling.reason, ruling.at_s))


def briefly(ruling: Ruling) -> str:
    """accepted 5 March 2026; or, of one that is to do again, with the reason and its moment."""
    day, at = formatting.day(formatting.here(ruling.ruled_at)), ""
    if ruling.at_s is not None:
        at = formatting.duration(ruling.at_s)
    facts = {"day": day, "at": at, "reason": quoted(one_line(ruling.reason)) if ruling.reason else ""}
    if ruling.word is RulingWord.ACCEPTED:
        return clause("accepted {day}[, at {at}: {reason}|: {reason}|, at {at}]", facts)
    return clause("to redo since {day}[, at {at}: {reason}|: {reason}|, at {at}]", facts)


def because(reason: str, at_s: float | None) -> str:
    """The studio's own words, and where in the take they point."""
    at = formatting.duration(at_s) if at_s is not None else ""
    said = quoted(one_line(reason)) if reason else ""
    return say("[At {at}: {reason}.|{reason}.|At {at}.]", {"at": at, "reason": said})


def again(asked: AskedAgain, studio: str) -> tuple[str, str]:
    """On the brief of a scene: that it is asked for again, and why."""
    head = _("{studio} asks for this scene again", studio=one_line(studio))
    about = _("It is about take {number}.", number=asked.number)
    return head, sentences(because(asked.reason, asked.at_s), about)


def news(studio: str, decided: Iterable[Ruling], titles: Iterable[str]) -> list[str]:
    """What has come since the last time, as few sentences: each scene that is asked for again, and how many were
    accepted."""
    pairs = list(zip(decided, titles, strict=True))
    again = [(ruling, title) for ruling, title in pairs if ruling.word is RulingWord.REJECTED]
    name, accepted = one_line(studio), len(pairs) - len(again)
    said = []
    for ruling, title in again[:MOST_NAMED]:
        asks = _("{studio} asks for “{title}” again.", studio=name, title=one_line(title))
        said.append(sentences(asks, because(ruling.reason, ruling.at_s)))
    if len(again) > MOST_NAMED:
        said.append(ngettext("And for {number} more.", "And for {number} more.", len(again) - MOST_NAMED))
    if accepted:
        words = ngettext("{studio} accepted {number} take.", "{studio} accepted {number} takes.", accepted, studio=name)
        said.append(words)
    return said


def consequences(ruling: Ruling, paid: Compensation | None) -> str:
    """What a rejection changes, and what it does not: consent stays, and pay is as the terms say."""
    if ruling.word is RulingWord.ACCEPTED:
        return ""
    stays = _("What you signed for this take stands until you take it back.")
    terms = _("What it means for pay is what the terms say: {pay}.", pay=pay(paid).rstrip(".")) if paid else ""
    return sentences(stays, terms)
