"""Who has signed the receipt beside a take, and whether that key is known here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfstudio.delivery.studios import Studios
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Receipt
from perfstudio.model.errors import DeliveryError
from perfstudio.model.jws import fingerprint, is_public_key
from perfstudio.model.pair_document import PairTold
from perfstudio.model.ruling import Ruling
from perfstudio.model.take import TakeManifest
from perfstudio.paths import AppPaths
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.session.takes.bundle_files import of_another_studio, problem
from perfstudio.session.takes.missing import STUDIOS

KnownKey = Callable[[str], str | None]
"""The key by which a studio id is known, or None."""


def nobody_known(studio_id: str) -> None:
    """Where there is nothing to compare a key with."""


def studio_paper_rules(
    paper: Ruling | PairTold, manifest: TakeManifest, known: str | None
) -> tuple[tuple[bool, str], ...]:
    """Of what a studio signed about a take: whether each flaw is there, gravest first. `known` is the studio's key,
    where one is known."""
    key = paper.public_key
    return (
        (paper.take_id != manifest.take_id, "other_take"),
        (of_another_studio(paper.studio_id, manifest), "another_studio"),
        (key is None or paper.signature is None, "signature_gone"),
        (not paper.is_signed_by(key or ""), "signature_broken"),
        (known is not None and key != known, "studios_other_key"),
    )


class ReceiptStanding(StrEnum):
    """What a receipt is worth to whoever looks at it here."""

    NONE = "none"  # there is none, or it cannot be read
    UNSIGNED = "unsigned"  # of 0.1.0: the sender wrote down what the receiver had answered
    SIGNED = "signed"  # by a key that is not known here
    KNOWN = "known"  # by the key that this studio is known by
    FALSE = "false"  # its signature does not hold, or is another's


@dataclass(frozen=True, slots=True)
class ReceiptSignature:
    """`key` is the fingerprint that people compare; empty where nobody signed."""

    standing: ReceiptStanding = ReceiptStanding.NONE
    key: str = ""
    studio_id: str = ""
    problems: tuple[DeliveryError, ...] = ()


NO_RECEIPT = ReceiptSignature()


def receipt_signature(receipt: Receipt, records: Iterable[ConsentRecord], known_key: KnownKey) -> ReceiptSignature:
    """Look at the signature of a receipt. `records` are those that lie beside the take."""
    key, known = receipt.public_key, known_key(receipt.studio_id)
    if key is None and receipt.signature is None and receipt.record_id is None:
        return ReceiptSignature(ReceiptStanding.UNSIGNED, studio_id=receipt.studio_id)
    found = ""
    if key is None or receipt.signature is None:
        found = "signature_gone"
    elif not receipt.is_signed_by(key):
        found = "signature_broken"
    elif known is not None and key != known:
        found = "studios_other_key"
    elif receipt.record_id not in {record.record_id for record in records}:
        found = "came_with_other_consent"
    standing = ReceiptStanding.FALSE if found else ReceiptStanding.KNOWN if known else ReceiptStanding.SIGNED
    told = (problem("receipt.json", found),) if found else ()
    return ReceiptSignature(standing, fingerprint(key) if key else "", receipt.studio_id, told)


def keys_known_at(folder: Path, paths: AppPaths) -> KnownKey:
    """By what a studio is known to whoever looks at `folder`: its own key where that is a folder of its receiver, what
    the performer's home remembers of it elsewhere."""
    own = next(filter(None, (_own_key(place) for place in folder.absolute().parents[:2])), None)

    def known(studio_id: str) -> str | None:
        if own is not None:
            return own
        studios = (s for s in Studios(paths.home / STUDIOS).all() if s.id == studio_id)
        return next((studio.public_key for studio in studios), None)

    return known


def _own_key(place: Path) -> str | None:
    try:
        key = (read_or_none(ReceiverLayout(place).studio_key_public) or b"").decode("ascii", "replace").strip()
    except OSError:
        return None
    return key if is_public_key(key) else None
