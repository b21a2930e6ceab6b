"""Every published schema and the program's reader judge alike: value by value, both ways (catalogue IMP-17).

A document is made from the schema, or is a good one with a few random edits in its values, its names or its text. Where
the validator says yes, the reader takes it or names a rule that stands in the schema's description; where the validator
says no, or where no JSON reader could read it, the reader refuses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemas_documents import described, documents, reader, validator
from schemas_values import fitting

from perfstudio import schemas
from perfstudio.consent import reading
from perfstudio.delivery import studios
from perfstudio.library import folder as library_folder
from perfstudio.packs import limits, references

NAMES = sorted(schemas.DOCUMENTS)
Path_ = tuple[str | int, ...]
OF_FORMAT_1 = ("format", "files", "partner", "labels")
"""Where it differs from the format of today, which is looked at whole."""

RAW = (
    "60.0", "1e2", "6.0e1", "60.5", "-0", "-0.0", "0.0", "1E-3", "1e400", "-1e400", "1e16", "1e20", "1.0e0",
    "9007199254740991", "9007199254740992", "9007199254740993", "9007199254740991.0", "9007199254740993.0",
    "-9007199254740993", "1" * 30, "1" * 5000, "0." + "1" * 400, "NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.",
    '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '"\\u007f"', '"\\u0085"', '"\\u000a"',
    '{"a": 1, "a": 1}', '{"a": 1,}', "[1,]", "// no", "'a'", "True", "nul", '"a\tb"', '"a', "",
)  # fmt: skip
"""Tokens as they may stand in a text: what a value of Python cannot be."""

DAYS = (
    "2026-12-18", "2026-02-30", "2024-02-29", "2023-02-29", "2100-02-29", "2000-02-29", "2026-13-01", "2026-00-10",
    "2026-1-1", "20261218", "0000-01-01", "1969-12-31", "9999-12-31", "2026-12-18\n", "２０２６-12-18", "2026-04-31",
    "1700000000", "2026-12-18T00:00:00",
)  # fmt: skip
MOMENTS = (
    "2026-12-18T20:15:00Z", "2026-12-18T20:15:00.5Z", "2026-12-18T20:15:00.123456Z", "2026-12-18T20:15:00.1234567Z",
    "2026-12-18T20:15:00+02:00", "2026-12-18T20:15:00+00:00", "2026-12-18T20:15:00-23:59", "2026-12-18T20:15:00+24:00",
    "2026-12-18T20:15:00", "2026-12-18 20:15:00Z", "2026-12-18t20:15:00z", "2026-12-18T20:15Z", "2026-12-18T24:00:00Z",
    "2026-12-18T23:59:60Z", "2026-02-30T20:15:00Z", "2026-12-18T20:15:00Z\n", "2026-12-18T20:15:00+0200",
    "2026-12-18T20:15:00,5Z", "9999-12-31T23:59:59-01:00", "1e9", "1700000000",
)  # fmt: skip
IDS = (
    "a", "a-b", "A", "-a", "a" * 64, "a" * 65, "a\n", "\na", " a", "a ", "á", "а", "a_b", "../a", "", "1",
    "ab" * 32, "AB" * 32, "ab" * 31, "ab" * 32 + "\n", "١" * 64, "A" * 43, "A" * 43 + "=", "é" * 43,
    "media/a.png", "media/.a", "media/a b", "media/a.png\n", "media/../a", "Media/a",
    "P2Y", "P2Y\n", "P١Y", "P2W", "P12345D", "P", "p2y", "P0D", "P1Y6M", "P2.0Y",
    "en", "EN", "en-GB", "en-", "e", "en_GB", "en\n", "1.0", "1", "1.0.0.0", "1.0\n", "١.٠", "1." + "1" * 7, "v1",
    "EUR", "eur", "EUR\n", "50", "50.00", "50.000", "-5", "5,0", "https://a.example/", "http://a.example/",
    "https://a.example/\n", "HTTPS://a.example/", "ftp://a", "https://", "//a", "https://a\x07",
)  # fmt: skip
TEXTS = (
    "", " ", "\t", "\n", "\u00a0", "\u2028", "\ufeff", "x" * 40, "x" * 41, "x" * 200, "x" * 201, "😀" * 200, "😀" * 201,
    "e\u0301" * 100, "e\u0301" * 101, "x" * 1000, "x" * 1001, "x" * 4000, "x" * 4001, "a\x00b", "a\x1fb", "a\x7fb",
    "\x85", "\u202e", "null", "true", "60", "scene", "Scene", "performer", "none", "store_review",
)  # fmt: skip
PLAIN = (None, True, False, 0, 1, -1, 4, 5, 9, 10, 60, 120, 121, 365, 366, 7200, 7201, 0.5, -2000, 2000.5, 2**53, 1e300)
LISTS = ([], [None], [[]], ["a"], ["a"] * 9, ["a", "a"], [1], {}, {"a": 1}, [{}])

values = st.one_of(
    st.sampled_from(RAW).map(lambda token: {"@": token}),
    *(st.sampled_from(pool) for pool in (DAYS, MOMENTS, IDS, TEXTS, PLAIN, LISTS)),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    st.floats(allow_nan=False),
    st.integers(),
)


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The way to every part of a value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield (*path, name)
        yield from places(part, (*path, name))


def at(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


@st.composite
def edited(draw: st.DrawFn, good: dict[str, Any]) -> bytes:
    """The text of a good document after one to three edits."""
    document: Any = json.loads(json.dumps(good))
    for _ in range(draw(st.integers(1, 3))):
        ways = list(places(document))
        if not ways:
            break
        *above, last = draw(st.sampled_from(ways))
        inside = at(document, tuple(above))
        match draw(st.sampled_from(("put", "put", "put", "put", "drop", "add", "rename", "again", "borrow"))):
            case "put":
                inside[last] = deepcopy(draw(values))  # the next edit may lie inside it, and the pool stays as it is
            case "drop":
                del inside[last]
            case "add" if isinstance(inside, dict):
                name = draw(st.sampled_from(("surprise", "schema_", "format", "id", "a\n", "a\x07", "")))
                inside[name] = deepcopy(draw(values))
            case "rename" if isinstance(inside, dict):
                inside[draw(st.sampled_from((str(last).upper(), f"{last} ", f"{last}_")))] = inside.pop(last)
            case "again" if isinstance(inside, list):
                inside[len(inside) :] = [json.loads(json.dumps(inside[last]))] * draw(st.sampled_from((1, 8)))
            case "borrow":
                inside[last] = json.loads(json.dumps(at(document, draw(st.sampled_from(ways)))))
            case _:
                inside[last] = None
    text = json.dumps(document, ensure_ascii=draw(st.booleans()))
    return re.sub(r'\{"@": ("(?:[^"\\]|\\.)*")\}', lambda raw: json.loads(raw[1]), text).encode()


def as_anybody_reads_it(data: bytes) -> Any:
    """A value by Python's own reader, held to what RFC 7493 asks of a text. Raises ValueError."""

    def no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return dict(pairs)

    def no_constant(_: str) -> float:
        raise ValueError

    value = json.loads(
        data,
        object_pairs_hook=no_doubles,
        parse_constant=no_constant,
        parse_int=lambda digits: int(digits) if len(digits) < 4000 else float(digits),
    )
    json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate cannot be written
    return value


def judged(name: str, folder: Path, data: bytes) -> tuple[bool, str]:
    """What the validator says, and the reader's code of refusal."""
    try:
        valid = validator(name).is_valid(as_anybody_reads_it(data))
    except ValueError:
        valid = False
    return valid, reader(name, folder)(data)


def agree(name: str, folder: Path, data: bytes) -> None:
    valid, refused = judged(name, folder, data)
    rules = schemas.DOCUMENTS[name].rules
    if valid:
        assert not refused or refused in rules, f"the schema allows it, the reader says {refused}: {data[:3000]!r}"
    else:
        assert refused, f"the reader takes what the schema does not allow: {data[:3000]!r}"


def hold(name: str, folder: Path, from_schemas: int, from_edits: int) -> None:
    """The two directions, so many documents each; the same ones at every run."""
    bounds: dict[str, Any] = {"derandomize": True, "database": None, "deadline": None}
    bounds |= {"suppress_health_check": list(HealthCheck), "phases": (Phase.generate,)}  # a document is small as it is

    @settings(max_examples=from_schemas, **bounds)
    @given(fitting(validator(name).schema).map(json.dumps).map(str.encode))
    def made_from_the_schema(data: bytes) -> None:
        assert judged(name, folder, data)[0]
        agree(name, folder, data)

    @settings(max_examples=from_edits, **bounds)
    @given(edited(documents()[name]))
    def good_ones_edited(data: bytes) -> None:
        agree(name, folder, data)

    made_from_the_schema()
    good_ones_edited()


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("name", NAMES)
def test_a_schema_and_its_reader_agree_on_every_document(name: str, tmp_path: Path) -> None:
    hold(name, tmp_path, *((2, 8) if name == "take-1" else (2, 16)))


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", NAMES)
def test_a_schema_and_its_reader_agree_on_every_document_long(name: str, tmp_path: Path) -> None:
    hold(name, tmp_path, 1000, 30_000)


@pytest.mark.parametrize("share", [5, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", NAMES)
def test_a_schema_and_its_reader_agree_on_every_value_in_every_place(name: str, share: int, tmp_path: Path) -> None:
    """Each place (each fifth with the suite) with one of the raw tokens after another, with what numbers are mistaken
    for, and empty."""
    good = documents()[name]
    assert judged(name, tmp_path, json.dumps(good).encode()) == (True, "")
    telling = {int: ("60.0", "60.5", "true", '"60"'), float: ("60", "false", "1e400", '"1"'), str: ("1", '"\\u0000"')}
    where = [place for place in places(good) if name != "take-1" or place[0] in OF_FORMAT_1]
    for number, (*above, last) in list(enumerate(where))[::share]:
        known = telling.get(type(at(good, (*above, last))), ("0", '""'))
        for token in (RAW[number % len(RAW)], known[number % len(known)]):
            changed = json.loads(json.dumps(good))
            at(changed, tuple(above))[last] = "@@"
            agree(name, tmp_path, json.dumps(changed).replace('"@@"', token).encode())


@pytest.mark.parametrize("token", ["60.0", "6e1", "600e-1", "6.0E+1"])
def test_a_number_without_a_fraction_is_whole_and_hashes_alike(token: str, tmp_path: Path) -> None:
    from perfstudio.packs.reader import parse

    plain = json.dumps(documents()["pack"])
    assert '"min_s": 60' in plain
    written = plain.replace('"min_s": 60', f'"min_s": {token}').encode()
    assert parse(written, "a.perfpack") == parse(plain.encode(), "a.perfpack")
    assert reader("pack", tmp_path)(plain.replace('"min_s": 60', '"min_s": 60.5').encode()) == "not_whole"


def test_the_rules_that_a_schema_cannot_say_are_named_in_it() -> None:
    told = set(re.findall(r"\b[a-z_]+\b", str(references.__doc__) + str(references.Finding.__doc__)))
    codes = set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', Path(str(references.__file__)).read_text(encoding="utf-8")))
    assert set(schemas.DOCUMENTS["pack"].rules) <= codes | told
    for name, form in schemas.DOCUMENTS.items():
        description = described(name)["description"]
        assert all(f"- {code}: " in description for code in {**schemas.TEXT_RULES, **form.rules})


def test_the_limits_in_the_schemas_are_those_of_the_readers() -> None:
    forms = schemas.DOCUMENTS
    assert (forms["pack"].size, forms["pack"].items) == (limits.JSON_BYTES, limits.LIST_ITEMS)
    assert forms["studio"].size == studios.LARGEST
    assert forms["consent"].size == reading.MAX_RECORD_BYTES
    for name in ("take", "receipt"):
        assert (forms[name].size, forms[name].items) == (library_folder.DOCUMENT_LIMIT, library_folder.LIST_LIMIT)
