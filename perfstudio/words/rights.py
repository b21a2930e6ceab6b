"""Pay, terms and rights in one line each: what stands beside a pack and under each line of the use grid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from perfstudio.model.consent import Compensation, RequestedUse, UseId
from perfstudio.session.views import ConsentOffer
from perfstudio.words import numbers
from perfstudio.words.speech import say
from perfstudio.words.states import use_label

NOT_REQUESTED = "not requested by this pack"
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "NGN": "₦", "UAH": "₴", "VND": "₫"}
_BASES = {
    "flat": "[{money}|pay] for the whole work",
    "per_use": "[{money}|pay] for this take",
    "per_hour": "[{money}|pay] an hour",
    "session": "[{money}|pay] a session",
    "revenue_share": "[{money} and |]a share of what it earns",
}
_UNITS = {"D": "day", "M": "month", "Y": "year"}
_DATA = {
    "voice": "your voice",
    "face_video": "your face on video",
    "performance": "your performance",
    "transcript": "a transcript",
    "self_ratings": "your own labels",
    "device_info": "which camera and microphone you used",
}


def pay(compensation: Compensation, *, none: str = "no pay") -> str:
    """$74 an hour while rolling and labelling. A note that begins in lower case goes on in the same breath."""
    if compensation.basis == "none":
        return compensation.note or none
    amount = money(compensation.amount, compensation.currency)
    line = say(_BASES[compensation.basis], {"money": amount})
    if not amount:
        line = line[:1].lower() + line[1:]  # it stands inside a line, behind other parts
    if not compensation.note:
        return line
    return f"{line}{' ' if compensation.note[:1].islower() else ' · '}{compensation.note}"


def money(amount: str | None, currency: str | None) -> str:
    """$74, €12.50, CHF 1 200."""
    if amount is None:
        return ""
    whole, _, cents = amount.partition(".")
    figure = numbers.number(int(whole)) + (f".{cents:0<2}" if cents.strip("0") else "")
    sign = _SIGNS.get(currency or "")
    return f"{sign}{figure}" if sign else f"{currency or ''} {figure}".strip()


def deadline(last: date, today: date) -> str:
    """until 18 December; with the year when it is another one; over since 3 May 2024 when it has passed."""
    text = numbers.day(last)
    if last < today:
        return f"over since {text}"
    return "until " + (text.rsplit(" ", 1)[0] if last.year == today.year else text)


def term(iso: str) -> str:
    """P2Y is 2 years, P18M 18 months, P30D 30 days."""
    return numbers.count(int(iso[1:-1]), _UNITS[iso[-1]])


def use_line(use: RequestedUse) -> str:
    """The small line under a use: needed for the work · 2 years · EU and US · $40 for this take."""
    parts = ["needed for the work"] if use.required else []
    parts += [term(use.term), numbers.listing(use.territory)]
    if use.compensation.basis != "none" or use.compensation.note:
        parts.append(pay(use.compensation))
    return " · ".join(part for part in parts if part)


def recipients(use: RequestedUse) -> str:
    """Goes to A and B."""
    return say("[Goes to {who}|Goes to nobody].", {"who": numbers.listing(use.recipients)})


def data(use: RequestedUse) -> str:
    """It uses your voice and your face on video."""
    return say("It uses {what}.", {"what": numbers.listing(_DATA[kind] for kind in use.data)})


def allowed(granted: Iterable[UseId]) -> str:
    """What stands, in one sentence. In the order of the use grid."""
    chosen = set(granted)
    labels = [use_label(use) for use in UseId if use in chosen]
    text = "; ".join(label[:1].lower() + label[1:] for label in labels)
    return say("[Allowed: {text}|Nothing is allowed, and the take stays here].", {"text": text})


def subtitle(offer: ConsentOffer) -> str:
    """The line under the question of the Consent page."""
    if offer.standing:
        return "You can take it back on any day, here."
    if offer.withdrawn:
        return "You took your consent back. Nothing more is sent. You may sign anew, or leave it so."
    return "Everything is off until you turn it on. You can take it back later, here."
