"""The report on closed files: every kind of file gives a correct report or one MediaError."""

from __future__ import annotations

import itertools
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from checks_material import RATE, Scene, frames, tone, voice, write_film, write_sound

from perfstudio.checks.live import LiveChecks
from perfstudio.checks.report import check_media
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.timing import AudioStats, Gap, GapCause, SyncReport, VideoStats

GOOD = Verdict.GOOD
SECONDS = 4.6
"""Long enough for one window in which flicker is looked for."""
SMALL = Scene(width=320, height=180)


def report(picture: Path | None, sound: Path | None = None, **more: object) -> dict[CheckCode, CheckResult]:
    return {r.code: r for r in check_media(picture, sound, **more)}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "take.mp4"
    return write_film(path, frames(SMALL, SECONDS, 15), sound=spoken())


def spoken() -> np.ndarray:
    return voice(1)[: round(SECONDS * RATE)]


def test_a_clean_film_is_good_in_everything(film: Path) -> None:
    results = report(film, nominal_fps=15)
    assert {c: (r.value, r.limit) for c, r in results.items() if r.verdict is not GOOD} == {}
    assert {CheckCode.PEAK, CheckCode.FACE, CheckCode.FRAME_RATE, CheckCode.LENGTHS, CheckCode.FOCUS} <= set(results)
    assert all(r.source and r.unit for r in results.values())


def test_picture_and_sound_in_two_files_and_progress(film: Path, tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "audio.flac", spoken(), subtype="PCM_24")
    told: list[float] = []
    results = report(film, sound, nominal_fps=15, progress=told.append)
    assert results[CheckCode.SPEECH].verdict is GOOD
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3", "a.aiff"])
def test_sound_files_of_any_kind(tmp_path: Path, name: str) -> None:
    path = write_sound(tmp_path / name, voice(1)[: 4 * RATE])
    results = report(path)
    assert results[CheckCode.LOUDNESS].verdict is GOOD
    assert CheckCode.FACE not in results


@pytest.mark.parametrize("name", ["a.mkv", "a.mov", "a.mp4"])
def test_films_without_sound_say_so(tmp_path: Path, name: str) -> None:
    results = report(write_film(tmp_path / name, frames(SMALL, 1.0, 15)), nominal_fps=15)
    assert results[CheckCode.SOUND_MISSING].verdict is Verdict.RETAKE
    assert results[CheckCode.FACE].verdict is GOOD


@pytest.mark.parametrize(("rate", "channels"), list(itertools.product([8000, 11025, 44100, 96000], [1, 2, 6])))
def test_odd_rates_and_channels(tmp_path: Path, rate: int, channels: int) -> None:
    wave = np.stack([tone(330, -20, 0.5, rate)] * channels, axis=1)
    assert report(write_sound(tmp_path / "a.flac", wave, rate))[CheckCode.PEAK].value == pytest.approx(-20, abs=0.1)


def test_ten_bit_films(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mkv", frames(SMALL, 1.0, 15), codec="ffv1", pix_fmt="yuv420p10le")
    assert report(film, nominal_fps=15)[CheckCode.FACE].verdict is GOOD


def ask_to_turn(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """Writes a display matrix (ISO/IEC 14496-12, 8.3.2) into a film: a, b, c, d of 1, 0 and -1."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    a, b, c, d = (value * 0x10000 for value in matrix)
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def upright(tmp_path_factory: pytest.TempPathFactory) -> dict[CheckCode, CheckResult]:
    folder = tmp_path_factory.mktemp("upright")
    return report(write_film(folder / "a.mp4", frames(SMALL, 1.0, 15)), nominal_fps=15)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_film_that_is_stored_turned_is_looked_at_upright(
    tmp_path: Path, upright: dict[CheckCode, CheckResult], turns: int
) -> None:
    lying = ((t, np.ascontiguousarray(np.rot90(p, turns))) for t, p in frames(SMALL, 1.0, 15))
    clockwise = {1: (0, 1, -1, 0), 2: (-1, 0, 0, -1), 3: (0, -1, 1, 0)}
    results = report(ask_to_turn(write_film(tmp_path / "a.mp4", lying), clockwise[turns]), nominal_fps=15)
    assert results[CheckCode.FACE].verdict is GOOD
    assert CheckCode.MIRRORED not in results
    assert results[CheckCode.HEADROOM].facts == upright[CheckCode.HEADROOM].facts
    assert results[CheckCode.ORIENTATION].value == pytest.approx(9 / 16, abs=0.01)


@pytest.mark.parametrize(
    ("matrix", "store"),
    [
        ((-1, 0, 0, 1), lambda p: p[:, ::-1]),
        ((1, 0, 0, -1), lambda p: p[::-1]),
        ((0, 1, 1, 0), lambda p: p.swapaxes(0, 1)),
        ((0, -1, -1, 0), lambda p: p.swapaxes(0, 1)[::-1, ::-1]),
    ],
)
def test_a_film_that_asks_for_a_mirror_is_named_and_still_looked_at_upright(
    tmp_path: Path, matrix: tuple[int, int, int, int], store: Callable[[np.ndarray], np.ndarray]
) -> None:
    scene = SMALL.but(face_x=0.36)
    stored = ((t, np.ascontiguousarray(store(p))) for t, p in frames(scene, 1.0, 15))
    results = report(ask_to_turn(write_film(tmp_path / "a.mp4", stored), matrix), nominal_fps=15)
    assert results[CheckCode.MIRRORED].verdict is Verdict.LOOK
    assert results[CheckCode.FACE].verdict is GOOD
    assert results[CheckCode.CENTRING].facts["direction"] == "left"
    assert results[CheckCode.ORIENTATION].value == pytest.approx(9 / 16, abs=0.01)


def test_a_picture_of_4k(tmp_path: Path) -> None:
    drawn = frames(SMALL.but(width=1280, height=720), 0.13, 15)
    film = write_film(tmp_path / "a.mp4", ((at_s, cv2.resize(picture, (3840, 2160))) for at_s, picture in drawn))
    assert report(film, nominal_fps=15)[CheckCode.FACE].verdict is GOOD


def test_variable_frame_rate_is_measured_by_real_times(tmp_path: Path) -> None:
    times = [*np.arange(0, 2, 1 / 30), *np.arange(2.2, 4, 1 / 12)]
    film = write_film(tmp_path / "a.mp4", ((float(t), SMALL.draw(0.1 * i)) for i, t in enumerate(times)))
    result = report(film)[CheckCode.FRAME_RATE]
    assert result.verdict is not GOOD
    assert result.value == pytest.approx((len(times) - 1) / (times[-1] - times[0]), abs=0.2)


def test_sound_that_runs_on_is_told(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", frames(SMALL, 1.0, 15), sound=voice(1)[: 4 * RATE])
    result = report(film, nominal_fps=15)[CheckCode.LENGTHS]
    assert (result.verdict, result.facts["longer"]) == (Verdict.LOOK, "sound")
    assert result.value == pytest.approx(3.0, abs=0.1)


def test_a_truncated_film_gives_a_report_of_what_is_left(film: Path, tmp_path: Path) -> None:
    mkv = write_film(tmp_path / "a.mkv", frames(SMALL, 2.0, 15), sound=voice(1)[: 2 * RATE])
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(mkv.read_bytes()[: mkv.stat().st_size * 6 // 10])
    assert CheckCode.FRAME_RATE in report(cut, nominal_fps=15)
    broken = tmp_path / "cut.mp4"
    broken.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    with pytest.raises(MediaError) as caught:  # a plain MP4 without its index cannot be opened by anybody
        report(broken)
    assert caught.value.code is ErrorCode.MEDIA_UNREADABLE


def test_a_picture_that_breaks_off_before_its_first_frame_is_told(tmp_path: Path) -> None:
    whole = write_film(tmp_path / "take.mkv", frames(Scene(noise=12.0), 1.0, 15), sound=voice(1)[: 2 * RATE])
    early = tmp_path / "early.mkv"
    with av.open(str(whole)) as container:
        first = next(p for p in container.demux(video=0) if p.size)
        assert first.pos is not None
        early.write_bytes(whole.read_bytes()[: first.pos + first.size // 2])
    told = report(early, write_sound(tmp_path / "audio.wav", voice(1)[: 2 * RATE]))[CheckCode.DAMAGE]
    assert (told.verdict, told.facts["stream"]) == (Verdict.LOOK, "picture")


def test_damaged_pieces_are_counted(film: Path, tmp_path: Path) -> None:
    data = bytearray(film.read_bytes())
    rng = np.random.default_rng(1)
    for at in rng.integers(len(data) // 4, len(data) // 2, 400):
        data[at] ^= 0xFF
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(data)
    results = report(bad, nominal_fps=15)
    assert CheckCode.PEAK in results or CheckCode.FACE in results


@pytest.mark.parametrize(
    ("name", "content", "code", "detail"),
    [
        ("missing.mp4", None, ErrorCode.MEDIA_MISSING, None),
        ("empty.mp4", b"", ErrorCode.MEDIA_UNREADABLE, "empty"),
        ("text.mp4", b"this is not a film\n" * 50, ErrorCode.MEDIA_UNREADABLE, None),
        ("zeros.wav", bytes(5000), ErrorCode.MEDIA_UNREADABLE, None),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n", ErrorCode.MEDIA_UNREADABLE, None),
        ("film.mp4", b"ffconcat version 1.0\nfile '/etc/hostname'\n", ErrorCode.MEDIA_UNREADABLE, None),
    ],
)
def test_what_cannot_be_read_is_one_media_error(
    tmp_path: Path, name: str, content: bytes | None, code: ErrorCode, detail: str | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MediaError) as caught:
        check_media(path, None)
    assert caught.value.code is code
    assert caught.value.facts["file"] == name
    if detail:
        assert caught.value.facts["detail"] == detail


@pytest.mark.parametrize("kind", [".jpg", ".png", ".bmp"])
def test_a_picture_that_calls_itself_a_film(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(cv2.imencode(kind, SMALL.draw(0))[1].tobytes())
    with pytest.raises(MediaError) as caught:
        check_media(path, None)
    assert caught.value.facts["detail"] == "still_picture"


def test_a_header_without_a_sample_is_an_error(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", np.zeros((0, 1), np.float32))
    with pytest.raises(MediaError) as caught:
        check_media(path, None)
    assert caught.value.facts["detail"] == "no_content"


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        check_media(tmp_path, None)
    assert (caught.value.code, caught.value.facts["detail"]) == (ErrorCode.MEDIA_UNREADABLE, "folder")


def test_cover_art_is_no_film(tmp_path: Path) -> None:
    plain = write_sound(tmp_path / "a.flac", voice(1)[: 3 * RATE])
    path = tmp_path / "b.mka"
    with av.open(str(plain)) as source, av.open(str(path), "w", format="matroska") as target:
        art = target.add_stream("mjpeg", rate=1)
        art.width, art.height, art.pix_fmt = 320, 180, "yuvj420p"
        art.disposition = av.stream.Disposition.attached_pic
        copy = target.add_stream_from_template(source.streams.audio[0])
        picture = av.VideoFrame.from_ndarray(SMALL.draw(0), format="bgr24").reformat(format="yuvj420p")
        picture.pts, picture.time_base = 0, Fraction(1, 1)
        target.mux([*art.encode(picture), *art.encode()])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    assert CheckCode.SPEECH in report(path)


def test_the_recorders_numbers_are_the_ones_that_are_told(film: Path, tmp_path: Path) -> None:
    video = VideoStats(
        frames=90, dropped=4, missed=6, repeated=0, measured_fps=15, jitter_p99_ms=2, longest_hole_ms=400
    )
    hole = Gap(start_s=2.0, length_s=0.3, cause=GapCause.OVERRUN)
    audio = AudioStats(
        samples=1, rate_hz=RATE, channels=1, sample_format="int16", overflows=0, zero_runs=0, longest_zero_s=0,
        gaps=(hole,),
    )  # fmt: skip
    results = report(film, nominal_fps=15, video=video, audio=audio, sync=SyncReport(residual_ms=0.4, drift_ms=12))
    assert results[CheckCode.DROPS].facts["lost"] == 10
    assert results[CheckCode.DROPS].facts["longest_hole_ms"] == 400
    assert (results[CheckCode.SOUND_GAPS].value, results[CheckCode.SOUND_GAPS].times[0].start_s) == (0.3, 2.0)
    assert (results[CheckCode.SYNC].verdict, results[CheckCode.SYNC].facts["calibrated"]) == (GOOD, 0)
    alone = write_sound(tmp_path / "a.wav", voice(1)[: 2 * RATE])
    late = report(alone, sync=SyncReport(residual_ms=55))[CheckCode.SYNC]
    assert late.verdict is Verdict.RETAKE


def test_what_the_live_pass_saw_is_not_looked_at_again(film: Path) -> None:
    class SeesNobody:
        """For lips the middle of the take is looked at again; what is said of the face comes from the live pass."""

        name, sha256 = "nobody", ""

        def find(self, image: object, **more: object) -> tuple[()]:
            return ()

    live = LiveChecks()
    live.begin_take(0.0)
    for at_s, picture in frames(SMALL, SECONDS, 5):
        live.frame(picture, at_s, lambda picture=picture: picture)
    results = report(film, nominal_fps=15, live=live.end_take()(), finder=SeesNobody())
    assert (results[CheckCode.FACE].verdict, results[CheckCode.FACE].facts["finder"]) == (GOOD, "haar")
    assert results[CheckCode.FRAME_RATE].value == pytest.approx(15, abs=0.01)
    assert CheckCode.FLICKER in results


def test_importing_the_checks_does_not_bring_scipy() -> None:
    code = "import sys, perfstudio.checks.report, perfstudio.checks.live; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the reference meter is not here")
@pytest.mark.parametrize(("rate", "channels"), [(48000, 1), (44100, 2), (48000, 6)])
def test_loudness_is_that_of_the_reference_meter_in_ffmpeg(tmp_path: Path, rate: int, channels: int) -> None:
    wide = np.stack([voice(1 + c % 2)[: 4 * RATE] for c in range(channels)], axis=1)
    sound = write_sound(tmp_path / "a.flac", wide, rate)
    meter = "ebur128=dualmono=true"
    said = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(sound), "-af", meter, "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    reference = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", said)[-1])
    assert report(None, sound)[CheckCode.LOUDNESS].value == pytest.approx(reference, abs=0.1)
