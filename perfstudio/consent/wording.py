"""What is signed, in words: every value of a line and of the whole, said once for the page, the verbs and the receipt.

Like the labels of the uses these words belong to what is signed, so they stand below the window. A value that the
studio left out is said to be left out: nobody signs a blank unseen.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.model.consent import USE_LABELS, Compensation, ConsentEvent, ReplicaTerms, RequestedUse, UseId

Lines = tuple[tuple[str, str], ...]
"""Names and values, in the order in which they are read."""

NOT_SAID = "not said"
THOUSANDS = "\N{NARROW NO-BREAK SPACE}"
ADVICE = {"none": "nobody", "counsel": "a lawyer", "union": "a union"}
"""Who advised the performer, by `ConsentRecord.representation`."""

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "NGN": "₦", "UAH": "₴", "VND": "₫"}
_FLAT, _FLAT_USE = "for the whole work", "once for this use"
_BASES = {"per_use": "for this take", "per_hour": "an hour", "session": "a session"}
_UNITS = {"D": "day", "M": "month", "Y": "year"}
_DATA = {
    "voice": "your voice",
    "face_video": "your face on video",
    "performance": "your performance",
    "transcript": "a transcript",
    "self_ratings": "your own labels",
    "device_info": "which camera and microphone you used",
}
_PROCESSING = {
    "store": "stored",
    "review": "watched by reviewers",
    "transcribe": "written down as text",
    "annotate": "annotated by people",
    "analyse": "analysed by software",
    "train": "used to train software",
    "generate": "used to generate something new",
    "publish": "published",
    "share": "given to others",
}
_GROUNDS = {
    "eu-gdpr:A6-1-a": "your consent (GDPR, article 6(1)(a))",
    "eu-gdpr:A9-2-a": "your explicit consent to data that can identify you (GDPR, article 9(2)(a))",
}
_RIGHTS = {
    "eu-gdpr:A7-3": "take your consent back",
    "eu-gdpr:A13": "be told what happens to it",
    "eu-gdpr:A15": "see what is held about you",
    "eu-gdpr:A16": "have it corrected",
    "eu-gdpr:A17": "have it deleted",
    "eu-gdpr:A18": "have its use restricted",
    "eu-gdpr:A20": "receive it to take along",
    "eu-gdpr:A77": "complain to an authority",
}
_HANDS = {"performer": "by you", "guardian": "by your guardian", "app": "by the program"}
_METHODS = {
    "checkbox+typed-name": "switches and typed name",
    "named-uses+typed-name": "uses named and name typed in a terminal",
    "button": "button",
}
_COPIES = frozenset({UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS})


def pay(compensation: Compensation, *, none: str = "no pay", flat: str = _FLAT) -> str:
    """$74 an hour while rolling and labelling. A note that begins in lower case goes on in the same breath."""
    amount, note = money(compensation.amount, compensation.currency), compensation.note
    match compensation.basis:
        case "none":
            if not amount:
                return note or none
            line = f"{amount}, and it is not said for what"
        case "revenue_share":
            line = f"{amount} and a share of what it earns" if amount else "a share of what it earns"
        case "flat":
            line = f"{amount or 'pay'} {flat}"
        case basis:
            line = f"{amount or 'pay'} {_BASES[basis]}"
    if not amount and compensation.currency:
        line += f", in {compensation.currency}"
    if not note:
        return line
    return f"{line}{' ' if note[:1].islower() else ' · '}{note}"


def own_pay(use: RequestedUse) -> str:
    """What one line pays beside the work; empty when it names nothing."""
    return pay(use.compensation, none="", flat=_FLAT_USE)


def pay_lines(work: Compensation, uses: Iterable[RequestedUse]) -> Lines:
    """All pay there is: for the work, and for every line that pays something of its own."""
    lines = tuple((USE_LABELS[use.id], own) for use in uses if (own := own_pay(use)))
    return (("For the work", pay(work, none="no pay of its own" if lines else "no pay")), *lines)


def money(amount: str | None, currency: str | None) -> str:
    """$74, €12.50, CHF 1 200."""
    if amount is None:
        return ""
    whole, _, cents = amount.partition(".")
    figure = f"{int(whole):,}".replace(",", THOUSANDS) + (f".{cents:0<2}" if cents.strip("0") else "")
    sign = _SIGNS.get(currency or "")
    return f"{sign}{figure}" if sign else f"{currency or ''} {figure}".strip()


def term(iso: str) -> str:
    """P2Y is 2 years, P18M 18 months, P30D 30 days."""
    count, unit = int(iso[1:-1]), _UNITS[iso[-1]]
    figure = f"{count:,}".replace(",", THOUSANDS) if count else "no"
    return f"{figure} {unit}{'' if count == 1 else 's'}"


def use_lines(use: RequestedUse) -> Lines:
    """Everything that one line says, whether or not the studio filled it in."""
    why = (("Why it is needed" if use.required else "Why it is asked", use.why),) if use.why else ()
    own = own_pay(use)
    return (
        ("Exactly", use.exactly),
        ("What is done", _listing(_PROCESSING[kind] for kind in use.processing) or NOT_SAID),
        ("What is used", _listing(_DATA[kind] for kind in use.data) or NOT_SAID),
        ("For how long", term(use.term)),
        ("Where", _listing(use.territory) or NOT_SAID),
        ("By whom", _listing(use.recipients) or NOT_SAID),
        ("Passed on", _passed_on(sublicense=use.sublicense)),
        ("Decisions", "software alone may decide about you" if use.automated_decisions else "none by software alone"),
        ("Where it is kept", _listing(use.storage) or NOT_SAID),
        *((("Pay", own),) if own else ()),
        ("If you take it back", use.withdrawal_effect),
        *why,
        *((("Needed", "the work makes no sense without it"),) if use.required and not use.why else ()),
        ("Legal ground", _GROUNDS[use.legal_basis]),
        *_copy_lines(use),
    )


def rights(codes: Iterable[str]) -> str:
    """What the law gives the performer, in words; a code without words is passed on as it is."""
    return _listing(_RIGHTS.get(code, code) for code in codes)


def how(event: ConsentEvent) -> str:
    """By what an act was done, and by whom: switches and typed name, by you."""
    return f"{_METHODS.get(event.method, event.method)}, {_HANDS[event.by]}"


def who(legal_name: str, address: str | None, contact: str) -> str:
    """Who is responsible, and where to reach them."""
    return ", ".join(filter(None, (legal_name, address, contact)))


def _passed_on(*, sublicense: bool) -> str:
    return f"those who receive it may {'' if sublicense else 'not '}let others use it{', too' if sublicense else ''}"


def _copy_lines(use: RequestedUse) -> Lines:
    if use.replica is not None:
        return _replica(use.replica)
    return (("The copy", "nothing is said of how it may be used and kept"),) if use.id in _COPIES else ()


def _replica(terms: ReplicaTerms) -> Lines:
    return (
        ("The copy is for", _listing(terms.media) or NOT_SAID),
        ("Before each use", "they ask you again" if terms.new_consent_per_use else "they need not ask you again"),
        ("You approve", terms.approval or NOT_SAID),
        ("Exclusive", "yes: you may allow it to nobody else" if terms.exclusive else "no"),
        ("It rests", terms.suspension or NOT_SAID),
        (
            "When you leave",
            "the copy and the recordings it was made from are deleted"
            if terms.deletion_on_exit
            else "the copy and the recordings it was made from may stay",
        ),
        ("How it is kept safe", terms.security or NOT_SAID),
    )


def _listing(items: Iterable[str]) -> str:
    """a, b and c."""
    words = list(items)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
