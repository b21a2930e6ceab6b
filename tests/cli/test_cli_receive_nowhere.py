"""A folder that was mistyped is no receiver's: each part of `receive` says so, and makes none."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfstudio.cli.verbs.receive import PARTS
from rigs.verbs import Type

TAKE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
TYPED: dict[str, tuple[tuple[str, ...], ...]] = {
    "tokens": (("list",), ("revoke", "Ana")),
    "invite": (("Ana",),),
    "accept": ((TAKE,),),
    "reject": ((TAKE, "--reason", "too dark"),),
    "pairs": ((), (TAKE,)),
    "clips": ((), ("12345678", "--to", "Ana")),
    "withdrawals": (("list",), ("confirm", "1234"), ("dismiss", "1234")),
    "exports": (("list",), ("add", "a film", TAKE)),
    "performers": (("list",), ("accept-key", "ana", "12 34")),
}


def test_every_part_is_tried() -> None:
    assert set(TYPED) == set(PARTS)


@pytest.mark.parametrize("part", TYPED)
def test_no_part_makes_a_folder_that_was_mistyped(part: str, perfstudio: Type, tmp_path: Path) -> None:
    (tmp_path / "takes").mkdir()
    for words in TYPED[part]:
        for folder in (tmp_path / "in-bx", tmp_path / "takes"):
            said = perfstudio("receive", part, *words, "--folder", folder).refused()
            assert f"No receiver has run in “{folder}” yet" in said
    assert [place.name for place in tmp_path.iterdir() if place.name != "home"] == ["takes"]
    assert not list((tmp_path / "takes").iterdir())
