"""Which takes lie at a receiver, accepted and whole, by its folders: for verbs beside it."""

from __future__ import annotations

from perfstudio.model.delivery import Receipt
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ids import is_take_id
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.receiver.parsing import read_or_drop

LEAST_LETTERS = 4
MOST_NAMED = 6


def arrivals(layout: ReceiverLayout) -> tuple[str, ...]:
    """The ids of all takes that were accepted and lie here, oldest first."""
    names = (place.name for place in layout.folder.iterdir() if is_take_id(place.name))
    return tuple(sorted(name for name in names if layout.receipt(name).exists()))


def find_arrival(layout: ReceiverLayout, text: str) -> str:
    """The take that a person means: its id, or the beginning of it. Raises DeliveryError(ARRIVAL_UNKNOWN, take) or
    (TAKE_AMBIGUOUS, take, matches)."""
    if is_take_id(text):
        require_arrival(layout, text)
        return text
    found = [name for name in arrivals(layout) if len(text) >= LEAST_LETTERS and name.startswith(text)]
    if len(found) > 1:
        raise DeliveryError(ErrorCode.TAKE_AMBIGUOUS, take=text, matches=", ".join(found[:MOST_NAMED]))
    if not found:
        raise DeliveryError(ErrorCode.ARRIVAL_UNKNOWN, take=text[:80])
    return found[0]


def require_arrival(layout: ReceiverLayout, take_id: str) -> Receipt:
    """The receipt of a take that lies here. Raises DeliveryError(ARRIVAL_UNKNOWN, take)."""
    try:
        data = read_or_none(layout.receipt(take_id)) if is_take_id(take_id) else None
    except (NotADirectoryError, IsADirectoryError):
        data = None
    receipt = read_or_drop(data, Receipt)
    if receipt is None or receipt.take_id != take_id:
        raise DeliveryError(ErrorCode.ARRIVAL_UNKNOWN, take=take_id[:80])
    return receipt
