"""What both records of a pair allow, for whoever holds the two folders: a studio without a receiver of ours, or the two
performers themselves. What is found is what a receiver writes into pair.json.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from perfstudio.consent.reading import read_record
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError
from perfstudio.model.pair import pair_id_of
from perfstudio.model.pair_document import PairDocument, PairState
from perfstudio.model.take import FileRole
from perfstudio.receiver.pair_rule import found_with, pair_as_it_is
from perfstudio.session.takes.bundle_files import read_paper
from perfstudio.session.takes.pair_report import PairReport
from perfstudio.session.takes.taken_back import holds_now


def pair_as_held(
    report: PairReport, folders: tuple[Path, Path], *, doubtful: Collection[str] = ()
) -> PairDocument | None:
    """The pair as it is now; None of two takes that are none. `folders` are those of the report's two sides; of
    `doubtful` takes, which do not verify, nothing is believed to stand. Raises DeliveryError(BUNDLE_INVALID)."""
    naming = next((side for side in report.sides if side.names is not None and pair_id_of(side) is not None), None)
    if report.problems or naming is None or naming.names is None or (pair_id := pair_id_of(naming)) is None:
        return None
    found = {}
    for side, folder in zip(report.sides, folders, strict=True):
        record = None if side.take_id in doubtful else _record(folder)
        holds = holds_now(folder, record)[0] if record is not None else None
        found[side.take_id] = found_with(side, report.alignment, holds)
    now = utc_now()
    begun = PairDocument(
        pair_id=pair_id, kind=naming.names.kind, state=PairState.WAITING, changed_at=now, sides=report.sides
    )
    return pair_as_it_is(begun, found, now, report.live)


def _record(folder: Path) -> ConsentRecord | None:
    data = read_paper(folder, FileRole.CONSENT)
    try:
        return read_record(data) if data is not None else None
    except ConsentError:  # whoever verifies the folder is told what is wrong with it
        return None
