"""Pay, terms and rights in one line each: what stands beside a pack and under each line of the use grid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from perfstudio.consent.wording import (
    ADVICE,
    money,
    own_pay,
    pay,
    pay_lines,
    term,
    use_lines,
    who,
)
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.consent import Compensation, ConsentRecord, ConsentStatus, RequestedUse, UseId
from perfstudio.model.others import OTHERS_SIGNED
from perfstudio.model.prompt import StudioInfo, Terms
from perfstudio.model.take import FileRole
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import formatting
from perfstudio.texts.states import use_label
from perfstudio.texts.template import quoted, say

__all__ = [
    "ADVICE",
    "advised",
    "allowed",
    "changed",
    "deadline",
    "facts",
    "for_two",
    "give_again",
    "given_again",
    "goes",
    "money",
    "pay",
    "recipients",
    "stated",
    "subtitle",
    "take_back",
    "take_named",
    "taken_back",
    "term",
    "unasked",
    "use_line",
    "use_lines",
]

NOT_REQUESTED = N_("not requested by this pack")
# Translators: the labels of the uses once more, as parts of a sentence.
_ALLOWED: Messages[dict[UseId, str]] = {
    UseId.STORE_REVIEW: "keep this take and let named reviewers watch it",
    UseId.PUBLISH_PERFORMANCE: "show this take publicly",
    UseId.HUMAN_RESEARCH: "let people study and annotate it",
    UseId.MACHINE_ANALYSIS: "let finished software analyse it",
    UseId.TRAIN_RECOGNITION: "train software that recognises or classifies",
    UseId.TRAIN_GENERATIVE: "train software that can perform",
    UseId.REPLICA_VOICE: "make something that sounds like me",
    UseId.REPLICA_LIKENESS: "make something that looks like me",
    UseId.BIOMETRIC_TEMPLATE: "compute a voiceprint or the geometry of my face",
    UseId.SHARE_THIRD_PARTY: "give it to others",
}
_COPIES = frozenset({UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS})
_FOLDED = {
    "share": frozenset({UseId.SHARE_THIRD_PARTY}),
    "publish": frozenset({UseId.PUBLISH_PERFORMANCE}),
    "annotate": frozenset({UseId.HUMAN_RESEARCH}),
    "analyse": frozenset({UseId.MACHINE_ANALYSIS}),
    "train": frozenset({UseId.TRAIN_RECOGNITION, UseId.TRAIN_GENERATIVE}),
    "generate": _COPIES | {UseId.TRAIN_GENERATIVE},
}
"""The lines that a kind of processing belongs to: inside another line it asks for them without naming them."""
_GOES: Messages[dict[FileRole, str]] = {
    FileRole.PICTURE: "Picture and sound: take.mp4",
    FileRole.SOUND: "The sound on its own: audio.flac",
    FileRole.THUMBNAIL: "One small picture: thumbnail.jpg",
    FileRole.TIMING: "When each picture and each block of sound arrived, with nothing seen or heard in it: timing.zip",
    FileRole.ROOM_TONE: "The room without you: room-tone.flac",
    FileRole.PARTNER_HEARD: "Your partner, as you heard them: partner-heard.flac",
    FileRole.DUET_PINGS: "How long messages between your two computers took: duet-pings.bin",
    FileRole.TRANSCRIPT: "What you said, in writing: transcript.json",
    FileRole.SPOKEN_CONSENT: "The statement, as you read it aloud: spoken-consent.flac",
}
"""What is in each file of a take, for the person who lets it go."""
_PAPERS: Messages[tuple[str, ...]] = (
    "What you were shown, your devices, checks, labels, marks, note, and the language, accent and age you played: "
    "take.json",
    "This consent: consent.json",
)

_TOGETHER = N_(
    "This scene is for two. What you allow applies to both takes together only while your partner allows it too, and "
    "ends for both when either of you takes it back."
)


def deadline(last: date, today: date) -> str:
    """until 18 December; with the year when it is another one; over since 3 May 2024 when it has passed."""
    if last < today:
        return _("over since {day}", day=formatting.day(last))
    return _("until {day}", day=formatting.day_of_year(last) if last.year == today.year else formatting.day(last))


def use_line(use: RequestedUse) -> str:
    """The small line under a use: needed for the work · 2 years · EU and US · $40 for this take; and what weighs."""
    parts = [_("needed for the work")] if use.required else []
    parts += [term(use.term), formatting.listing(use.territory), own_pay(use), *_weighty(use)]
    return formatting.dotted(parts)


def recipients(use: RequestedUse) -> str:
    """Goes to: A · B. A pack may begin each with a capital letter, and say it in half a sentence."""
    return say("[Goes to: {who}|Goes to nobody named].", {"who": formatting.dotted(use.recipients).removesuffix(".")})


def advised(record: ConsentRecord) -> str:
    """Advised by a union, with its name where the performer gave one; empty when nobody did."""
    if record.representation == "none":
        return ""
    who_advised = _("Advised by {who}", who=_(ADVICE[record.representation]))
    return f"{who_advised}: {record.adviser}" if record.adviser else who_advised


def stated(record: ConsentRecord) -> str:
    """What was said beside the signature, a line each: who advised, and who else is in the take."""
    others = _(OTHERS_SIGNED[record.others]) if record.others is not None else ""
    partner = _("Partner: {name}", name=record.partner) if record.partner else ""
    return "\n".join(filter(None, (advised(record), others, partner)))


def take_named(title: str, number: int) -> str:
    """The letter, take 2."""
    return _("{title}, take {number}", title=title, number=number)


def take_back(use: RequestedUse) -> str:
    """What taking one line back does, before it is done."""
    needed = use.required or use.id is UseId.STORE_REVIEW
    stays = _("Without this line, nothing more of this take is sent.") if needed else ""
    return say("If you take it back: {effect}[ {stays}]", {"effect": use.withdrawal_effect, "stays": stays})


def give_again(use: RequestedUse) -> str:
    """What giving one line again does, before it is done."""
    return say(
        "If you give it again, it stands from today for {term}, with the text you signed[, for {pay}].",
        {"term": term(use.term), "pay": own_pay(use)},
    )


def taken_back(record: ConsentRecord) -> str:
    """What holds after something was taken back: what stands, and whether the take may still be sent."""
    granted = record.granted()
    if not granted:
        return _("Taken back. Nothing more of this take leaves this computer.")
    if any((use.required or use.id is UseId.STORE_REVIEW) and use.id not in granted for use in record.uses):
        return _("Taken back. This line is needed for the work, so nothing more of this take is sent.")
    return _("Taken back. The other lines stand as you signed them.")


def given_again(record: ConsentRecord) -> str:
    """What holds after lines were given again: whether everything stands that a delivery needs."""
    granted = record.granted()
    if any((use.required or use.id is UseId.STORE_REVIEW) and use.id not in granted for use in record.uses):
        return _("Given again. A line that is needed for the work is still missing, so nothing of this take is sent.")
    return _("Given again, for the full term from today.")


def changed(record: ConsentRecord) -> str:
    """What holds after the last act of a record."""
    back = bool(record.events) and record.events[-1].state is ConsentStatus.WITHDRAWN
    return taken_back(record) if back else given_again(record)


def facts(
    work: Compensation,
    uses: Iterable[RequestedUse],
    studio: StudioInfo,
    files: Iterable[FileRole] = (),
    *,
    partner: tuple[tuple[str, str], ...] = (),
) -> tuple[tuple[str, str], ...]:
    """What is paid, who asks, and what of the take is sent: what is signed beside the lines. `partner`: what holds of
    a scene for two."""
    (_work, for_work), *own = pay_lines(work, uses)
    paid = "\n".join([for_work, *(f"{label}: {said}" for label, said in own)])
    asks = f"{studio.name} ({studio.id}): {who(studio.legal_name, studio.address, studio.contact)}"
    law = ((_("Law of"), formatting.listing(studio.jurisdiction)),) if studio.jurisdiction else ()
    return ((_("Pay"), paid), *partner, (_("Asks"), asks), *law, *goes(files))


def for_two(terms: Terms) -> tuple[tuple[str, str], ...]:
    """What holds of a take that is one side of a scene for two, and what its terms say of pay then."""
    said = terms.of_partner or _("The terms do not say.")
    return ((_("With your partner"), _(_TOGETHER)), (_("Pay then"), said))


def goes(files: Iterable[FileRole]) -> tuple[tuple[str, str], ...]:
    """Everything that leaves this computer with the take, a line a file."""
    told = [_(_GOES[role]) for role in files]
    return ((_("Is sent"), "\n".join([*told, *map(_, _PAPERS)])),) if told else ()


def unasked(use_id: UseId, uses: Iterable[RequestedUse]) -> str:
    """What stands under a line that the pack does not ask for: that, or the lines that ask for it all the same."""
    inside = formatting.listing(quoted(use_label(use.id)) for use in uses if use_id in _folded(use))
    return say("[Not a line of its own, but part of {inside}]", {"inside": inside}) or _(NOT_REQUESTED)


def _weighty(use: RequestedUse) -> list[str]:
    """What nobody should meet only after unfolding."""
    terms = use.replica
    found = {
        _("others may also use it"): use.sublicense,
        _("software alone may decide about you"): use.automated_decisions,
        _("exclusive"): terms is not None and terms.exclusive,
        _("you are not asked again"): terms is not None and not terms.new_consent_per_use,
        _("the copy may stay when you leave"): terms is not None and not terms.deletion_on_exit,
    }
    return [words for words, holds in found.items() if holds]


def _folded(use: RequestedUse) -> frozenset[UseId]:
    """The lines that a use asks for inside itself."""
    asked = [lines for kind in use.processing if use.id not in (lines := _FOLDED.get(kind, frozenset()))]
    if use.sublicense:
        asked.append(_FOLDED["share"])
    if use.replica is not None and use.id not in _COPIES:
        asked.append(_COPIES)
    return frozenset(use_id for lines in asked for use_id in lines) - {use.id}


def allowed(granted: Iterable[UseId]) -> str:
    """What stands, in one sentence. In the order of the use grid."""
    chosen = set(granted)
    text = _("; ").join(_(_ALLOWED[use]) for use in UseId if use in chosen)
    return say("[Allowed: {text}|Nothing is allowed, and the take stays here].", {"text": text})


def subtitle(offer: ConsentOffer) -> str:
    """The line under the question of the Consent page."""
    if offer.standing:
        return _("You can take it back here any day: all of it, or line by line.")
    if offer.withdrawn:
        return _("You took your consent back. Nothing more is sent. You can sign again, or leave it at that.")
    return _("Everything is off until you turn it on. You can take it back here later.")
