"""The live line beside the recording (`-m bench -s`): how late a voice is from mouth to ear, at what cost of processor
on each side, and pictures lost with a call and without, in turns.

BENCH_VOICE_S is how long each is listened to, and each take; BENCH_VOICE_TURNS how many takes there are of each kind.
The network between is a relay of our own.
"""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from rigs.camera_process import camera_process
from rigs.duet_relay import Way
from rigs.partner import add_ears, pictures_lost, take_with_partner
from rigs.pulse import PulseServer, speech
from rigs.voice_line import delay_s, listening, voice_line
from rigs.waiting import until

pytest.importorskip("aiortc", reason="not for this machine")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
SECONDS = float(os.environ.get("BENCH_VOICE_S", "10"))
TURNS = int(os.environ.get("BENCH_VOICE_TURNS", "3"))


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("direct", None),
        ("20 ms", Way(0.02)),
        ("20 ms, jitter 5, loss 1 %", Way(0.02, 0.005, 0.01)),
        ("60 ms, jitter 20, loss 3 %", Way(0.06, 0.02, 0.03)),
    ],
)
def test_from_mouth_to_ear(name: str, way: Way | None, tmp_path: Path) -> None:
    with PulseServer() as server, server.chosen():
        ears = add_ears(server, "ana"), add_ears(server, "bo")
        server.add_source("mouth")
        server.play_file("mouth", speech(tmp_path))
        with voice_line(ears, way) as (ana, bo):
            processes = [psutil.Process(side.pid) for side in (ana, bo)]
            with listening("pulse:mouth", ana.tap) as said, listening(f"{ears[1]}.monitor") as heard:
                until(lambda: bo.voice.heard.played > 100, "a voice", 30)
                before = [process.cpu_times() for process in processes]

                def long_enough() -> bool:
                    said.look()
                    heard.look()
                    return min(said.seconds, heard.seconds) >= SECONDS

                until(long_enough, "so much sound", SECONDS + 30)
                after = [process.cpu_times() for process in processes]
            used_s = [sum(now[:2]) - sum(was[:2]) for was, now in zip(before, after, strict=True)]
            late_s, became = delay_s(said, heard), bo.voice.heard
    print(f"{name}: {late_s * 1e3:.0f} ms, cores {used_s[0] / SECONDS:.2f} and {used_s[1] / SECONDS:.2f}, {became}")
    assert late_s < 0.5


def test_a_call_costs_no_picture(tmp_path: Path) -> None:
    """Both ends of the call are on this machine, which has the work of two."""
    found: dict[bool, list[int]] = {False: [], True: []}
    with camera_process(tmp_path / "pictures", (1280, 720)) as url, PulseServer() as server, server.chosen():
        ears = add_ears(server, "ana"), add_ears(server, "bo")
        server.add_source("mouth")
        server.play_file("mouth", speech(tmp_path))
        pair = DeviceSelection(camera=CameraRequest(id=url), microphone=MicrophoneRequest(id="pulse:mouth"))

        def take(turn: int, tap: str | None) -> None:
            folder = tmp_path / f"{turn}-{tap is not None}"
            folder.mkdir()
            made = take_with_partner(pair, folder, SECONDS, None, 60.0, tap=tap)
            assert made.video is not None
            assert made.audio is not None
            assert made.audio.gaps == ()
            found[tap is not None].append(pictures_lost(folder) + made.video.dropped)

        for turn in range(TURNS):
            take(turn, None)
            with voice_line(ears) as (ana, bo):
                take(turn, ana.tap.name)
                assert bo.voice.heard.played > SECONDS * 40
    print(f"720p30, {TURNS} takes of {SECONDS:g} s each: pictures lost alone {found[False]}, in a call {found[True]}")
    assert sum(found[True]) <= sum(found[False])
