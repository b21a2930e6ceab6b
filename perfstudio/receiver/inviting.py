"""What an invitation needs to know of a receiver, from the files of its folder: the verb runs beside the receiver."""

from __future__ import annotations

from perfstudio.durable import write_durably
from perfstudio.model.base import Document
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import is_public_key
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.receiver.layout import ReceiverLayout, read_or_none

_MOST_BYTES = 64 << 10


class ReachedAt(Document):
    """reached.json: how senders reach the receiver that ran here last."""

    url: str
    studio_id: str


def note_reached(layout: ReceiverLayout, url: str, studio_id: str) -> None:
    """Kept at each start, when it has changed. Raises OSError."""
    if _reached(layout) != (now := ReachedAt(url=url, studio_id=studio_id)):
        write_durably(layout.reached, now.canonical())


def reached(layout: ReceiverLayout) -> ReachedAt:
    """Where senders come to. Raises DeliveryError(RECEIVER_UNREADY): it has never run."""
    known = _reached(layout)
    if known is None:
        raise DeliveryError(ErrorCode.RECEIVER_UNREADY, folder=str(layout.folder))
    return known


def public_key(layout: ReceiverLayout) -> str:
    """The public half of the studio's key. Raises DeliveryError(RECEIVER_UNREADY)."""
    known = (read_or_none(layout.studio_key_public) or b"").decode("ascii", "replace").strip()
    if not is_public_key(known):
        raise DeliveryError(ErrorCode.RECEIVER_UNREADY, folder=str(layout.folder))
    return known


def _reached(layout: ReceiverLayout) -> ReachedAt | None:
    data = read_or_none(layout.reached)
    try:
        return None if data is None else read_document(data, ReachedAt, limit=_MOST_BYTES)
    except JsonProblemError:
        return None
