"""The papers of a take: the signed consent record and the receiver's receipt, kept beside it under strict rules."""

from __future__ import annotations

from perfstudio.durable import write_durably
from perfstudio.library.decisions import Change, bound_for_sending
from perfstudio.library.folder import CONSENT, RECEIPT, RULING, SENT, SPOKEN, TakeLocation, read_consent, read_manifest
from perfstudio.library.sealing import change, write_document
from perfstudio.library.spoken import let_go_of_spoken, write_spoken
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Arrival, Receipt, SentNote
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode
from perfstudio.model.ruling import Ruling
from perfstudio.model.take import FileRole, TakeManifest


def write_consent(place: TakeLocation, record: ConsentRecord, spoken: bytes | None = None) -> TakeManifest:
    """Write what was read aloud, consent.json, and its hash into take.json; a recording of which nothing stands goes.

    Before a record takes the place of another, take.json names none: where a kill or a full disk comes between the two
    files, it does not name what is no longer there. Who sends the take names it (`name_for_sending`).
    Raises OSError, LibraryError, ConsentError(CONSENT_INVALID).
    """
    manifest = read_manifest(place)
    if record.take.take_id != place.take_id or record.take.seal_sha256 != manifest.seal_sha256:
        raise ConsentError(ErrorCode.CONSENT_INVALID, where="take", problem="other_take")
    older = read_consent(place)
    if older is not None and older.record_id != record.record_id:
        _set_aside(place, older, record)
        change(place, _naming(None))
    elif older is not None and not _grew_from(older, record):
        raise ConsentError(ErrorCode.CONSENT_INVALID, where="events", problem="not_appended")
    write_spoken(place, record, spoken)
    try:
        write_document(place.folder / CONSENT, record)
    except OSError:
        let_go_of_spoken(place, older)  # nothing was signed with it
        raise
    manifest = change(place, _naming(record))
    let_go_of_spoken(place, record)
    return manifest


def name_for_sending(place: TakeLocation) -> TakeManifest:
    """Bind what is judged by hash, and name the record as it stands, in take.json. Raises OSError, LibraryError."""
    named = _naming(read_consent(place))
    return change(place, lambda manifest: bound_for_sending(named(manifest)))


def _naming(record: ConsentRecord | None) -> Change:
    consent = record.reference() if record is not None else None
    return lambda manifest: manifest.model_copy(update={"consent": consent})


def write_receipt(place: TakeLocation, receipt: Receipt) -> None:
    """Write receipt.json, the bytes that the receiver signed.

    Raises OSError, LibraryError, DeliveryError(RECEIPT_DIFFERS) when a hash is not ours.
    """
    _require_ours(place, receipt, RECEIPT)
    write_durably(place.folder / RECEIPT, receipt.canonical())


def write_sent(place: TakeLocation, note: SentNote) -> None:
    """Write sent.json. Raises as `write_receipt`."""
    _require_ours(place, note, SENT)
    write_document(place.folder / SENT, note)


def _require_ours(place: TakeLocation, arrival: Arrival, name: str) -> None:
    manifest = read_manifest(place)
    if arrival.take_id != place.take_id:
        raise DeliveryError(ErrorCode.RECEIPT_DIFFERS, file=name)
    confirmed = {(f.role, f.size, f.sha256) for f in arrival.files}
    for entry in manifest.files:
        if (entry.role.value, entry.size, entry.sha256) not in confirmed:
            raise DeliveryError(ErrorCode.RECEIPT_DIFFERS, file=entry.name)
    record = read_consent(place)
    aloud = record.said_aloud() if record is not None else None
    if aloud is not None and (FileRole.SPOKEN_CONSENT.value, aloud.size, aloud.sha256) not in confirmed:
        raise DeliveryError(ErrorCode.RECEIPT_DIFFERS, file=SPOKEN)


def write_ruling(place: TakeLocation, ruling: Ruling) -> None:
    """Write ruling.json. Raises OSError, DeliveryError(RECEIPT_DIFFERS) for one of another take."""
    if ruling.take_id != place.take_id:
        raise DeliveryError(ErrorCode.RECEIPT_DIFFERS, file=RULING)
    write_document(place.folder / RULING, ruling)


def _grew_from(older: ConsentRecord, newer: ConsentRecord) -> bool:
    return older.head() == newer.head() and newer.events[: len(older.events)] == older.events


def _set_aside(place: TakeLocation, older: ConsentRecord, newer: ConsentRecord) -> None:
    if older.granted() and newer.replaces != older.record_id:
        raise ConsentError(ErrorCode.CONSENT_INVALID, where="record_id", problem="still_standing")
    name = f"consent-{older.digest()[:16]}.json"
    write_document(place.folder / name, older)
