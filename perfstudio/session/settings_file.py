"""settings.json on the disk: read so that nothing is lost, and changed value by value.

A value that means nothing here costs itself alone, and stays in the file for the version that wrote it, as every
unknown key does. Of a damaged file whatever still reads is taken, the rest from `settings.json.bak`, which is written
with every change, and the performer's id, if need be, from the takes. The damaged bytes are kept beside it.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from perfstudio.durable import write_durably
from perfstudio.library.locks import Locks
from perfstudio.model.errors import LibraryError
from perfstudio.model.strict_json import read_leniently
from perfstudio.session.set_aside import RestoredFrom, SetAside, SetAsideKind, copy_aside, lay_aside
from perfstudio.session.settings_values import Settings

Plain = dict[str, Any]
PATIENCE_S = 2.0
"""How long a change waits for another program's; it takes milliseconds."""
_WHO = "performer_id"


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """What an opened file says, and what had to be laid aside for it."""

    settings: Settings
    plain: Plain
    asides: tuple[SetAside, ...] = ()


class SettingsFile:
    """One file and its copy. Call `open` and `write` inside `held`."""

    def __init__(self, file: Path, remembered: Callable[[], str | None]) -> None:
        self._file = file
        self._copy = file.with_name(f"{file.name}.bak")
        self._remembered = remembered
        self._locks = Locks(file.parent / "locks")

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else changes the file meanwhile; where no lock is to be had, it goes without."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError, LibraryError):
                self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                stack.enter_context(self._locks.hold("settings", self._file.name, PATIENCE_S))
            yield

    def open(self) -> LoadedSettings:
        """Read it; make it, mend it and bring its copy up to date where that is needed. A full disk is survived."""
        opened = self._read()
        with contextlib.suppress(OSError):
            self._store(opened.plain)
        return opened

    def write(self, values: Plain, now: Settings) -> LoadedSettings:
        """Change these values and no others. What is in force (`now`) replaces a file that was damaged meanwhile.

        Raises OSError.
        """
        data = _bytes_of(self._file)
        plain = parsed(data) if data is not None else None
        if plain is not None and _names_somebody(plain):
            opened = self._whole(plain, data or b"")
        else:
            kept = self._keep(data)
            asides = (SetAside(SetAsideKind.SETTINGS, kept, found=RestoredFrom.COPY),) if kept else ()
            opened = LoadedSettings(now, now.to_json(), asides)
        changed = opened.plain | values
        self._store(changed)
        return LoadedSettings(understood(changed)[0], changed, opened.asides)

    def _store(self, plain: Plain) -> None:
        text = json.dumps(plain, indent=1).encode()
        for file in (self._file, self._copy):
            if _bytes_of(file) != text:
                write_durably(file, text)

    def _read(self) -> LoadedSettings:
        data = _bytes_of(self._file)
        plain = parsed(data) if data is not None else None
        if plain is not None and _names_somebody(plain):
            return self._whole(plain, data or b"")
        return self._mended(plain, data)

    def _whole(self, plain: Plain, data: bytes) -> LoadedSettings:
        """A file that reads as a whole; single values may mean nothing here, which is said once for each."""
        settings, refused = understood(plain)
        news = tuple(key for key in refused if key not in settings.not_understood)
        asides = (SetAside(SetAsideKind.VALUES, copy_aside(self._file, data), news, RestoredFrom.FILE),) if news else ()
        settings = settings.model_copy(update={"not_understood": refused})
        told: Plain = {"not_understood": list(refused)}
        return LoadedSettings(settings, settings.to_json() | plain | told, asides)

    def _mended(self, plain: Plain | None, data: bytes | None) -> LoadedSettings:
        """Nothing, or what no longer says who the performer is: put together from all that is left."""
        copy = parsed(_bytes_of(self._copy) or b"") or {}
        left = plain if plain is not None else pieces(data or b"")
        both = copy | left
        found, who = self._performer(left, copy)
        both[_WHO] = who or Settings().performer_id
        settings, refused = understood(both)
        settings = settings.model_copy(update={"not_understood": refused})
        opened = LoadedSettings(settings, settings.to_json() | both | {"not_understood": list(refused)})
        kept = self._keep(data)
        if kept is None and not _is_there(self._file):
            missing = (
                (SetAside(SetAsideKind.SETTINGS_MISSING, found=found),) if found is not RestoredFrom.NOWHERE else ()
            )
            return LoadedSettings(opened.settings, opened.plain, missing)
        return LoadedSettings(opened.settings, opened.plain, (SetAside(SetAsideKind.SETTINGS, kept, refused, found),))

    def _keep(self, data: bytes | None) -> Path | None:
        """Where a damaged file is kept: a copy of its bytes, or itself where they cannot be read."""
        if data is not None:
            return copy_aside(self._file, data)
        return lay_aside(self._file) if _is_there(self._file) else None

    def _performer(self, left: Plain, copy: Plain) -> tuple[RestoredFrom, str | None]:
        """The performer's id: from the copy, which is whole, before what is left of the file; then from the takes."""
        for found, place in ((RestoredFrom.COPY, copy), (RestoredFrom.FILE, left)):
            if _names_somebody(place):
                return found, place[_WHO]
        who = self._remembered()
        return (RestoredFrom.TAKES, who) if who else (RestoredFrom.NOWHERE, None)


def understood(plain: Plain) -> tuple[Settings, tuple[str, ...]]:
    """The settings that a JSON object holds, and the keys whose values mean nothing here.

    Of a value with parts (a camera, say) only the part is left out that means nothing, if the rest can do without.
    """
    known = {key: deepcopy(value) for key, value in plain.items() if key in Settings.model_fields}
    refused: dict[str, None] = {}
    while True:
        try:
            return Settings.model_validate(known), tuple(refused)
        except ValidationError as problem:
            error = problem.errors(include_url=False, include_context=False)[0]
            if error["type"] != "extra_forbidden":
                refused[str(error["loc"][0])] = None
            _leave_out(known, error)


def parsed(data: bytes) -> Plain | None:
    """The JSON object that these bytes are, or None."""
    try:
        plain = read_leniently(_text(data))
    except ValueError:
        return None
    return plain if isinstance(plain, dict) else None


def pieces(data: bytes) -> Plain:
    """What can still be read, key by key, in bytes that are no JSON as a whole."""
    text, decoder, found = _text(data), json.JSONDecoder(), Plain()
    for key in Settings.model_fields:
        for place in re.finditer(rf'"{key}"\s*:\s*', text):
            with contextlib.suppress(ValueError, RecursionError):
                found.setdefault(key, decoder.raw_decode(text, place.end())[0])
    return understood_only(found)


def understood_only(plain: Plain) -> Plain:
    """Without the values that mean nothing: pieces of a damaged file are no newer version's values."""
    settings, _ = understood(plain)
    told = settings.to_json()
    return {key: told[key] for key in plain if key in settings.model_fields_set}


def _leave_out(known: Plain, error: ErrorDetails) -> None:
    """Take out what an error is about: the part itself, what misses a part, or the whole value."""
    *way, last = error["loc"][:-1] if error["type"] == "missing" else error["loc"]
    place: Any = known
    try:
        for step in way:
            place = place[step]
        del place[last]
    except (KeyError, IndexError, TypeError):
        known.pop(str(error["loc"][0]), None)


def _names_somebody(plain: Plain) -> bool:
    who = plain.get(_WHO)
    return isinstance(who, str) and bool(who.strip())


def _is_there(file: Path) -> bool:
    return file.is_symlink() or file.exists()


def _text(data: bytes) -> str:
    """As text, also where an editor has saved it in another encoding."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return data.decode("utf-8-sig", "replace")


def _bytes_of(file: Path) -> bytes | None:
    """What a file holds; None when there is none, or none that can be read."""
    try:
        return file.read_bytes()
    except OSError:
        return None
