"""What differs from what was signed last with the same studio: lines, terms, pay, recipients, text, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfstudio.consent.wording import pay, use_lines, who
from perfstudio.language.catalogue import _
from perfstudio.model.consent import USE_LABELS, ConsentRecord, RequestedUse
from perfstudio.model.prompt import Pack, Terms


@dataclass(frozen=True, slots=True)
class TermsCompared:
    """Against one earlier record."""

    label: str
    """The take that was signed then: "The letter, take 2"."""
    lines: tuple[tuple[str, str], ...]
    """What changed, and how; empty when everything is as it was."""


def compare(label: str, before: ConsentRecord, pack: Pack, terms: Terms) -> TermsCompared:
    """What a pack asks now against what was asked in an earlier record."""
    return TermsCompared(label, tuple(_changes(before, pack, terms)))


def _changes(before: ConsentRecord, pack: Pack, terms: Terms) -> Iterator[tuple[str, str]]:
    yield from _change(_("Pay"), pay(before.pay), pay(pack.pay))
    party = next((party for party in before.parties if party.id == pack.studio.id), None)
    if party is not None:
        studio = pack.studio
        asks = who(studio.legal_name, studio.address, studio.contact)
        yield from _change(_("Asks"), who(party.legal_name, party.address, party.contact), asks)
    yield from _change(_("Law of"), ", ".join(before.jurisdiction), ", ".join(pack.studio.jurisdiction))
    asked = {use.id for use in pack.uses}
    for use in pack.uses:
        yield from _line(before.use(use.id), use)
    for use in before.uses:
        if use.id not in asked:
            yield _(USE_LABELS[use.id]), _("no longer asked for")
    yield from _text(before, terms)


def _line(before: RequestedUse | None, now: RequestedUse) -> Iterator[tuple[str, str]]:
    label = _(USE_LABELS[now.id])
    if before is None:
        yield label, _("asked for the first time")
        return
    then, today = dict(use_lines(before)), dict(use_lines(now))
    for name in dict.fromkeys((*today, *then)):
        yield from _change(f"{label}: {name}", then.get(name, ""), today.get(name, ""))
    if before.required != now.required:
        yield label, _("needed for the work now") if now.required else _("no longer needed for the work")


def _text(before: ConsentRecord, terms: Terms) -> Iterator[tuple[str, str]]:
    then = before.notice
    if then.language != terms.language:
        yield _("Text"), _("read in another language then")
        return
    yield from _change(_("In one breath"), then.summary, terms.summary)
    if (then.text, then.title) != (terms.text, terms.title):
        facts = {"before": then.version, "now": terms.version}
        if then.version == terms.version:
            yield _("Text"), _("other words under the same version {now}. Read it anew.", **facts)
        else:
            yield _("Text"), _("version {now}; you signed version {before}. Read it anew.", **facts)


def _change(name: str, before: str, now: str) -> Iterator[tuple[str, str]]:
    if before != now:
        nothing = _("nothing")
        yield name, _("{now} (before: {before})", now=now or nothing, before=before or nothing)
