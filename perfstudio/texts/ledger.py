"""The ledger in words: what became of each take, and what its pay adds up to, without a promise that nobody made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from perfstudio.consent.wording import money, own_pay, pay
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.given import GivenTake
from perfstudio.session.ledger import Ledger, LedgerLine, LedgerState, StudioLedger, states_in_order
from perfstudio.session.pay_due import Counts, PaidPer, PayNamed, Sum, counted
from perfstudio.texts import formatting, pair_news, unread_papers
from perfstudio.texts.given import arrival, day, take_name
from perfstudio.texts.rulings import briefly
from perfstudio.texts.states import use_label
from perfstudio.texts.template import one_line, say

NOTHING = N_("Nothing has been signed here yet. Once you sign for a take, you can follow what becomes of it here.")
NOT_ADDED = N_(
    "Takes that are to be redone, were taken back, are not delivered, or whose receipt cannot be read are not counted: "
    "for those, the terms apply."
)
_WORDS: Messages[dict[LedgerState, str]] = {
    LedgerState.WAITING: "not delivered",
    LedgerState.SENT: "sent, not confirmed",
    LedgerState.DELIVERED: "delivered, not decided",
    LedgerState.ACCEPTED: "accepted",
    LedgerState.REJECTED: "to redo",
    LedgerState.TAKEN_BACK: "taken back",
    LedgerState.UNKNOWN: "its receipt cannot be read",
}
_UNSAID = N_("pay: not stated")


def word(state: LedgerState) -> str:
    """The state of a take in a word or two."""
    return _(_WORDS[state])


def counted_states(takes: Iterable[GivenTake]) -> str:
    """2 accepted · 1 to do again; nothing where no take was decided about."""
    found = states_in_order(takes)
    return states_in_words(
        {state: n for state, n in found.items() if state in (LedgerState.ACCEPTED, LedgerState.REJECTED)}
    )


def line_facts(line: LedgerLine) -> str:
    """accepted 5 March 2026 · delivered 4 March 2026."""
    take = line.take
    return formatting.dotted(
        (
            _became(line),
            arrival(take) if line.state not in (LedgerState.WAITING, LedgerState.UNKNOWN) else "",
            _("practice") if take.practice else "",
            "" if take.here else _("deleted on this computer"),
        )
    )


def pays(line: LedgerLine) -> list[str]:
    """Every pay that was signed with a take, in the words of the consent; and what these say if a partner took back."""
    then = dict.fromkeys(pair_news.pay(told, line.take.if_partner_takes_back) for told in line.take.pairs)
    back = [_("Your partner took theirs back. {pay}", pay=one) for one in then if one]
    return [*(_pay(line.take, named) for named in line.pays), *back]


def due(studio: StudioLedger) -> list[str]:
    """What the pay of a studio adds up to; then what it names that cannot be added."""
    said = [_sum(one) for one in studio.sums]
    words = dict.fromkeys(
        _pay(line.take, named)
        for line in studio.lines
        for named in line.pays
        if named.per is PaidPer.WORDS and counted(line.take, named, line.counts) is not Counts.NOT
    )
    if words:
        said.append(_("Not added up here: {pays}.", pays=formatting.listing(word.rstrip(".") for word in words)))
    left_out = (LedgerState.REJECTED, LedgerState.TAKEN_BACK, LedgerState.WAITING, LedgerState.UNKNOWN)
    if said and any(studio.states.get(state) for state in left_out):
        said.append(_(NOT_ADDED))
    return said


def ledger_text(ledger: Ledger, made: datetime) -> str:
    """The whole ledger as plain text: by studio, then take."""
    lines = [_("Ledger as of {when}", when=formatting.day_and_clock(formatting.here(made))), ""]
    if not ledger.studios and not ledger.unread:
        lines += [_(NOTHING), ""]
    for studio in ledger.studios:
        lines += [f"{one_line(studio.name)} ({studio.studio_id})"]
        lines += [f"  {formatting.count(len(studio.lines), 'take')} · {states_in_words(studio.states)}", ""]
        for line in studio.lines:
            lines += [f"  {take_name(line.take)} · {line.take.pack_title}", f"    {line_facts(line)}"]
            lines += [f"    {one}" for one in pays(line)]
        lines += ["", *(f"  {one}" for one in due(studio)), ""]
    lines += unread_papers.lines(ledger.unread)
    return "\n".join(lines).rstrip() + "\n"


def _became(line: LedgerLine) -> str:
    take = line.take
    if line.state is LedgerState.TAKEN_BACK:
        told = _("told {day}", day=day(take.told)) if take.told else ""
        if not told and (take.delivered or take.sent or take.untold):
            told = _("the studio has not yet confirmed that it was told")
        deleted = _("deleted there {day}", day=day(take.deleted)) if take.deleted else ""
        back = _("taken back {day}", day=day(take.taken_back))
        return formatting.dotted((back, told, deleted, briefly(take.ruling) if take.ruling else ""))
    if take.ruling is not None:
        return briefly(take.ruling)
    if take.ruling_unread and line.state is not LedgerState.UNKNOWN:
        return _("what was decided cannot be read")
    return word(line.state) if line.state is not LedgerState.DELIVERED else _("not decided")


def _pay(take: GivenTake, named: PayNamed) -> str:
    once = _("counted once for the pack") if named.per in (PaidPer.WORK, PaidPer.USE) else ""
    if named.use is None:
        return formatting.dotted((pay(named.pay, none=_UNSAID).rstrip("."), once))
    own = next((own_pay(line.asked) for line in take.lines if line.use is named.use), "")
    return formatting.dotted((f"{use_label(named.use)}: {own.rstrip('.')}", once))


def _sum(one: Sum) -> str:
    template = N_(
        "By the pack's own terms: [{accepted} for accepted takes|nothing for accepted takes so far][, {undecided} for "
        "takes not yet decided]."
    )
    return say(template, {"accepted": _money(one.accepted, one), "undecided": _money(one.undecided, one)})


def accepted_sum(one: Sum) -> str:
    """€120.00 due for accepted takes."""
    return _("{sum} for accepted takes", sum=_money(one.accepted, one))


def _money(amount: Decimal, one: Sum) -> str:
    return money(str(amount), one.currency) if amount else ""


def states_in_words(states: Mapping[LedgerState, int]) -> str:
    return formatting.dotted(f"{formatting.number(n)} {word(state)}" for state, n in states.items())
