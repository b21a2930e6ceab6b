"""What keys are called, and which one deletes: a Mac's keyboard is another one."""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import Qt

MAC: Final = sys.platform == "darwin"
CTRL: Final = "⌘" if MAC else "Ctrl"
"""What Qt calls Control everywhere."""
DELETE: Final = "⌫" if MAC else "Del"
BACK: Final = "⌫"
BIN_KEYS: Final = frozenset({Qt.Key.Key_Delete} | ({Qt.Key.Key_Backspace} if MAC else set()))
"""Small Macs have no other."""
