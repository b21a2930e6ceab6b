"""Sound in whatever form a file keeps it is the same sound: sample types, channels, rates, and changes half-way."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
import pytest
from checks_material import RATE, tone, voice, write_sound

from perfstudio.checks.media import Damage, Extent, sound_blocks
from perfstudio.checks.report import check_media
from perfstudio.checks.samples import Conformer, plain
from perfstudio.model.checks import CheckCode, CheckResult

LAYOUTS = ("mono", "stereo", "2.1", "5.1", "7.1", "hexadecagonal")


def resampled(samples: np.ndarray, layout: str, form: str, rate: int = RATE) -> list[av.AudioFrame]:
    """Frames x channels as FFmpeg keeps them in a sample type."""
    packed = np.ascontiguousarray(samples, np.float32).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
    frame.sample_rate = rate
    return av.AudioResampler(format=form, layout=layout, rate=rate).resample(frame)


def encoded(path: Path, codec: str, frames: Iterable[av.AudioFrame], layout: str, rate: int = RATE) -> Path:
    """A file in a codec; the container follows the name."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        for frame in frames:
            frame.pts = None
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def heard(path: Path) -> np.ndarray:
    return np.concatenate([samples for samples, _ in sound_blocks(path, Damage())])


def report(path: Path) -> dict[CheckCode, CheckResult]:
    return {r.code: r for r in check_media(path, None)}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "form", [kind + planar for kind in ("u8", "s16", "s32", "s64", "flt", "dbl") for planar in ("", "p")]
)
def test_every_sample_type_gives_the_same_numbers(form: str, layout: str) -> None:
    channels = av.AudioLayout(layout).nb_channels
    wave = np.stack([tone(200 + 50 * c, -6, 0.2) for c in range(channels)], axis=1)
    found = np.concatenate([plain(frame) for frame in resampled(wave, layout, form)])
    assert found.dtype == np.float32
    assert np.abs(found - wave).max() <= (1 / 100 if form.startswith("u8") else 1 / 30000)


@pytest.mark.parametrize(
    ("codec", "name", "form"),
    [
        *((f"pcm_{kind}", "a.wav", None) for kind in ("u8", "s16le", "s24le", "s32le", "f32le", "f64le")),
        *((f"pcm_{kind}", "a.wav", "s16") for kind in ("alaw", "mulaw")),
        *((f"pcm_{kind}", "a.mkv", None) for kind in ("s16be", "s24be", "f32le")),
        *((f"pcm_{kind}", "a.aiff", None) for kind in ("s8", "s16be", "s24be")),
        ("pcm_s16be", "a.caf", None),
        *((f"adpcm_{kind}", "a.wav", None) for kind in ("ms", "ima_wav", "yamaha")),
        ("alac", "a.m4a", None),
        ("flac", "a.flac", None),
        ("wavpack", "a.wv", None),
        ("aac", "a.m4a", None),
        ("ac3", "a.mka", None),
        ("mp2", "a.mp2", None),
        ("tta", "a.tta", None),
    ],
)
def test_every_codec_gives_a_report(tmp_path: Path, codec: str, name: str, form: str | None) -> None:
    wave = np.stack([tone(330, -20, 1)] * 2, axis=1)
    kinds = av.codec.Codec(codec, "w").audio_formats or []
    frames = resampled(wave, "stereo", form or kinds[0].name)
    results = report(encoded(tmp_path / name, codec, frames, "stereo"))
    assert results[CheckCode.PEAK].value == pytest.approx(-20, abs=0.6)
    assert CheckCode.DAMAGE not in results


def test_a_file_of_one_bit_samples(tmp_path: Path) -> None:
    bits, channels, rate = 4096 * 40, 2, 2822400
    ones = np.random.default_rng(0).random((channels, bits)) < 0.5
    blocks = np.packbits(ones, axis=1, bitorder="little").reshape(channels, -1, 4096).swapaxes(0, 1).tobytes()
    form = struct.pack("<4sQIIIIIIQII", b"fmt ", 52, 1, 0, 2, channels, rate, 1, bits, 4096, 0)
    data = struct.pack("<4sQ", b"data", 12 + len(blocks)) + blocks
    path = tmp_path / "a.dsf"
    path.write_bytes(struct.pack("<4sQQQ", b"DSD ", 28, 28 + len(form) + len(data), 0) + form + data)
    assert heard(path).shape[1] == 2
    assert report(path)[CheckCode.PEAK].value is not None


@pytest.mark.parametrize(
    ("rate", "layout"),
    [*itertools.product([8000, 11025, 44100, 96000, 192000], ["mono", "2.1", "7.1"]), (RATE, "hexadecagonal")],
)
def test_rates_and_channels_without_end(tmp_path: Path, rate: int, layout: str) -> None:
    channels = av.AudioLayout(layout).nb_channels
    wave = np.stack([tone(330, -20, 1, rate)] * channels, axis=1)
    path = encoded(tmp_path / "a.mka", "pcm_f32le", resampled(wave, layout, "flt", rate), layout, rate)
    assert heard(path).shape == wave.shape
    assert report(path)[CheckCode.PEAK].value == pytest.approx(-20, abs=0.1)


def test_sixteen_planes_are_all_heard(tmp_path: Path) -> None:
    wave = np.stack([tone(300 + 40 * c, -20 - c, 1) for c in range(16)], axis=1)
    path = encoded(tmp_path / "a.mka", "aac", resampled(wave, "hexadecagonal", "fltp"), "hexadecagonal")
    tops = 20 * np.log10(np.abs(heard(path)[4800:-4800]).max(axis=0))
    assert tops == pytest.approx([-20 - c for c in range(16)], abs=0.5)


@pytest.mark.parametrize(("rate", "layout"), [(22050, "mono"), (RATE, "stereo"), (22050, "5.1")])
def test_sound_that_goes_on_in_another_form_is_heard_to_its_end(rate: int, layout: str) -> None:
    channels = av.AudioLayout(layout).nb_channels
    first = np.stack([tone(330, -20, 1)], axis=1)
    second = np.stack([tone(330, -20, 1, rate)] * channels, axis=1)
    conformer = Conformer()
    pieces = [
        *(piece for frame in resampled(first, "mono", "s16") for piece in conformer.push(frame)),
        *(piece for frame in resampled(second, layout, "fltp", rate) for piece in conformer.push(frame)),
        *conformer.rest(),
        *(piece for frame in resampled(first, "mono", "s16") for piece in conformer.push(frame)),
    ]
    whole = np.concatenate(pieces)
    assert (conformer.rate_hz, whole.shape[1]) == (RATE, 1)
    assert len(whole) == pytest.approx(3 * RATE, abs=64)
    middle = whole[RATE + 4800 : 2 * RATE - 4800]
    assert np.abs(middle).max() == pytest.approx(0.1 * (2 if layout == "5.1" else 1), rel=0.75)


def test_a_file_whose_rate_changes_is_reported_to_its_end(tmp_path: Path) -> None:
    parts = [
        encoded(tmp_path / f"{rate}.aac", "aac", resampled(tone(330, -20, 2, rate)[:, None], "mono", "fltp", rate),
                "mono", rate)
        for rate in (44100, 22050)
    ]  # fmt: skip
    path = tmp_path / "both.aac"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    extent = Extent()
    length = sum(len(samples) for samples, _ in sound_blocks(path, Damage(), extent=extent))
    assert length / 44100 == pytest.approx(4.0, abs=0.2)
    assert extent.end_s == pytest.approx(4.0, abs=0.2)
    assert CheckCode.DAMAGE not in report(path)


def test_what_is_no_number_is_silence(tmp_path: Path) -> None:
    torn = voice(1)[: 3 * RATE].copy()
    torn[RATE : RATE + 100], torn[2 * RATE] = np.nan, np.inf
    results = report(write_sound(tmp_path / "a.wav", torn, subtype="FLOAT"))
    assert all(result.value is None or np.isfinite(result.value) for result in results.values())
