"""What is said of a receipt that was saved, and of one that somebody brings."""

from __future__ import annotations

from perfstudio.consent.receipt import ACTS
from perfstudio.consent.verification_code import CodeMatch
from perfstudio.language import conventions
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.consent import ConsentEvent, ConsentRecord
from perfstudio.session.receipt_check import PaperFinding, Words
from perfstudio.texts.states import use_label
from perfstudio.texts.template import sentences

BOXES = N_(
    "This computer lacks letters for some of its words: in the PDF they are boxes. Save it as a web page too; that "
    "finds its letters where it is read."
)
_MATCHES: Messages[dict[CodeMatch, str]] = {
    CodeMatch.NOW: "This is the receipt of consent record {record}, for take {take}, as it stands now.",
    CodeMatch.EARLIER: "This is the receipt of consent record {record}, for take {take}, as it stood on {day}. "
    "It says what was, not what is.",
    CodeMatch.STATE_UNKNOWN: "This code names consent record {record}, for take {take}, but no state this record ever "
    "had. The receipt was changed, or acts are missing from the record here.",
    CodeMatch.RECORD_UNKNOWN: "The second half of this code belongs to consent record {record}, for take {take}; the "
    "first half does not. One of the two was mistyped or changed.",
    CodeMatch.OTHER: "No consent record here has the code {code}.",
}
_LAST = N_("This is the receipt of consent record {record}, for take {take}, as it last stood.")
"""Of a record that another one took over from."""
_WORDS: Messages[dict[Words, str]] = {
    Words.AS_WRITTEN: "It matches what is written for this record, word for word.",
    Words.DIFFER: "Its words are not the ones written for this record. Trust the record, not the receipt.",
    Words.DRAWN_OTHERWISE: "Its words are those of this record, but its pages look different from the ones drawn here: "
    "other fonts, or something was added. Look at it, or check the web page or the linked data instead.",
    Words.NOT_COMPARED: "Its words are not those of this version of perfstudio: another version wrote them, or "
    "somebody changed them. Compare it with what `perfstudio consent show` says.",
}


def found(finding: PaperFinding) -> tuple[str, ...]:
    """What a paper is, line by line."""
    record = finding.record
    if record is None:
        return (_(_MATCHES[CodeMatch.OTHER], code=finding.code),)
    facts = {"record": record.record_id, "take": record.take.take_id, "day": _day_of(record, finding.acts)}
    last = finding.set_aside and finding.match is CodeMatch.NOW
    lines = [_(_LAST if last else _MATCHES[finding.match], **facts)]
    if finding.set_aside:
        lines.append(_("This take has been signed again since then: another record has replaced this one."))
    if finding.match is CodeMatch.EARLIER:
        lines += [
            _("Since then, on {day}: {act}", day=_day(act), act=_act(act)) for act in record.events[finding.acts :]
        ]
    if finding.words in _WORDS:
        lines.append(_(_WORDS[finding.words]))
    if finding.faults:
        lines.append(_("The record itself is not as it was signed, first at: {where}.", where=finding.faults[0].where))
    return tuple(lines)


def saved(name: str, *, letters_missing: bool) -> str:
    """The receipt is a file now."""
    said = _("The receipt is saved as {name}.", name=name)
    return sentences(said, _(BOXES)) if letters_missing else said


def _day_of(record: ConsentRecord, acts: int | None) -> str:
    return _day(record.events[acts - 1]) if acts else conventions.day(record.created_at)


def _day(act: ConsentEvent) -> str:
    return conventions.day(act.at)


def _act(act: ConsentEvent) -> str:
    return _(
        "{act}: {what}",
        act=_(ACTS[act.state]),
        what=conventions.listing(use_label(use) for use in act.use_ids) or _("nothing"),
    )
