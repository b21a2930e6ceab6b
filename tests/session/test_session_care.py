"""A break after so long, and a word after a heavy scene: between takes alone, once, and as the performer wants it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from perfstudio.session.bus import Bus
from perfstudio.session.care import REST_S, Care, CareDue, CareKind
from perfstudio.session.events import StageChanged, TakeSealed
from perfstudio.session.home import Home
from perfstudio.session.settings import SettingsStore
from perfstudio.session.stage.state_machine import ACTIONS
from perfstudio.session.views import SceneCard, StageState, StageView
from perfstudio.texts import care as words


class Evening:
    """A performer at work, with a clock that is turned by hand."""

    def __init__(self, folder: Path, card: SceneCard) -> None:
        self.settings, self.bus, self.now_s, self.card = SettingsStore(folder / "settings.json"), Bus(), 50_000.0, card
        self.heard: list[CareDue] = []
        self.bus.subscribe(CareDue, self.heard.append)
        self.care = Care(self.settings, self.bus, lambda: self.now_s)

    def stage(self, state: StageState) -> None:
        self.bus.publish(StageChanged(StageView(state, ACTIONS[state], self.card, take_number=1)))

    def take(self, minutes: float, *, again: bool = False, tags: tuple[str, ...] = ()) -> list[CareDue]:
        self.card = replace(self.card, scene=replace(self.card.scene, tags=tags))
        self.stage(StageState.READY)
        self.now_s += minutes * 60
        self.stage(StageState.CHECKING)
        self.heard.clear()
        self.bus.publish(TakeSealed("take", again=again))
        return list(self.heard)


@pytest.fixture
def evening(home: Path, tmp_path: Path) -> Evening:
    from perfstudio.paths import AppPaths

    return Evening(tmp_path, Home(AppPaths(home).prepare(), Bus()).scenes.packs()[0].cards[0])


def test_a_break_is_spoken_of_after_so_long_and_not_while_one_plays_again(evening: Evening) -> None:
    assert evening.take(20) == []
    assert evening.take(24) == []
    assert evening.take(9, again=True) == []
    assert evening.take(1) == [CareDue(CareKind.BREAK, 54, "take")]
    assert evening.take(9) == [], "it was said"
    assert evening.take(9) == []
    assert "54 min" in words.sentence(CareDue(CareKind.BREAK, 54))


def test_a_rest_begins_the_time_anew(evening: Evening) -> None:
    evening.take(9)
    evening.take(9)
    evening.take(9)
    evening.stage(StageState.CLOSED)
    evening.now_s += REST_S
    for _ in range(4):
        assert evening.take(9) == []


def test_nothing_is_said_to_whoever_wants_none(evening: Evening) -> None:
    evening.settings.change(break_after_min=0, cool_down=False)
    assert [evening.take(9, tags=("suicide",)) for _ in range(12)] == [[]] * 12


def test_a_heavy_scene_is_left_once(evening: Evening) -> None:
    assert evening.take(1, tags=("politics",)) == []
    assert evening.take(1, tags=("grief", "politics")) == [CareDue(CareKind.COOL_DOWN, take_id="take")]
    assert evening.take(1, tags=("grief",)) == [], "once for a scene"
    evening.card = replace(evening.card, pack_id="another")
    evening.settings.change(tags_noted=("politics",))
    assert evening.take(1, tags=("politics",)) == [CareDue(CareKind.COOL_DOWN, take_id="take")], (
        "it is heavy for this performer"
    )
    evening.bus.publish(TakeSealed("old", recovered=True))
    assert "own name" in words.sentence(CareDue(CareKind.COOL_DOWN))
