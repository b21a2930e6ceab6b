"""What is hashed and signed is RFC 8785 to the byte, whichever way it is written."""

from __future__ import annotations

import random
import sys
from typing import Any

import pytest
import rfc8785

from perfstudio.model import canonical
from perfstudio.model.canonical import canonical_bytes

LETTERS = [*map(chr, range(0x300)), "\u2028", "\u2029", "\ufeff", "\uffff", "\U0001f6aa", "\U0010ffff"]
EDGES = (
    *(sign * 10.0**power * factor for sign in (1, -1) for power in range(-8, 24) for factor in (1.0, 1.1, 1 / 3, 9.99)),
    0.0, -0.0, 1e-4, 9.999999999999999e-05, 2**53 - 1, 2.0**53 - 1, 2.0**53, -(2.0**53), 1e300, 5e-324, 0.1 + 0.2,
    sys.float_info.max, 333333333.33333329, 4.50, 2e-3, True, False, None, 0, -1, "", [], {}, [[]], [{}],
)  # fmt: skip


def test_every_letter_and_the_edges_of_numbers() -> None:
    for value in (*LETTERS, *EDGES):
        assert canonical_bytes(value) == rfc8785.dumps(value), repr(value)
        assert canonical_bytes([value, {"a": value}]) == rfc8785.dumps([value, {"a": value}]), repr(value)


def anything(dice: random.Random, depth: int = 0) -> Any:
    kind = dice.randrange(7 if depth < 4 else 5)
    if kind == 5:
        return [anything(dice, depth + 1) for _ in range(dice.randrange(5))]
    if kind == 6:
        letters = LETTERS if dice.randrange(4) == 0 else LETTERS[:128]
        return {"".join(dice.choices(letters, k=3)): anything(dice, depth + 1) for _ in range(dice.randrange(6))}
    plain = (
        dice.choice(EDGES),
        dice.uniform(-1, 1) * 10.0 ** dice.randrange(-12, 25),
        dice.randrange(-(2**53) + 1, 2**53),
        "".join(dice.choices(LETTERS, k=dice.randrange(6))),
        dice.choice((True, False, None)),
    )
    return plain[kind]


def test_documents_of_everything() -> None:
    dice = random.Random(8785)
    for _ in range(1000):
        document = anything(dice)
        assert canonical_bytes(document) == rfc8785.dumps(document), document


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), 2**53, -(2**53), 10**400, "\ud800", {"\udc80": 1}, {1: 2}, {1}]
)
def test_what_has_no_such_form_is_refused_as_before(value: Any) -> None:
    with pytest.raises(Exception) as before:  # noqa: PT011 - of whatever kind
        rfc8785.dumps([value])
    with pytest.raises(type(before.value)):
        canonical_bytes([value])


def test_names_go_by_utf_16_and_numbers_have_no_needless_point() -> None:
    """The order and the numbers of the standard itself."""
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3}) == (
        '{"\u20ac":3,"\U0001f600":2,"\ufb33":1}'.encode()
    )
    assert canonical_bytes([333333333.33333329, 1e30, 4.50, 2e-3, 1e-27, 56.0]) == (
        b"[333333333.3333333,1e+30,4.5,0.002,1e-27,56]"
    )


def test_what_is_ours_is_written_by_the_encoder_that_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(canonical.rfc8785, "dumps")
    document = {"title": "Größe \u2028", "offset_ms": -3.25, "size": 41_000_000, "at": 12.0, "on": True, "of": None}
    said = '{"at":12,"of":null,"offset_ms":-3.25,"on":true,"size":41000000,"title":"Größe \u2028"}'
    assert canonical_bytes(document) == said.encode()
