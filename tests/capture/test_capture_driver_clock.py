"""The driver's stamps beside the clock map: agreeing, disagreeing, and not to be judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from core_scripts import RATE, Script, play

from perfstudio.capture.driver_clock import driver_ppm
from perfstudio.capture.finish import verify_sync
from perfstudio.capture.observations import BLOCKS, LogWriter
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


@pytest.mark.parametrize(("ppm", "agrees"), [(60.0, True), (0.0, False), (None, None)])
def test_the_report_flags_a_driver_that_disagrees_and_the_map_stands(
    tmp_path: Path, ppm: float | None, agrees: bool | None
) -> None:
    make_raw(tmp_path, 1.0, size=(64, 64))
    if ppm is not None:
        (tmp_path / "raw" / "blocks.bin").unlink()
        log = LogWriter(tmp_path / "raw" / "blocks.bin", BLOCKS)
        log.file.write(stamped(ppm).tobytes())
        log.close()
    report = verify_sync(tmp_path)
    assert report.driver_agrees is agrees
    assert (report.driver_ppm is None) == (ppm is None)
    assert report.audio is not None
    assert report.audio.rate_ppm == pytest.approx(60.0, abs=5.0)
