"""The studio's decisions about takes that lie here, one file a take, signed with the studio's key.

Made by a verb beside the receiver, or by a call with a token of the studio's own. The file goes with the take.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from perfstudio.durable import write_durably
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ids import is_take_id
from perfstudio.model.jws import SigningKey
from perfstudio.model.ruling import LONGEST_REASON, Ruling, RulingWish, RulingWord
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.model.take_reading import read_take
from perfstudio.receiver.arrivals import require_arrival
from perfstudio.receiver.layout import ReceiverLayout, make_folder, read_or_none
from perfstudio.receiver.locking import held
from perfstudio.receiver.parsing import read_or_drop


class Rulings:
    """Over one receiver's folder, from any process."""

    def __init__(self, layout: ReceiverLayout, key: SigningKey, clock: Callable[[], datetime] = utc_now) -> None:
        self._layout = layout
        self._key = key
        self._clock = clock

    def rule(self, take_id: str, wish: RulingWish) -> Ruling:
        """Decide about a take. The same decision twice is one.

        Raises DeliveryError: ARRIVAL_UNKNOWN (take), RULING_WRONG (problem, seconds); OSError.
        """
        receipt = require_arrival(self._layout, take_id)
        reason = " ".join(wish.reason.split())
        self._require(take_id, wish, reason)
        with held(self._layout.rulings_lock):
            before = self.of(take_id)
            if before is not None and _said(before) == (receipt.receipt_id, wish.word, reason, wish.at_s):
                return before
            made = Ruling(
                take_id=take_id,
                studio_id=receipt.studio_id,
                receipt_id=receipt.receipt_id,
                number=before.number + 1 if before is not None else 1,
                word=wish.word,
                reason=reason,
                at_s=wish.at_s,
                ruled_at=self._clock(),
            ).signed(self._key)
            make_folder(self._layout.rulings)
            write_durably(self._layout.ruling(take_id), made.canonical())
        return made

    def of(self, take_id: str) -> Ruling | None:
        """What was decided of a take, signed with the key of this folder; None where nothing was."""
        data = read_or_none(self._layout.ruling(take_id)) if is_take_id(take_id) else None
        found = read_or_drop(data, Ruling)
        mine = found is not None and found.take_id == take_id and found.is_signed_by(self._key.public_key)
        return found if mine else None

    def _require(self, take_id: str, wish: RulingWish, reason: str) -> None:
        if wish.word is RulingWord.REJECTED and not reason:
            raise DeliveryError(ErrorCode.RULING_WRONG, problem="reason_missing")
        if len(reason) > LONGEST_REASON:
            raise DeliveryError(ErrorCode.RULING_WRONG, problem="reason_long")
        if not reason.isprintable():
            raise DeliveryError(ErrorCode.RULING_WRONG, problem="reason_unprintable")
        length = self._length_s(take_id)
        if wish.at_s is not None and length is not None and wish.at_s > length:
            raise DeliveryError(ErrorCode.RULING_WRONG, problem="moment_outside", seconds=length)

    def _length_s(self, take_id: str) -> float | None:
        data = read_or_none(self._layout.accepted(take_id) / FILE_NAMES[FileRole.MANIFEST])
        try:
            return read_take(data).duration_s if data is not None else None
        except JsonProblemError:
            return None


def _said(ruling: Ruling) -> tuple[str, RulingWord, str, float | None]:
    return ruling.receipt_id, ruling.word, ruling.reason, ruling.at_s
