"""Verifying a take bundle as a whole: what a studio runs on arrival, and what the receiver runs before its receipt.

Joins what no single room can see: hashes (here), schema and seal (model), consent chain and binding (consent), and sync
recomputed from the clock observations (capture): those that go with the take, of one of format 1 those in `raw/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from perfstudio.capture.finishing.finish import picture_shift_us, verify_sync
from perfstudio.capture.finishing.raw_take import read_delivered, read_raw
from perfstudio.consent.reading import read_record
from perfstudio.consent.verify import verify_record
from perfstudio.durable import sha256_of
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode, PerfstudioError
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, FileEntry, FileRole, TakeManifest
from perfstudio.model.take_reading import read_take, unreadable
from perfstudio.model.timing import SyncReport

RESIDUAL_TOLERANCE_MS = 0.05
"""Recomputing the sync from the same observations must give the same figures; only rounding may differ."""

PICTURE_TOLERANCE_US = 1000
"""Every picture lies where the observations and the calibrated offset put it; a container rounds to a microsecond, and
a log cut short by a kill leaves single pictures with the time the encoder noted."""


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


def verify_bundle(folder: Path, *, consent_needed: bool = False) -> BundleReport:
    """Check a take folder or a delivered bundle.

    Raises DeliveryError(BUNDLE_INVALID) when there is no readable manifest at all; everything else is reported.
    """
    manifest = _manifest(folder)
    problems: list[PerfstudioError] = []
    for entry in manifest.files:
        problems += _file_problems(folder, entry)
    if manifest.seal_sha256 != manifest.seal():
        problems.append(_problem("take.json", "seal_differs"))
    record, unread = _consent(folder)
    problems += [unread] if unread is not None else _consent_problems(manifest, record, needed=consent_needed)
    recomputed = _sync_problems(folder, manifest, problems)
    standing = "none" if record is None else ("signed" if record.granted() else "withdrawn")
    total = sum(entry.size for entry in manifest.files)
    return BundleReport(
        manifest.take_id, len(manifest.files), total, standing, manifest.sync, recomputed, tuple(problems)
    )


def _manifest(folder: Path) -> TakeManifest:
    name = FILE_NAMES[FileRole.MANIFEST]
    try:
        return read_take((folder / name).read_bytes())
    except FileNotFoundError:
        raise _problem(name, "missing") from None
    except (OSError, JsonProblemError) as bad:
        raise _problem(name, unreadable(bad)) from bad


def _file_problems(folder: Path, entry: FileEntry) -> list[PerfstudioError]:
    if entry.name != FILE_NAMES.get(entry.role):
        return [_problem("take.json", "names")]
    file = folder / entry.name
    if file.is_symlink() or not file.is_file():
        return [_problem(entry.name, "missing")]
    if file.stat().st_size != entry.size:
        return [_problem(entry.name, "size_differs")]
    with file.open("rb") as source:
        if sha256_of(source) != entry.sha256:
            return [_problem(entry.name, "hash_differs")]
    return []


def _consent(folder: Path) -> tuple[ConsentRecord | None, PerfstudioError | None]:
    """The record, if there is one, or why it cannot be read."""
    name = FILE_NAMES[FileRole.CONSENT]
    try:
        return read_record((folder / name).read_bytes()), None
    except FileNotFoundError:
        return None, None
    except OSError:
        return None, _problem(name, "unreadable")
    except ConsentError as bad:
        facts = {("form" if fact == "problem" else fact): value for fact, value in bad.facts.items()}
        return None, _problem(name, "unreadable", **facts)


def _consent_problems(manifest: TakeManifest, record: ConsentRecord | None, *, needed: bool) -> list[PerfstudioError]:
    name = FILE_NAMES[FileRole.CONSENT]
    if record is None:
        return [_problem(name, "missing")] if needed or manifest.consent else []
    problems: list[PerfstudioError] = [
        _problem(name, found.problem.value, where=found.where) for found in verify_record(record, manifest)
    ]
    if manifest.consent is None or manifest.consent.sha256 != record.digest():
        problems.append(_problem("take.json", "consent_not_named"))
    if needed and not record.granted():
        problems.append(_problem(name, "withdrawn"))
    return problems


def _sync_problems(folder: Path, manifest: TakeManifest, problems: list[PerfstudioError]) -> bool:
    """Recompute the sync where the observations are at hand; the answer says whether they were."""
    goes_with_it = manifest.file(FileRole.TIMING) is not None
    if manifest.sync is None or not (goes_with_it or (folder / "raw").is_dir()):
        return False
    told, where = manifest.sync, FILE_NAMES[FileRole.TIMING] if goes_with_it else "raw"
    try:
        with np.errstate(all="ignore"):
            raw = read_delivered(folder) if goes_with_it else read_raw(folder)
            again = verify_sync(raw, offset_ms=told.offset_ms, calibrated=told.calibrated)
            shift_us = picture_shift_us(raw, told.offset_ms) if manifest.file(FileRole.PICTURE) else 0
    except _WILD:
        problems.append(_problem(where, "unreadable"))
        return False
    moved = shift_us is None or shift_us > PICTURE_TOLERANCE_US
    if moved or abs(again.drift_ms - told.drift_ms) > RESIDUAL_TOLERANCE_MS:
        problems.append(_problem(where, "sync_differs"))
    return True


def _problem(file: str, problem: str, **facts: str | int | float) -> DeliveryError:
    return DeliveryError(ErrorCode.BUNDLE_INVALID, file=file, problem=problem, **facts)
