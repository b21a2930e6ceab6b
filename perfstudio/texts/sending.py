"""What is said before a take leaves, and while something stands in its way."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.delivery.sending_limits import SendingNow
from perfstudio.session.delivery.sending_plan import SendingPlan, Wait
from perfstudio.session.delivery.sending_rules import Hold
from perfstudio.texts import formatting
from perfstudio.texts.template import sentences

SIGN_AND_SEND, SIGN_ONLY, SEND_LATER = N_("Sign and send"), N_("Sign"), N_("Sign, send later")
UNLABELLED = N_("Signing sends nothing yet: you have not said what you meant, and can do that afterwards.")
_WAITS: Messages[dict[Wait, str]] = {
    Wait.NO_STUDIO: "Signing sends nothing yet: this computer does not know where {studio} receives takes.",
    Wait.TOKEN: "It waits for your sign-in token for {studio}.",
    Wait.PAUSED: "It waits because all deliveries are paused.",
    Wait.NETWORK: "It waits for a network you have chosen for sending.",
}


def before(plan: SendingPlan, *, unlabelled: bool = False) -> str:
    """Beside the button that signs: what is sent by it, where to and how much, or that nothing is."""
    if plan.wait is Wait.NO_STUDIO:
        return _(_WAITS[Wait.NO_STUDIO], studio=plan.studio)
    if unlabelled:
        return _(UNLABELLED)
    here = plan.host in ("127.0.0.1", "localhost", "::1")
    goes = (
        _("“Sign and send” sends {size} to {studio}, on this computer.", **_facts(plan))
        if here
        else _("“Sign and send” sends {size} to {studio}, at {host}.", **_facts(plan))
    )
    waits = _(_WAITS[plan.wait], studio=plan.studio) if plan.wait is not None else ""
    return sentences(goes, waits)


def goes(plan: SendingPlan, cap: float | None = None) -> str:
    """Before the first byte: 41 MB go to Small Lab, at post.small-lab.example, with at most 500 kB a second."""
    if cap is None:
        return _("{size} go to {studio}, at {host}.", **_facts(plan))
    return _("{size} go to {studio}, at {host}, with at most {speed}.", **_facts(plan), speed=formatting.speed(cap))


def queued(plan: SendingPlan) -> str:
    """It was signed, and is on its way or waits."""
    if plan.wait is not None:
        return sentences(_("Signed."), _(_WAITS[plan.wait], studio=plan.studio))
    return _("Signed, and on its way to {studio}.", studio=plan.studio)


def held(now: SendingNow) -> str:
    """Why nothing is sent by the network that is there; empty when it may be."""
    match now.hold:
        case None:
            return ""
        case Hold.LOOKING:
            return _("Finding out which network this is. Nothing is sent until then.")
        case Hold.UNNAMED_NETWORK:
            return _(
                "Takes are sent only by “{only}”, and this computer does not say which network this is. They are "
                "waiting.",
                only=now.only,
            )
        case Hold.OTHER_NETWORK:
            return _(
                "Takes are sent only by “{only}”, and this is “{name}”. They are waiting until you are back there.",
                only=now.only,
                name=now.network.name,
            )
        case Hold.METERED:
            if now.network.name:
                return _("“{name}” charges for what is sent, so your takes are waiting.", name=now.network.name)
            return _("This network charges for what is sent, so your takes are waiting.")


def network(now: SendingNow) -> str:
    """The network that is there, as the system tells it."""
    if not now.network.name:
        return _("This computer does not say what its network is called.")
    return _("You are on “{name}”.", name=now.network.name)


def metered(now: SendingNow) -> str:
    """Whether it costs, as the system tells it."""
    if now.network.metered is None:
        return _("This computer does not say whether this network charges for what is sent; it is used.")
    if now.network.metered:
        return _("According to your system, this network charges for what is sent.")
    return _("According to your system, this network does not charge for what is sent.")


def _facts(plan: SendingPlan) -> dict[str, str]:
    return {"size": formatting.size(plan.size), "studio": plan.studio, "host": plan.host}
