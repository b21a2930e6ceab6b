"""What it costs a receiver to play a take before it accepts it, beside the length of the take."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from perfstudio.model.media_claim import MediaClaim, MediaForm
from perfstudio.session.delivery.played import CPU_S, CPU_SHARE
from perfstudio.session.guarded_work import GuardLimits, MediaGuard
from rigs import small_media


def children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.bench
@pytest.mark.parametrize("minutes", [0.5, 2.0])
def test_bench_playing_an_arrival(minutes: float, tmp_path: Path) -> None:
    seconds = minutes * 60
    film = small_media.film(tmp_path / "take.mp4", round(seconds * 30), size=(1280, 720), key_every=30)
    sound = small_media.flac(tmp_path / "audio.flac", seconds)
    claims = [
        MediaClaim(str(film), MediaForm.FILM, duration_s=seconds, pictures=round(seconds * 30)),
        MediaClaim(str(sound), MediaForm.FLAC, duration_s=seconds, rate_hz=48_000),
    ]
    before = children_s()
    assert MediaGuard().look(claims, GuardLimits(cpu_s=CPU_S + CPU_SHARE * seconds)) == (None, None)
    cost = children_s() - before
    size_mb = film.stat().st_size / 1e6
    print(
        f"\n{minutes:.1f} min of 720p, {size_mb:.0f} MB: {cost:.1f} s of processor, {cost / seconds:.3f} of its length"
    )
    assert cost < CPU_S + CPU_SHARE * seconds
