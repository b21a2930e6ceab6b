"""One word for one thing: what `assets/locale/glossary.toml` says is never said, stands in no English sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from perfstudio.resources import asset

TEMPLATE = asset("locale/perfstudio.pot")
_FACTS = re.compile(r"\{[^}]*\}")
OF_SOMETHING_ELSE = {
    "There is already a token": "of a receiver, revoked",
    "revoke a token": "the same",
    "has to renew it": "a certificate",
}
"""Sentences in which such a word means something else."""


def glossary() -> dict[str, object]:
    return tomllib.loads(asset("locale/glossary.toml").read_text(encoding="utf-8"))


def never() -> dict[str, str]:
    found = glossary()["never"]
    assert isinstance(found, dict)
    return found


def texts(template: Path) -> Iterator[str]:
    """Everything that a person can be told, without the names of facts."""
    with template.open("rb") as file:
        messages = [message.id for message in read_po(file)]
    said = (text for found in messages for text in ((found,) if isinstance(found, str) else found))
    yield from (_FACTS.sub("", text) for text in said if text)


SAID = tuple(texts(TEMPLATE))


@pytest.mark.parametrize(("pattern", "instead"), never().items())
def test_what_the_glossary_leaves_out_is_not_said(pattern: str, instead: str) -> None:
    never_said = re.compile(pattern, re.IGNORECASE)
    found = [text for text in SAID if never_said.search(text) and not any(known in text for known in OF_SOMETHING_ELSE)]
    assert found == [], f"say “{instead}”"


def test_consent_is_taken_back_and_given_again_in_one_word() -> None:
    for word in ("taken back", "take it back", "given again", "give it again"):
        assert any(word in text.casefold() for text in SAID), "the catalogue was read"


def test_a_term_has_its_word_in_every_language_and_stands_there_once() -> None:
    terms = glossary()["term"]
    assert isinstance(terms, list)
    assert [term["en"] for term in terms if not (term["en"] and term["de"] and term["es"])] == []
    names = [term["en"] for term in terms]
    assert sorted(set(names)) == sorted(names)


def test_what_means_something_else_is_still_said() -> None:
    assert [known for known in OF_SOMETHING_ELSE if not any(known in text for text in SAID)] == []
