"""The report on a take that was looked at while it rolled: flicker is still found, from some seconds of the film."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from checks_material import Scene, write_film

from perfstudio.checks import report
from perfstudio.checks.live import LiveChecks, LiveSummary
from perfstudio.checks.motion import Motion
from perfstudio.checks.report import check_media
from perfstudio.model.checks import CheckCode, Verdict

FPS = 30
STEADY = Scene(width=320, height=180)
FLICKERING = STEADY.but(flicker=0.04, flicker_hz=10.0)


@cache
def drawn(scene: Scene, number: int) -> np.ndarray:
    return scene.draw(number / FPS)


def pictures(scene: Scene, seconds: float, fps: int) -> Iterator[tuple[float, np.ndarray]]:
    """The first two seconds of a scene again and again: every light here swings a whole number of times in them."""
    return ((index / fps, drawn(scene, index * FPS // fps % (2 * FPS))) for index in range(round(seconds * fps)))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Scene, float], Path]:
    """The film of a scene, made once."""

    @cache
    def made(scene: Scene, seconds: float) -> Path:
        return write_film(tmp_path_factory.mktemp("film") / "take.mp4", pictures(scene, seconds, FPS))

    return made


@cache
def looked_at(scene: Scene, seconds: float) -> LiveSummary:
    live = LiveChecks()
    live.begin_take(0.0)
    for at_s, picture in pictures(scene, seconds, 2):
        live.frame(picture, at_s, lambda picture=picture: picture)
    return live.end_take()()


@pytest.mark.parametrize(
    ("scene", "seconds", "stretches"),
    [
        pytest.param(STEADY, 6.0, 0, id="steady"),
        pytest.param(FLICKERING, 23.0, 1, id="flickering"),
        pytest.param(FLICKERING, 6.0, 0, id="flickering and short", marks=pytest.mark.soak),
        pytest.param(STEADY, 23.0, 1, id="steady and long", marks=pytest.mark.soak),
    ],
)
def test_flicker_after_a_live_pass(
    film: Callable[[Scene, float], Path],
    monkeypatch: pytest.MonkeyPatch,
    scene: Scene,
    seconds: float,
    stretches: int,
) -> None:
    begun = []
    real = report._stretch
    monkeypatch.setattr(report, "_stretch", lambda *given: begun.append(given[2]) or real(*given))  # type: ignore[func-returns-value]
    results = {r.code: r for r in check_media(film(scene, seconds), None, live=looked_at(scene, seconds))}
    assert len(begun) == stretches
    wanted = Verdict.GOOD if scene is STEADY else Verdict.LOOK
    assert results[CheckCode.FLICKER].verdict is wanted
    assert results[CheckCode.FRAME_RATE].verdict is Verdict.GOOD


def test_two_that_disagree_ask_a_third(film: Callable[[Scene, float], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    calm, odd = (Motion((), (), flicker, 10.0, 0.2) for flicker in (0.0, 3.0))
    assert report._agree(calm, calm)
    assert not report._agree(calm, odd)
    assert not report._agree(calm, replace(calm, shake=5.0))
    begun: list[float] = []
    monkeypatch.setattr(report, "_stretch", lambda *given: begun.append(given[2]) or odd)  # type: ignore[func-returns-value]
    take = FLICKERING, 23.0
    results = {r.code: r for r in check_media(film(*take), None, live=looked_at(*take))}
    assert len(begun) == 2
    assert results[CheckCode.FLICKER].value == 3.0
