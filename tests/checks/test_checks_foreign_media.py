"""Files of others are what they say, or are not: films, sounds and pictures, whole, cut, lying, and no media at all."""

from __future__ import annotations

import os
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from perfstudio.checks import foreign_media
from perfstudio.checks.foreign_media import unfit
from perfstudio.model.media_claim import MediaClaim, MediaForm, Unfit
from rigs import small_media


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> MediaClaim:
    film = small_media.film(tmp_path_factory.mktemp("film") / "take.mp4")
    return MediaClaim(str(film), MediaForm.FILM, duration_s=2.0, pictures=60, width=64, height=48)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> MediaClaim:
    flac = small_media.flac(tmp_path_factory.mktemp("sound") / "audio.flac")
    return MediaClaim(str(flac), MediaForm.FLAC, duration_s=2.0, rate_hz=48_000, channels=1)


def changed(claim: MediaClaim, folder: Path, data: bytes) -> MediaClaim:
    file = folder / Path(claim.file).name
    file.write_bytes(data)
    return replace(claim, file=str(file))


def bytes_of(claim: MediaClaim) -> bytes:
    return Path(claim.file).read_bytes()


def test_what_is_true(good: MediaClaim, sound: MediaClaim) -> None:
    assert (unfit(good), unfit(sound)) == (None, None)
    bare = MediaClaim(good.file, MediaForm.FILM)
    assert unfit(bare) is None, "nothing else is said of it"


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        ({"pictures": 300}, Unfit.OTHER_LENGTH),
        ({"pictures": 20}, Unfit.OTHER_LENGTH),
        ({"duration_s": 0.5}, Unfit.OTHER_LENGTH),
        ({"width": 1280, "height": 720}, Unfit.OTHER_SHAPE),
        ({"form": MediaForm.FLAC}, Unfit.OTHER_KIND),
    ],
)
def test_a_film_that_is_not_what_was_said(lie: dict[str, object], found: Unfit, good: MediaClaim) -> None:
    assert unfit(replace(good, **lie)) is found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        ({"duration_s": 60.0}, Unfit.OTHER_LENGTH),
        ({"duration_s": 0.1}, Unfit.OTHER_LENGTH),
        ({"rate_hz": 44_100}, Unfit.OTHER_SHAPE),
        ({"channels": 2}, Unfit.OTHER_SHAPE),
        ({"form": MediaForm.FILM}, Unfit.OTHER_KIND),
    ],
)
def test_a_sound_that_is_not_what_was_said(lie: dict[str, object], found: Unfit, sound: MediaClaim) -> None:
    assert unfit(replace(sound, **lie)) is found  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_what_is_cut_off(share: float, good: MediaClaim, sound: MediaClaim, tmp_path: Path) -> None:
    for claim in (good, sound):
        data = bytes_of(claim)
        assert unfit(changed(claim, tmp_path, data[: int(len(data) * share)])) is not None


def test_noise_in_the_clothes_of_a_film(good: MediaClaim, sound: MediaClaim, tmp_path: Path) -> None:
    for claim in (good, sound):
        head = bytes_of(claim)[:32]
        for data in (os.urandom(5000), head + os.urandom(5000), b"", b"#EXTM3U\nfile:///etc/passwd\n"):
            assert unfit(changed(claim, tmp_path, data)) is not None


def test_noise_in_the_place_of_the_pictures(good: MediaClaim, tmp_path: Path) -> None:
    """The container is whole; what is in it is not."""
    data = bytearray(bytes_of(good))
    at = data.index(b"mdat") + 4
    length = struct.unpack(">I", data[at - 8 : at - 4])[0] - 8
    data[at + 1000 : at + length] = os.urandom(length - 1000)
    assert unfit(changed(good, tmp_path, bytes(data))) is Unfit.CUT_SHORT


def test_one_bad_spot_is_no_reason(good: MediaClaim, tmp_path: Path) -> None:
    data = bytearray(bytes_of(good))
    at = data.index(b"mdat") + 4
    length = struct.unpack(">I", data[at - 8 : at - 4])[0] - 8
    data[at + length - 20 : at + length - 10] = bytes(10)
    assert unfit(changed(good, tmp_path, bytes(data))) is None


def test_of_a_long_film_a_part_is_decoded(good: MediaClaim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_media, "MOST_PICTURES", 15)
    decoded: list[int] = []
    judged = foreign_media._Playing._judged

    def watched(playing: foreign_media._Playing, stream: object, claim: MediaClaim) -> Unfit | None:
        decoded.extend(heard.decoded for heard in playing.heard.values())
        return judged(playing, stream, claim)

    monkeypatch.setattr(foreign_media._Playing, "_judged", watched)
    assert unfit(good) is None
    assert 10 <= decoded[0] <= 40


def test_a_long_silence_ends_where_nobody_said_so(sound: MediaClaim, tmp_path: Path) -> None:
    """An hour in a few kilobytes: it is not played to its end."""
    hours = small_media.flac(tmp_path / "audio.flac", 600.0, silent=True)
    assert hours.stat().st_size < 200_000
    assert unfit(replace(sound, file=str(hours))) is Unfit.OTHER_LENGTH


@pytest.mark.parametrize("form", [MediaForm.JPEG, MediaForm.PNG, MediaForm.WEBP])
def test_pictures(form: MediaForm, tmp_path: Path) -> None:
    data = small_media.picture(form.value)
    claim = MediaClaim(str(tmp_path / "picture"), form)
    assert unfit(changed(claim, tmp_path, data)) is None
    for bad in (b"", data[:40], data[: len(data) // 2], data[:-20]):
        assert unfit(changed(claim, tmp_path, bad)) is not None
    for other in {MediaForm.JPEG, MediaForm.PNG, MediaForm.WEBP} - {form}:
        assert unfit(changed(replace(claim, form=other), tmp_path, data)) is not None


def test_what_lies_behind_a_picture(tmp_path: Path) -> None:
    for form in (MediaForm.PNG, MediaForm.WEBP):
        claim = MediaClaim(str(tmp_path / "picture"), form)
        assert unfit(changed(claim, tmp_path, small_media.picture(form.value) + b"PK\x03\x04more")) is Unfit.CUT_SHORT
