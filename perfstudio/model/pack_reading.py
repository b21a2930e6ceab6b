"""pack.json read, in whichever version it is written."""

from __future__ import annotations

import re
from typing import Any, Final

from perfstudio.model.pack_2 import AnyPack, Pack2
from perfstudio.model.prompt import Pack
from perfstudio.model.reading import document_of
from perfstudio.model.strict_json import JsonProblemError

PACK_FORMATS: Final[dict[str, type[Pack] | type[Pack2]]] = {"perfstudio-pack/1": Pack, "perfstudio-pack/2": Pack2}
_NUMBERED: Final = re.compile(r"perfstudio-pack/([1-9][0-9]{0,5})")


def pack_of(plain: Any, data: bytes) -> AnyPack:
    """The pack in a value that `read_strictly` made of `data`. Raises JsonProblemError; its problem is newer_format
    where a later perfstudio is meant. A pack that does not say its version is one of version 1: that allowed it.
    """
    named = plain.get("format") if isinstance(plain, dict) else None
    if isinstance(named, str) and named not in PACK_FORMATS and _NUMBERED.fullmatch(named):
        raise JsonProblemError("newer_format", "format")
    kind = PACK_FORMATS.get(named, Pack) if isinstance(named, str) else Pack
    return document_of(plain, kind, data)
