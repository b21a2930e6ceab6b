"""What the frozen program does before anything of it is imported (a runtime hook of PyInstaller, see perfstudio.spec).

Programs that it starts (the browser, the file manager) find the system's own libraries again, and what asks the system
for a library by its name (PortAudio by ctypes) is given the one that lies in the program's folder.
"""

from __future__ import annotations

import ctypes.util
import os
import sys
from pathlib import Path


def begin() -> None:
    """Both; on Linux only, the loaders of the other systems need neither."""
    if not sys.platform.startswith("linux"):
        return
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)  # the loader has read it
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # a further process of ours sets it anew
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elsewhere = ctypes.util.find_library

    def find_library(name: str) -> str | None:
        beside = sorted(Path(sys._MEIPASS).glob(f"lib{name}.so*"))  # type: ignore[attr-defined]
        return str(beside[0]) if beside else elsewhere(name)

    ctypes.util.find_library = find_library


if __name__ == "__main__":
    begin()
