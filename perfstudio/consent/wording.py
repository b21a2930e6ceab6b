"""What is signed, in words: every value of a line and of the whole, said once for the page, the verbs and the receipt.

Like the labels of the uses these words belong to what is signed, so they stand below the window. A value that the
studio left out is said to be left out: nobody signs a blank unseen.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.language import conventions
from perfstudio.language.catalogue import N_, Messages, Plural, _
from perfstudio.model.consent import USE_LABELS, Compensation, ConsentEvent, ReplicaTerms, RequestedUse, UseId

Lines = tuple[tuple[str, str], ...]
"""Names and values, in the order in which they are read."""

NOT_SAID = N_("not said")
IF_PARTNER_TAKES_BACK = N_("Your pay if your partner takes theirs back")
"""The name of what the terms say of that."""
ADVICE: Messages[dict[str, str]] = {"none": "nobody", "counsel": "a lawyer", "union": "a union"}
"""Who advised the performer, by `ConsentRecord.representation`."""

_FLAT, _FLAT_USE = N_("{amount} for the whole work"), N_("{amount} once for this use")
# Translators: {amount} is a sum of money, or the word "pay".
_BASES: Messages[dict[str, str]] = {
    "per_use": "{amount} for this take",
    "per_hour": "{amount} an hour",
    "session": "{amount} a session",
}
_UNITS = {
    "D": Plural("{number} day", "{number} days", "no days"),
    "M": Plural("{number} month", "{number} months", "no months"),
    "Y": Plural("{number} year", "{number} years", "no years"),
}
_DATA: Messages[dict[str, str]] = {
    "voice": "your voice",
    "face_video": "your face on video",
    "performance": "your performance",
    "transcript": "a transcript",
    "self_ratings": "your own labels",
    "device_info": "which camera and microphone you used",
}
_PROCESSING: Messages[dict[str, str]] = {
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
_GROUNDS: Messages[dict[str, str]] = {
    "eu-gdpr:A6-1-a": "your consent (GDPR, article 6(1)(a))",
    "eu-gdpr:A9-2-a": "your explicit consent to data that can identify you (GDPR, article 9(2)(a))",
}
_RIGHTS: Messages[dict[str, str]] = {
    "eu-gdpr:A7-3": "take your consent back",
    "eu-gdpr:A13": "be told what happens to it",
    "eu-gdpr:A15": "see what is held about you",
    "eu-gdpr:A16": "have it corrected",
    "eu-gdpr:A17": "have it deleted",
    "eu-gdpr:A18": "have its use restricted",
    "eu-gdpr:A20": "receive a copy to take elsewhere",
    "eu-gdpr:A77": "complain to an authority",
}
_HANDS: Messages[dict[str, str]] = {"performer": "by you", "guardian": "by your guardian", "app": "by the program"}
_METHODS: Messages[dict[str, str]] = {
    "checkbox+typed-name": "switches and typed name",
    "named-uses+typed-name": "uses named and name typed in a terminal",
    "shown-again+button": "the uses of another take, shown again, and a button",
    "button": "button",
}
_COPIES = frozenset({UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS})


def pay(compensation: Compensation, *, none: str = N_("no pay"), flat: str = _FLAT) -> str:
    """$74 an hour while rolling and labelling. A note that begins in lower case goes on in the same breath."""
    amount, note = money(compensation.amount, compensation.currency), compensation.note
    match compensation.basis:
        case "none":
            if not amount:
                return note or _(none)
            line = _("{amount}, without saying for what", amount=amount)
        case "revenue_share":
            share = _("a share of what it earns")
            line = _("{amount} and a share of what it earns", amount=amount) if amount else share
        case "flat":
            line = _(flat, amount=amount or _("pay"))
        case basis:
            line = _(_BASES[basis], amount=amount or _("pay"))
    if not amount and compensation.currency:
        line = _("{pay}, in {currency}", pay=line, currency=compensation.currency)
    if not note:
        return line
    return f"{line}{' ' if note[:1].islower() else ' · '}{note}"


def own_pay(use: RequestedUse) -> str:
    """What one line pays beside the work; empty when it names nothing."""
    return pay(use.compensation, none="", flat=_FLAT_USE)


def pay_lines(work: Compensation, uses: Iterable[RequestedUse]) -> Lines:
    """All pay there is: for the work, and for every line that pays something of its own."""
    lines = tuple((_(USE_LABELS[use.id]), own) for use in uses if (own := own_pay(use)))
    none = N_("no pay of its own") if lines else N_("no pay")
    return ((_("For the work"), pay(work, none=none)), *lines)


def money(amount: str | None, currency: str | None) -> str:
    """$74, €12.50, CHF 1 200."""
    return conventions.money(amount, currency or "") if amount is not None else ""


def term(iso: str) -> str:
    """P2Y is 2 years, P18M 18 months, P30D 30 days."""
    count = int(iso[1:-1])
    return _UNITS[iso[-1]].of(count, number=conventions.number(count))


def use_lines(use: RequestedUse) -> Lines:
    """Everything that one line says, whether or not the studio filled it in."""
    why = ((_("Why it is needed") if use.required else _("Why it is asked"), use.why),) if use.why else ()
    own = own_pay(use)
    return (
        (_("Exactly"), use.exactly),
        (_("What is done"), conventions.listing(_(_PROCESSING[kind]) for kind in use.processing) or _(NOT_SAID)),
        (_("What is used"), conventions.listing(_(_DATA[kind]) for kind in use.data) or _(NOT_SAID)),
        (_("For how long"), term(use.term)),
        (_("Where"), conventions.listing(use.territory) or _(NOT_SAID)),
        (_("By whom"), conventions.listing(use.recipients) or _(NOT_SAID)),
        (_("Passed on"), _passed_on(sublicense=use.sublicense)),
        (_("Decisions"), _decides(alone=use.automated_decisions)),
        (_("Where it is kept"), conventions.listing(use.storage) or _(NOT_SAID)),
        *(((_("Pay"), own),) if own else ()),
        (_("If you take it back"), use.withdrawal_effect),
        *why,
        *(((_("Needed"), _("the work makes no sense without it")),) if use.required and not use.why else ()),
        (_("Legal ground"), _(_GROUNDS[use.legal_basis])),
        *_copy_lines(use),
    )


def rights(codes: Iterable[str]) -> str:
    """What the law gives the performer, in words; a code without words is passed on as it is."""
    return conventions.listing(_(_RIGHTS.get(code, code)) for code in codes)


def how(event: ConsentEvent) -> str:
    """By what an act was done, and by whom: switches and typed name, by you."""
    return ", ".join((_(_METHODS.get(event.method, event.method)), _(_HANDS[event.by])))


_SENTENCE_ENDS = (".", "!", "?")


def who(legal_name: str, address: str | None, contact: str) -> str:
    """Who is responsible, and where to reach them. What is a whole sentence is not hung on with a comma."""
    said = legal_name
    for part in filter(None, (address, contact)):
        said += f"{'.' * (not said.endswith('.'))} {part}" if part.endswith(_SENTENCE_ENDS) else f", {part}"
    return said


def _passed_on(*, sublicense: bool) -> str:
    if sublicense:
        return _("those who receive it may also let others use it")
    return _("those who receive it may not let others use it")


def _decides(*, alone: bool) -> str:
    return _("software alone may decide about you") if alone else _("none by software alone")


def _copy_lines(use: RequestedUse) -> Lines:
    if use.replica is not None:
        return _replica(use.replica)
    return ((_("The copy"), _("it does not say how the copy may be used and kept")),) if use.id in _COPIES else ()


def _replica(terms: ReplicaTerms) -> Lines:
    return (
        (_("The copy is for"), conventions.listing(terms.media) or _(NOT_SAID)),
        (
            _("Before each use"),
            _("they ask you again") if terms.new_consent_per_use else _("they need not ask you again"),
        ),
        (_("You approve"), terms.approval or _(NOT_SAID)),
        (_("Exclusive"), _("yes: you may allow it to nobody else") if terms.exclusive else _("no")),
        (_("When it is suspended"), terms.suspension or _(NOT_SAID)),
        (
            _("When you leave"),
            _("the copy and the recordings it was made from are deleted")
            if terms.deletion_on_exit
            else _("the copy and the recordings it was made from may stay"),
        ),
        (_("How it is kept safe"), terms.security or _(NOT_SAID)),
    )
