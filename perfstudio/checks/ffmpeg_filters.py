"""FFmpeg filter graphs: what both meters of loudness do with theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
from av.filter import Graph


def pulled(graph: Graph) -> Iterator[Any]:
    """Every frame that is ready; ends when the graph wants more or has ended."""
    while True:
        try:
            yield graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
