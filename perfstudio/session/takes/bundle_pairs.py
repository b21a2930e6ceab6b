"""What studios told of a take and its partner's, beside a take: that each studio signed it, and about this take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from perfstudio.library.folder import PAIRS
from perfstudio.model.delivery import Receipt
from perfstudio.model.errors import DeliveryError
from perfstudio.model.pair_document import PairsKept, PairTold
from perfstudio.model.take import TakeManifest
from perfstudio.session.takes.bundle_files import beside_problems, problem
from perfstudio.session.takes.receipt_signature import KnownKey, studio_paper_rules


def pairs_problems(
    folder: Path, manifest: TakeManifest, receipt: Receipt | None, known_key: KnownKey
) -> Iterator[DeliveryError]:
    """What is wrong with pairs.json, once for each flaw; nothing where there is none."""

    def look(kept: PairsKept) -> Iterator[DeliveryError]:
        flaws = (_flaw(told, manifest, receipt, known_key) for told in kept.pairs)
        other = ("other_take",) if kept.take_id != manifest.take_id else ()
        return (problem(PAIRS, flaw) for flaw in dict.fromkeys((*other, *flaws)) if flaw)

    return beside_problems(folder, PAIRS, PairsKept, look)


def _flaw(told: PairTold, manifest: TakeManifest, receipt: Receipt | None, known_key: KnownKey) -> str:
    known = known_key(told.studio_id)
    if known is None and receipt is not None and receipt.studio_id == told.studio_id:
        known = receipt.public_key
    return next((found for is_wrong, found in studio_paper_rules(told, manifest, known) if is_wrong), "")
