"""A film for the reel: every picture of its moment, the very samples beside it, whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from perfstudio.capture.finishing.slate import SLATE_S, SlatePicture
from perfstudio.model.errors import ErrorCode, MediaError, PerfstudioError
from perfstudio.model.take import FileRole
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.reel import make_reel
from rigs.played_to import two_takes

IN_S, OUT_S = 0.5, 1.5


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, str]]:
    place = tmp_path_factory.mktemp("reel")
    with Home(AppPaths(place / "home").prepare(), use_keyring=False) as made:
        take_id = two_takes(made, place / "pack")[0]
        made.takes.trim(take_id, IN_S, OUT_S)
        yield made, take_id


def pictures(film: Path) -> list[tuple[float, np.ndarray]]:
    with av.open(str(film)) as box:
        return [
            (float(frame.pts * frame.time_base), frame.to_ndarray(format="gray").astype(float))
            for frame in box.decode(video=0)
        ]


def test_what_lies_between_in_and_out_is_there_picture_for_picture(taken: tuple[Home, str], tmp_path: Path) -> None:
    home, take_id = taken
    made = make_reel(home.takes, take_id, tmp_path / "reel.mp4", whole=False)
    assert made is not None
    assert (made.film.name, made.wave.name, made.seconds) == ("reel.mp4", "reel.wav", pytest.approx(1.0))
    source, reel = pictures(home.takes.file(take_id, FileRole.PICTURE)), pictures(made.film)
    assert [at for at, _ in reel] == pytest.approx([number / 30 for number in range(30)])
    seen = [max((at, seen) for at, seen in source if at <= IN_S + when + 0.0006)[1:] for when, _ in reel]
    for (_, shown), (wanted,) in zip(reel, seen, strict=True):
        assert np.abs(shown - wanted).mean() < 3, "another picture of this clip is further away"
    assert min(np.abs(one - other).mean() for (_, one), (_, other) in zip(source, source[2:], strict=False)) > 0
    heard, rate = soundfile.read(home.takes.file(take_id, FileRole.SOUND), dtype="int32")
    kept, _ = soundfile.read(made.wave, dtype="int32")
    assert np.array_equal(kept, heard[round(IN_S * rate) : round(OUT_S * rate)])
    with av.open(str(made.film)) as box:
        assert {stream.codec_context.name for stream in box.streams} == {"h264", "aac"}


def test_a_slate_goes_before_it_with_silence(taken: tuple[Home, str], tmp_path: Path) -> None:
    home, take_id = taken
    slate = SlatePicture(320, 180, bytes([255, 255, 255, 0]) * (320 * 180))
    made = make_reel(home.takes, take_id, tmp_path / "reel.mp4", whole=True, slate=slate)
    assert made is not None
    shown = pictures(made.film)
    count = round(SLATE_S * 30)
    assert all(picture.mean() > 225 for _, picture in shown[:count])
    assert shown[count][1].mean() < 225
    kept, rate = soundfile.read(made.wave, dtype="int32")
    assert not kept[: round(SLATE_S * rate)].any()
    heard, _ = soundfile.read(home.takes.file(take_id, FileRole.SOUND), dtype="int32")
    rest = kept[round(SLATE_S * rate) :]
    assert np.array_equal(rest, heard[: len(rest)])


def test_what_is_stopped_or_cannot_be_read_leaves_nothing(taken: tuple[Home, str], tmp_path: Path) -> None:
    home, take_id = taken
    assert make_reel(home.takes, take_id, tmp_path / "a.mp4", whole=True, tick=lambda share: share < 0.5) is None
    assert list(tmp_path.iterdir()) == []
    movie = home.takes.file(take_id, FileRole.PICTURE)
    data = movie.read_bytes()
    movie.write_bytes(b"no film at all")
    try:
        with pytest.raises(MediaError) as told:
            make_reel(home.takes, take_id, tmp_path / "a.mp4", whole=True)
    finally:
        movie.write_bytes(data)
    assert told.value.code is ErrorCode.MEDIA_UNREADABLE
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(PerfstudioError):
        make_reel(home.takes, take_id, tmp_path / "gone" / "a.mp4", whole=True)


def test_a_sound_that_lies_there_already_is_left_alone(taken: tuple[Home, str], tmp_path: Path) -> None:
    home, take_id = taken
    (tmp_path / "reel.wav").write_bytes(b"mine")
    made = make_reel(home.takes, take_id, tmp_path / "reel.mp4", whole=False)
    assert made is not None
    assert made.wave.name == "reel (2).wav"
    assert (tmp_path / "reel.wav").read_bytes() == b"mine"
