"""Why a take is damaged, in the words of `verify`: what a tile and a list say beside the one state word."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.library.take_row import NO_FORM, NO_MANIFEST
from perfstudio.model.take import FileRole
from perfstudio.texts.error_details import reason
from perfstudio.texts.template import capital


def broken(damage: str) -> str:
    """Its consent.json does not hold; nothing for a take that is whole. Codes: `TakeRow.damage`."""
    if not damage:
        return ""
    if damage in NO_MANIFEST:
        return _("Its take.json cannot be read: {reason}", reason=reason(damage))
    return capital(reason(FileRole.MANIFEST.value if damage == NO_FORM else damage))
