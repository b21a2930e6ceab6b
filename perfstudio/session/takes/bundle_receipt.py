"""A take's papers against its receipt: what lies here is what the receiver confirmed.

The receipt names every file by hash, take.json and consent.json too, so it holds what a studio pays and judges by. Two
things may have come since without anybody having changed what was sent: the consent may have grown by signed acts (then
the record cut back to some act is the one that was confirmed), and either paper may be written in other words that
mean the same (then it is the same once it is written as perfstudio writes it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfstudio.library.folder import SENT
from perfstudio.model.base import Document, sha256_hex
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Arrival, Receipt, SentNote
from perfstudio.model.errors import DeliveryError
from perfstudio.model.spoken import SpokenStatement
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.session.takes.bundle_files import beside_problems, of_another_studio, problem, read_beside
from perfstudio.session.takes.bundle_pairs import pairs_problems
from perfstudio.session.takes.bundle_ruling import ruling_problems
from perfstudio.session.takes.earlier_consents import earlier_records
from perfstudio.session.takes.receipt_signature import NO_RECEIPT, KnownKey, ReceiptSignature, receipt_signature

_MANIFEST, _CONSENT, _RECEIPT = (FILE_NAMES[r] for r in (FileRole.MANIFEST, FileRole.CONSENT, FileRole.RECEIPT))
_PAPERS = (FileRole.MANIFEST, FileRole.CONSENT)


@dataclass(frozen=True, slots=True)
class Papers:
    """take.json and consent.json, as read and as they lie there."""

    manifest: TakeManifest
    manifest_bytes: bytes
    record: ConsentRecord | None
    record_bytes: bytes | None


@dataclass(frozen=True, slots=True)
class ReceiptFound:
    """What was found of the receipt beside a take, and of what else says where the take went and what came of it."""

    signature: ReceiptSignature
    problems: tuple[DeliveryError, ...] = ()


def look_at_receipt(folder: Path, papers: Papers, known_key: KnownKey) -> ReceiptFound:
    """What is wrong with the receipt beside a take, or with the take by that receipt; and, in the same way, with the
    note that it was sent, the studio's decision, and what it told of a partner. Nothing where there is none.
    """
    receipt, problems = _receipt(folder, papers.manifest)
    signature = NO_RECEIPT
    if receipt is not None:
        signature = receipt_signature(receipt, _records(folder, papers), known_key)
        problems += signature.problems
        problems += (*_differences(receipt, folder, papers), *_paper_differences(receipt, folder, papers))
    problems += tuple(_note_problems(folder, papers, receipt))
    problems += tuple(ruling_problems(folder, papers.manifest, receipt, known_key))
    problems += tuple(pairs_problems(folder, papers.manifest, receipt, known_key))
    return ReceiptFound(signature, problems)


def _receipt(folder: Path, manifest: TakeManifest) -> tuple[Receipt | None, tuple[DeliveryError, ...]]:
    """A receipt of this take, or why it is none."""
    try:
        receipt = read_beside(folder, _RECEIPT, Receipt)
    except DeliveryError as found:
        return None, (found,)
    if receipt is not None and receipt.take_id != manifest.take_id:
        return None, (problem(_RECEIPT, "other_take"),)
    strange = receipt is not None and of_another_studio(receipt.studio_id, manifest)
    return receipt, (problem(_RECEIPT, "another_studio"),) if strange else ()


def _note_problems(folder: Path, papers: Papers, receipt: Receipt | None) -> Iterator[DeliveryError]:
    """The note that a take was sent to a plain server is one, about this take, and says what lies here. Its papers may
    have changed since it was sent once more, to a receiver that has confirmed it.
    """
    return beside_problems(folder, SENT, SentNote, lambda note: _note_flaws(note, folder, papers, receipt))


def _note_flaws(note: SentNote, folder: Path, papers: Papers, receipt: Receipt | None) -> Iterator[DeliveryError]:
    if note.take_id != papers.manifest.take_id:
        yield problem(SENT, "other_take")
        return
    if of_another_studio(note.studio_id, papers.manifest):
        yield problem(SENT, "another_studio")
    yield from _differences(note, folder, papers)
    if receipt is None:
        yield from _paper_differences(note, folder, papers)


def _records(folder: Path, papers: Papers) -> list[ConsentRecord]:
    """Every consent record beside the take, the newest first."""
    return [*([papers.record] if papers.record is not None else []), *earlier_records(folder)]


def _differences(arrival: Arrival, folder: Path, papers: Papers) -> Iterator[DeliveryError]:
    """Files that the receipt (or the note) and the papers describe in two ways. What was read aloud is named by a
    record, and by none that is newer than the receipt.
    """
    confirmed = {(f.role, f.name, f.size, f.sha256) for f in arrival.files if f.role not in _PAPERS}
    listed = {(f.role.value, f.name, f.size, f.sha256) for f in papers.manifest.files}
    listed |= confirmed & {_read_aloud(record.spoken) for record in _records(folder, papers) if record.spoken}
    named = {f.role for f in arrival.files}
    of_0_1_0 = isinstance(arrival, Receipt) and arrival.public_key is None
    unnamed = {role.value for role in _PAPERS if role.value not in named and not of_0_1_0}
    for role in sorted({file[0] for file in confirmed ^ listed} | unnamed):
        name, said = (_RECEIPT, "confirms_other") if isinstance(arrival, Receipt) else (SENT, "says_other")
        yield problem(name, said, where=f"file {role}")


def _read_aloud(said: SpokenStatement) -> tuple[str, str, int, str]:
    role = FileRole.SPOKEN_CONSENT
    return role.value, FILE_NAMES[role], said.size, said.sha256


def _paper_differences(arrival: Arrival, folder: Path, papers: Papers) -> Iterator[DeliveryError]:
    changed = "not_as_confirmed" if isinstance(arrival, Receipt) else "not_as_sent"
    confirmed = {role: {f.sha256 for f in arrival.files if f.role == role.value} for role in _PAPERS}
    records = _records(folder, papers)
    if confirmed[FileRole.MANIFEST] - {sha256_hex(papers.manifest_bytes)}:
        meant = _manifests(papers.manifest, records)
        if not confirmed[FileRole.MANIFEST] <= meant and not papers.manifest.changed_since_sent():
            yield problem(_MANIFEST, changed)
    unreadable = papers.record is None and papers.record_bytes is not None  # that is said already
    if not unreadable and confirmed[FileRole.CONSENT] - {sha256_hex(papers.record_bytes or b"")}:
        meant = {digest for record in records for cut in _cuts(record) for digest in _digests(cut)}
        if not confirmed[FileRole.CONSENT] <= meant:
            yield problem(_CONSENT, changed)


def _manifests(manifest: TakeManifest, records: list[ConsentRecord]) -> set[str]:
    """The digests of take.json as it is, and as it was when its consent had fewer acts."""
    named = [manifest.consent, *(cut.reference() for record in records for cut in _cuts(record))]
    return {digest for ref in named for digest in _digests(manifest.model_copy(update={"consent": ref}))}


def _cuts(record: ConsentRecord) -> Iterator[ConsentRecord]:
    """A record as it stood after each of its acts."""
    return (record.model_copy(update={"events": record.events[:n]}) for n in range(1, len(record.events) + 1))


def _digests(document: Document) -> tuple[str, str]:
    """SHA-256 of a document in the two forms in which perfstudio writes one: for people, and canonical."""
    shown = json.dumps(document.to_json(), indent=2, ensure_ascii=False).encode() + b"\n"
    return sha256_hex(shown), sha256_hex(document.canonical())
