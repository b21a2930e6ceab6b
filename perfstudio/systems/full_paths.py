"""A path from its root on.

Linux, macOS   as it is typed: "a/.." leads through a link, and every sign counts
Windows        GetFullPathName (learn.microsoft.com, "Naming Files, Paths, and Namespaces"): a folder is made without
               the blanks and dots at the end of its name, and what lies in it would be looked for under the name with
               them. Run under Wine.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def full_path(path: Path, system: str = sys.platform) -> Path:
    """The path as the system itself will name it."""
    return Path(os.path.abspath(path)) if system == "win32" else path.absolute()  # noqa: PTH100 - absolute() keeps blanks
