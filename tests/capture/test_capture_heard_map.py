"""Where a clip was heard, from the counters of headphones and microphone alone: two clocks, holes, late callbacks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from perfstudio.capture.timing.audio_timeline import AudioTimeline, map_sound
from perfstudio.capture.timing.heard_map import HeardClip, map_heard
from perfstudio.capture.timing.timing_log import BLOCKS, DRY, PLAYED, BlockFlag, Log
from perfstudio.model.partner import LoopbackConstant, PartnerBegun

RATE = 48000
BASE_NS = 5_000_000_000_000
TO_EAR_S = 0.11
"""From being asked for a sample to its sound, and"""
TO_TAKE_S = 0.02
"""from a sound to its arrival."""


@dataclass
class Scene:
    """The clip of 30 s begins 12 s after the headphones, in a take that begins at 10 s; all on one host clock."""

    ears_ppm: float = 0.0
    microphone_ppm: float = 0.0
    dry: tuple[tuple[float, float], ...] = ()
    """(second of the headphones' counter, how long they were dry)"""
    unseen: tuple[tuple[float, float], ...] = ()
    """The same, with a larger buffer behind it, so that nothing is asked for later. Below 0: sound is dropped."""
    flagged: bool = True
    """Whether the driver flags the first block behind it."""
    told: bool = True
    """Whether the drivers tell when they play and hear."""
    confused: bool = False
    """Whether what the microphone's driver tells means nothing."""
    gone_s: float = 60.0
    late: np.random.Generator = field(default_factory=lambda: np.random.default_rng(4))

    def played(self) -> Log:
        """What the headphones' callbacks wrote down."""
        first = np.arange(0, min(50.0, self.gone_s) * RATE, 480).astype(np.int64)
        sounds = first / (RATE * (1 + self.ears_ppm * 1e-6))
        for at, length in self.dry:
            sounds = sounds + np.where(first / RATE >= at, length, 0.0)
        asked = sounds + self.late.exponential(0.004, len(first))
        out = np.zeros(len(first), PLAYED)
        for at, length in self.unseen:
            behind = first / RATE >= at
            sounds = sounds + np.where(behind, length, 0.0)
            out["flags"][np.argmax(behind)] = DRY if self.flagged else 0
        clip = first - 12 * RATE
        out["first_sample"], out["frames"] = first, 480
        out["host_ns"] = BASE_NS + np.round(asked * 1e9).astype(np.int64)
        out["current_s"] = asked + 77.0
        out["dac_s"] = sounds + TO_EAR_S + 77.0 if self.told else 0.0
        out["clip_sample"] = np.where((clip >= 0) & (clip < 30 * RATE), clip, -1)
        return out

    def arrivals(self) -> tuple[Log, int]:
        """What the microphone's callbacks wrote down, and the take's first sample."""
        rate = RATE * (1 + self.microphone_ppm * 1e-6)
        first = np.arange(0, 48 * RATE, 480).astype(np.int64)
        heard = (first + 480) / rate
        arrived = heard + TO_TAKE_S + self.late.exponential(0.002, len(first))
        out = np.zeros(len(first), BLOCKS)
        out["first_sample"], out["frames"] = first, 480
        out["host_ns"] = BASE_NS + np.round(arrived * 1e9).astype(np.int64)
        out["current_s"] = arrived + 33.0
        out["adc_s"] = first / rate + 33.0 if self.told else np.nan
        if self.confused:
            out["adc_s"] += np.linspace(0.0, 0.5, len(first))
        out["flags"] = np.where(first >= 10 * RATE, BlockFlag.WRITTEN, 0)
        return out, 10 * RATE

    def heard(self, **begun: object) -> HeardClip:
        """As the product finds it."""
        arrivals = self.arrivals()
        timeline: AudioTimeline = map_sound(arrivals[0], RATE, arrivals[1])
        timeline = AudioTimeline(RATE, timeline.clock, timeline.lost, timeline.fit, timeline.wander_s)
        facts = {"sha256": "0" * 64, "from_s": 0.0, "clip_rate_hz": RATE, "clip_samples": 30 * RATE, "rate_hz": RATE}
        whole = PartnerBegun.model_validate(facts | {"headphones": "Ears", "latency_s": 0.1} | begun)
        found = map_heard(self.played(), whole, timeline, arrivals, 38.0)
        assert found is not None
        return found

    def true_s(self, second: float) -> float:
        """Take time at which a second of the clip was heard: in the take's samples, when it sounded."""
        counted = 12.0 + second
        sounds = counted / (1 + self.ears_ppm * 1e-6) + TO_EAR_S
        sounds += sum(length for at, length in (*self.dry, *self.unseen) if counted >= at)
        return sounds * (1 + self.microphone_ppm * 1e-6) - 10.0


def said_s(heard: HeardClip, second: float) -> float:
    """The same as take.json says it."""
    at = heard.offset_s + second * (1 + heard.stretch_ppm * 1e-6)
    return at + sum(hole.length_s for hole in heard.underruns if hole.at_s <= at)


@pytest.mark.parametrize(("ears", "microphone"), [(0, 0), (200, -30), (-200, 100)])
def test_two_clocks_that_run_apart(ears: float, microphone: float) -> None:
    scene = Scene(ears, microphone)
    heard = scene.heard()
    assert [said_s(heard, at) for at in (0.0, 15.0, 29.9)] == pytest.approx(
        [scene.true_s(at) for at in (0.0, 15.0, 29.9)], abs=0.001
    )
    assert heard.bound_s == 0.03
    assert heard.until_s == pytest.approx(scene.true_s(30.0), abs=0.002)


def test_a_hole_is_marked_and_moves_what_follows() -> None:
    scene = Scene(ears_ppm=50, dry=((22.0, 0.08),))
    heard = scene.heard()
    (hole,) = heard.underruns
    assert hole.length_s == pytest.approx(0.08, abs=0.003)
    assert hole.at_s == pytest.approx(scene.true_s(10.0) - 0.08, abs=0.02)
    assert [said_s(heard, at) for at in (5.0, 25.0)] == pytest.approx(
        [scene.true_s(at) for at in (5.0, 25.0)], abs=0.004
    )


@pytest.mark.parametrize("late_s", [0.0, 0.06])
def test_a_hole_that_only_the_driver_tells_is_marked_and_moves_what_follows(late_s: float) -> None:
    scene = Scene(ears_ppm=50, unseen=((22.0, 0.145),), dry=((22.0, late_s),) if late_s else ())
    heard = scene.heard()
    (hole,) = heard.underruns
    assert hole.length_s == pytest.approx(0.145 + late_s, abs=0.003)
    assert hole.at_s == pytest.approx(scene.true_s(10.0) - 0.145 - late_s, abs=0.02)
    assert [said_s(heard, at) for at in (0.0, 9.9, 10.1, 29.0)] == pytest.approx(
        [scene.true_s(at) for at in (0.0, 9.9, 10.1, 29.0)], abs=0.004
    )
    assert heard.bound_s == 0.03


@pytest.mark.parametrize("scene", [
    Scene(unseen=((22.0, -0.05),)), Scene(unseen=((22.0, 0.145),), flagged=False),
], ids=["dropped", "nobody says where"])  # fmt: skip
def test_what_no_hole_explains_is_within_the_bound(scene: Scene) -> None:
    heard = scene.heard(loopback=LoopbackConstant(correction_s=0.0, bound_s=0.004))
    assert heard.underruns == ()
    for at in (0.0, 9.9, 10.1, 29.0):
        assert said_s(heard, at) == pytest.approx(scene.true_s(at), abs=heard.bound_s)
    assert heard.bound_s == pytest.approx(abs(scene.unseen[0][1]), abs=0.01), "and no wider"


def test_headphones_that_go_are_a_hole_to_the_end() -> None:
    heard = Scene(gone_s=30.0).heard()
    (hole,) = heard.underruns
    assert hole.at_s == pytest.approx(20.0 + TO_EAR_S, abs=0.02)
    assert hole.at_s + hole.length_s == pytest.approx(Scene().true_s(30.0), abs=0.01)
    assert heard.until_s == pytest.approx(hole.at_s, abs=0.001)


def test_a_driver_that_asks_without_a_pause_is_followed_no_further() -> None:
    scene = Scene()
    played, arrivals = scene.played(), scene.arrivals()
    storm = played["first_sample"] >= 30 * RATE  # the rest is asked for in two tenths of a second
    first = int(np.flatnonzero(storm)[0])
    played["host_ns"][storm] = played["host_ns"][first] + np.arange(int(storm.sum())) * 100_000
    timeline = map_sound(arrivals[0], RATE, arrivals[1])
    begun = PartnerBegun(
        sha256="0" * 64, from_s=0, clip_rate_hz=RATE, clip_samples=30 * RATE, rate_hz=RATE, headphones="Ears",
        latency_s=0.1,
    )  # fmt: skip
    heard = map_heard(played, begun, timeline, arrivals, 38.0)
    assert heard is not None
    assert said_s(heard, 5.0) == pytest.approx(scene.true_s(5.0), abs=0.022)
    (hole,) = heard.underruns
    assert hole.at_s + hole.length_s == pytest.approx(scene.true_s(30.0), abs=0.03), "unknown, to the end"
    assert hole.at_s < scene.true_s(20.0)


def test_a_part_of_a_clip_counts_from_the_beginning_of_its_file() -> None:
    assert Scene().heard(from_s=7.5).offset_s == pytest.approx(Scene().true_s(0.0) - 7.5, abs=0.001)


def test_what_a_click_found_is_added_and_its_bound_is_the_take_s() -> None:
    loopback = LoopbackConstant(correction_s=0.012, bound_s=0.002)
    heard = Scene().heard(loopback=loopback.model_dump())
    assert heard.offset_s == pytest.approx(Scene().true_s(0.0) + 0.012, abs=0.001)
    assert 0.002 <= heard.bound_s < 0.003


def test_drivers_that_say_nothing_are_reckoned_with_what_they_said_at_first() -> None:
    heard = Scene(told=False).heard(latency_s=TO_EAR_S)
    assert heard.offset_s == pytest.approx(Scene().true_s(0.0) - TO_TAKE_S, abs=0.001)
    assert abs(heard.offset_s - Scene().true_s(0.0)) <= heard.bound_s


def test_a_driver_that_contradicts_itself_widens_the_bound() -> None:
    assert Scene(told=False).heard().bound_s == 0.1
    assert Scene(confused=True).heard().bound_s == 0.1, "the microphone's, too"
    scene = Scene()
    played, arrivals = scene.played(), scene.arrivals()
    played["dac_s"] += np.linspace(0.0, 0.3, len(played))  # as a starved sound server told
    begun = PartnerBegun(
        sha256="0" * 64, from_s=0, clip_rate_hz=RATE, clip_samples=30 * RATE, rate_hz=RATE, headphones="Ears",
        latency_s=TO_EAR_S,
    )  # fmt: skip
    heard = map_heard(played, begun, map_sound(arrivals[0], RATE, arrivals[1]), arrivals, 38.0)
    assert heard is not None
    assert heard.bound_s == pytest.approx(0.177, abs=0.005), "as far apart as its words are while the clip is heard"
    assert abs(heard.offset_s - scene.true_s(0.0)) <= heard.bound_s


def test_radio_headphones_have_a_wider_bound() -> None:
    assert Scene().heard(wireless=True).bound_s == 0.3


def test_a_take_that_was_cut_before_the_first_word_had_no_partner() -> None:
    scene = Scene()
    played, arrivals = scene.played(), scene.arrivals()
    played["clip_sample"] = -1
    begun = PartnerBegun(
        sha256="0" * 64, from_s=0, clip_rate_hz=RATE, clip_samples=RATE, rate_hz=RATE, headphones="Ears", latency_s=0.1
    )
    assert map_heard(played, begun, map_sound(arrivals[0], RATE, arrivals[1]), arrivals, 38.0) is None
