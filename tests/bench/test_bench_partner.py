"""The recorded partner beside the recording (`-m bench -s`): pictures lost with a clip and without, in turns; and when
a click was heard, on any pair of devices of this computer of which one hears the other.

BENCH_PARTNER_S is the length of a take, BENCH_PARTNER_TURNS how many there are of each kind. BENCH_HEARD names
headphones and microphone, by ids as `perfstudio devices` shows them, with a space between: a cable, a headphone that is
held on a microphone, or ALSA's loopback card.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.calibration.loopback import measure_loopback
from perfstudio.capture.calibration.pattern import pattern_edges
from perfstudio.capture.calibration.ticks import CLICK_BAND, find_ticks
from perfstudio.capture.files.flac import read_flac
from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.loopback import LoopbackFound
from perfstudio.model.partner import ClipToPlay, PartnerWish
from perfstudio.session.calibration.clicks import clicks_in
from rigs.camera_process import camera_process
from rigs.partner import add_ears, pictures_lost, take_with_partner
from rigs.pulse import PulseServer, speech

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]
SECONDS = float(os.environ.get("BENCH_PARTNER_S", "10"))
TURNS = int(os.environ.get("BENCH_PARTNER_TURNS", "6"))
HEARD = os.environ.get("BENCH_HEARD", "")


def recorded(selection: DeviceSelection, folder: Path, seconds: float, wish: PartnerWish | None) -> FinishedTake:
    """One take, with a partner or without, in a folder that is made for it."""
    folder.mkdir(parents=True, exist_ok=True)
    return take_with_partner(selection, folder, seconds, wish, patience_s=60.0)


def test_a_clip_costs_no_picture(tmp_path: Path) -> None:
    found: dict[str, list[int]] = {"alone": [], "with a clip": []}
    longest: dict[str, list[float]] = {"alone": [], "with a clip": []}
    with camera_process(tmp_path / "pictures", (1280, 720)) as url, PulseServer() as server, server.chosen():
        ears = add_ears(server)
        pair = DeviceSelection(camera=CameraRequest(id=url), microphone=MicrophoneRequest(id=f"{ears}.monitor"))
        wish = PartnerWish(ClipToPlay(speech(tmp_path, SECONDS)), ears)
        for turn in range(TURNS):
            for name, played in (("alone", None), ("with a clip", wish)):
                folder = tmp_path / f"{turn}-{name}"
                made = recorded(pair, folder, SECONDS, played)
                assert made.video is not None
                assert (made.partner is not None) == (played is not None)
                found[name].append(pictures_lost(folder) + made.video.dropped)
                longest[name].append(made.video.longest_hole_ms)
    for name, numbers in found.items():
        print(
            f"\n720p30, {TURNS} takes of {SECONDS:g} s {name}, in turns: pictures lost {numbers}, "
            f"longest time between two {max(longest[name]):.0f} ms"
        )
    assert sum(found["with a clip"]) <= sum(found["alone"])


@pytest.mark.skipif(not HEARD, reason="BENCH_HEARD names no headphones and microphone")
def test_when_a_click_was_heard(tmp_path: Path) -> None:
    """By the drivers' own words alone; the bound is what a take says."""
    ears, microphone = HEARD.split()
    folder = tmp_path / "take"
    folder.mkdir()
    pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=microphone))
    made = recorded(pair, folder, 12.5, clicks_in((ears, ears), folder))
    assert made.partner is not None
    assert made.audio is not None
    sound = np.concatenate([piece for piece in read_flac(folder / "audio.flac") if len(piece)]).astype(np.float32)
    heard = find_ticks(sound[:, 0] / np.float32(2**31), made.audio.rate_hz, 0.0, CLICK_BAND)
    said = made.partner.offset_s + pattern_edges() * (1 + made.partner.stretch_ppm * 1e-6)
    errors_ms = np.array([(at - said)[np.abs(at - said).argmin()] for at in heard]) * 1e3
    outcome = measure_loopback(folder)
    print(
        f"\n{ears} heard by {microphone}: {len(heard)} clicks, error median {np.median(errors_ms):+.2f} ms, worst "
        f"{np.abs(errors_ms).max():.2f}; bound {made.partner.bound_s * 1e3:.0f} ms, "
        f"{made.partner.stretch_ppm:+.1f} ppm, constant {made.partner.constant_s * 1e3:.1f} ms; {outcome}"
    )
    assert np.abs(errors_ms).max() <= made.partner.bound_s * 1e3
    assert isinstance(outcome, LoopbackFound)
