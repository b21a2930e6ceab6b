"""What differs from what was signed last with the same studio: lines, terms, pay, recipients, text, in words."""

from __future__ import annotations

from collections.abc import Iterator

from perfstudio.consent.wording import IF_PARTNER_TAKES_BACK, Lines, pay, use_lines, who
from perfstudio.language.catalogue import _
from perfstudio.model.consent import USE_LABELS, ConsentRecord, RequestedUse
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import formatting, languages


def since(offer: ConsentOffer, language: str | None = None) -> Lines | None:
    """What changed and how, a line each; empty when all is as it was, None when nothing was signed before. `language`
    is that of the text which would be signed, by default the one that is offered.
    """
    if offer.before is None:
        return None
    return tuple(_changes(offer.before.record, offer, language or offer.terms.language))


def _changes(before: ConsentRecord, offer: ConsentOffer, language: str) -> Iterator[tuple[str, str]]:
    studio = offer.studio
    yield from _change(_("Pay"), pay(before.pay), pay(offer.pay))
    party = next((party for party in before.parties if party.id == studio.id), None)
    if party is not None:
        then = f"{party.name}: {who(party.legal_name, party.address, party.contact)}"
        yield from _change(_("Asks"), then, f"{studio.name}: {who(studio.legal_name, studio.address, studio.contact)}")
    yield from _change(_("Law of"), formatting.listing(before.jurisdiction), formatting.listing(studio.jurisdiction))
    asked = {use.id for use in offer.uses}
    for use in offer.uses:
        yield from _line(before.use(use.id), use)
    for use in before.uses:
        if use.id not in asked:
            yield _(USE_LABELS[use.id]), _("no longer asked for")
    yield from _text(before, offer, language)


def _line(before: RequestedUse | None, now: RequestedUse) -> Iterator[tuple[str, str]]:
    label = _(USE_LABELS[now.id])
    if before is None:
        yield label, _("asked for the first time")
        return
    then, today = dict(use_lines(before)), dict(use_lines(now))
    for name in dict.fromkeys((*today, *then)):
        yield from _change(f"{label}: {name}", then.get(name, ""), today.get(name, ""))
    if before.required != now.required:
        yield label, _("now needed for the work") if now.required else _("no longer needed for the work")


def _text(before: ConsentRecord, offer: ConsentOffer, language: str) -> Iterator[tuple[str, str]]:
    """Its language; and its words, against the text in the language of then, where the pack still has it."""
    then = before.notice
    terms = next((terms for terms in offer.languages if terms.language == then.language), None)
    named = {"before": languages.name(then.language), "now": languages.name(language)}
    if terms is None:
        yield _("Text"), _("You signed it in {before}, which is no longer here. This one is in {now}.", **named)
        return
    if then.language != language:
        yield _("Text"), _("You signed it in {before} then. This one is in {now}.", **named)
    yield from _change(_("In short"), then.summary, terms.summary)
    yield from _change(_(IF_PARTNER_TAKES_BACK), then.of_partner, terms.of_partner)
    if (then.text, then.title) == (terms.text, terms.title):
        return
    facts = {"before": then.version, "now": terms.version}
    if then.version == terms.version:
        yield _("Text"), _("different words under the same version {now}. Read it again.", now=terms.version)
    else:
        yield _("Text"), _("version {now}; you signed version {before}. Read it again.", **facts)


def _change(name: str, before: str, now: str) -> Iterator[tuple[str, str]]:
    if before != now:
        nothing = _("nothing")
        yield name, _("{now} (before: {before})", now=now or nothing, before=before or nothing)
