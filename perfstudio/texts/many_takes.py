"""What is done with several takes at once: said before, where it is not plain, and after."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.language.catalogue import N_, Plural, _
from perfstudio.library.trash import EmptyReport
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.consent_many import ManyOutcome
from perfstudio.session.takes.deciding import DecidedMany
from perfstudio.session.takes.labels_again import LabelsAgain
from perfstudio.session.undo import UndoKind
from perfstudio.session.uses_again import UsesAgain, UsesOffer
from perfstudio.texts import formatting, states
from perfstudio.texts.error_details import reason
from perfstudio.texts.errors import sentence
from perfstudio.texts.template import capital, quoted, sentences

NO_LABELS = N_("There is no other take of which you have said what you meant.")
_LABEL = Plural("Label {number} take as “{title}”, take {take}?", "Label {number} takes as “{title}”, take {take}?")
_DONE: dict[UndoKind, Plural] = {
    UndoKind.KEEP: Plural("{number} take kept.", "{number} takes kept."),
    UndoKind.BIN: Plural("{number} take is in the bin.", "{number} takes are in the bin."),
    UndoKind.RESTORE: Plural("{number} take is out of the bin.", "{number} takes are out of the bin."),
    UndoKind.LABEL: Plural("{number} take labelled.", "{number} takes labelled."),
}
NO_USES = N_("You have not signed for a take of the same pack yet. Choose the uses of one take first.")
KEY_ASKS = N_("Your signing key asks for its passphrase. Sign each take on its own page.")
_SIGN = Plural("Sign for {number} take as the last time?", "Sign for {number} takes as the last time?")
_SIGNED = Plural("Signed for {number} take.", "Signed for {number} takes.")
_AS = Plural(
    "{studio}, {number} take, as for “{title}”, take {take}: {uses}.",
    "{studio}, {number} takes, as for “{title}”, take {take}: {uses}.",
)
_OWN_PAGE = Plural(
    "{number} take has to be signed on its own page.", "{number} takes have to be signed on their own pages."
)
_STAYS = Plural("{number} take stays as it was: {reasons}", "{number} takes stay as they were: {reasons}")
_LEFT = {
    "busy": N_("still on its way to a studio"),
    "promised": N_("promised to a studio"),
    "damaged": N_("damaged, so it was left as it is"),
    "link": N_("not a folder of its own"),
    "not_removed": N_("in use by another program"),
    "not_binned": N_("out of the bin again"),
}


def label_question(again: LabelsAgain) -> tuple[str, str]:
    """The heading, and everything that would be set."""
    number = len(again.take_ids)
    heading = _LABEL.of(number, number=formatting.number(number), title=again.title, take=again.number)
    strength = again.labels.intensity
    return heading, sentences(
        _("You meant {words}.", words=formatting.listing([quoted(word) for word in again.labels.meant])),
        _("How strong: {strength}.", strength=states.intensity(strength)) if strength is not None else "",
        _("How it felt, whether the character held, and your own line stay unsaid."),
    )


def uses_question(offer: UsesOffer) -> tuple[str, str]:
    """The heading, and everything that would be signed, pack by pack; what is never signed so; what is left."""
    number = sum(len(again.take_ids) for again in offer.same)
    left = len(offer.left) + offer.unanswered
    return _SIGN.of(number, number=formatting.number(number)), sentences(
        *map(_same, offer.same),
        _("Everything else is not allowed, and no copy of your voice or face ever is this way."),
        _("Signed as {name}.", name=offer.name),
        _OWN_PAGE.of(left, number=formatting.number(left)) if left else "",
    )


def no_uses(offer: UsesOffer) -> str:
    """Why nothing can be signed so."""
    return _reasons(offer.left) or _(NO_USES)


def signed(done: ManyOutcome) -> str:
    """Signed for 3 takes; and what stays as it was."""
    number, left = len(done.changed), len(done.left)
    said = _SIGNED.of(number, number=formatting.number(number)) if number else ""
    return sentences(said, _STAYS.of(left, number=formatting.number(left), reasons=_reasons(done.left)) if left else "")


def _same(again: UsesAgain) -> str:
    uses = formatting.listing([quoted(states.use_label(use)) for use in sorted(again.answer.uses)])
    number, answer = len(again.take_ids), again.answer
    return _AS.of(
        number, studio=again.studio, number=formatting.number(number), title=answer.title, take=answer.number, uses=uses
    )


def delete_question(takes: int, size: int) -> tuple[str, str]:
    """Before takes of the bin are deleted."""
    return (
        _("Delete {takes} for good?", takes=formatting.count(takes, "take")),
        _(
            "That frees {size} and cannot be undone. What you signed and what was received stays on record.",
            size=formatting.size(size),
        ),
    )


def deleted(report: EmptyReport) -> str:
    """3 takes deleted. 1 take stayed: still on its way to a studio."""
    gone = _("{takes} deleted.", takes=formatting.count(len(report.deleted), "take"))
    kept = [_(_LEFT[why]) if why in _LEFT else reason(why) for _take, why in report.left]
    stays = _(
        "{takes} stayed: {reasons}.",
        takes=formatting.count(len(kept), "take"),
        reasons=formatting.listing(dict.fromkeys(kept)),
    )
    return sentences(capital(gone), stays if kept else "")


def decided(kind: UndoKind, done: DecidedMany) -> str:
    """3 takes kept; and what stays as it was, with the reason."""
    number, left = len(done.changed), len(done.left)
    said = _DONE[kind].of(number, number=formatting.number(number)) if number else ""
    return sentences(said, _STAYS.of(left, number=formatting.number(left), reasons=_reasons(done.left)) if left else "")


def _reasons(left: Iterable[tuple[str, PerfstudioError]]) -> str:
    return " ".join(dict.fromkeys(sentence(problem) for _take, problem in left))
