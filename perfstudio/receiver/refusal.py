"""A request that the receiver does not grant: a status and a few plain words that the sender may show."""

from __future__ import annotations


class RefusedError(Exception):
    """Answered with `status` and `words`; nothing was changed."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
