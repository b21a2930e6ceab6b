"""The guide says the same in every language, in words of the window and with keys of the sheet, and its links lead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from perfstudio.language.catalogue import available, speaking, translated
from perfstudio.resources import asset
from perfstudio.texts.guide import WINDOW, GuidePage, having, pages
from perfstudio.ui.flows.help_flow import SECTIONS as TOPICS_OF_SECTIONS
from perfstudio.ui.flows.help_flow import TOPICS
from perfstudio.ui.key_sheet import KEYS
from perfstudio.ui.main_window import PAGES
from perfstudio.ui.pages.settings import SECTIONS
from perfstudio.ui.widgets.keycap import cap_words

WORDS, CAPS, LINKS = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"`(.+?)`"), re.compile(r"\]\((.+?)\)")
HEADINGS = re.compile(r"^(#+) ", re.MULTILINE)
OTHERS = [code for code in available() if code != "en"]


@pytest.fixture(scope="module")
def english() -> tuple[GuidePage, ...]:
    with speaking("en"):
        return pages()


def caps() -> dict[str, str]:
    """What stands on a key in the language spoken, and in English."""
    return {cap_words(cap): cap for lines in KEYS.values() for named, _ in lines for cap in named}


def window_words() -> set[str]:
    return set(
        re.findall(r'^msgid "(.+)"$', asset("locale", "perfstudio.pot").read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_every_key_is_on_the_sheet_and_every_word_in_the_window(english: tuple[GuidePage, ...]) -> None:
    keys, known = {cap for lines in KEYS.values() for named, _ in lines for cap in named}, window_words()
    for page in english:
        assert set(CAPS.findall(page.text)) <= keys, page.name
        assert set(WORDS.findall(page.text)) <= known, page.name


def test_every_link_leads_somewhere(english: tuple[GuidePage, ...]) -> None:
    files = {page.file for page in english}
    areas = {*PAGES, *(f"settings/{section}" for section in SECTIONS)}
    for link in (link for page in english for link in LINKS.findall(page.text)):
        assert link in files or link.removeprefix(WINDOW) in areas, link


def test_the_rooms_have_the_numbers_that_the_guide_says(english: tuple[GuidePage, ...]) -> None:
    rooms = [word for _icon, word in PAGES.values()]
    keys = next(page.text for page in english if page.name == "keys")
    assert f"`Ctrl 1` to `Ctrl {len(rooms)}`: the rooms, from **{rooms[0]}** to **{rooms[-1]}**" in keys
    for page in english:
        for word, number in re.findall(r"\*\*([^*]+)\*\* \(`Ctrl (\d)`\)", page.text):
            assert rooms[int(number) - 1] == word, page.name


def test_every_page_of_the_window_has_its_page(english: tuple[GuidePage, ...]) -> None:
    names = {page.name for page in english}
    assert {*TOPICS.values(), *TOPICS_OF_SECTIONS.values()} <= names
    assert set(PAGES) <= set(TOPICS)
    assert set(TOPICS_OF_SECTIONS) | {"devices"} == set(SECTIONS)


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_says_the_same(english: tuple[GuidePage, ...], code: str) -> None:
    """The same pages, headings, links, keys and words of the window, these as that language has them."""
    with speaking(code):
        spoken, on_keys = pages(), caps()
        assert [page.file for page in spoken] == [page.file for page in english]
        for page, source in zip(spoken, english, strict=True):
            assert page.title != source.title
            assert HEADINGS.findall(page.text) == HEADINGS.findall(source.text), page.file
            assert LINKS.findall(page.text) == LINKS.findall(source.text), page.file
            said = Counter(on_keys.get(cap, f"no key: {cap}") for cap in CAPS.findall(page.text))
            assert said == Counter(CAPS.findall(source.text)), page.file
            assert Counter(WORDS.findall(page.text)) == Counter(map(translated, WORDS.findall(source.text))), page.file


def test_a_language_without_a_guide_reads_the_english_one() -> None:
    with speaking("en"):
        assert pages()[0].title == "Your first take"
    with speaking("de_AT"):
        assert pages()[0].title == "Dein erster Take"


def found(words: str) -> Iterator[str]:
    return (page.name for page in having(words, pages()))


def test_pages_are_found_by_their_words() -> None:
    with speaking("en"):
        assert list(found("PEDAL clicker")) == ["keys"]
        assert "two" in list(found("headphones"))
        assert list(found("perfstudio:settings")) == [], "an address is no word"
        assert list(found("zebra")) == []
