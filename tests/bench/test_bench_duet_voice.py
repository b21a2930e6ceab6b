"""From mouth to ear over the live line (`-m bench -s`): how late, and at what cost of processor on each side.

BENCH_VOICE_S is how long each is listened to. The network between is a relay of our own.
"""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from rigs.duet_relay import Way
from rigs.partner import add_ears
from rigs.pulse import PulseServer, speech
from rigs.voice_line import delay_s, listening, voice_line
from rigs.waiting import until

pytest.importorskip("aiortc", reason="not for this machine")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
SECONDS = float(os.environ.get("BENCH_VOICE_S", "10"))


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
