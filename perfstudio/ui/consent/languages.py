"""Languages by the names that their speakers give them."""

from __future__ import annotations

from PySide6.QtCore import QLocale

_OWN_NAMES = {"en": "English", "es": "Español", "pt": "Português", "zh": "中文"}
"""Where the system's name would name a country, too."""


def own_name(code: str) -> str:
    """A language in its own words: Deutsch, Español."""
    name = _OWN_NAMES.get(code.partition("-")[0]) or QLocale(code).nativeLanguageName() or code
    return name[:1].upper() + name[1:]
