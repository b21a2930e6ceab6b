"""What was given to whom, in words: the page, its text as a file, and what taking back in bulk does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sized
from datetime import datetime
from itertools import groupby
from typing import Literal

from perfstudio.consent.wording import pay
from perfstudio.language.catalogue import N_, Messages, Plural, _
from perfstudio.model.consent import UseId
from perfstudio.model.others import Others
from perfstudio.session.consent_many import ManyOutcome
from perfstudio.session.given import Given, GivenLine, GivenTake, UseStanding
from perfstudio.texts import clips, formatting, pair_news, unread_papers
from perfstudio.texts.errors import sentence
from perfstudio.texts.rulings import briefly
from perfstudio.texts.states import use_label
from perfstudio.texts.template import clause, one_line, quoted, say, sentences

TITLE = N_("What I have given to whom")
NOTHING = N_("Nothing has been signed here yet. Once you sign for a take, it is listed here until you take it back.")
GIVEN_LATER = N_("You can give lines again later.")
REST_LATER = N_("You can give lines of the others again later.")
STAYS_DONE = N_("What the studio has already done stays done.")
STANDS_ALREADY = N_("These lines already stand. Nothing was signed.")
NONE_TAKEN_BACK = N_("None of these lines had been taken back. Nothing was signed.")
NONE_STOOD = N_("None of these lines was standing. Nothing was signed.")
_CHIPS: Messages[dict[UseStanding, str]] = {
    UseStanding.STANDS: "allowed",
    UseStanding.TAKEN_BACK: "taken back",
    UseStanding.RUN_OUT: "run out",
    UseStanding.NOT_GIVEN: "not allowed",
}
_STUDIOS = Plural("{number} studio", "{number} studios")
_UNREAD = Plural("{number} paper cannot be read", "{number} papers cannot be read")
_LINES_ALLOWED = Plural("{number} line allowed", "{number} lines allowed")
_ABOUT = Plural("This is about {number} take.", "This is about {number} takes.")
_GIVES = Plural(
    "This is about {number} take, with the text you signed, for its full term from today.",
    "This is about {number} takes, each with the text you signed, for its full term from today.",
)
_STOPS = (
    Plural("Nothing more of it is sent.", "Nothing more of them is sent."),
    Plural("Nothing more is sent of {number} of them.", "Nothing more is sent of {number} of them."),
)
_SENT = (
    Plural("It has been sent before: the studio is told.", "They have been sent before: the studio is told."),
    Plural(
        "{number} of them has been sent before: the studio is told.",
        "{number} of them have been sent before: the studio is told.",
    ),
)
_READ_ANEW = (
    Plural(
        "What you read aloud for it is then deleted here: to allow anything again, you sign again and read it aloud "
        "again.",
        "What you read aloud for them is then deleted here: to allow anything again, you sign each again and read it "
        "aloud again.",
    ),
    Plural(
        "What you read aloud for {number} of them is then deleted here: to allow anything of that one again, you sign "
        "again and read it aloud again.",
        "What you read aloud for {number} of them is then deleted here: to allow anything of those again, you sign "
        "each again and read it aloud again.",
    ),
)
"""What is said of all the takes that a question is about, and of some of them."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_MOST_EFFECTS = 3
_LAST_YEAR = 9999
"""A term beyond it has no day to be named."""


def chip(standing: UseStanding) -> str:
    """The one or two words of a line's state."""
    return _(_CHIPS[standing])


def line_since(line: GivenLine) -> str:
    """since 3 March 2026, until 3 March 2028; or when it was taken back, or ran out; empty for what was never given."""
    if line.since is None:
        return ""
    since, until = day(line.since), day(line.until)
    if line.standing is UseStanding.TAKEN_BACK:
        return _("given {since}, taken back {day}", since=since, day=day(line.taken_back))
    if line.standing is UseStanding.RUN_OUT:
        return _("given {since}, over since {day}", since=since, day=until)
    return clause("since {since}[, until {until}|, with no end]", {"since": since, "until": until})


def line_pay(line: GivenLine) -> str:
    """What this line pays of its own; empty when it names nothing."""
    return pay(line.asked.compensation, none="").rstrip(".")


def take_name(take: GivenTake) -> str:
    """“The last ferry”, take 1."""
    return _("“{title}”, take {number}", title=take.title, number=take.number)


def take_facts(take: GivenTake) -> str:
    """signed 3 March 2026 · $40 for this take · delivered 4 March 2026."""
    return formatting.dotted(
        (
            _("signed {day}", day=day(take.signed)),
            pay(take.pay).rstrip("."),
            arrival(take),
            _decided(take),
            _others(take),
            pair_news.briefly(take.pairs_now()),
            clips.briefly(take.clips),
            _("practice") if take.practice else "",
            "" if take.here else _("deleted on this computer"),
            _("a studio has not yet confirmed that something was taken back") if take.untold else "",
        )
    )


def with_partners(take: GivenTake) -> list[str]:
    """What the studio may do with it and its partner's, a few sentences for each partner."""
    asked = take.delivered_to in ("", take.studio_id)
    studio = take.receiver_name or (take.studio_name if asked else take.delivered_to)
    return pair_news.all_said(take.pairs_now(), studio, take.if_partner_takes_back)


def partner_matters(take: GivenTake) -> bool:
    """Whether that is shown without unfolding the take."""
    return any(pair_news.matters(told) for told in take.pairs_now())


def counts(takes: Iterable[GivenTake]) -> str:
    """12 takes · 9 with something allowed."""
    found = tuple(takes)
    return formatting.dotted((formatting.count(len(found), "take"), _allowed(found)))


def subtitle(given: Given) -> str:
    """12 takes · 2 studios · 9 with something allowed · 1 paper cannot be read."""
    studios = len({take.studio_id for take in given.takes})
    named = _STUDIOS.of(studios, number=formatting.number(studios))
    unread = _UNREAD.of(len(given.unread), number=formatting.number(len(given.unread))) if given.unread else ""
    if not given.takes:
        return unread
    return formatting.dotted((formatting.count(len(given.takes), "take"), named, _allowed(given.takes), unread))


def summary(take: GivenTake) -> tuple[str, Literal["good", "plain"]]:
    """What holds of a take in a word or two, and its tone."""
    standing = len(take.standing())
    if standing:
        return _LINES_ALLOWED.of(standing, number=formatting.number(standing)), "good"
    back = any(line.standing is UseStanding.TAKEN_BACK for line in take.lines)
    return chip(UseStanding.TAKEN_BACK if back else UseStanding.RUN_OUT), "plain"


def whose_pack(title: str) -> str:
    """the pack “Harbour”"""
    return _("the pack “{title}”", title=title)


def question(takes: Iterable[GivenTake], whose: str, uses: frozenset[UseId] | None = None) -> tuple[str, str]:
    """Heading and sentence of the one question before lines are taken back: what it does, what cannot be undone."""
    heading = say("Take back [{lines}|everything] from {whose}?", {"lines": _named(uses), "whose": whose})
    affected = [take for take in takes if take.standing() & (uses if uses is not None else take.standing())]
    unread = [take for take in affected if take.read_aloud and (uses is None or take.standing() <= uses)]
    effects = _effects(affected, uses)
    return heading, sentences(
        _counted(_ABOUT, affected),
        _share(_STOPS, [take for take in affected if _stops(take, uses)], affected),
        _share(_SENT, [take for take in affected if _was_sent(take)], affected),
        _("What follows, in the studio's words: {effects}", effects=effects) if effects else "",
        _share(_READ_ANEW, unread, affected),
        "" if unread and len(unread) == len(affected) else _(REST_LATER) if unread else _(GIVEN_LATER),
        _(STAYS_DONE),
    )


def give_question(takes: Iterable[GivenTake], whose: str, uses: frozenset[UseId]) -> tuple[str, str]:
    """The same before lines are given again."""
    affected = [take for take in takes if take.once_given() & uses]
    heading = say("Give {lines} again to {whose}?", {"lines": _named(uses), "whose": whose})
    return heading, sentences(
        _counted(_GIVES, affected),
        _share(_SENT, [take for take in affected if _was_sent(take)], affected),
        _("Anything in the bin, signed with another key, or that would have to be read aloud again stays as it is."),
    )


def outcome(done: ManyOutcome, *, given: bool, why: bool = True) -> str:
    """What came of a decision about many takes, as it was read back; `why`: with the reason of the first one left."""
    if not done.changed and not done.left:
        nothing = NONE_TAKEN_BACK if given else NONE_STOOD
        return _(nothing)
    facts = {
        "takes": formatting.count(len(done.changed), "take"),
        "left": formatting.count(len(done.left), "take") if done.left else "",
        "why": sentence(done.left[0][1]) if why and done.left else "",
    }
    if given:
        return say("Given again for {takes}.[ Not changed: {left}.][ {why}]", facts)
    return say("Taken back for {takes}.[ Not changed: {left}.][ {why}]", facts)


def page_text(given: Given, made: datetime) -> str:
    """The whole page as plain text: by studio, then pack, then take."""
    lines = [_("What I have given to whom, as of {when}", when=formatting.day_and_clock(formatting.here(made))), ""]
    if not given.takes and not given.unread:
        lines.append(_(NOTHING))
    for studio, takes in by_studio(given.takes):
        lines += [f"{studio} ({takes[0].studio_id})", ""]
        for pack, of_pack in by_pack(takes):
            lines.append(f"  {pack}")
            for take in of_pack:
                lines.append(f"    {take_name(take)} · {take_facts(take)}")
                beside = (*with_partners(take), *map(clips.went, take.clips))
                lines += [*(f"      {said}" for said in beside), *map(_text_line, take.lines), ""]
    lines += unread_papers.lines(given.unread)
    return "\n".join(lines).rstrip() + "\n"


def by_studio(takes: Iterable[GivenTake]) -> list[tuple[str, tuple[GivenTake, ...]]]:
    """(name, its takes); takes come in the order of their studios."""
    return [(found[0].studio_name, found) for found in _groups(takes, "studio_id")]


def by_pack(takes: Iterable[GivenTake]) -> list[tuple[str, tuple[GivenTake, ...]]]:
    """(title, its takes)"""
    return [(found[0].pack_title, found) for found in _groups(takes, "pack_id")]


def _groups(takes: Iterable[GivenTake], by: str) -> list[tuple[GivenTake, ...]]:
    return [tuple(found) for _key, found in groupby(takes, key=lambda take: getattr(take, by))]


def _text_line(line: GivenLine) -> str:
    facts = formatting.dotted((line_since(line), line_pay(line)))
    return f"      {chip(line.standing)}: {use_label(line.use)}{f' · {facts}' if facts else ''}"


def _allowed(takes: Iterable[GivenTake]) -> str:
    standing = sum(bool(take.standing()) for take in takes)
    return _("{number} with something allowed", number=formatting.number(standing))


def _named(uses: frozenset[UseId] | None) -> str:
    return formatting.listing(quoted(use_label(use)) for use in UseId if uses is not None and use in uses)


def _effects(takes: Iterable[GivenTake], uses: frozenset[UseId] | None) -> str:
    """What taking back does, as these takes say it, each sentence once; empty where they say too many things."""
    stand = (line for take in takes for line in take.lines if line.standing is UseStanding.STANDS)
    said = dict.fromkeys(line.asked.withdrawal_effect for line in stand if uses is None or line.use in uses)
    each: dict[str, str] = {}
    for part in (" ".join(part.split()) for effect in said for part in _SENTENCE_END.split(effect)):
        each.setdefault(part.rstrip(".").casefold(), f"{part}." if part[-1:].isalnum() else part)
    return sentences(*each.values()) if len(said) <= _MOST_EFFECTS else ""


def _counted(words: Plural, takes: Sized) -> str:
    return words.of(len(takes), number=formatting.number(len(takes)))


def _share(words: tuple[Plural, Plural], some: Sized, every: Sized) -> str:
    """Of all of them or of some; empty where it is of none."""
    return _counted(words[len(some) < len(every)], some) if len(some) else ""


def _was_sent(take: GivenTake) -> bool:
    return take.delivered is not None or take.sent is not None


def _stops(take: GivenTake, uses: frozenset[UseId] | None) -> bool:
    """Whether a line goes without which nothing of the take may be sent."""
    needed = {line.use for line in take.lines if line.asked.required} | {UseId.STORE_REVIEW}
    return bool(take.standing() & needed & (uses if uses is not None else needed))


def arrival(take: GivenTake) -> str:
    """delivered 4 March 2026, with who has it where that is not who asked for it."""
    if take.receipt_unread and take.sent is None:
        return _("its receipt cannot be read")
    if take.delivered is not None:
        other = take.receiver_name or take.delivered_to if take.delivered_to != take.studio_id else ""
        return clause("delivered[ to {studio}] {day}", {"studio": other, "day": day(take.delivered)})
    if take.sent is not None:
        return _("sent {day}", day=day(take.sent))
    return _("not delivered")


def _decided(take: GivenTake) -> str:
    if take.ruling is None:
        return _("what was decided cannot be read") if take.ruling_unread else ""
    return briefly(take.ruling)


def _others(take: GivenTake) -> str:
    """Whoever else is in it and would want to hear what becomes of it."""
    if take.others is Others.BYSTANDER:
        return _("somebody is in it by chance")
    return _("with {partner}", partner=one_line(take.partner)) if take.partner else ""


def day(moment: datetime | None) -> str:
    """4 March 2026 here; empty for what did not happen, or has no day to be named."""
    if moment is None or moment.year >= _LAST_YEAR:
        return ""
    return formatting.day(formatting.here(moment))
