"""The end of a level B delivery: the receiver shows that it has the bytes, and signs for them.

It is sent a salt that nobody could know before, and answers SHA-256(salt + file) of every file, signed with the key in
the studio's document. While it reads its files, ours are read once. Nothing that it said before counts as a receipt.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from time import monotonic

from perfstudio.delivery.bundle import Bundle, Evidence
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import FIRST_POLL_S, next_poll
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.model.delivery import Receipt, Studio
from perfstudio.model.proof import SALT_BYTES, TakeProof


class Proving:
    """One bundle at one studio. `check` may end it; `wait` rests for so many seconds and may end it, too."""

    def __init__(
        self,
        bundle: Bundle,
        studio: Studio,
        calls: ReceiverApi,
        *,
        outbox: Outbox,
        evidence: Evidence,
        check: Callable[[], None],
        wait: Callable[[float], None],
    ) -> None:
        self._bundle = bundle
        self._studio = studio
        self._calls = calls
        self._outbox = outbox
        self._evidence = evidence
        self._check = check
        self._wait = wait
        self._key = (bundle.take_id, studio.id)

    def begin(self) -> None:
        """Make up the salt, where that is not done, and read the two papers: they may change before the end."""
        for file in self._bundle.papers():
            self._evidence.salted(self._bundle, file, self._salt(), self._check)

    def begin_with(self, papers: Iterable[bytes]) -> None:
        """The same with papers that have changed by now."""
        for data in papers:
            self._evidence.knows(data, self._salt())

    def receipt(self, patience_s: float) -> Receipt:
        """The receipt, once everything about it holds. Raises TransferError, and what `check` and `wait` raise."""
        salt, give_up_s, wait_s = self._salt(), monotonic() + patience_s, FIRST_POLL_S
        said = self._calls.prove(self._bundle.take_id, salt)
        ours = {
            file.name: self._evidence.salted(self._bundle, file, salt, self._check) for file in self._bundle.in_order()
        }
        while said is None:
            if monotonic() >= give_up_s:
                detail = f"{patience_s:.0f}"
                raise TransferError(
                    Failure(DeliveryStep.JSON, Fault.UNFINISHED, detail=detail, address=self._calls.address)
                )
            self._wait(wait_s)
            wait_s = next_poll(wait_s)
            said = self._calls.prove(self._bundle.take_id, salt)
        wrong = flaw(said, self._bundle, self._studio, salt=salt, ours=ours)
        if wrong:
            self._outbox.note(*self._key, salt=None)
            raise TransferError(Failure(DeliveryStep.JSON, Fault.UNPROVEN, detail=wrong, address=self._calls.address))
        return said.receipt

    def _salt(self) -> str:
        """Kept before it is asked with: after a kill the receiver answers from what it has read already."""
        known = self._outbox.noted(*self._key)[2]
        if known is None:
            known = secrets.token_hex(SALT_BYTES)
            self._outbox.note(*self._key, salt=known)
        return known


def flaw(proof: TakeProof, bundle: Bundle, studio: Studio, *, salt: str, ours: dict[str, str]) -> str:
    """What is wrong with an answer, or nothing. `ours` holds SHA-256(salt + file) by name."""
    key, receipt = studio.public_key or "", proof.receipt
    files = [(file.role, file.name, file.size, file.sha256) for file in receipt.files]
    expected = [(file.role.value, file.name, file.size, file.sha256) for file in bundle.files]
    rules = (
        (proof.public_key != key or receipt.public_key != key, "studios_other_key"),
        (not (proof.is_signed_by(key) and receipt.is_signed_by(key)), "not_its_signature"),
        (proof.salt != salt, "of_another_time"),
        ((receipt.take_id, receipt.record_id) != (bundle.take_id, bundle.consent.record_id), "about_another_take"),
        (receipt.studio_id != studio.id or receipt.level != "B" or receipt.state != "accepted", "about_another_take"),
        (sorted(files) != sorted(expected), "of_other_files"),
        (sorted((file.name, file.sha256) for file in proof.files) != sorted(ours.items()), "bytes_not_there"),
    )
    return next((problem for is_wrong, problem in rules if is_wrong), "")
