"""What clip.json says of its media is compared with the media before it is believed: a lie is one clear sentence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from perfstudio.checks.foreign_media import unfit
from perfstudio.model.base import sha256_hex
from perfstudio.model.clip import ClipDocument, ClipPicture, ClipSound
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.session.clips.clip_file import write_clip
from perfstudio.session.clips.clip_store import ClipStore
from perfstudio.session.guarded_work import MediaGuard
from perfstudio.texts.errors import sentence
from rigs import small_media
from rigs.clip_files import clip_of
from rigs.practice_clip import write_clip as write_film

SOUND_LIES: dict[str, Any] = {"rate_hz": 44_100, "channels": 2, "samples": 95_999, "size": 7, "sha256": "ef" * 32}
PICTURE_LIES: dict[str, Any] = {
    "width": 66, "height": 96, "fps": 25.0, "first_s": 2.0, "size": 7, "sha256": "ef" * 32,
}  # fmt: skip


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds that are heard and seen, 30 pictures a second."""
    folder = tmp_path_factory.mktemp("media")
    small_media.film(folder / "picture.mp4")
    small_media.flac(folder / "sound.flac")
    return folder


@pytest.fixture
def true(media: Path) -> ClipDocument:
    made = clip_of((media / "sound.flac").read_bytes(), (media / "picture.mp4").read_bytes())
    assert made.picture is not None
    until = made.agreed.model_copy(update={"keep_until": utc_now() + timedelta(days=9)})
    seen = made.picture.model_copy(update={"width": 64, "height": 48, "first_s": 0.0})
    return made.model_copy(update={"agreed": until, "picture": seen})


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decoders of this process: a process of their own is tried once, below."""
    monkeypatch.setattr(MediaGuard, "look", lambda _self, claims, _limits: tuple(unfit(claim) for claim in claims))


def with_lie(clip: ClipDocument, part: str, **lie: Any) -> ClipDocument:
    return clip.model_copy(update={part: getattr(clip, part).model_copy(update=lie)})


def taken_in(clip: ClipDocument, media: Path, place: Path) -> None:
    write_clip(place / "ana.perfclip", clip, {name: media / name for name in clip.members})
    ClipStore(place / "clips").take_in(place / "ana.perfclip")


def refused(clip: ClipDocument, media: Path, place: Path) -> MediaError:
    with pytest.raises(MediaError) as problem:
        taken_in(clip, media, place)
    assert not list((place / "clips").iterdir()), "nothing of it is kept"
    return problem.value


def test_every_figure_is_tried() -> None:
    assert set(SOUND_LIES) == set(ClipSound.model_fields)
    assert set(PICTURE_LIES) == set(ClipPicture.model_fields)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("part", "lie"), [
    *(("sound", {name: said}) for name, said in SOUND_LIES.items()),
    ("sound", {"samples": 96_001}),
    *(("picture", {name: said}) for name, said in PICTURE_LIES.items()),
])  # fmt: skip
def test_a_figure_that_is_not_so_is_said_and_the_clip_is_not_kept(
    true: ClipDocument, media: Path, tmp_path: Path, part: str, lie: dict[str, Any]
) -> None:
    problem = refused(with_lie(true, part, **lie), media, tmp_path)
    assert problem.code is ErrorCode.CLIP_INVALID
    assert f"{part}." in sentence(problem), "which of the two it is"
    assert "it is not what clip.json says it is" in sentence(problem)


@pytest.mark.usefixtures("here")
def test_a_picture_with_a_voice_in_it_is_not_taken_in(true: ClipDocument, media: Path, tmp_path: Path) -> None:
    film = tmp_path / "picture.mp4"
    write_film(film, 1.0)
    (tmp_path / "sound.flac").write_bytes((media / "sound.flac").read_bytes())
    data = film.read_bytes()
    spoken = with_lie(true, "picture", size=len(data), sha256=sha256_hex(data), width=640, height=360)
    assert refused(spoken, tmp_path, tmp_path).code is ErrorCode.MEDIA_UNREADABLE


@pytest.mark.usefixtures("here")
def test_a_clip_that_is_longer_than_any_that_is_played_is_not_kept(
    true: ClipDocument, media: Path, tmp_path: Path
) -> None:
    problem = refused(with_lie(true, "sound", samples=1801 * 48_000), media, tmp_path)
    assert (problem.code, "30 min at most" in sentence(problem)) == (ErrorCode.PARTNER_LONG, True)


def test_a_process_with_limits_compares(true: ClipDocument, media: Path, tmp_path: Path) -> None:
    taken_in(true, media, tmp_path)
    (kept,) = ClipStore(tmp_path / "clips").all()
    assert kept.clip == true
    (tmp_path / "another").mkdir()
    lie = with_lie(true, "sound", samples=9_600_000)
    assert refused(lie, media, tmp_path / "another").code is ErrorCode.CLIP_INVALID
