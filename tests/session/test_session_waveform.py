"""The shape of a sound file: right, told apart from what cannot be read, and nothing of its making stays behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.session.takes.waveform import read_waveform

RATE = 48000
MEDIA = ("numpy", "soundfile")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Three seconds: quiet, then the right channel loud, then past full scale."""
    samples = np.zeros((3 * RATE, 2), np.float32)
    samples[:RATE] = 0.1
    samples[RATE : 2 * RATE, 1] = -0.5
    samples[2 * RATE :] = 1.0
    file = tmp_path / "audio.flac"
    soundfile.write(file, samples, RATE)
    return file


def test_peaks_are_those_of_the_file(sound: Path) -> None:
    wave = read_waveform(sound, columns=30)
    assert wave.duration_s == pytest.approx(3.0)
    assert wave.peaks == pytest.approx((0.1,) * 10 + (0.5,) * 10 + (1.0,) * 10, abs=1e-4)


def test_how_loud_it_is_is_told_from_the_middle_of_the_first_three_seconds_on(tmp_path: Path) -> None:
    """A tone of -20 dBFS reads -20 LUFS as EBU Tech 3341 has it (here at 1 kHz, on one channel counted as two)."""
    tone = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(4 * RATE) / RATE)
    soundfile.write(tmp_path / "audio.flac", np.concatenate([0 * tone[: 2 * RATE], tone]), RATE)
    wave = read_waveform(tmp_path / "audio.flac")
    assert len(wave.loudness) == 31
    assert wave.loudness[-1] == pytest.approx(-20.0, abs=0.2)
    assert wave.loudness[0] == pytest.approx(-20.0 - 10 * np.log10(3), abs=0.3), "one second in three"
    assert wave.loudest is not None
    assert wave.loudest.at_s == pytest.approx(3.5, abs=0.11)
    soundfile.write(tmp_path / "audio.flac", np.zeros(4 * RATE), RATE)
    assert read_waveform(tmp_path / "audio.flac").loudest is None


def test_a_file_shorter_than_the_columns_has_one_for_each_sample(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "audio.flac", np.full(7, 0.25, np.float32), RATE)
    assert read_waveform(tmp_path / "audio.flac").peaks == pytest.approx((0.25,) * 7)


def test_a_file_that_is_missing_or_damaged_is_named(sound: Path) -> None:
    with pytest.raises(MediaError) as told:
        read_waveform(sound.with_name("gone.flac"))
    assert (told.value.code, told.value.facts["file"]) == (ErrorCode.MEDIA_MISSING, "gone.flac")
    sound.write_bytes(b"no sound at all")
    with pytest.raises(MediaError) as told:
        read_waveform(sound)
    assert (told.value.code, told.value.facts["file"]) == (ErrorCode.MEDIA_UNREADABLE, "audio.flac")


def test_nothing_of_the_reading_stays_in_the_process_that_asked(sound: Path) -> None:
    asked = f"""
import json, sys
from pathlib import Path
from perfstudio.session.takes.waveform import read_waveform
wave = read_waveform(Path({str(sound)!r}))
print(json.dumps([len(wave.peaks), [name for name in {MEDIA} if name in sys.modules]]))
"""
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [1600, []]
