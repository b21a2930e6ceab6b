"""The strict reader agrees with every other reader on good JSON, and refuses the rest with one kind of error."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfstudio.model import strict_json
from perfstudio.model.strict_json import (
    MAX_FIELDS,
    MAX_INTEGER,
    MAX_ITEMS,
    JsonProblemError,
    read_leniently,
    read_strictly,
    step,
)

LIMIT = 100_000
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)
numbers = st.integers(-MAX_INTEGER, MAX_INTEGER) | st.floats(-MAX_INTEGER, MAX_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None, database=None)
@given(values, st.booleans())
def test_good_json_is_read_as_everybody_reads_it(value: object, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert read_strictly(data, limit=LIMIT) == json.loads(data)


@settings(max_examples=150, deadline=None, database=None)
@given(st.binary(max_size=200) | st.text('[]{}",:\\\\u0d8f1e9NaInf \n', max_size=200).map(str.encode))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(JsonProblemError):
        json.dumps(read_strictly(data, limit=LIMIT), allow_nan=False).encode()


rough = st.sampled_from(["", "a", "\t\n", "\r", "\b", "\f", "\x00", "\x7f", "\x85", "\ud800", "\U0001f600", "\\u0007"])
wild = st.recursive(
    st.none() | rough | st.integers(MAX_INTEGER - 1, MAX_INTEGER + 1) | st.sampled_from([-1e300, 2.0**53, 1.5]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(rough, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, database=None)
@given(wild, st.booleans(), st.integers(2, 5))
def test_what_a_look_at_each_value_would_refuse_is_refused(value: object, own_words: bool, most: int) -> None:
    """Values are looked at one by one only where the text gives a reason: no reason is overlooked."""
    found = strict_json._unfit(value, (), most, strict_json._LONE if own_words else strict_json._UNFIT)
    text = json.dumps(value, ensure_ascii=False)
    data = (json.dumps(value) if strict_json._LONE.search(text) else text).encode()
    problem = ""
    try:
        read_strictly(data, limit=LIMIT, max_items=most, own_words=own_words)
    except JsonProblemError as refused:
        problem = refused.problem
    assert problem == (found[1] if found else "")


def test_an_object_of_too_many_members_is_refused() -> None:
    fields = {f"k{n}": n for n in range(strict_json.MAX_FIELDS)}
    assert read_strictly(json.dumps(fields).encode(), limit=LIMIT) == fields
    with pytest.raises(JsonProblemError, match="too_many"):
        read_strictly(json.dumps([fields | {"one more": 1}]).encode(), limit=LIMIT)


@pytest.mark.parametrize(
    ("data", "problem", "where"),
    [
        (b'{"a": {"b": ["x", "\\u0007"]}}', "control_character", "a.b[1]"),
        (b'{"a": {"a b": "\\u0007"}}', "control_character", "a.…"),
        (b'{"a": ["\x7f"]}', "control_character", "a[0]"),
        (b'{"a": "\xc2\x85"}', "control_character", "a"),
        (b'{"a": "\\b"}', "control_character", "a"),
        (b'{"a": "\\ud800"}', "control_character", "a"),
        (b'{"a": [1, 1e999]}', "number_too_large", "a[1]"),
        (b'{"a": 9007199254740992}', "number_too_large", "a"),
        (b"-9007199254740992", "number_too_large", ""),
        (b'{"a": 9007199254740992.0}', "number_too_large", "a"),
        (b'{"a": 1e16}', "number_too_large", "a"),
        (b'{"a": NaN}', "not_a_number", "line 1"),
        (b'{"a": [' + b"1," * MAX_ITEMS + b"1]}", "too_many", "a"),
        (b'{"a": {' + b",".join(b'"k%d":1' % n for n in range(MAX_FIELDS + 1)) + b"}}", "too_many", "a"),
        (b"[\n\n[[[1 2]]]]", "not_json", "line 3"),
        (b'{"a": {"x": 1, "x": 2}}', "duplicate_key", "a.x"),
        (b"[" * 33 + b"]" * 33, "too_deep", "line 1"),
        (b'["[", \n' + b"[" * 32 + b"]" * 33, "too_deep", "line 2"),
        (b"x" * 200_000, "too_large", ""),
    ],
)
def test_the_place_is_named(data: bytes, problem: str, where: str) -> None:
    with pytest.raises(JsonProblemError) as caught:
        read_strictly(data, limit=LIMIT)
    assert (caught.value.problem, caught.value.where) == (problem, where)


def test_what_is_just_allowed_is_read() -> None:
    whole = {"a": [0] * MAX_ITEMS, "b": {f"k{n}": 1 for n in range(MAX_FIELDS)}, "c": [MAX_INTEGER, -MAX_INTEGER, 1e15]}
    assert read_strictly(json.dumps(whole).encode(), limit=LIMIT) == whole
    own = b'{"a": "\\u0007\x7f"}'
    assert read_strictly(own, limit=LIMIT, own_words=True) == {"a": "\x07\x7f"}
    assert read_strictly(b"[" * 32 + b"]" * 32, limit=LIMIT) == json.loads("[" * 32 + "]" * 32)


def test_brackets_inside_texts_are_no_depth() -> None:
    data = json.dumps({"a": "[" * 1000 + '\\"' + "{" * 1000}).encode()
    assert read_strictly(data, limit=LIMIT) == json.loads(data)
    assert step(step("", "prompts"), 3) == "prompts[3]"


@pytest.mark.parametrize("data", [b'{"a":' + b"[" * 100_000, "[" * 33 + "]" * 33, b"\xff\xfe\x00\xd8", b"{"])
def test_a_plain_reading_ends_before_the_stack_does(data: bytes | str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_leniently(data)


def test_a_plain_reading_is_pythons_own() -> None:
    for text in ('{"a": [1, 2.5, NaN]}', "[" * 32 + "]" * 32, '"[[["'):
        assert repr(read_leniently(text)) == repr(read_leniently(text.encode("utf-16"))) == repr(json.loads(text))
