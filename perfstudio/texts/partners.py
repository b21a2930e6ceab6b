"""Partners with whom a performer does not play again, in sentences."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.model.take import TakeManifest
from perfstudio.model.two_in_a_scene import Duet
from perfstudio.session.duet.blocked import BlockedPartner
from perfstudio.texts.formatting import day_and_clock, here
from perfstudio.texts.template import one_line, sentences


def blocked(partner: BlockedPartner) -> str:
    """It is written down."""
    return sentences(
        _("You will not play with {partner} again; they are not told.", partner=one_line(partner.performer_id)),
        _("A partner who starts a new home has another name, and would have to be blocked again."),
    )


def unblocked(performer_id: str) -> str:
    """It is taken out."""
    return _("{partner} is not blocked any more.", partner=one_line(performer_id))


def line(partner: BlockedPartner) -> str:
    """One in the list."""
    name, when = one_line(partner.performer_id), day_and_clock(here(partner.blocked_utc))
    if not partner.reason:
        return _("{partner}, blocked on {when}", partner=name, when=when)
    return _("{partner}, blocked on {when}: {reason}", partner=name, when=when, reason=one_line(partner.reason))


def nobody() -> str:
    """The list is empty."""
    return _("Nobody is blocked.")


def report(partner: BlockedPartner, duet: Duet, manifest: TakeManifest) -> tuple[str, ...]:
    """What the performer may send to whoever asked for the scene: no sound, no picture, nothing of a third."""
    studio = manifest.prompt.studio
    return (
        _(
            "To tell {studio}, send these lines to {contact}. perfstudio sends nothing.",
            studio=one_line(studio.name),
            contact=one_line(studio.contact),
        ),
        _("Duet: {duet}, take {number}", duet=duet.duet_id, number=duet.duet_take),
        _("Recorded: {when}", when=day_and_clock(here(manifest.started_utc))),
        _("Partner: {partner}", partner=one_line(partner.performer_id)),
        _("Reason: {reason}", reason=one_line(partner.reason)) if partner.reason else _("Reason: not given"),
    )
