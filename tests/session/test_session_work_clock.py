"""The performer's own time: a day by a clock that is stepped, read back from the disk within one per cent."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from perfstudio.model.errors import CaptureError, ErrorCode, LibraryError
from perfstudio.paths import AppPaths
from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged
from perfstudio.session.home import Home
from perfstudio.session.set_aside import SetAside
from perfstudio.session.stepped_timer import SteppedTimer
from perfstudio.session.time_document import time_table
from perfstudio.session.time_spent import Spell, TimeStore, Work, by_scene
from perfstudio.session.views import SceneCard, StageState, StageView
from perfstudio.session.work_clock import MOST_S, PIECE_S, Piece, WorkClock
from perfstudio.texts import time_spent as words

MORNING = datetime(2026, 3, 31, 9, tzinfo=UTC)
S, W = StageState, Work


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SceneCard]:
    with Home(AppPaths(tmp_path_factory.mktemp("scenes") / "home")) as home:
        return {name: home.scenes.card(name) for name in ("the-letter", "first-chair")}


class Day:
    """A performer at the window, a clock, and what it should have measured."""

    def __init__(self, folder: Path, cards: dict[str, SceneCard]) -> None:
        self.store, self.cards = TimeStore(folder), cards
        self.bus, self.timer = Bus(), SteppedTimer()
        self.meant: Counter[tuple[str, Work]] = Counter()
        self.clock = WorkClock(
            self.bus, self.timer, self._write, now_s=lambda: self.timer.now_s,
            moment=lambda: MORNING + timedelta(seconds=self.timer.now_s),
        )  # fmt: skip

    def _write(self, piece: Piece) -> None:
        card = piece.about if isinstance(piece.about, SceneCard) else self.cards["the-letter"]
        self.store.add(Spell(piece.began, card.pack_id, card.prompt.id, card.prompt.title, piece.work, piece.seconds))

    def page(self, name: str, seconds: float, scene: str = "", work: Work | None = None) -> None:
        self.clock.page(name, self.cards[scene] if scene else None)
        self._pass(scene, seconds, work)

    def stage(self, state: StageState, seconds: float, scene: str, work: Work | None, take: int = 1) -> None:
        problem = CaptureError(ErrorCode.CAMERA_LOST) if state is S.FAILED else None
        self.bus.publish(StageChanged(StageView(state, frozenset(), self.cards[scene], take, problem=problem)))
        self._pass(scene, seconds, work)

    def take(self, scene: str, number: int, rng: random.Random) -> None:
        roll = W.ROLLING if number == 1 else W.REDO
        self.stage(S.READY, rng.uniform(5, 90), scene, W.PREPARING if number == 1 else W.REDO, number)
        self.stage(S.STARTING, 0.3, scene, W.WAITING, number)
        self.stage(S.COUNTDOWN, 3, scene, roll, number)
        self.stage(S.ROLLING, rng.uniform(20, 400), scene, roll, number)
        self.stage(S.CUTTING, 0.8, scene, W.WAITING, number)
        self.stage(S.CHECKING, rng.uniform(1, 4), scene, W.WAITING, number)

    def found(self) -> dict[tuple[str, Work], float]:
        scenes = by_scene(self.store.all())
        return {(scene.prompt_id, work): seconds for scene in scenes for work, seconds in scene.seconds.items()}

    def _pass(self, scene: str, seconds: float, work: Work | None) -> None:
        self.timer.step(seconds)
        if work is not None:
            self.meant[scene, work] += seconds


def work_through(day: Day, takes: int, seed: int = 3) -> None:
    """Brief, takes, labels, pages between, a stage that fails; past midnight where it is long."""
    rng, numbers = random.Random(seed), Counter[str]()
    for turn in range(takes):
        scene = ("the-letter", "first-chair")[turn % 2]
        day.page("scenes", rng.uniform(1, 30))
        if not numbers[scene]:
            day.page("brief", rng.uniform(20, 600), scene, W.PREPARING)
        day.page("stage", 0)
        day.stage(S.OPENING, rng.uniform(0.5, 2), scene, W.WAITING, numbers[scene] + 1)
        numbers[scene] += 1
        day.take(scene, numbers[scene], rng)
        day.stage(S.CLOSED, 0, scene, None, numbers[scene])
        day.page("review", rng.uniform(5, 300), scene, W.LABELLING)
        day.page("consent", rng.uniform(5, 100), scene, W.LABELLING)
        if turn % 7 == 3:
            day.clock.away(on=True)
            day.timer.step(900)
            day.clock.away(on=False)
    day.clock.close()


@pytest.mark.parametrize("takes", [12, pytest.param(2_000, marks=pytest.mark.soak)])
def test_a_day_is_within_one_per_cent_of_the_clock(tmp_path: Path, cards: dict[str, SceneCard], takes: int) -> None:
    day = Day(tmp_path / "time", cards)
    work_through(day, takes)
    found = day.found()
    assert found.keys() == day.meant.keys()
    worst = max(abs(found[key] - meant) / meant for key, meant in day.meant.items())
    print(f"worst of {takes} takes: {worst * 100:.3f} %")
    assert worst < 0.01
    assert sum(found.values()) == pytest.approx(sum(day.meant.values()), rel=0.001)


def test_a_roll_over_which_the_stage_fails_was_lost(tmp_path: Path, cards: dict[str, SceneCard]) -> None:
    day = Day(tmp_path / "time", cards)
    day.page("stage", 0)
    day.stage(S.READY, 20, "the-letter", W.PREPARING)
    day.stage(S.COUNTDOWN, 3, "the-letter", W.LOST)
    day.stage(S.ROLLING, 130, "the-letter", W.LOST)
    day.stage(S.FAILED, 40, "the-letter", W.LOST)
    day.page("scenes", 10)
    found = day.found()
    assert found.pop(("the-letter", W.ROLLING)) == 0
    assert found == pytest.approx(dict(day.meant), abs=0.01)


def test_a_kill_loses_a_minute_at_most_and_an_empty_chair_counts_half_an_hour(
    tmp_path: Path, cards: dict[str, SceneCard]
) -> None:
    day = Day(tmp_path / "time", cards)
    day.page("brief", 5 * PIECE_S + 50, "the-letter")
    assert day.found() == {("the-letter", W.PREPARING): 5 * PIECE_S}, "nothing was closed, and this is on the disk"
    day.timer.step(8 * 3600)
    day.page("scenes", 1)
    assert day.found() == {("the-letter", W.PREPARING): MOST_S}


def test_what_the_disk_does_not_take_goes_along_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TimeStore(tmp_path / "time")
    spell = Spell(MORNING, "evening", "the-letter", "The letter", W.ROLLING, 10.0)
    with monkeypatch.context() as full:
        full.setattr("perfstudio.session.time_spent.write_durably", _full)
        with pytest.raises(LibraryError) as told:
            store.add(spell)
    assert told.value.code is ErrorCode.DISK_FULL
    store.add(spell)
    assert [one.seconds for one in store.all()] == [20.0]


def _full(_file: Path, _data: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_a_damaged_month_is_laid_aside_and_said(tmp_path: Path) -> None:
    told: list[SetAside] = []
    folder = tmp_path / "time"
    store = TimeStore(folder, tell=told.append)
    store.add(Spell(MORNING, "evening", "the-letter", "The letter", W.REDO, 7.0))
    store.add(Spell(MORNING + timedelta(days=1), "evening", "the-letter", "The letter", W.REDO, 5.0))
    assert sorted(file.name for file in folder.iterdir()) == ["2026-03.json", "2026-04.json"]
    (folder / "2026-03.json").write_bytes(b"{")
    assert [one.seconds for one in store.all()] == [5.0]
    assert len(told) == 1
    assert json.loads((folder / "2026-04.json").read_bytes())["spent"][0]["day"] == "2026-04-01"


def test_words_and_table(tmp_path: Path) -> None:
    store = TimeStore(tmp_path / "time")
    store.add(Spell(MORNING, "evening", "the-letter", "=The letter", W.PREPARING, 200.0))
    store.add(Spell(MORNING, "evening", "the-letter", "=The letter", W.LOST, 7.0))
    (scene,) = by_scene(store.all())
    assert words.works(scene) == "preparing 3 min 20 s · lost to technology 7 s"
    assert words.total([scene]) == "3 min 27 s · 1 scene"
    head, row = time_table(store.all()).decode("utf-8-sig").splitlines()
    assert head.startswith("day,pack_id,prompt_id,title,preparing_s,rolling_s,redo_s")
    assert row == "2026-03-31,evening,the-letter,'=The letter,200.0,,,,,7.0,207.0"
