"""Why a take is damaged, in the words of `verify`: what a tile and a list say beside the one state word."""

from __future__ import annotations

from typing import Final

from perfstudio.language.catalogue import _
from perfstudio.texts.error_details import reason
from perfstudio.texts.template import capital

_OF_THE_MANIFEST: Final = frozenset({"missing", "unreadable", "link", "not_json"})


def broken(damage: str) -> str:
    """Its consent.json does not hold; nothing for a take that is whole. Codes: `TakeRow.damage`."""
    if not damage:
        return ""
    if damage in _OF_THE_MANIFEST:
        return _("Its take.json cannot be read: {reason}", reason=reason(damage))
    return capital(reason("manifest" if damage == "invalid" else damage))
