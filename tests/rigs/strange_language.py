"""A language that nobody speaks: every text of the catalogue in letters as wide as a square, its facts as they are.

Whatever is still in ordinary letters was never looked up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog

from perfstudio.language import cldr, conventions_made
from perfstudio.language.catalogue import speak
from perfstudio.language.make import compiled, template
from perfstudio.packs.bundled import bundled_folders

LANGUAGE = "el"
"""Whose numbers and dates it has, so that these are seen to follow, too."""
LONGER = 0.4
"""What translations of short texts grow by (W3C, "Text size in translation": 30 % and more where English is short)."""
_TAIL = "enschaftlicherweise"
_WORD = re.compile(r"[A-Za-z]{2,}")
_KEPT = re.compile(r"\{[a-z_]+\}|%(?:\([a-z_]+\))?[srd]")
_WIDE = {letter: letter + 0xFEE0 for letter in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}
_ORDINARY = re.compile(r"[A-Za-z]{2,}")
_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b|\b(?=\w*\d)\w+\b")
"""Ids, keys (four groups that may be letters alone), and hashes: letters with figures among them."""
_SHORTEST = 2
"""What is brought in so few letters may be a part of anything."""
_ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"


Form = Callable[[str], str]
"""What becomes of the words between the facts."""


def wide(words: str) -> str:
    """In letters as wide as a square."""
    return words.translate(_WIDE)


def longer(words: str) -> str:
    """Each word nearly half as long again, as where words are joined: what was made for English alone is cut."""
    return _WORD.sub(lambda word: word[0] + _TAIL[: ceil(LONGER * len(word[0]))], words)


def _said(text: str, form: Form) -> str:
    """A text in the language: facts stay."""
    said, end = "", 0
    for fact in _KEPT.finditer(text):
        said += form(text[end : fact.start()]) + fact[0]
        end = fact.end()
    return said + form(text[end:])


@cache
def _compiled(form: Form) -> bytes:
    translated = Catalog(locale=LANGUAGE)
    for entry in _template():
        if entry.id:
            texts = (entry.id,) if isinstance(entry.id, str) else entry.id
            told = tuple(_said(text, form) for text in texts)
            said = told[0] if isinstance(entry.id, str) else told
            translated.add(entry.id, said, context=entry.context)
    return compiled(translated)


@cache
def _template() -> Catalog:
    return template()


@cache
def _conventions() -> bytes:
    return conventions_made.written(LANGUAGE)


def written(folder: Path, form: Form = wide) -> Path:
    """Its catalogue in a folder, where a language's catalogue lies; the file."""
    file = folder / LANGUAGE / "LC_MESSAGES" / "perfstudio.mo"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_compiled(form))
    (folder / LANGUAGE / cldr.FILE).write_bytes(_conventions())
    return file


@contextmanager
def spoken(form: Form = wide) -> Iterator[None]:
    """This process speaks it."""
    with TemporaryDirectory() as folder:
        written(Path(folder), form)
        assert speak(LANGUAGE, folder=Path(folder)) == LANGUAGE
        try:
            yield
        finally:
            speak()


@cache
def of_the_bundled_packs() -> tuple[str, ...]:
    """Every text that the packs which come along bring: what studios write is shown as they wrote it."""
    plain = [json.loads((folder / "pack.json").read_text(encoding="utf-8")) for folder in bundled_folders()]

    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield from filter(None, {value, *value.splitlines()})
        elif isinstance(value, dict):
            for inner in value.values():
                yield from texts(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from texts(inner)

    return tuple(texts(plain))


def ordinary(text: str, given: Iterable[str] = ()) -> list[str]:
    """Words that were not looked up, beside what others brought: a pack, a performer, a device."""
    text = text.replace(_ZERO_WIDTH, "")
    if not _ORDINARY.search(text):
        return []
    for brought in _longest_first(tuple(given)):
        text = text.replace(brought, "·")
    return _ORDINARY.findall(_IDS.sub("·", text))


@cache
def _longest_first(given: tuple[str, ...]) -> tuple[str, ...]:
    """Each as it is, as the beginning of a sentence and without its full stop."""
    forms = {form for text in given for form in (text, text.rstrip("."), text[:1].upper() + text[1:])}
    return tuple(sorted((form for form in forms if len(form) > _SHORTEST), key=len, reverse=True))
