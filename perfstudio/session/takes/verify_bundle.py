"""Verifying a take bundle as a whole: what a studio runs on arrival, and what the receiver runs before its receipt.

Joins what no single room can see: files, names and hashes (`bundle_files`), schema, seal and what is judged (model),
consent chain and binding (consent), the receipt (`bundle_receipt`), and sync recomputed from the clock observations
(capture): those that go with the take, of one of format 1 those in `raw/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from perfstudio.capture.finishing.finish import picture_shift_us, verify_sync
from perfstudio.capture.finishing.raw_take import read_delivered, read_raw
from perfstudio.consent.reading import read_record
from perfstudio.consent.verify import verify_record
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.errors import ConsentError, DeliveryError, PerfstudioError
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.model.timing import SyncReport
from perfstudio.session.takes.bundle_files import can_be_read, file_problems, problem, read_paper, read_take_paper
from perfstudio.session.takes.bundle_receipt import Papers, look_at_receipt
from perfstudio.session.takes.receipt_signature import NO_RECEIPT, KnownKey, ReceiptSignature, nobody_known
from perfstudio.session.takes.taken_back import standing_now
from perfstudio.session.takes.verify_partner import partner_differs
from perfstudio.session.takes.verify_pings import pings_differ

RESIDUAL_TOLERANCE_MS = 0.05
"""Recomputing the sync from the same observations must give the same figures; only rounding may differ."""

PICTURE_TOLERANCE_US = 1000
"""Every picture lies where the observations and the calibrated offset put it; a container rounds to a microsecond, and
a log cut short by a kill leaves single pictures with the time the encoder noted."""

_MANIFEST, _CONSENT = FILE_NAMES[FileRole.MANIFEST], FILE_NAMES[FileRole.CONSENT]
_WILD = (
    PerfstudioError,
    ArithmeticError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    OSError,
    MemoryError,
)
"""What reckoning with observations may end in when a byte of them is not as it was written."""


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What was found. `problems` is empty when everything holds."""

    take_id: str
    files: int
    bytes: int
    consent: str
    """"signed", "withdrawn" or "none"."""
    sync: SyncReport | None
    """The manifest's sync report."""
    sync_recomputed: bool
    problems: tuple[PerfstudioError, ...]
    receipt: ReceiptSignature = NO_RECEIPT


def verify_bundle(folder: Path, *, consent_needed: bool = False, known_key: KnownKey = nobody_known) -> BundleReport:
    """Check a take folder or a delivered bundle. `known_key` knows the studios whose keys are known here.

    Raises DeliveryError(BUNDLE_INVALID) when there is no readable manifest at all; everything else is reported.
    """
    data, manifest = read_take_paper(folder)
    paper, record, unread = _consent(folder)
    problems: list[PerfstudioError] = list(file_problems(folder, manifest, record))
    if manifest.seal_sha256 != manifest.seal():
        problems.append(problem(_MANIFEST, "seal"))
    problems += [problem(_MANIFEST, "changed_since_sent", where=part) for part in manifest.changed_since_sent()]
    standing, unread_acts = standing_now(folder, record)
    problems += [found for found in (unread, unread_acts) if found is not None]
    if unread is None:
        problems += _consent_problems(manifest, record, standing, needed=consent_needed)
    receipt = look_at_receipt(folder, Papers(manifest, data, record, paper), known_key)
    problems += receipt.problems
    recomputed = _sync_problems(folder, manifest, problems)
    told = "none" if record is None else "signed" if standing else "withdrawn"
    total = sum(entry.size for entry in manifest.files)
    return BundleReport(
        manifest.take_id,
        len(manifest.files),
        total,
        told,
        manifest.sync,
        recomputed,
        tuple(problems),
        receipt.signature,
    )


def _consent(folder: Path) -> tuple[bytes | None, ConsentRecord | None, PerfstudioError | None]:
    """The record, if there is one, or why it cannot be read."""
    data = None
    try:
        data = read_paper(folder, FileRole.CONSENT)
        return data, None if data is None else read_record(data), None
    except DeliveryError as found:
        return b"", None, found
    except ConsentError as bad:
        facts = {("form" if fact == "problem" else fact): value for fact, value in bad.facts.items()}
        return data, None, problem(_CONSENT, "unreadable", **facts)


def _consent_problems(
    manifest: TakeManifest, record: ConsentRecord | None, standing: frozenset[UseId], *, needed: bool
) -> list[PerfstudioError]:
    if record is None:
        return [problem(_CONSENT, "missing")] if needed or manifest.consent else []
    problems: list[PerfstudioError] = [
        problem(_CONSENT, found.problem.value, where=found.where) for found in verify_record(record, manifest)
    ]
    if manifest.consent != record.reference():
        problems.append(problem(_MANIFEST, "consent_not_named"))
    if needed and not standing:
        problems.append(problem(_CONSENT, "withdrawn"))
    return problems


def _sync_problems(folder: Path, manifest: TakeManifest, problems: list[PerfstudioError]) -> bool:
    """Recompute the sync where the observations are at hand; the answer says whether they were."""
    goes_with_it = manifest.file(FileRole.TIMING) is not None
    if manifest.sync is None or not (goes_with_it or (folder / "raw").is_dir()):
        return False
    if not can_be_read(folder, manifest):
        return False  # that is said already, and whoever opens a pipe waits for ever
    told, where = manifest.sync, FILE_NAMES[FileRole.TIMING] if goes_with_it else "raw"
    try:
        with np.errstate(all="ignore"):
            raw = read_delivered(folder) if goes_with_it else read_raw(folder)
            again = verify_sync(raw, offset_ms=told.offset_ms, calibrated=told.calibrated)
            shift_us = picture_shift_us(raw, told.offset_ms) if manifest.file(FileRole.PICTURE) else 0
            partner = partner_differs(raw, manifest)
            pings = pings_differ(folder, raw, manifest)
    except _WILD:
        problems.append(problem(where, "unreadable"))
        return False
    moved = shift_us is None or shift_us > PICTURE_TOLERANCE_US
    if moved or abs(again.drift_ms - told.drift_ms) > RESIDUAL_TOLERANCE_MS:
        problems.append(problem(where, "sync_differs"))
    if partner:
        problems.append(problem(where, "partner_differs"))
    if pings:
        problems.append(problem(FILE_NAMES[FileRole.DUET_PINGS], "pings_differ"))
    return True
