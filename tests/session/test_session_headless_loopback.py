"""Clicks from headphones to a microphone, kept for the pair: the next take with it says so, and how surely."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.capture.calibration import loopback
from perfstudio.capture.timing.heard_map import UNTOLD_S
from perfstudio.model.loopback import LoopbackFound
from perfstudio.model.partner import REPORTED_BOUND_S
from perfstudio.paths import AppPaths
from perfstudio.session.headless.loopback import measure_pair
from perfstudio.session.headless.partner_choice import PartnerAsked, partner_for
from perfstudio.session.headless.scene_choice import chosen_scene
from perfstudio.session.home import Home
from perfstudio.session.loopback_store import Loopbacks
from perfstudio.texts import loopback as words
from rigs.partner import add_ears, click_clip
from rigs.pulse import PulseServer

TAKES = 5
"""A machine that is busy may need some more."""
FOUND = LoopbackFound(correction_s=0.0123, bound_s=0.003, count=11)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(AppPaths(tmp_path / "home")) as made:
        yield made


@pytest.mark.realtime
@pytest.mark.parametrize("count", [5, pytest.param(loopback.COUNT, marks=pytest.mark.soak)], ids=["some", "all"])
def test_clicks_come_back_and_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(loopback, "COUNT", count)
    monkeypatch.setattr(loopback, "NEEDED", min(count - 1, loopback.NEEDED))
    with PulseServer() as server, server.chosen():
        ears = add_ears(server)
        for number in range(TAKES):
            (folder := tmp_path / str(number)).mkdir()
            measured = measure_pair(ears, f"{ears}.monitor", folder, threading.Event())
            if isinstance(measured.outcome, LoopbackFound):
                break
    assert isinstance(measured.outcome, LoopbackFound), measured
    assert abs(measured.outcome.correction_s) < UNTOLD_S, "the drivers of this rig tell the truth, more or less"
    assert measured.outcome.bound_s < REPORTED_BOUND_S, "better than what they say"
    assert (measured.headphones[0], measured.microphone[0]) == (ears, f"{ears}.monitor")
    assert "clicks" in words.result(measured.outcome)


def test_what_was_measured_holds_for_its_pair_alone(tmp_path: Path, home: Home) -> None:
    store = home.loopbacks
    store.keep(("pulse:ears", "Ears"), ("pulse:mic", "Yeti"), LoopbackFound(correction_s=1.0, bound_s=0.5, count=8))
    store.keep(("pulse:ears", "Ears"), ("pulse:mic", "Yeti"), FOUND)
    assert len(store.pairs()) == 1
    assert words.pair(store.pairs()[0]).startswith("Ears with Yeti: Sound comes back +12.3 ms")
    clip = click_clip(tmp_path / "clip.wav", 1.0)
    scene = chosen_scene(home, "the-letter")
    wish = partner_for(home, scene, PartnerAsked(str(clip), "pulse:ears", "pulse:mic"), pytest.fail)
    assert wish is not None
    assert wish.loopback is not None
    assert (wish.loopback.correction_s, wish.loopback.bound_s) == (0.0123, 0.003)
    other = partner_for(home, scene, PartnerAsked(str(clip), "pulse:ears", "pulse:other"), pytest.fail)
    assert other is not None
    assert other.loopback is None


def test_a_damaged_store_is_set_aside_and_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "loopback.json"
    file.write_text("{", "utf-8")
    assert Loopbacks(file).pairs() == ()
    assert not file.exists()
