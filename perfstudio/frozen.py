"""A frozen app is program and Python in one file: what its further processes are called by, and how they begin.

Such a file knows neither `-m` nor `-c`. multiprocessing and we start it again all the same, with words that are
answered here before the command line sees them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

_MODULE = "--module"
_TRACKER = re.compile(r"from multiprocessing\.resource_tracker import main;\s*main\((\d+)\)")


def is_frozen() -> bool:
    """Whether this process runs from such a file."""
    return bool(getattr(sys, "frozen", False))


def command(module: str) -> tuple[str, ...]:
    """What runs one of our modules in a process of its own."""
    return (sys.executable, _MODULE if is_frozen() else "-m", module)


def begin(arguments: Sequence[str]) -> None:
    """Do the work of a further process and end it; return where this is the app itself. The first call of all."""
    if not is_frozen():
        return
    import multiprocessing.spawn  # noqa: PLC0415 - a quick verb does not wait for it

    multiprocessing.freeze_support()  # packers put their own in its place
    if multiprocessing.spawn.is_forking(sys.argv):
        multiprocessing.spawn.freeze_support()
    tracker = _TRACKER.fullmatch(arguments[-1]) if list(arguments[-2:-1]) == ["-c"] else None
    if tracker is not None:
        from multiprocessing import resource_tracker  # noqa: PLC0415 - as above

        resource_tracker.main(int(tracker[1]))
        sys.exit(0)
    if len(arguments) == 2 and arguments[0] == _MODULE and arguments[1].startswith("perfstudio."):
        import runpy  # noqa: PLC0415 - as above

        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        sys.exit(0)
