"""A partner's clip in a home: found by its id, and nothing is said to be deleted that is still there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.model.base import sha256_hex
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.paths import AppPaths
from perfstudio.session.clips import clips_here
from perfstudio.session.clips.clip_store import ClipStore
from perfstudio.session.home import Home
from perfstudio.texts import clips_here as words
from rigs.clip_files import clip_of
from rigs.take_bundles import noise


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """With a clip of a pack that is not here."""
    with Home(AppPaths(tmp_path / "home")) as made:
        clip = clip_of(noise(1, 5000), None)
        clip = clip.model_copy(
            update={"agreed": clip.agreed.model_copy(update={"keep_until": clip.made_utc.replace(year=2199)})}
        )
        folder = made.paths.clips / sha256_hex(clip.canonical())
        folder.mkdir(parents=True)
        (folder / "clip.json").write_bytes(clip.canonical())
        (folder / "sound.flac").write_bytes(noise(1, 5000))
        yield made


def test_what_each_is_and_why_it_cannot_be_played_to(home: Home) -> None:
    (here,) = clips_here.clips_here(home)
    assert (here.size, here.takes, here.paper) == (5000, (), None)
    said = words.line(here, "")
    assert said.startswith("The one in “Kitchen”, 0:02, 5 kB. It is deleted here on ")
    assert "pack that you do not have: “Evening”" in said
    assert said.endswith("It came as a file: whose it is stands in the file alone.")
    assert words.consequences(here) == "To have it again you need its file."


@pytest.mark.parametrize("typed", ["", "0", "123456789"])
def test_one_that_is_not_here_is_not_found(home: Home, typed: str) -> None:
    with pytest.raises(MediaError) as refused:
        clips_here.find(home, typed)
    assert refused.value.code is ErrorCode.CLIP_UNKNOWN


def test_what_is_still_there_is_not_said_to_be_deleted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    here = clips_here.find(home, "12345678")
    with monkeypatch.context() as held:
        held.setattr(ClipStore, "remove", lambda *_: False)
        with pytest.raises(MediaError) as refused:
            clips_here.delete(home, here)
    assert refused.value.code is ErrorCode.CLIP_IN_USE
    clips_here.delete(home, here)
    assert not list(home.paths.clips.iterdir())
    assert clips_here.clips_here(home) == ()
