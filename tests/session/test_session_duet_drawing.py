"""A scene that is drawn for two: within the limits of both, the same on both sides, and nothing said of the others."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from perfstudio.model.base import Document
from perfstudio.model.duet_scenes import SAID, SceneDrawn, ScenesPossible
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.paths import AppPaths
from perfstudio.session.duet.drawing import DrawnScene, DuetScene, draw_scene, possible_scenes
from perfstudio.session.duet.line_link import Said
from perfstudio.session.home import Home
from perfstudio.session.skips import SkipReason
from rigs.duet_pack import LIGHT, duet, pack_folder

C = ErrorCode
SCENES = tuple(DuetScene(f"pack/{number}", ("a", "b"), f"{number:064}") for number in range(12))


class Side:
    """One end of a line that loses nothing, and what was said over it."""

    def __init__(self, out: queue.Queue[Document], back: queue.Queue[Document]) -> None:
        self._out, self._back = out, back
        self.words: list[Document] = []
        self.is_done = False

    def say(self, paper: Document) -> None:
        self.words.append(paper)
        self._out.put(paper)

    def said(self, kind: type[Said]) -> Said:
        came = self._back.get(timeout=10)
        if not isinstance(came, kind):
            raise CallError(C.DUET_NO_SENSE)
        return came

    def all_said(self) -> None:
        self.is_done = True


@pytest.fixture
def line() -> tuple[Side, Side]:
    there: queue.Queue[Document] = queue.Queue()
    back: queue.Queue[Document] = queue.Queue()
    return Side(there, back), Side(back, there)


def drawn(
    line: tuple[Side, Side], mine: tuple[DuetScene, ...], theirs: tuple[DuetScene, ...]
) -> tuple[DrawnScene, DrawnScene]:
    with ThreadPoolExecutor(1) as beside:
        other = beside.submit(draw_scene, line[1], theirs, first=False)
        return draw_scene(line[0], mine, first=True), other.result(10)


def test_it_is_one_that_both_may_play_and_both_play_it(line: tuple[Side, Side]) -> None:
    seen = set()
    for _ in range(60):
        one, other = drawn(line, SCENES[:8], SCENES[5:])
        assert one.reference == other.reference
        assert one.reference in {scene.reference for scene in SCENES[5:8]}
        assert {one.role, other.role} == {"a", "b"}
        seen.add((one.reference, one.role))
    assert len(seen) == 6, "every scene, and both ways round"
    assert all(side.is_done for side in line)
    lists = [said for said in line[0].words if isinstance(said, ScenesPossible)]
    assert {len(said.digests) for said in lists} == {SAID}, "as many of them, whatever is left out"
    assert len({digest for said in lists for digest in said.digests}) == SAID * len(lists), "salted anew"
    assert not any(b"pack" in said.canonical() for side in line for said in side.words)


def test_where_none_is_both_are_told_that_and_nothing_else(line: tuple[Side, Side]) -> None:
    with ThreadPoolExecutor(2) as beside:
        sides = [beside.submit(draw_scene, line[0], SCENES[:4], first=True)]
        sides.append(beside.submit(draw_scene, line[1], SCENES[4:], first=False))
        for side in sides:
            with pytest.raises(CallError) as none:
                side.result(10)
            assert (none.value.code, none.value.facts) == (C.DUET_NO_SCENE, {})
    assert line[1].words == [SceneDrawn()]


@pytest.mark.parametrize("answer", [SceneDrawn(digest="0" * 12, role="a"), SceneDrawn(digest="0" * 12)])
def test_a_scene_that_was_never_offered_is_not_played(line: tuple[Side, Side], answer: SceneDrawn) -> None:
    line[1].say(answer)
    with pytest.raises(CallError) as nonsense:
        draw_scene(line[0], SCENES, first=True)
    assert nonsense.value.code is C.DUET_NO_SENSE


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    prompts = [duet(), duet(id="other", content_tags=["none"]), LIGHT | {"content_tags": ["none"]}]
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as made:
        made.scenes.import_pack(pack_folder(tmp_path / "evening", prompts=prompts))
        yield made


def evening(home: Home, language: str | None = None) -> list[str]:
    found = possible_scenes(home.scenes, language)
    return [scene.reference for scene in found if scene.reference.startswith("evening/")]


def test_possible_is_what_is_for_two_within_the_limits_and_not_skipped(home: Home) -> None:
    assert evening(home) == ["evening/duet", "evening/other"]
    assert (evening(home, "DE"), evening(home, "fr")) == (["evening/duet", "evening/other"], [])
    home.settings.change(tags_never=("grief",))
    assert evening(home) == ["evening/other"]
    home.scenes.skip(home.scenes.card("evening/other"), SkipReason.OTHER)
    assert evening(home) == []
