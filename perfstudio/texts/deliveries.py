"""What is said on the Deliveries page: only what a studio has answered, and what was read back from the disk."""

from __future__ import annotations

from datetime import datetime

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.delivery import Arrival, Receipt
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.jws import fingerprint
from perfstudio.session.views import StudioLine, TakenBack
from perfstudio.texts import formatting
from perfstudio.texts.template import sentences
from perfstudio.texts.withdrawals import held_by

TOKEN_KEPT = N_("The token is kept in this computer's password store.")
ANSWERS_LATER = N_("You will see whether {studio} knows it when the first take is sent.")


def sign_in(line: StudioLine) -> tuple[str, str]:
    """The chip of a studio and its tone: signed in is what the studio said, not what is stored here."""
    if not line.needs_token:
        return _("no sign-in needed"), "plain"
    if not line.has_token:
        return _("not signed in"), "look"
    if line.known is None:
        return _("token kept"), "plain"
    return (_("signed in"), "good") if line.known else (_("does not know your token"), "look")


def wants_certificate(problem: PerfstudioError) -> bool:
    """Whether a certificate that the studio hands over would mend it."""
    if problem.code is ErrorCode.TRUST_UNREADABLE:
        return True
    facts = problem.facts
    untrusted = facts.get("detail") == "certificate" and facts.get("why") in ("self_signed", "unknown_authority")
    return problem.code is ErrorCode.RECEIVER_UNSAFE and untrusted


def other_key(problem: PerfstudioError) -> bool:
    """Whether it is for the performer to decide that a key is the studio's."""
    return problem.code in (ErrorCode.STUDIO_KEY_CHANGED, ErrorCode.STUDIO_KEY_GONE)


def added(line: StudioLine) -> str:
    """A studio's document was read and is kept; nobody has been asked anything yet."""
    wanting = line.needs_token and not line.has_token
    return sentences(_("{studio} is added.", studio=line.name), _("Type the token it gave you.") if wanting else "")


def token_kept(studio: str) -> str:
    """After a token was typed: where it is, and who has still to answer."""
    return sentences(_(TOKEN_KEPT), _(ANSWERS_LATER, studio=studio))


def taken_back(studio: str, facts: TakenBack) -> str:
    """When it arrived, when it was taken back, and whether the studio has heard of it."""
    arrived = _("It arrived on {when}.", when=_at(facts.arrived)) if facts.arrived else ""
    if facts.partly:
        back = _("You took some uses back on {when}.", when=_at(facts.at))
    else:
        back = _("You took it back on {when}; nothing more of it is sent.", when=_at(facts.at))
    if facts.untold:
        told = _("{studio} has not yet confirmed that it was told.", studio=studio)
        return sentences(arrived, back, told)
    told = _("{studio} was told on {when}.", studio=studio, when=_at(facts.told)) if facts.told else ""
    return sentences(arrived, back, told, _became(facts), held_by(facts.exports))


_BECAME: Messages[dict[DeletionWord, str]] = {
    DeletionWord.KEPT: "It still keeps the take. Contact the studio.",
    DeletionWord.WAITS: "A person there still has to confirm that the message is yours.",
    DeletionWord.DISMISSED: "A person there did not accept the message as yours, so the take stays there. Contact the "
    "studio.",
    DeletionWord.SILENT: "It has not yet signed that the take is deleted there. It will be asked again.",
    DeletionWord.KEYLESS: "Whether it is deleted there cannot be checked: the studio's document has no key. "
    "Ask the studio for its new one.",
    DeletionWord.UNPROVEN: "What it signed about deleting it is not valid. It will be asked again.",
    DeletionWord.LOST: "It says it does not know this consent, and the record here is gone too, so it could not be "
    "told. Contact the studio.",
    DeletionWord.LEFT: "A server of this kind cannot say what happens to it.",
}

_ALSO_OF_LINES = (DeletionWord.WAITS, DeletionWord.DISMISSED, DeletionWord.LOST)
"""What is said, too, where a studio may keep the take for other uses."""


def _became(facts: TakenBack) -> str:
    if facts.deleted:
        return _("It has signed that the take has been deleted there since {when}.", when=_at(facts.deleted))
    if facts.word is None or (facts.partly and facts.word not in _ALSO_OF_LINES):
        return ""
    return _(_BECAME[facts.word]) if facts.word in _BECAME else ""


def receipt_words(receipt: Arrival) -> list[str]:
    """When it arrived, and who has signed for it; the signature was looked at just now."""
    when = _at(receipt.at)
    if not isinstance(receipt, Receipt) or receipt.level == "A":
        return [_("Received on {when}. No receipt: this receiver has no way to confirm what arrived.", when=when)]
    lines = [_("Confirmed on {when}.", when=when)]
    key = receipt.public_key
    if key is None or receipt.signature is None:
        lines.append(_("Not signed: an earlier perfstudio wrote down the receiver's answer."))
    elif receipt.is_signed_by(key):
        lines.append(_("Signed by the receiver. Its key: {key}", key=fingerprint(key)))
    else:
        lines.append(_("The signature is not valid: this receipt was changed."))
    if receipt.receipt_id:
        lines.append(_("Receipt {id}", id=receipt.receipt_id))
    return lines


def _at(moment: datetime) -> str:
    return formatting.day_and_clock(formatting.here(moment))
