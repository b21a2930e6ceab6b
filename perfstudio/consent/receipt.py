"""The receipt a performer keeps: what it says, part by part, and the same as plain text.

A receipt is a document, so its words are written here and not by the window. `receipt_page` sets them as a web page,
the window as a PDF; `linked_receipt` is for programs.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from perfstudio.consent import warning_words
from perfstudio.consent.permissions import expires
from perfstudio.consent.receipt_origin import ReceiptOrigin, origin_now
from perfstudio.consent.verification_code import verification_code
from perfstudio.consent.verify import verify_record
from perfstudio.consent.wording import ADVICE, IF_PARTNER_TAKES_BACK, NOT_SAID, how, pay_lines, rights, use_lines, who
from perfstudio.language.catalogue import Messages, _, language, ngettext
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import (
    USE_LABELS,
    ConsentEvent,
    ConsentRecord,
    ConsentStatus,
    UseId,
)
from perfstudio.model.jws import fingerprint
from perfstudio.model.others import OTHERS_SIGNED
from perfstudio.model.spoken import SpokenRequest, SpokenStatement

ACTS: Messages[dict[ConsentStatus, str]] = {
    ConsentStatus.GIVEN: "Allowed",
    ConsentStatus.REFUSED: "Not allowed",
    ConsentStatus.WITHDRAWN: "Taken back",
    ConsentStatus.RENEWED: "Allowed again",
    ConsentStatus.EXPIRED: "Run out",
}


# Translators: what {file} of "SHA-256 of {file}" may be.
_FILES: Messages[dict[str, str]] = {
    "picture": "picture",
    "sound": "sound",
    "thumbnail": "thumbnail",
    "timing": "clock observations",
    "room_tone": "room tone",
    "partner_heard": "partner as heard",
    "duet_pings": "pings of the duet",
    "transcript": "transcript",
}


@dataclass(frozen=True, slots=True)
class ReceiptSection:
    """One part of the receipt: a heading and its lines, each a name and a value. A line may have no name."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    language: str = ""
    """Of the lines without a name, where it is not the receipt's own."""


@dataclass(frozen=True, slots=True)
class WrittenReceipt:
    """A receipt as it goes onto a page: everything that is on it, in its order."""

    title: str
    language: str
    """Of its own words, as in `de` or `pt-BR`."""
    at: datetime
    """The moment it speaks of."""
    code: str
    """See `verification_code`."""
    code_line: tuple[str, str]
    """The same with its name, as it stands at the head."""
    sections: tuple[ReceiptSection, ...]

    def origin(self) -> ReceiptOrigin:
        """What it says about itself."""
        return origin_now(self.code, self.language, self.at)


def written_receipt(record: ConsentRecord, *, at: datetime | None = None) -> WrittenReceipt:
    """The receipt in the language spoken. `at`: the moment it speaks of, now by default."""
    at, code = at or utc_now(), verification_code(record)
    return WrittenReceipt(
        title=_title(record),
        language=language().replace("_", "-"),
        at=at.replace(microsecond=0),
        code=code,
        code_line=(_("Verification code"), code),
        sections=sections(record, at=at),
    )


def sections(record: ConsentRecord, *, at: datetime | None = None) -> tuple[ReceiptSection, ...]:
    """The receipt part by part. `at`: the moment it speaks of, now by default."""
    return tuple(_sections(record, at or utc_now()))


def receipt_text(record: ConsentRecord, *, at: datetime | None = None) -> str:
    """The receipt as plain text, 78 columns wide. `at`: the moment it speaks of, now by default."""
    parts = [_title(record), "=" * len(_title(record)), ""]
    for section in _sections(record, at or utc_now()):
        parts += [section.heading, "-" * len(section.heading)]
        for name, value in section.lines:
            parts += _wrapped(f"{name}: {value}" if name else value)
        parts.append("")
    return "\n".join(parts)


def _title(record: ConsentRecord) -> str:
    party = record.parties[0].name if record.parties else _("nobody")
    return _("Consent of {name} to {party}", name=record.subject.signed_name, party=party)


def _sections(record: ConsentRecord, at: datetime) -> list[ReceiptSection]:
    uses = [
        ReceiptSection(_(USE_LABELS[use.id]), ((_("Now"), _standing(record, use.id, at)), *use_lines(use)))
        for use in record.uses
    ]
    rest = (_rights, _take, _acts, _proof, _text)
    told = [_told(record)] if record.warned else []
    aloud = [_aloud(record.spoken, record)] if record.spoken is not None else []
    parts = (part(record) for part in rest)
    return [_summary(record, at), _parties(record), _pay(record), *told, *uses, *aloud, *parts]


def _told(record: ConsentRecord) -> ReceiptSection:
    lines = (*warning_words.lines(record.warned or ()), (_("How it was established"), _(warning_words.CAUTION)))
    return ReceiptSection(_("What you were told before you signed"), lines)


def _summary(record: ConsentRecord, at: datetime) -> ReceiptSection:
    lines = [(_standing(record, use.id, at), _(USE_LABELS[use.id])) for use in record.uses]
    return ReceiptSection(_("What stands"), ((_("As of"), _day(at, record)), *lines))


def _standing(record: ConsentRecord, use_id: UseId, at: datetime) -> str:
    act, end = record.last_act(use_id), expires(record, use_id)
    if act is None:
        return _("Not allowed")
    if end is None:
        since = _("{act} on {day}", act=_(ACTS[act.state]), day=_day(act.at, record))
        return _("Not allowed") if act.state is ConsentStatus.REFUSED else since
    day = _day(end, record)
    return _("Allowed until {day}", day=day) if at < end else _("Ran out on {day}", day=day)


def _pay(record: ConsentRecord) -> ReceiptSection:
    return ReceiptSection(_("Pay"), pay_lines(record.pay, record.uses))


def _parties(record: ConsentRecord) -> ReceiptSection:
    lines = [
        (_("You"), _("{name}, known to them as {id}", name=record.subject.signed_name, id=record.subject.id)),
        *(((_("Age"), _("18 or older, as you stated")),) if record.subject.adult else ()),
        (_("Advised by"), _advised(record)),
        *_others(record),
    ]
    for party in record.parties:
        known = who(party.legal_name, party.address, party.contact)
        lines.append(
            (_("Responsible") if party.role == "controller" else party.role, f"{party.name} ({party.id}): {known}")
        )
    lines.append((_("Law of"), ", ".join(record.jurisdiction) or _(NOT_SAID)))
    return ReceiptSection(_("Who"), tuple(lines))


def _others(record: ConsentRecord) -> tuple[tuple[str, str], ...]:
    """Who else is in the take, as stated; nothing where it was not asked."""
    said = ((_("Others in the take"), _(OTHERS_SIGNED[record.others])),) if record.others is not None else ()
    return (*said, *(((_("Partner"), record.partner),) if record.partner else ()))


def _advised(record: ConsentRecord) -> str:
    who_advised = _(ADVICE[record.representation])
    return f"{who_advised}: {record.adviser}" if record.adviser else who_advised


def _rights(record: ConsentRecord) -> ReceiptSection:
    taking = record.withdrawal
    app = (
        _("How to take it back"),
        _("In perfstudio, with one button, at any time, even without a network."),
    )
    lines = [
        *(
            (app, (_("Or write to"), taking.contact))
            if taking.in_app
            else ((_("To take it back, write to"), taking.contact),)
        ),
        (_("What that does"), taking.effect),
        (_("You may"), _("{rights}.", rights=rights(record.rights))),
    ]
    if taking.response_days is not None:
        days = ngettext("{number} day", "{number} days", taking.response_days)
        lines.append((_("Answer within"), days))
    if record.authority:
        lines.append((_("Complaints to"), record.authority))
    return ReceiptSection(_("Your rights"), tuple(lines))


def _take(record: ConsentRecord) -> ReceiptSection:
    files = (
        (_("SHA-256 of {file}", file=_(_FILES.get(file.role, file.role))), file.sha256) for file in record.take.files
    )
    lines = (
        (_("Take"), record.take.take_id),
        (_("Made"), record.collection),
        (_("Seal"), record.take.seal_sha256),
        *files,
    )
    return ReceiptSection(_("The take"), lines)


def _aloud(said: SpokenStatement, record: ConsentRecord) -> ReceiptSection:
    kept = (
        _("beside this record; it goes with the take")
        if record.said_aloud() is not None
        else _("kept only while something is allowed, and now nothing is")
    )
    length = _(
        "{seconds} seconds, {size} bytes ({language})",
        seconds=f"{said.duration_s:g}",
        size=str(said.size),
        language=said.language,
    )
    lines = (
        (_("The recording"), length),
        (_("SHA-256 of the recording"), said.sha256),
        (_("Where it is"), kept),
        ("", said.text),
    )
    return ReceiptSection(_("What you read aloud"), lines, language=said.language)


def _acts(record: ConsentRecord) -> ReceiptSection:
    lines = tuple((f"{event.seq}. {_local(event)}", _act(event)) for event in record.events)
    return ReceiptSection(_("What you did"), lines)


def _act(event: ConsentEvent) -> str:
    facts = {
        "act": _(ACTS[event.state]),
        "how": how(event),
        "version": event.app_version,
        "what": ", ".join(_(USE_LABELS[use_id]) for use_id in event.use_ids) or _("nothing"),
    }
    if not event.public_key:
        return _("{act} ({how}, perfstudio {version}): {what}", **facts)
    key = fingerprint(event.public_key)
    return _("{act} ({how}, perfstudio {version}, with key {key}): {what}", key=key, **facts)


def _proof(record: ConsentRecord) -> ReceiptSection:
    findings = verify_record(record, None)
    state = (
        _("Every entry is as it was signed.")
        if not findings
        else _("Not as it was signed, first at: {where}.", where=findings[0].where)
    )
    written = _moment(record.created_at, _zone(record))
    before = ((_("Replaces"), record.replaces),) if record.replaces else ()
    return ReceiptSection(
        _("Proof"),
        (
            (_("Checked"), state),
            (_("Record"), record.record_id),
            *before,
            (_("Written"), _("{when}, as {profile}", when=written, profile=record.profile)),
            (_("SHA-256 of the record"), record.digest()),
            (_("Verification code"), verification_code(record)),
            (
                _("What it is made of"),
                _(
                    "two halves, each the first 60 bits of a SHA-256: of the record without acts, and of the record "
                    "with the acts listed here. `perfstudio consent verify` says which record and state it is of."
                ),
            ),
            (_("Signed with key"), fingerprint(record.public_key)),
        ),
    )


def _text(record: ConsentRecord) -> ReceiptSection:
    notice = record.notice
    about = _(
        "{title}, version {version} of {id} ({language})",
        title=notice.title,
        version=notice.version,
        id=notice.id,
        language=notice.language,
    )
    unread = warning_words.not_told(notice)
    partner = ((_(IF_PARTNER_TAKES_BACK), notice.of_partner),) if notice.of_partner else ()
    shown = (*_to_read(notice.spoken), ("", notice.summary), ("", notice.text), *partner)
    told = ((_("What you were told about it"), unread),) if unread else ()
    lines = ((_("Text"), about), (_("SHA-256 of the text"), notice.sha256), *told, *shown)
    return ReceiptSection(_("The text you were shown"), lines, language=notice.language)


def _to_read(asked: SpokenRequest | None) -> tuple[tuple[str, str], ...]:
    """What the text asks to be read aloud."""
    if asked is None:
        return ()
    needed = _("without it nothing can be allowed") if asked.required else _("it may be left out")
    lines = [(_("To be read aloud"), asked.statement), (_("Whether it has to be"), needed)]
    if asked.with_name is not None:
        lines.append((_("Or, with a name in it"), asked.with_name))
    if asked.why is not None:
        lines.append((_("What it is for"), asked.why))
    return tuple(lines)


def _zone(record: ConsentRecord) -> timezone:
    return timezone(timedelta(minutes=record.events[0].tz_offset_min if record.events else 0))


def _day(moment: datetime, record: ConsentRecord) -> str:
    return moment.astimezone(_zone(record)).strftime("%Y-%m-%d")


def _local(event: ConsentEvent) -> str:
    return _moment(event.at, timezone(timedelta(minutes=event.tz_offset_min)))


def _moment(moment: datetime, zone: timezone) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %z")


def _wrapped(value: str) -> list[str]:
    lines: list[str] = []
    for paragraph in value.splitlines():
        lines += textwrap.wrap(paragraph, 78, subsequent_indent="    ", break_on_hyphens=False) or [""]
    return lines
