"""`consent sign --others`: who else is in the take, as the performer says it on the terminal."""

from __future__ import annotations

import argparse

from perfstudio.cli.output import Output
from perfstudio.consent.others import BYSTANDER_SOURCE
from perfstudio.language.catalogue import _
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.others import Others
from perfstudio.session.statements import Statements
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import others as words

STATED = ("others", "partner")
CHOICES = tuple(who.value for who in Others)
NAME = "--others"
OPTION = f"{NAME} {'|'.join(CHOICES)}"
PARTNER, WHOM = "--partner", "NAME"
NAMED = f"{PARTNER} {WHOM}"
AGREED = f"{NAME} {Others.PARTNER.value}"


def add(sign: argparse.ArgumentParser) -> None:
    """The options of `consent sign`."""
    help_others = _("who else is seen or heard in the take; asked when the checks found somebody")
    sign.add_argument(NAME, choices=CHOICES, help=help_others)
    sign.add_argument(PARTNER, default="", metavar=WHOM, help=_("the name or stage name of the partner who agreed"))


def stated(args: argparse.Namespace) -> Statements:
    """What is stated by the options of `consent sign`."""
    others = Others(args.others) if args.others is not None else None
    return Statements(adult=args.adult, clock_is_right=args.clock_is_right, others=others, partner=args.partner)


def say_found(offer: ConsentOffer, out: Output) -> None:
    """Where the checks found somebody: the question, and what each answer states; else that it may be said."""
    out.say()
    if not offer.others:
        out.say(_("If somebody else can be seen or heard in this take, say so with `{option}`.", option=OPTION))
        return
    out.say(f"{_(words.QUESTION)} {words.found(offer.others)}")
    for who, said in words.MEANS.items():
        out.say(f"  {NAME} {who.value:10} {_(said)}")
    out.say(f"       {_('Source: {source}', source=BYSTANDER_SOURCE)}")


def document(signed: ConsentRecord | None) -> dict[str, str | None]:
    """What was stated, for programs; null where nothing was."""
    return {"others": signed.others, "partner": signed.partner} if signed is not None else dict.fromkeys(STATED)
