"""One line of a `mimeapps.list`: everything else in the file stays letter by letter as it is."""

from __future__ import annotations

from collections.abc import Callable

_DEFAULTS = "[Default Applications]"
_SECTIONS = (_DEFAULTS, "[Added Associations]")


def with_default(text: str, mime_type: str, entry: str) -> str:
    """The list with `entry` as the first that opens `mime_type`; who opened it before comes next."""
    found = False

    def first(section: str, entries: list[str]) -> list[str]:
        nonlocal found
        if section != _DEFAULTS:
            return entries
        found = True
        return [entry, *(one for one in entries if one != entry)]

    text = _changed(text, mime_type, first)
    if found:
        return text
    lines, new = text.splitlines(keepends=True), f"{mime_type}={entry};\n"
    for place, line in enumerate(lines):
        if line.strip() == _DEFAULTS:
            lines[place] = line.rstrip("\r\n") + "\n"
            lines.insert(place + 1, new)
            return "".join(lines)
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{_DEFAULTS}\n{new}"


def without(text: str, mime_type: str, entry: str) -> str:
    """The list without `entry` for `mime_type`."""
    return _changed(text, mime_type, lambda _section, entries: [one for one in entries if one != entry])


def _changed(text: str, mime_type: str, change: Callable[[str, list[str]], list[str]]) -> str:
    kept, section = [], ""
    for line in text.splitlines(keepends=True):
        name, is_key, value = line.partition("=")
        if line.startswith("["):
            section = line.strip()
        if section not in _SECTIONS or not is_key or name.strip() != mime_type:
            kept.append(line)
            continue
        entries = [one for one in value.strip().split(";") if one]
        left = change(section, entries)
        if left == entries:
            kept.append(line)
        elif left:
            kept.append(f"{mime_type}={';'.join(left)};\n")
    return "".join(kept)
