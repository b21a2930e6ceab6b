"""Two hours: the clock map, and files that outgrow four gigabytes."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from core_scripts import RATE, Script, play

from perfstudio.capture.finishing.finish import finish
from perfstudio.capture.timing.audio_timeline import map_sound
from rigs.long_take import make_raw
from rigs.systems import installed

MINUTES = 7
"""At some 740 MB a minute."""


def test_two_hours_of_sound_are_mapped_at_once() -> None:
    script = Script(minutes=120, ppm=87.0, seed=2, gaps=((1800.0, 0.4), (5400.0, 0.012)))
    arrivals = play(script)
    began = time.process_time()
    found = map_sound(arrivals.blocks, RATE, 0)
    took = time.process_time() - began
    assert [loss.samples / RATE for loss in found.lost] == pytest.approx([0.4, 0.012], abs=1e-3)
    assert np.ptp(found.seconds_at(arrivals.true_ns) - arrivals.truth) < 1e-3
    print(f"\nclock map of two hours: {took:.2f} s of CPU")
    assert took < 10


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_film_beyond_four_gigabytes_is_whole(tmp_path: Path) -> None:
    """Offsets and the media box need more than 32 bits; a second demuxer reads the end."""
    folder = tmp_path / "take.part"
    make_raw(folder, MINUTES, size=(1920, 1080), grain=24)
    take = finish(folder)
    film = folder / "take.mp4"
    assert film.stat().st_size > 2**32
    asked = [installed("ffprobe"), "-v", "error", "-read_intervals", f"{take.duration_s - 2}%", "-show_entries",
             "packet=codec_type,pts_time", "-of", "csv=p=0", str(film)]  # fmt: skip
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    ends = [max(float(line.split(",")[1]) for line in lines if line.startswith(kind)) for kind in ("video", "audio")]
    print(f"\n{film.stat().st_size / 2**30:.1f} GiB, {take.duration_s:.0f} s: last picture and sound at {ends} s")
    assert take.duration_s == pytest.approx(MINUTES * 60, abs=1)
    assert min(ends) > take.duration_s - 0.2
