"""Every language that is kept is nearly whole, has every fact and part of its English sentences, and is compiled."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from perfstudio.language.make import DOMAIN, compiled
from perfstudio.resources import asset

LANGUAGES = sorted(path.parts[-3] for path in asset("locale").glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
QUOTES = {"de": "„“", "es": "«»"}
"""How each writes quotation marks."""
TEMPLATE = read_po(io.BytesIO(asset("locale", f"{DOMAIN}.pot").read_bytes()))
NOT_READ = "Not yet read by a native speaker"
"""What stands at a catalogue's head until somebody has read it."""
LEFT = 0.02
"""How much of a language may wait for its translator; until then it is said in English."""
_FACT = re.compile(r"\{[a-z_]+\}|%(?:\([a-z_]+\))?[srd]")
_PART = re.compile(r"[\[\]|]")
_QUOTED = re.compile(r"“[^”]*”")


def file(language: str) -> Path:
    return asset("locale", language, "LC_MESSAGES", f"{DOMAIN}.po")


@cache
def catalogue(language: str) -> Catalog:
    return read_po(io.BytesIO(file(language).read_bytes()), locale=language, domain=DOMAIN)


def forms(said: object) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, tuple | list) else (str(said),)


def both(entry: Message) -> list[tuple[str, str]]:
    """Each form beside its translation, where it has one."""
    return [pair for pair in zip(forms(entry.id), forms(entry.string), strict=True) if pair[1]]


def entries(language: str) -> list[Message]:
    return [entry for entry in catalogue(language) if entry.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_and_nearly_all_are_said(language: str) -> None:
    there = {(entry.context, forms(entry.id)) for entry in entries(language)}
    wanted = {(entry.context, forms(entry.id)) for entry in TEMPLATE if entry.id}
    assert sorted(map(str, wanted - there)) == [], "run perfstudio.language.make, and translate what is new"
    unsaid = [e.id for e in entries(language) if e.fuzzy or not all(forms(e.string))]
    assert len(unsaid) <= LEFT * len(there), unsaid
    assert catalogue(language).num_plurals == max(len(forms(entry.string)) for entry in entries(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_facts_and_the_parts_of_its_sentence(language: str) -> None:
    """Each fact, each bracket and each bar as often; spaces at the ends where they are, for what is hung on."""
    wrong = []
    for entry in entries(language):
        for english, said in both(entry):
            same = set(_FACT.findall(english)) == set(_FACT.findall(said))
            parts = sorted(_PART.findall(english)) == sorted(_PART.findall(said))
            ends = [text[:1].isspace() for text in (english[::-1], english)]
            if not (same and parts and ends == [text[:1].isspace() for text in (said[::-1], said)]):
                wrong.append((english, said))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_and_exclamations_are_those_of_the_language_and_the_house(language: str) -> None:
    first, last = QUOTES[language]
    wrong = []
    for entry in entries(language):
        for english, said in both(entry):
            paired = said.count(first) == said.count(last) >= len(_QUOTED.findall(english))
            if not paired or "!" in said or "”" in said:
                wrong.append((english, said))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_program_reads_is_what_is_kept(language: str) -> None:
    with file(language).with_suffix(".mo").open("rb") as opened:
        kept = read_mo(opened)
    made = read_mo(io.BytesIO(compiled(catalogue(language))))
    said, made_of = ({(e.context, forms(e.id)): forms(e.string) for e in one if e.id} for one in (kept, made))
    assert said == made_of, "run perfstudio.language.make"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_read_it_is_said_at_its_head(language: str) -> None:
    assert NOT_READ in file(language).read_text(encoding="utf-8")[:400]
