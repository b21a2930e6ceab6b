"""A recorder process that ends before it listens, as one whose program is damaged does."""

from __future__ import annotations

from multiprocessing.connection import Connection


def main(pipe: Connection, shared: str) -> None:
    """End at once."""
    pipe.close()
