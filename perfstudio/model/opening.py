"""Packs and clips that a start is asked to open: what it asks of its words, so nothing is loaded for it."""

from __future__ import annotations

from pathlib import Path

from perfstudio.systems.file_addresses import SCHEME, path_of

PACK_SUFFIX = ".perfpack"
PACK_TYPE = "application/vnd.perfstudio.pack+zip"
"""Its media type, as desktops know it."""
CLIP_SUFFIX = ".perfclip"
CLIP_TYPE = "application/vnd.perfstudio.clip+zip"
"""The same of a clip that a colleague made."""
SUFFIXES = (PACK_SUFFIX, CLIP_SUFFIX)


def opened_pack(text: str) -> Path | None:
    """The file that is meant, by an absolute path; None for any other word.

    It ends as packs and clips do, or it is named as only file managers name one: by an absolute path, or by `file:`
    with odd letters as %XX (RFC 8089). A path may be of bytes that are no text, and a name may hold a % of its own.
    """
    named = text.strip()
    if named[: len(SCHEME)].lower() == SCHEME:
        named = path_of(named)
        meant = bool(named)
    else:
        named = text
        meant = Path(named).is_absolute() or (named.lower().endswith(SUFFIXES) and "://" not in named)
    return Path(named).absolute() if meant and "\0" not in named else None


def is_elsewhere(text: str) -> bool:
    """Whether a pack or a clip is meant that lies on the web: perfstudio downloads none."""
    scheme, there, rest = text.strip().partition("://")
    plain = rest.partition("?")[0].partition("#")[0]
    return bool(there) and scheme.lower() + ":" != SCHEME and plain.lower().endswith(SUFFIXES)


def address_of(pack: Path) -> str:
    """The same as `file:` and ASCII, which goes through every door."""
    return pack.absolute().as_uri()
