"""perfstudio run as `python -m perfstudio` would be, in an interpreter that is there already."""

from __future__ import annotations

import runpy
import sys


def exit_code() -> int:
    """Run it with what stands in `sys.argv`; how it ended, as the interpreter would tell the system."""
    try:
        runpy.run_module("perfstudio", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter would
        sys.excepthook(*sys.exc_info())
        return 1
    return 0
