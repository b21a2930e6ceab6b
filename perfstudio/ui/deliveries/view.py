"""Everything on the Deliveries page, read at once, and the one line that sums it up."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfstudio.language.catalogue import Plural, _
from perfstudio.model.delivery import DELIVERY_ENDED, DeliveryState, DeliveryStatus
from perfstudio.session.delivery.sending_limits import SendingNow
from perfstudio.session.delivery.sending_plan import SendingPlan
from perfstudio.session.views import DeliveryLine, StudioLine, TakeLine
from perfstudio.texts import formatting, rates
from perfstudio.texts.template import capital


@dataclass(frozen=True, slots=True)
class UnsentTake:
    """A signed take that is not on its way yet, and what sending it would mean."""

    take: TakeLine
    plan: SendingPlan
    taken_out: bool = False
    """It was on its way, and the performer took it out."""

    @property
    def studio_id(self) -> str | None:
        """The studio it was signed for, where that is known here."""
        return self.plan.studio_id


@dataclass(frozen=True, slots=True)
class DeliveriesView:
    """Everything on the page, read at once."""

    ready: tuple[UnsentTake, ...] = ()
    unready: tuple[TakeLine, ...] = ()
    lines: tuple[DeliveryLine, ...] = ()
    studios: tuple[StudioLine, ...] = ()
    paused: bool = False
    sending: SendingNow = field(default_factory=SendingNow)


_SUMS = {
    "ready": Plural("{number} ready to send", "{number} ready to send"),
    "unready": Plural("{number} waiting for you", "{number} waiting for you"),
    "moving": Plural("{number} on the way", "{number} on the way"),
    "waiting": Plural("{number} waiting", "{number} waiting"),
    "open": Plural("{number} taken back, not confirmed yet", "{number} taken back, not confirmed yet"),
    "arrived": Plural("{number} arrived", "{number} arrived"),
}


def summary(post: DeliveriesView, lines: list[DeliveryStatus]) -> str:
    """2 on the way · 3 waiting · 12 arrived · everything rests."""
    moving = sum(line.state in (DeliveryState.SENDING, DeliveryState.VERIFYING) for line in lines)
    waiting = sum(line.state not in DELIVERY_ENDED for line in lines) - moving
    arrived = sum(line.state in (DeliveryState.DELIVERED, DeliveryState.SENT) for line in lines)
    parts = [
        _SUMS[what].of(many, number=formatting.number(many))
        for what, many in (
            ("ready", len(post.ready)),
            ("unready", len(post.unready)),
            ("moving", moving),
            ("waiting", waiting),
            ("open", sum(line.unfinished for line in lines)),
            ("arrived", arrived),
        )
        if many
    ]
    if post.paused:
        parts.append(_("everything is paused until you resume"))
    if post.sending.cap is not None:
        parts.append(_("at most {speed}", speed=rates.said(post.sending.cap)))
    return capital(formatting.dotted(parts))
