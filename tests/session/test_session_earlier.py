"""What was played before: takes of the scene, and the character in another one, from the index alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfstudio.library.take_row import TakeFilter, TakeRow
from perfstudio.model.take import TakeState
from perfstudio.paths import AppPaths
from perfstudio.session.bus import Bus
from perfstudio.session.home import Home
from perfstudio.session.scene_sifting import SceneLength, SceneSift, character, choices_of, scene_length
from perfstudio.session.takes.earlier import MOST, earlier_takes
from perfstudio.session.views import SceneCard


class Index:
    """A library of these rows, newest first, that answers a filter as the index does."""

    def __init__(self, *rows: TakeRow) -> None:
        self.rows = rows

    def list(self, wanted: TakeFilter) -> tuple[TakeRow, ...]:
        asked = {name: getattr(wanted, name) for name in ("pack_id", "prompt_id", "character")}
        return tuple(
            row
            for row in self.rows
            if row.state in wanted.states and all(value in (None, getattr(row, name)) for name, value in asked.items())
        )


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> tuple[SceneCard, ...]:
    home = Home(AppPaths(tmp_path_factory.mktemp("cards") / "home").prepare(), Bus())
    return next(pack.cards for pack in home.scenes.packs() if pack.id == "practice")


def row(card: SceneCard, number: int, state: TakeState = TakeState.KEPT, **more: Any) -> TakeRow:
    plain = dict.fromkeys(TakeRow.__dataclass_fields__, None)
    told = {
        "take_id": f"{card.prompt.id}-{number}", "pack_id": card.pack_id, "prompt_id": card.prompt.id,
        "prompt_title": card.prompt.title, "character": character(card), "take_number": number, "state": state,
        "circled": False,
    }  # fmt: skip
    return TakeRow(**{**plain, **told, **more})  # type: ignore[arg-type]


def test_takes_of_the_scene_and_the_character_elsewhere(cards: tuple[SceneCard, ...]) -> None:
    scene = cards[0]
    other = next(card for card in cards[1:] if character(card) == character(scene))
    stranger = next(card for card in cards if character(card) != character(scene))
    index = Index(
        row(stranger, 1, circled=True),
        row(other, 3),
        row(other, 2, circled=True),
        row(other, 1, TakeState.UNDECIDED),
        *(row(scene, number) for number in range(9, 1, -1)),
        row(scene, 1, TakeState.BINNED),
    )
    found = earlier_takes(index, scene)  # type: ignore[arg-type]
    assert [one.take_number for one in found.of_scene] == [9, 8, 7, 6, 5]
    assert len(found.of_scene) == MOST
    assert found.as_character is not None
    assert found.as_character.take_id == f"{other.prompt.id}-2", "the circled one"
    nothing = earlier_takes(Index(row(scene, 1, TakeState.BINNED)), scene)  # type: ignore[arg-type]
    assert (nothing.of_scene, nothing.as_character) == ((), None)


def test_scenes_are_sifted_by_what_they_are(cards: tuple[SceneCard, ...]) -> None:
    there = choices_of(cards)
    assert len(there.emotions) > 5
    assert len(there.characters) > 5
    assert {kind.value for kind in there.kinds} >= {"pair", "ladder", "turn"}
    for name, offered in (("emotion", there.emotions), ("character", there.characters), ("kind", there.kinds)):
        for one in offered:
            assert any(SceneSift(**{name: str(one)}).fits(card) for card in cards), (name, one)
    assert sum(SceneSift(kind=kind).fits(card) for kind in there.kinds for card in cards) == len(cards)
    both = [card for card in cards if SceneSift(kind="pair", emotion="joy").fits(card)]
    assert both
    assert all(card.prompt.kind == "pair" for card in both)
    short = replace(cards[0], prompt=cards[0].prompt.model_copy(update={"min_s": 30, "max_s": 120}))
    long = replace(cards[0], prompt=cards[0].prompt.model_copy(update={"max_s": 600}))
    assert (scene_length(short), scene_length(long)) == (SceneLength.SHORT, SceneLength.LONG)
    assert not SceneSift(length="short").fits(long)


def test_a_home_without_takes_has_none(tmp_path: Path) -> None:
    with Home(AppPaths(tmp_path / "home").prepare(), Bus()) as home:
        card = home.scenes.packs()[0].cards[0]
        assert earlier_takes(home.library, card).of_scene == ()
