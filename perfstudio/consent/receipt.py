"""The receipt a performer keeps: a readable page, the same as plain text, and the record as linked data.

A receipt is a document, so its words are written here and not by the window. The page stands alone: no script, nothing
remote, dark on light, and fit for paper. Everything that came from outside is escaped.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html import escape
from typing import Any

from perfstudio.consent.permissions import expires
from perfstudio.consent.verify import verify_record
from perfstudio.consent.wording import ADVICE, NOT_SAID, how, pay_lines, rights, use_lines, who
from perfstudio.language.catalogue import Messages, _, language, ngettext
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import (
    USE_LABELS,
    ConsentEvent,
    ConsentRecord,
    ConsentStatus,
    UseId,
)
from perfstudio.model.ids import new_id
from perfstudio.model.jws import fingerprint

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


def receipt_html(record: ConsentRecord, *, at: datetime | None = None) -> str:
    """The receipt as one self-contained HTML page. `at`: the moment it speaks of, now by default."""
    title, spoken = escape(_title(record)), language().replace("_", "-")
    body = "\n".join(_html_section(section) for section in _sections(record, at or utc_now()))
    return (
        f'<!doctype html>\n<html lang="{spoken}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def receipt_json(record: ConsentRecord, *, at: datetime | None = None) -> dict[str, Any]:
    """The receipt for machines: the whole record under the DPV names of the ISO/IEC TS 27560 guide (JSON-LD)."""
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": {"@id": "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"},
        "dct:identifier": new_id(),
        "dct:created": (at or utc_now()).isoformat(timespec="seconds"),
        "dpv:hasRecordOfActivity": {"@type": "dpv:ConsentRecord", **record.to_json()},
    }


def _title(record: ConsentRecord) -> str:
    party = record.parties[0].name if record.parties else _("nobody")
    return _("Consent of {name} to {party}", name=record.subject.signed_name, party=party)


def _sections(record: ConsentRecord, at: datetime) -> list[ReceiptSection]:
    uses = [
        ReceiptSection(_(USE_LABELS[use.id]), ((_("Now"), _standing(record, use.id, at)), *use_lines(use)))
        for use in record.uses
    ]
    rest = (_rights, _take, _acts, _proof, _text)
    return [_summary(record, at), _parties(record), _pay(record), *uses, *(part(record) for part in rest)]


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
        (_("Advised by"), _(ADVICE[record.representation])),
    ]
    for party in record.parties:
        known = who(party.legal_name, party.address, party.contact)
        lines.append(
            (_("Responsible") if party.role == "controller" else party.role, f"{party.name} ({party.id}): {known}")
        )
    lines.append((_("Law of"), ", ".join(record.jurisdiction) or _(NOT_SAID)))
    return ReceiptSection(_("Who"), tuple(lines))


def _rights(record: ConsentRecord) -> ReceiptSection:
    taking = record.withdrawal
    app = (
        _("How to take it back"),
        _("In perfstudio, with one button, at any time, also without a network."),
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
    before = ((_("Takes over from"), record.replaces),) if record.replaces else ()
    return ReceiptSection(
        _("Proof"),
        (
            (_("Checked"), state),
            (_("Record"), record.record_id),
            *before,
            (_("Written"), _("{when}, as {profile}", when=written, profile=record.profile)),
            (_("SHA-256 of the record"), record.digest()),
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
    lines = ((_("Text"), about), (_("SHA-256 of the text"), notice.sha256), ("", notice.summary), ("", notice.text))
    return ReceiptSection(_("The text you were shown"), lines)


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


def _html_section(section: ReceiptSection) -> str:
    rows = "\n".join(_html_line(name, value) for name, value in section.lines)
    return f"<section>\n<h2>{escape(section.heading)}</h2>\n{rows}\n</section>"


def _html_line(name: str, value: str) -> str:
    paragraphs = "<br>".join(escape(line) for line in value.splitlines())
    if not name:
        return f'<p class="text">{paragraphs}</p>'
    return f"<p><b>{escape(name)}</b><span>{paragraphs}</span></p>"


STYLE = """\
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1b1d21; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1.5rem; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
section { border-top: 1px solid #d5d8de; padding: 1rem 0; break-inside: avoid; }
p { margin: .25rem 0; display: grid; grid-template-columns: 12rem 1fr; gap: 1rem; }
p.text { display: block; margin: .75rem 0; }
b { font-weight: 600; }
span { overflow-wrap: anywhere; }
@media (max-width: 34rem) { p { grid-template-columns: 1fr; gap: 0; } }
@media print { main { padding: 0; max-width: none; } section:last-child { break-inside: auto; } }
"""

CONTEXT: dict[str, Any] = {
    "@vocab": "urn:perfstudio:consent#",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema": {"@id": "dct:conformsTo", "@type": "@id"},
    "record_id": "dct:identifier",
    "created_at": {"@id": "dct:created", "@type": "xsd:dateTime"},
    "replaces": "dct:replaces",
    "subject": "dpv:hasDataSubject",
    "notice": "dpv:hasNotice",
    "language": "dct:language",
    "parties": "dpv:hasDataController",
    "jurisdiction": "dpv:hasJurisdiction",
    "authority": "dpv:hasAuthority",
    "rights": {"@id": "dpv:hasRight", "@type": "@id"},
    "collection": "dpv:hasDataSource",
    "uses": "dpv:hasProcess",
    "exactly": "dct:description",
    "data": "dpv:hasPersonalData",
    "processing": "dpv:hasProcessing",
    "legal_basis": {"@id": "dpv:hasLegalBasis", "@type": "@id"},
    "term": "dpv:hasDuration",
    "territory": "dpv:hasLocation",
    "recipients": "dpv:hasRecipient",
    "storage": "dpv:hasStorageCondition",
    "withdrawal": "dpv:hasConsentControl",
    "events": "dpv:hasConsent",
    "state": {"@id": "dpv:hasConsentStatus", "@type": "@vocab"},
    **{status.value: f"dpv:{status.value}" for status in ConsentStatus},
    "at": {"@id": "dpv:isIndicatedAtTime", "@type": "xsd:dateTime"},
    "by": "dpv:isIndicatedBy",
    "method": "dpv:hasIndicationMethod",
}
"""ISO/IEC TS 27560 fields under their DPV 2 names; the rest keeps its own name in our vocabulary."""
