"""The studio's decision beside a take: that the studio signed it, about this take and this delivery of it.

It says whether a take is paid for or done again, so `verify` looks at it as it looks at the receipt.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from perfstudio.library.folder import RULING
from perfstudio.model.delivery import Receipt
from perfstudio.model.errors import DeliveryError
from perfstudio.model.ruling import Ruling
from perfstudio.model.take import TakeManifest
from perfstudio.session.takes.bundle_files import beside_problems, problem
from perfstudio.session.takes.receipt_signature import KnownKey, studio_paper_rules


def ruling_problems(
    folder: Path, manifest: TakeManifest, receipt: Receipt | None, known_key: KnownKey
) -> Iterator[DeliveryError]:
    """What is wrong with ruling.json; nothing where there is none. `receipt` is the one beside it."""

    def look(ruling: Ruling) -> Iterator[DeliveryError]:
        if flaw := _flaw(ruling, manifest, receipt, known_key):
            yield problem(RULING, flaw)

    return beside_problems(folder, RULING, Ruling, look)


def _flaw(ruling: Ruling, manifest: TakeManifest, receipt: Receipt | None, known_key: KnownKey) -> str:
    known = known_key(ruling.studio_id)
    if known is None and receipt is not None:
        known = receipt.public_key  # one studio has signed both
    rules = (
        *studio_paper_rules(ruling, manifest, known),
        (receipt is None, "receipt_gone"),
        (receipt is not None and receipt.receipt_id != ruling.receipt_id, "another_delivery"),
    )
    return next((found for is_wrong, found in rules if is_wrong), "")
