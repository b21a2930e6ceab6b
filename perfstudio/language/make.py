"""Makes `assets/locale/` anew from the source: `python -m perfstudio.language.make`.

    perfstudio.pot                           every text of the program, for translators
    de/LC_MESSAGES/perfstudio.po             a language: a copy of the .pot, filled in by hand (`make de` begins one)
    de/LC_MESSAGES/perfstudio.mo             what the program reads; made here, and kept beside it
    de/conventions.json                      how it writes numbers, dates and sums of money, from CLDR

What stands in a .po stays; what is new is added, what changed is marked, what is gone is put at its end. A translation
that names a fact which its sentence does not have is not taken over.
"""

from __future__ import annotations

import io
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from perfstudio.language import cldr, conventions_made
from perfstudio.language.catalogue import DOMAIN
from perfstudio.language.extraction import messages
from perfstudio.resources import asset, assets

PACKAGE = Path(__file__).resolve().parents[1]
ROOMS = ("app.py", "cli", "consent", "language", "model", "texts", "ui")
"""Where texts are. Nothing else speaks to people."""
TAGS = ("schemas", "content-tags.toml")
"""The published list of content tags, whose words are looked up as well."""
HEADER = '# Words of PROJECT. The English text is the key; see "A sentence" in CONTRIBUTING.md.'
WIDTH = 120
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""What stands for the moment at which a catalogue was made: the same words are the same bytes, whenever that was."""
_FACTS = re.compile(r"\{[a-z_]+\}|%(?:\([a-z_]+\))?[srd]")
_UNSAID = re.compile(rb'(?m)^"(?:Project|Report|POT|PO|Last|Language-Team|Generated)[A-Za-z-]*:.*\n')


@cache
def template() -> Catalog:
    """Everything that the source says, room by room, in the order in which it stands there."""
    catalog = Catalog(project=DOMAIN, header_comment=HEADER, charset="utf-8", fuzzy=False)
    for path in _modules():
        for message in messages(path.read_text(encoding="utf-8")):
            said = (message.text, message.plural) if message.plural else message.text
            catalog.add(
                said,
                locations=[(path.relative_to(PACKAGE.parent).as_posix(), 0)],
                auto_comments=[message.comment] if message.comment else (),
                context=message.context or None,
            )
    for text in _of_tags():
        catalog.add(text, locations=[("/".join(("assets", *TAGS)), 0)])
    return catalog


def _of_tags() -> Iterator[str]:
    """The names and meanings of content tags, which programs of others read as well."""
    for tag in tomllib.loads(asset(*TAGS).read_text(encoding="utf-8"))["tag"]:
        yield from (tag["name"], tag["means"])


def written(catalog: Catalog) -> bytes:
    """A catalogue as text, without the moment at which it was made."""
    out = io.BytesIO()
    write_po(out, catalog, width=WIDTH, include_lineno=False)
    return _UNSAID.sub(b"", out.getvalue())


def merged(old: bytes, language: str, fresh: Catalog) -> Catalog:
    """A language's catalogue brought up to what the program says now."""
    catalog = read_po(io.BytesIO(old), locale=language, domain=DOMAIN)
    catalog.update(fresh)
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """What the program reads: translations that are finished and name no fact that is not there."""
    sound = Catalog(
        locale=catalog.locale,
        project=DOMAIN,
        charset="utf-8",
        fuzzy=False,
        creation_date=NO_DATE,
        revision_date=NO_DATE,
    )
    for entry in catalog:
        if entry.id and not entry.fuzzy and not strange_facts(entry):
            sound.add(entry.id, entry.string, context=entry.context)
    out = io.BytesIO()
    write_mo(out, sound)
    return out.getvalue()


def strange_facts(entry: Entry) -> set[str]:
    """Facts in a translation that its sentence does not have."""
    return _facts(entry.string) - _facts(entry.id)


def _facts(said: str | Iterable[str] | None) -> set[str]:
    return set(_FACTS.findall(said if isinstance(said, str) else " ".join(said or ())))


def _modules() -> list[Path]:
    rooms = [PACKAGE / room for room in ROOMS]
    return [path for room in rooms for path in (sorted(room.rglob("*.py")) if room.is_dir() else [room])]


def main(begun: Iterable[str]) -> None:
    """Write the template, bring every language up to it, and compile it. `begun`: languages to begin."""
    folder = assets() / "locale"
    folder.mkdir(exist_ok=True)
    fresh = template()
    (folder / f"{DOMAIN}.pot").write_bytes(written(fresh))
    languages = sorted({*begun, *(path.parts[-3] for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))})
    for language in languages:
        translate(folder, language, fresh)
    for language in sorted({*languages, *conventions_made.SPOKEN}):
        (folder / language).mkdir(exist_ok=True)
        (folder / language / cldr.FILE).write_bytes(conventions_made.written(language))


def translate(folder: Path, language: str, fresh: Catalog) -> None:
    """Bring one language's catalogue up to what the program says, and compile it."""
    file = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    catalog = merged(file.read_bytes() if file.exists() else b"", language, fresh)
    file.write_bytes(written(catalog))
    file.with_suffix(".mo").write_bytes(compiled(catalog))


if __name__ == "__main__":
    main(sys.argv[1:])
