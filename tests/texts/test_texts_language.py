"""The catalogue: chosen by the environment, falling back to English, and every sentence of `texts` in it."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel import dates, numbers
from babel.messages.catalog import Catalog

from perfstudio.language import catalogue, cldr, conventions, conventions_made
from perfstudio.language.catalogue import C_, Plural, _, language, ngettext, pgettext, preferred, speak
from perfstudio.language.make import compiled, merged, strange_facts, template, written
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.errors import ErrorCode
from perfstudio.model.timing import Span
from perfstudio.resources import asset
from perfstudio.texts import checks, error_details, formatting
from perfstudio.texts.check_texts import TEXTS
from perfstudio.texts.errors import sentence_for
from perfstudio.texts.forms import form_problem
from perfstudio.texts.template import say
from rigs.strange_language import LANGUAGE, ordinary, spoken
from rigs.strange_language import written as strange


@pytest.fixture
def strangely() -> Iterator[None]:
    with spoken():
        yield


def a_catalogue(folder: Path, tag: str, texts: dict[str | tuple[str, ...], str | tuple[str, ...]]) -> Path:
    made = Catalog(locale=tag)
    for text, said in texts.items():
        made.add(text, said)
    file = folder / tag / "LC_MESSAGES" / "perfstudio.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(compiled(made))
    return file


@pytest.fixture
def german(tmp_path: Path) -> Iterator[Path]:
    a_catalogue(
        tmp_path,
        "de",
        {
            "Keep": "Behalten",
            "{size} free: room for {length} at this quality": "Platz für {length}, {size} sind frei",
            "[The camera “{name}”|A camera] is gone.": "[Die Kamera „{name}“|Eine Kamera] ist weg.",
            ("{number} take", "{number} takes"): ("{number} Take", "{number} Takes"),
        },
    )
    yield tmp_path
    speak()


def test_the_template_is_what_the_source_says() -> None:
    kept = asset("locale", "perfstudio.pot").read_bytes()
    assert kept == written(template()), "run `python -m perfstudio.language.make`"


def test_a_sentence_a_form_and_a_meaning_are_looked_up_when_they_are_said(german: Path) -> None:
    plural = Plural("{number} take", "{number} takes", "no takes")
    assert [_("Keep"), plural.of(1), plural.of(7), plural.of(0)] == ["Keep", "1 take", "7 takes", "no takes"]
    assert speak("de_AT.UTF-8", folder=german) == language() == "de"
    assert [_("Keep"), plural.of(1), plural.of(7), plural.of(0)] == ["Behalten", "1 Take", "7 Takes", "no takes"]
    assert _("{size} free: room for {length} at this quality", size="1 GB", length="2 h") == (
        "Platz für 2 h, 1 GB sind frei"
    )
    assert say("[The camera “{name}”|A camera] is gone.", {}) == "Eine Kamera ist weg."
    assert pgettext("a verb", "Keep") == _(C_("a verb", "Keep")) == "Keep", "another meaning is another text"
    assert _("") == "", "and not the catalogue's head"


def test_facts_are_never_read_as_templates(german: Path) -> None:
    speak("de", folder=german)
    odd = "{length} [a|b] %s"
    assert odd in _("{size} free: room for {length} at this quality", size=odd, length="2 h")
    assert odd in say("[The camera “{name}”|A camera] is gone.", {"name": odd})


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (("de",), "de"),
        (("de-CH", "en"), "de"),
        (("fr", "de"), "de"),
        (("en", "de"), "en"),
        (("en_GB.UTF-8", "de"), "en"),
        (("../../etc", "C", "", "x" * 400, "🦆"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_is_there_is_spoken(german: Path, asked: tuple[str, ...], chosen: str) -> None:
    assert speak(*asked, folder=german) == chosen


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a catalogue",
        struct.pack("<IIIIIII", 0x950412DE, 0, 9, 28, 999_999, 0, 0),
        struct.pack("<II", 0x950412DE, 0xFFFFFFFF) + bytes(64),
    ],
    ids=["empty", "text", "truncated", "newer"],
)
def test_a_broken_catalogue_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "de" / "LC_MESSAGES" / "perfstudio.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    for asked in ("de", str(file), str(tmp_path / "none.mo")):
        assert speak(asked, folder=tmp_path) == "en"
        assert _("Keep") == "Keep"


def test_a_plural_rule_that_cannot_be_reckoned_is_a_broken_catalogue(tmp_path: Path) -> None:
    file = a_catalogue(tmp_path, "de", {"Keep": "Behalten"})
    file.write_bytes(file.read_bytes().replace(b"(n != 1)", b"(n % 0) "))
    assert speak("de", folder=tmp_path) == "en"


def test_a_translation_that_names_another_fact_is_left_out_and_never_raises(tmp_path: Path) -> None:
    wrong = Catalog(locale="de")
    entry = wrong.add("Room for {length}", "Platz für {lenght}")
    assert strange_facts(entry) == {"{lenght}"}
    a_catalogue(tmp_path, "de", {"Room for {length}": "Platz für {lenght}"})
    speak("de", folder=tmp_path)
    assert _("Room for {length}", length="2 h") == "Room for 2 h"
    catalogue._spoken.words._catalog = {"Room for {length}": "Platz für {lenght}"}  # type: ignore[attr-defined]
    assert _("Room for {length}", length="2 h") == say("Room for {length}", {"length": "2 h"}) == "Room for 2 h"
    speak()


def test_the_environment_names_a_language_or_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PERFSTUDIO_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    assert preferred() == ("sv_SE.UTF-8",)
    monkeypatch.setenv("LANGUAGE", "fi:de")
    assert preferred() == ("fi", "de", "sv_SE.UTF-8")
    monkeypatch.setenv("LC_ALL", "C")
    assert preferred() == (), "whoever asks for no language gets English"
    monkeypatch.setenv("PERFSTUDIO_LANGUAGE", "pt_BR")
    assert preferred() == ("pt_BR",)


def test_a_language_goes_on_where_the_program_went_on(tmp_path: Path) -> None:
    """A new sentence is asked for, one that stays keeps its translation, one that went is not said any more."""
    old = Catalog(locale="de")
    old.add("Keep", "Behalten")
    old.add("Gone", "Weg")
    fresh = Catalog()
    fresh.add("Keep")
    fresh.add("New")
    now = merged(written(old), "de", fresh)
    assert {entry.id: entry.string or "" for entry in now if entry.id} == {"Keep": "Behalten", "New": ""}
    file = tmp_path / "de.mo"
    file.write_bytes(compiled(now))
    assert speak(str(file)) == "de"
    assert [_("Keep"), _("New")] == ["Behalten", "New"]
    speak()


def test_no_language_needs_babel() -> None:
    program = "import sys; sys.modules['babel'] = None\n"
    program += "from perfstudio.texts import formatting as f, errors; from datetime import date\n"
    program += "from perfstudio.language import catalogue\n"
    program += "for tag in ('en', 'de'):\n    catalogue._spoken.language = tag\n"
    program += "    print(f.number(1234.5, 1), f.day(date(2026, 3, 2)), f.count(2, 'take'))"
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", program], check=True, capture_output=True)
    said = done.stdout.decode().splitlines()
    assert said[:2] == ["1\u202f234.5 2 March 2026 2 takes", "1.234,5 2. März 2026 2 takes"]


def test_english_months_are_those_of_cldr() -> None:
    of_cldr = cldr.Cldr(conventions_made.facts("en_GB"))
    for month in range(1, 13):
        moment = datetime(2026, month, 20, 14, 6, tzinfo=UTC)
        ours = conventions._English()
        assert (ours.day(moment), ours.day_of_year(moment)) == (of_cldr.day(moment), of_cldr.day_of_year(moment))
        assert ours.clock(moment) == of_cldr.clock(moment)


@pytest.mark.parametrize("tag", conventions_made.SPOKEN)
def test_what_is_kept_of_a_language_is_what_cldr_says(tag: str) -> None:
    assert asset("locale", tag, cldr.FILE).read_bytes() == conventions_made.written(tag), "run perfstudio.language.make"


@pytest.mark.parametrize("tag", [*conventions_made.SPOKEN, "fr", "ja", "hi", "sv", "en_US", "pt_BR"])
def test_what_is_written_without_babel_is_what_babel_writes(tag: str) -> None:
    ours = cldr.Cldr(conventions_made.facts(tag))
    for month, hour in enumerate((0, 1, 9, 11, 12, 13, 21, 23, 0, 10, 12, 18), 1):
        moment = datetime(2026, month, 2 * month, hour, month, tzinfo=UTC)
        assert ours.day(moment) == dates.format_date(moment, "long", locale=tag)
        assert ours.day_of_year(moment) == dates.format_skeleton("MMMMd", moment, locale=tag)
        assert ours.clock(moment) == dates.format_time(moment.time(), "short", locale=tag)
    for value in (0, 7, 999, 1000, 32145, 1234567, 12345678901):
        assert ours.positive(value + 0.5, 1) == numbers.format_decimal(value + 0.5, locale=tag)
        assert ours.positive(value, 2) == numbers.format_decimal(value, locale=tag)
    for currency in ("EUR", "USD", "CHF", "JPY", "KWD", "XYZ"):
        for amount in ("12.50", "1234567.89", "0.05", "-3.25"):
            assert (
                ours.money(amount, currency) == numbers.format_currency(Decimal(amount), currency, locale=tag).strip()
            )


def test_a_pattern_that_the_program_cannot_write_is_told_when_it_is_made() -> None:
    assert (
        conventions_made.form("d 'de' MMMM 'de' y, H.mm 'o''clock'")
        == "{day} de {month} de {year}, {hour}.{minute:02} o'clock"
    )
    with pytest.raises(ValueError, match="EEEE"):
        conventions_made.form("EEEE d")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"point": ","}', b"\xff"])
def test_conventions_that_are_broken_are_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / cldr.FILE).write_bytes(content)
    assert isinstance(conventions._conventions("de", tmp_path), conventions._English)


def test_the_conventions_of_a_catalogue_lie_beside_it(tmp_path: Path) -> None:
    file = a_catalogue(tmp_path, "fr", {"Keep": "Garder"})
    (tmp_path / "fr" / cldr.FILE).write_bytes(conventions_made.written("fr"))
    for chosen in (speak("fr_CA", folder=tmp_path), speak(str(file))):
        assert (chosen, formatting.number(3214.5, 1)) == ("fr", "3\u202f214,5")
    speak()
    assert formatting.number(3214.5, 1) == "3\u202f214.5"


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("de", ("−3.214,5", "3. Mai 2026", "09:30", "12,50 €")),
        ("es", ("−3.214,5", "3 de mayo de 2026", "9:30", "12,50 €")),
        ("xx", ("−3\u202f214.5", "3 May 2026", "9:30", "€12.50")),
    ],
)
def test_numbers_and_dates_follow_the_language(
    monkeypatch: pytest.MonkeyPatch, tag: str, said: tuple[str, ...]
) -> None:
    monkeypatch.setattr(catalogue._spoken, "language", tag)
    moment = datetime(2026, 5, 3, 9, 30, tzinfo=UTC)
    told = (formatting.number(-3214.5, 1), formatting.day(moment), formatting.clock(moment))
    assert (*told, conventions.money("12.50", "EUR").replace("\xa0", " ")) == said
    assert formatting.number(7.0, 2) == "7"
    point = "." if tag == "xx" else ","
    told = tuple(conventions.signed(value, 1) for value in (8.6, -8.6, 0.0, 0.04, -0.04))
    assert told == (f"+8{point}6", f"−8{point}6", "0", "0", "0")
    assert conventions.money("1200", "EUR").count("0") == 2, "no cents where there are none"


@pytest.mark.usefixtures("strangely")
def test_no_error_speaks_english_to_others() -> None:
    found = {}
    for code in ErrorCode:
        for facts in ({}, {"detail": "missing", "missing": "label", "use": "store_review", "seconds": 4.2, "line": 3}):
            if words := ordinary(sentence_for(code, facts)):
                found[code] = words
    assert found == {}


@pytest.mark.usefixtures("strangely")
def test_no_reason_speaks_english_to_others() -> None:
    reasons = {code: ordinary(error_details.reason(code)) for code in error_details._CLAUSES}
    assert {code: words for code, words in reasons.items() if words} == {}
    assert ordinary(error_details.where("event 2") + error_details.where("file picture")) == []
    assert ordinary(form_problem("too_long", {"limit": 4})) == []


@pytest.mark.usefixtures("strangely")
def test_no_check_speaks_english_to_others() -> None:
    found = {}
    for code in CheckCode:
        told = [checks.name(code)]
        for verdict in Verdict:
            for variant in ("", *TEXTS[code].by):
                facts = {"cause": variant, "direction": variant, "edge": variant, "apart": variant, "channel": 1}
                result = CheckResult(
                    code=code, verdict=verdict, value=3.0, unit="s", times=(Span(start_s=4, end_s=5),), facts=facts
                )
                told += [checks.sentence(result), checks.held([result])]
        if words := ordinary(" ".join(told)):
            found[code] = words
    assert found == {}


@pytest.mark.usefixtures("strangely")
def test_numbers_with_their_units_are_looked_up() -> None:
    told = (
        formatting.count(3, "take"), formatting.span(0.4), formatting.span(151), formatting.span(7800),
        formatting.about(20), formatting.minutes_range(40, 60), formatting.size(41e6), formatting.speed(1e6),
        formatting.decibels(3), formatting.frequency(4000), formatting.listing("1234"), formatting.in_sync_within(0.2),
    )  # fmt: skip
    assert ordinary(" ".join(told)) == []


def test_the_strange_language_is_found_by_its_file(tmp_path: Path) -> None:
    assert speak(str(strange(tmp_path))) == LANGUAGE
    assert ordinary(_("Keep")) == []
    speak()
    assert ngettext("{number} take", "{number} takes", 2) == "2 takes"
