"""Source as its tests read it: every file parsed and walked through once for all the tests of a module."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

Nodes = dict[Path, tuple[ast.AST, ...]]
"""Every node of each file, its module first."""


def nodes_of(paths: Iterable[Path]) -> Nodes:
    """Read, parse and walk through all of them."""
    with no_garbage():
        return {path: tuple(ast.walk(ast.parse(path.read_bytes(), str(path)))) for path in paths}


@contextmanager
def no_garbage() -> Iterator[None]:
    """Parsing makes very many nodes that all stay: to look for garbage among them costs as much again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
