"""A request that the receiver does not grant: a status and a few plain words that the sender may show."""

from __future__ import annotations

from perfstudio.durable import is_full
from perfstudio.systems.durability import DURABILITY


class RefusedError(Exception):
    """Answered with `status` and `words`; nothing was changed. `again_s`: it may be granted later, and is worth asking
    for once more after so long."""

    def __init__(self, status: int, words: str, *, again_s: int | None = None) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.again_s = again_s


def upload_gone() -> RefusedError:
    """410: the upload was dropped while a request was about it."""
    return RefusedError(410, "this upload is gone")


def storage_refusal(problem: OSError) -> RefusedError:
    """507: the disk does not take what came. The sender keeps its take and tries again later."""
    if is_full(problem):
        words = "the receiver's disk is full"
    elif DURABILITY.passes(problem):
        words = "another program at the receiver has a file of it open"
    else:
        words = "the receiver's folder cannot be used"
    return RefusedError(507, words)
