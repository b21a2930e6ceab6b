"""The driver's stamps beside the clock map: agreeing, disagreeing, and not to be judged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from core_scripts import RATE, Script, play

from perfstudio.capture.finishing.finish import fit, verify_sync
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.capture.timing.driver_clock import delivery_s, driver_ppm
from perfstudio.capture.timing.timing_log import BLOCKS, LogWriter
from rigs.long_take import make_raw


def stamped(ppm: float, minutes: float = 1.0) -> np.ndarray:
    """Arrivals of a microphone at +60 ppm whose driver believes in `ppm`."""
    blocks = play(Script(minutes, 60.0)).blocks.copy()
    noise = np.random.default_rng(3).normal(0, 0.2e-3, len(blocks))
    blocks["adc_s"] = 5.0 + blocks["first_sample"] / (RATE * (1 + ppm * 1e-6)) + noise
    return blocks


def test_the_rate_is_read_from_the_stamps() -> None:
    assert driver_ppm(stamped(60.0), RATE) == pytest.approx(60.0, abs=2.0)
    assert driver_ppm(stamped(-150.0), RATE) == pytest.approx(-150.0, abs=2.0)


def test_stamps_that_cannot_be_judged_say_nothing() -> None:
    for spoil in (np.nan, 0.0, 1e9):
        blocks = stamped(60.0)
        blocks["adc_s"][1000] = spoil
        assert driver_ppm(blocks, RATE) is None
    assert driver_ppm(stamped(60.0, minutes=0.4), RATE) is None
    assert driver_ppm(np.zeros(0, BLOCKS), RATE) is None


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The raw files of a minute."""
    folder = tmp_path_factory.mktemp("minute")
    make_raw(folder, 1.0, size=(64, 64))
    return folder


@pytest.fixture
def take(minute: Path, tmp_path: Path) -> Path:
    """A copy of them, to be changed."""
    return Path(shutil.copytree(minute, tmp_path / "take"))


@pytest.mark.parametrize(("ppm", "agrees"), [(60.0, True), (0.0, False), (None, None)])
def test_the_report_flags_a_driver_that_disagrees_and_the_map_stands(
    take: Path, ppm: float | None, agrees: bool | None
) -> None:
    if ppm is not None:
        (take / "raw" / "blocks.bin").unlink()
        log = LogWriter(take / "raw" / "blocks.bin", BLOCKS)
        log.file.write(stamped(ppm).tobytes())
        log.close()
    report = verify_sync(read_raw(take))
    assert report.driver_agrees is agrees
    assert (report.driver_ppm is None) == (ppm is None)
    assert report.audio is not None
    assert report.audio.rate_ppm == pytest.approx(60.0, abs=5.0)


@pytest.mark.parametrize(
    ("taken_ms", "jitter_ms", "told"),
    [(1.46, 0.2, True), (18.0, 0.2, True), (25.0, 0.2, False), (-1.0, 0.2, False), (1.46, 4.0, False)],
)
def test_the_time_from_the_converter_to_us_is_told_where_it_is_small_and_steady(
    taken_ms: float, jitter_ms: float, told: bool
) -> None:
    line = np.arange(300) * 0.01 + 7.0
    captured = line - taken_ms / 1e3 + np.random.default_rng(5).normal(0, jitter_ms / 1e3, 300)
    captured[::10] = np.nan
    found = delivery_s(captured, line)
    assert found == (pytest.approx(taken_ms / 1e3, abs=1e-4) if told else None)
    assert delivery_s(captured[:50], line[:50]) is None, "nine tenths of fifty are too few"


@pytest.mark.parametrize(("host_api", "moved_ms"), [("ALSA", 1.5), ("Windows WASAPI", 0.0)])
def test_it_is_taken_out_of_the_timeline_where_the_hardware_tells_it(
    take: Path, host_api: str, moved_ms: float
) -> None:
    plain = fit(read_raw(take))
    facts = json.loads((take / "raw" / "capture.json").read_text())
    facts["devices"]["microphone"]["host_api"] = host_api
    (take / "raw" / "capture.json").write_text(json.dumps(facts))
    blocks = read_raw(take).blocks.copy()
    ends = blocks["first_sample"] + blocks["frames"]
    host_ns = plain.clock.zero_ns + (ends - read_raw(take).first_sample) * plain.clock.ns_per_sample
    blocks["adc_s"] = host_ns * 1e-9 - 1.5e-3 - blocks["frames"] / RATE
    (take / "raw" / "blocks.bin").unlink()
    log = LogWriter(take / "raw" / "blocks.bin", BLOCKS)
    log.file.write(blocks.tobytes())
    log.close()
    moved = fit(read_raw(take))
    assert (plain.clock.zero_ns - moved.clock.zero_ns) / 1e6 == pytest.approx(moved_ms, abs=0.01)
    assert verify_sync(read_raw(take)).delivery_ms == (pytest.approx(1.5, abs=0.01) if moved_ms else None)
