"""Message catalogues as gettext knows them. The English sentence is the key, and what is said where no catalogue is.

    _("Take {number} of {title}", number=2, title=title)     a sentence, filled in
    ngettext("{number} take", "{number} takes", 2)           in the form that the language has for this number
    pgettext("how strong", "light")                          where one English word has two meanings
    N_("Keep"), C_("how strong", "light")                    made at import, looked up with _ where it is said
    NAMES: Messages[dict[Verdict, str]] = {...}              the same for every text in a table but its keys

`speak` chooses the language; what is said afterwards follows it. A fact is put in as it is and never read as a
template. A catalogue that is missing, broken, or names a fact that is not there never raises: English is said.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

from perfstudio.resources import assets
from perfstudio.systems.languages import system_language

ENGLISH = "en"
VARIABLE = "PERFSTUDIO_LANGUAGE"
"""A language such as `de`, or the file of a catalogue (.mo) that somebody is working on."""
DOMAIN = "perfstudio"

UNREAD = ("de", "es")
"""Languages that no native speaker has read yet; their catalogues say it at their head, too."""

_Table = TypeVar("_Table")
Messages = Annotated[_Table, "texts that are looked up where they are said"]
"""The type of a table made at import whose texts, but not its keys, are messages of the catalogue."""
_MEANING = "\x04"
"""What gettext itself puts between a context and a text."""
_TAG = re.compile(r"[A-Za-z]{2,3}(_[A-Za-z0-9]{2,8})*")
_FACT = re.compile(r"\{([a-z_]+)\}")
_SYSTEMS = ("LC_ALL", "LC_MESSAGES", "LANG")
_TRIED_NUMBERS = (0, 1, 2, 5, 11, 100)


class _Spoken:
    """The one language of this process."""

    def __init__(self) -> None:
        self.language = ENGLISH
        self.words = gettext.NullTranslations()
        self.folder: Path | None = None


_spoken = _Spoken()


def speak(*preferred: str, folder: Path | None = None) -> str:
    """Choose the first of these languages that there is a catalogue for; English when it comes first or none is there.

    `de_AT`, `de-AT`, `de_AT.UTF-8` ask for Austrian German, else for German. `folder`: where the catalogues lie.
    Returns the language chosen.
    """
    _spoken.language, _spoken.words, _spoken.folder = _found(preferred, folder)
    return _spoken.language


@contextmanager
def speaking(*preferred: str) -> Iterator[str]:
    """`speak` for a while. Gives the language chosen."""
    before = _spoken.language, _spoken.words, _spoken.folder
    try:
        yield speak(*preferred)
    finally:
        _spoken.language, _spoken.words, _spoken.folder = before


def language() -> str:
    """The language that is spoken now, as in `de` or `pt_BR`."""
    return _spoken.language


def language_folder() -> Path:
    """Where its catalogue lies in a folder of its own, with what else is known of the language."""
    return _spoken.folder or _folder(None) / _spoken.language


def available() -> tuple[str, ...]:
    """English, and every language that a catalogue came along for, by name."""
    names = sorted(file.parents[1].name for file in _folder(None).glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *names)


def preferred() -> tuple[str, ...]:
    """The languages that the environment or the system asks for, the most wanted first."""
    if named := os.environ.get(VARIABLE):
        return tuple(named.split(os.pathsep) if Path(named).suffix != ".mo" else (named,))
    system = next((value for name in _SYSTEMS if (value := os.environ.get(name))), "")
    if system.partition(".")[0] in ("C", "POSIX"):
        return ()
    named = os.environ.get("LANGUAGE", "") if system else ""
    asked = [*named.split(":"), system or system_language()]
    return tuple(tag for tag in asked if tag)


def _(message: str, /, **facts: object) -> str:
    """A sentence in the language spoken, with its facts."""
    return _filled(translated(message), message.rpartition(_MEANING)[2], facts)


def ngettext(one: str, many: str, number: int, /, **facts: object) -> str:
    """The same in the form for a number, which is a fact of its own, `number`, unless it is given as text."""
    english = one if number == 1 else many
    return _filled(_spoken.words.ngettext(one, many, number), english, {"number": number, **facts})


def pgettext(context: str, message: str, /, **facts: object) -> str:
    """The same for one meaning of an English word that has several."""
    return _(C_(context, message), **facts)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a text made at import as one that is looked up later, with `_` where it is said."""
    return message


def C_(context: str, message: str) -> str:  # noqa: N802 - as above
    """The same for one meaning of an English word that has several."""
    return f"{context}{_MEANING}{message}"


class Plural(NamedTuple):
    """Forms of something that is counted, in a table made at import."""

    one: str
    many: str
    none: str = ""
    """What is said of nothing at all, where that has words of its own."""

    def of(self, number: int, /, **facts: object) -> str:
        """In the form for a number."""
        if number == 0 and self.none:
            return _(self.none, **facts)
        return ngettext(self.one, self.many, number, **facts)


def looked_up(table: Mapping[str, str]) -> dict[str, str]:
    """A table of texts in the language spoken."""
    return {key: _(text) for key, text in table.items()}


def translated(message: str) -> str:
    """A text in the language spoken, its facts still to be filled in."""
    if not message:
        return ""  # gettext answers nothing with the catalogue's head
    return _spoken.words.gettext(message).rpartition(_MEANING)[2]


def _filled(text: str, english: str, facts: Mapping[str, object]) -> str:
    if not facts:
        return text
    try:
        return _fill(text, facts)
    except KeyError:
        return _fill(english, facts)


def _fill(text: str, facts: Mapping[str, object]) -> str:
    return _FACT.sub(lambda fact: str(facts[fact[1]]), text)


def _found(preferred: tuple[str, ...], folder: Path | None) -> tuple[str, gettext.NullTranslations, Path | None]:
    for asked in preferred:
        if asked.endswith(".mo"):
            if (words := _read(Path(asked))) is not None:
                return words.info().get("language") or ENGLISH, words, Path(asked).absolute().parents[1]
            continue
        for tag in _tags(asked):
            file = _folder(folder) / tag / "LC_MESSAGES" / f"{DOMAIN}.mo"
            if file.is_file() and (words := _read(file)) is not None:
                return tag, words, file.parents[1]
        if _tags(asked)[-1:] == [ENGLISH]:
            break
    return ENGLISH, gettext.NullTranslations(), None


def _tags(asked: str) -> list[str]:
    """de_AT and de, for de-AT.UTF-8."""
    tag = re.split(r"[.@]", asked)[0].replace("-", "_")
    if not _TAG.fullmatch(tag):
        return []
    parts = [part.title() if len(part) == 4 else part.upper() for part in tag.split("_")]
    parts[0] = parts[0].lower()
    return ["_".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _folder(given: Path | None) -> Path:
    return given if given is not None else assets() / "locale"


def _read(file: Path) -> gettext.GNUTranslations | None:
    """A catalogue, or None where it cannot be read or does not know its own plural forms."""
    try:
        with file.open("rb") as opened:
            words = gettext.GNUTranslations(opened)
        for number in _TRIED_NUMBERS:
            words.ngettext("one", "many", number)
    except Exception:  # noqa: BLE001 - a file of any content; without it English is said
        return None
    return words
