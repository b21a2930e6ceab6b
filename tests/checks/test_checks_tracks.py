"""Of several tracks the one that is meant is judged, and the report says which; a preview or a cover is no film."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from av.video.reformatter import VideoReformatter
from checks_material import RATE, Scene, frames, voice, write_film, write_sound

from perfstudio.checks.bleed import PartnerClip, read_wave
from perfstudio.checks.media import Damage, film_frames, film_times, probe
from perfstudio.checks.report import check_media
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.errors import MediaError
from perfstudio.texts.checks import sentence
from rigs.shortened import every, shortened

SMALL = Scene(width=320, height=180)
SPOKEN, NOTHING = voice(1)[: 3 * RATE], np.zeros(3 * RATE, np.float32)


def report(path: Path, **more: object) -> dict[CheckCode, CheckResult]:
    return {r.code: r for r in check_media(path, None, **more)}  # type: ignore[arg-type]


def film_packets(stream: object, pictures: Iterable[np.ndarray]) -> Iterator[av.Packet]:
    scaler = VideoReformatter()
    for index, picture in enumerate(pictures):
        frame = scaler.reformat(av.VideoFrame.from_ndarray(picture, format="bgr24"), format=stream.pix_fmt)
        frame.pts, frame.time_base = index, Fraction(1, FPS)
        yield from stream.encode(frame)
    yield from stream.encode()


def sound_packets(stream: object, samples: np.ndarray) -> Iterator[av.Packet]:
    resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=RATE)
    for start in range(0, len(samples), 1024):
        piece = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], format="fltp", layout="mono")
        piece.sample_rate, piece.pts = RATE, start
        for part in resampler.resample(piece):
            yield from stream.encode(part)
    yield from stream.encode()


def write_tracks(
    path: Path,
    films: list[tuple[str, list[np.ndarray], Disposition]],
    sounds: list[tuple[np.ndarray, Disposition]],
    codec: str = "aac",
) -> Path:
    """A file of several tracks in this order, each with its disposition."""
    with av.open(str(path), "w") as box:
        tracks = []
        for name, pictures, how in films:
            stream = box.add_stream(name, rate=FPS)
            stream.height, stream.width = pictures[0].shape[:2]
            stream.pix_fmt = {"libx264": "yuv420p", "mjpeg": "yuvj420p", "png": "rgb24"}[name]
            stream.options = {"preset": "ultrafast", "threads": "1"} if name == "libx264" else {}
            stream.disposition = how
            tracks.append((stream, film_packets, pictures))
        for samples, how in sounds:
            stream = box.add_stream(codec, rate=RATE, layout="mono")
            stream.disposition = how
            stream.codec_context.options = {"aac_coder": "fast"} if codec == "aac" else {}
            tracks.append((stream, sound_packets, samples))
        for stream, packets, content in tracks:
            for packet in list(packets(stream, content)):
                box.mux(packet)
    return path


FPS = 15
NONE, DEFAULT = Disposition(0), Disposition.default


@pytest.mark.parametrize("ending", shortened([".mp4", ".mkv", ".mov"], every(3)))
@pytest.mark.parametrize(
    ("sounds", "judged"),
    [
        ([(NOTHING, NONE), (SPOKEN, DEFAULT)], 2),
        ([(SPOKEN, DEFAULT), (NOTHING, NONE)], 1),
        ([(NOTHING, DEFAULT), (SPOKEN, NONE)], 2),
        ([(NOTHING, DEFAULT), (NOTHING, NONE), (SPOKEN, NONE)], 3),
        ([(SPOKEN * 0.5, NONE), (SPOKEN, NONE)], 1),
        ([(NOTHING, DEFAULT), (NOTHING, NONE)], 1),
    ],
)
def test_the_sound_that_is_meant_or_heard_is_judged_and_named(
    tmp_path: Path, ending: str, sounds: list[tuple[np.ndarray, Disposition]], judged: int
) -> None:
    results = report(write_tracks(tmp_path / f"a{ending}", [], sounds))
    told = results[CheckCode.TRACKS]
    assert (told.value, told.facts["track"], told.facts["stream"]) == (len(sounds), judged, "sound")
    assert sentence(told).startswith(f"Sound track {judged} of {len(sounds)} was checked.")
    heard = any(samples.any() for samples, _ in sounds)
    assert (results[CheckCode.SILENCE].verdict is Verdict.GOOD) is heard


def test_of_one_track_nothing_is_said(tmp_path: Path) -> None:
    assert CheckCode.TRACKS not in report(write_sound(tmp_path / "a.wav", SPOKEN))


def test_a_partner_is_heard_in_the_track_that_sounds(tmp_path: Path) -> None:
    clip = voice(2)[RATE : 4 * RATE]
    mine = voice(1)[: 5 * RATE].copy()
    mine[RATE : RATE + len(clip)] += 0.4 * clip
    both = write_tracks(tmp_path / "clip.mkv", [], [(NOTHING, DEFAULT), (clip, NONE)])
    take = write_tracks(tmp_path / "take.mkv", [], [(NOTHING, DEFAULT), (mine, NONE)])
    assert len(read_wave(both)) == pytest.approx(3 * 8000, abs=800)
    assert report(take, partner=PartnerClip(both, 1.0))[CheckCode.BLEED].verdict is Verdict.RETAKE


@cache
def film(count: int = 20, scene: Scene = SMALL) -> list[np.ndarray]:
    return [picture for _, picture in frames(scene, count / 15, 15)]


STILL = film(1, Scene(width=180, height=320, person=False))


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "mjpeg"), ("a.mov", "mjpeg"), ("a.mov", "png")])
@pytest.mark.parametrize("marked", [NONE, DEFAULT], ids=["unmarked", "marked"])
def test_a_preview_in_front_of_the_film_is_not_the_film(
    tmp_path: Path, name: str, codec: str, marked: Disposition
) -> None:
    path = write_tracks(tmp_path / name, [(codec, STILL, marked), ("libx264", film(), NONE)], [])
    results = report(path)
    assert results[CheckCode.FACE].verdict is Verdict.GOOD
    assert results[CheckCode.ORIENTATION].value == pytest.approx(0.56, abs=0.01)
    assert results[CheckCode.FRAME_RATE].value == pytest.approx(15, abs=0.1)
    assert CheckCode.TRACKS not in results
    assert len(film_times(path)) == len(list(film_frames(path, Damage()))) == 20


def test_of_two_films_the_default_one_is_judged_and_named(tmp_path: Path) -> None:
    away = film(20, SMALL.but(person=False))
    results = report(write_tracks(tmp_path / "a.mkv", [("libx264", away, NONE), ("libx264", film(), DEFAULT)], []))
    assert results[CheckCode.FACE].verdict is Verdict.GOOD
    assert sentence(results[CheckCode.TRACKS]).startswith("Picture track 2 of 2 was checked.")


def test_motion_jpeg_is_a_film(tmp_path: Path) -> None:
    assert probe(write_film(tmp_path / "a.avi", frames(SMALL, 1.0, 15), codec="mjpeg", pix_fmt="yuvj420p")).picture


@pytest.mark.parametrize(
    ("name", "art", "codec"),
    [("a.mkv", "mjpeg", "flac"), ("a.mp4", "png", "aac"), ("a.mp3", "png", "libmp3lame"), ("a.flac", "png", "flac")],
)
def test_a_cover_beside_sound_is_no_film(tmp_path: Path, name: str, art: str, codec: str) -> None:
    cover = (art, STILL, Disposition.attached_pic)
    assert_only_sound(write_tracks(tmp_path / name, [cover], [(SPOKEN, DEFAULT)], codec))


@pytest.mark.parametrize("ending", [".mkv", ".mov"])
def test_a_cover_that_is_a_track_is_no_film(tmp_path: Path, ending: str) -> None:
    assert_only_sound(write_tracks(tmp_path / f"a{ending}", [("mjpeg", STILL, NONE)], [(SPOKEN, DEFAULT)]))


def assert_only_sound(path: Path) -> None:
    assert probe(path).picture is None
    results = report(path)
    assert CheckCode.SPEECH in results
    assert CheckCode.ORIENTATION not in results


def test_a_still_alone_is_no_film(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "a.mkv", [("mjpeg", STILL, DEFAULT)], [])
    with pytest.raises(MediaError) as caught:
        check_media(path, None)
    assert caught.value.facts["detail"] == "still_picture"
