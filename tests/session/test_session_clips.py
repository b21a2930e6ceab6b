"""A clip of a kept take: the very samples, the picture where it was allowed, and what is written down of it."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import av
import numpy as np
import pytest

from perfstudio.capture.files.flac import read_flac
from perfstudio.capture.finishing import clip_media
from perfstudio.model.clip import ClipAgreed, ClipDocument, ClipUse
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import UseId
from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError, PerfstudioError
from perfstudio.model.labels import Labels
from perfstudio.model.take import Trim
from perfstudio.paths import AppPaths
from perfstudio.session.clips import clip_file
from perfstudio.session.clips.clip_file import read_clip, unpack_clip
from perfstudio.session.clips.making import make_clip
from perfstudio.session.clips.offer import file_for, offer
from perfstudio.session.given import GivenService
from perfstudio.session.given_document import document, table
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts import clips as words
from perfstudio.texts.given import page_text

CAMERA = CameraRequest(id=PRACTICE, width=640, height=360)
SOUND, BOTH = (ClipUse.HEAR,), (ClipUse.HEAR, ClipUse.SEE)


def agreed(may: tuple[ClipUse, ...] = SOUND, days: float = 30) -> ClipAgreed:
    at = utc_now()
    return ClipAgreed(at=at, language="en", text="It goes out.", may=may, keep_until=at + timedelta(days=days))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a kept take of the first role, of sound and picture."""
    folder = tmp_path_factory.mktemp("clips") / "home"
    pair = DeviceSelection(camera=CAMERA, microphone=MicrophoneRequest(id=PRACTICE))
    with Home(AppPaths(folder)) as home:
        take = record_take(home, "two-chairs/handover", pair, 3.0, RecordingHooks(threading.Event()), role="a")
        home.takes.keep(take.take_id)
    return folder


@pytest.fixture
def home(recorded: Path, tmp_path: Path) -> Iterator[Home]:
    shutil.copytree(recorded, tmp_path / "home")
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as made:
        yield made


@pytest.fixture
def take_id(home: Home) -> str:
    return home.library.list()[0].take_id


def made(home: Home, take_id: str, final: Path, may: tuple[ClipUse, ...] = SOUND) -> ClipDocument:
    make_clip(home.library, home.paths.clips, take_id, final, agreed(may))
    return read_clip(final)


def test_a_clip_holds_the_very_samples_between_in_and_out_and_no_other(
    home: Home, take_id: str, tmp_path: Path
) -> None:
    home.library.trim(take_id, Trim(in_s=0.5, out_s=2.0))
    clip = made(home, take_id, tmp_path / "a.perfclip")
    unpack_clip(tmp_path / "a.perfclip", tmp_path / "out")
    whole = np.concatenate(list(read_flac(home.library.folder(take_id) / "audio.flac")))
    part = np.concatenate(list(read_flac(tmp_path / "out" / "sound.flac")))
    rate = clip.sound.rate_hz
    assert clip.first_sample == rate // 2
    assert clip.sound.samples == len(part) == round(1.5 * rate)
    assert np.array_equal(part, whole[rate // 2 : 2 * rate])
    manifest = home.library.manifest(take_id)
    go_s = next(mark.at_s for mark in manifest.markers if mark.name == "go")
    assert clip.take_from_s + clip.go_s == pytest.approx(go_s, abs=1e-5)
    assert (clip.seal_sha256, clip.performer_id) == (manifest.seal_sha256, home.settings.now.performer_id)
    assert clip.scene.sha256
    assert (clip.role and clip.role.id, clip.answer and clip.answer.id) == ("a", "b")


def test_the_picture_goes_along_only_where_it_was_allowed_and_lies_where_it_says(
    home: Home, take_id: str, tmp_path: Path
) -> None:
    assert made(home, take_id, tmp_path / "heard.perfclip").picture is None
    home.library.trim(take_id, Trim(in_s=1.7, out_s=2.6))
    clip = made(home, take_id, tmp_path / "seen.perfclip", BOTH)
    assert clip.picture is not None
    assert (clip.picture.width, clip.picture.height) == (640, 360)
    assert -1.05 <= clip.picture.first_s <= 0.0, "from the last picture that stands for itself"
    unpack_clip(tmp_path / "seen.perfclip", tmp_path / "out")
    taken = pictures(home.library.folder(take_id) / "take.mp4")
    for at_s, picture in pictures(tmp_path / "out" / "picture.mp4").items():
        there_s = at_s + clip.picture.first_s + clip.take_from_s
        nearest = min(taken, key=lambda known: abs(known - there_s))
        assert there_s < 2.6
        assert abs(nearest - there_s) < 1e-4, "at its own moment"
        assert np.array_equal(taken[nearest], picture), "and the very same"
    with av.open(str(tmp_path / "out" / "picture.mp4")) as film:
        assert not film.streams.audio


def fails(number: int, file: Path) -> None:
    raise OSError(number, os.strerror(number), str(file))


def pictures(movie: Path) -> dict[float, np.ndarray]:
    with av.open(str(movie)) as film:
        return {float(frame.time or 0): frame.to_ndarray(format="gray")[::8, ::8] for frame in film.decode(video=0)}


def test_what_went_out_is_written_down_beside_the_take_which_stays_what_it_was(
    home: Home, take_id: str, tmp_path: Path
) -> None:
    given = make_clip(home.library, home.paths.clips, take_id, tmp_path / "a.perfclip", agreed(), called="Ana")
    assert home.library.clips.of(take_id) == (given,)
    data = (tmp_path / "a.perfclip").read_bytes()
    assert (given.file, given.size) == ("a.perfclip", len(data))
    assert read_clip(tmp_path / "a.perfclip").called == "Ana"
    assert given.agreed == read_clip(tmp_path / "a.perfclip").agreed
    later = make_clip(home.library, home.paths.clips, take_id, tmp_path / "b.perfclip", agreed(BOTH))
    assert home.library.clips.of(take_id) == (later, given), "the last one first"
    assert "sound and picture" in words.went(later)
    assert verify_bundle(home.library.folder(take_id)).problems == ()
    assert not list(home.paths.clips.iterdir()), "nothing is left of the making"
    home.takes.bin(take_id)
    home.takes.empty_bin()
    assert home.library.clips.of(take_id) == (later, given), "also of a deleted take"


def test_what_went_out_stands_on_the_page_of_what_was_given(home: Home, take_id: str, tmp_path: Path) -> None:
    home.takes.label(take_id, Labels(meant=("joy",)))
    uses = frozenset({UseId.STORE_REVIEW})
    home.consents.sign(take_id, uses, "Ines", passphrase=lambda: "three calm horses", stated=Statements(adult=True))
    page = GivenService(home.library, home.shelf)
    (before,) = page.read().takes
    assert before.clips == ()
    clip = make_clip(home.library, home.paths.clips, take_id, tmp_path / "a.perfclip", agreed())
    given = page.read()
    (after,) = given.takes
    assert after.clips == (clip,), "read again, for the papers have changed"
    said = page_text(given, utc_now())
    assert "1 clip went out" in said
    assert words.went(clip) in said
    (one,) = document(given, utc_now())["studios"][0]["packs"][0]["takes"]
    assert one["clips"][0]["sha256"] == clip.sha256
    assert clip.sha256 in table(given)
    (home.library.folder(take_id) / "clips.json").write_bytes(b"{")
    (unread,) = page.read().unread
    assert unread.file == "clips.json"


def test_no_clip_is_made_and_none_is_noted_where_something_stands_in_its_way(
    home: Home, take_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(final: Path = tmp_path / "no.perfclip") -> ErrorCode:
        with pytest.raises(PerfstudioError) as problem:
            make_clip(home.library, home.paths.clips, take_id, final, agreed())
        assert not final.exists()
        assert home.library.clips.of(take_id) == ()
        return problem.value.code

    assert refused(tmp_path / "nowhere" / "a.perfclip") in (ErrorCode.DISK_GONE, ErrorCode.DISK_WRITE)
    for number, code in ((errno.ENOSPC, ErrorCode.DISK_FULL), (errno.EROFS, ErrorCode.DISK_READ_ONLY)):
        with monkeypatch.context() as disk:
            disk.setattr(clip_file, "sync_file", lambda file, number=number: fails(number, file))
            assert refused() is code
        assert not [file for file in tmp_path.iterdir() if "perfclip" in file.name], "nor half of it"
    home.library.trim(take_id, Trim(in_s=2.0, out_s=1.0))
    assert refused() is ErrorCode.PARTNER_NO_SOUND
    home.library.trim(take_id, Trim())
    with monkeypatch.context() as deaf:
        deaf.setattr(clip_media, "_LOUDEST", 1 << 40)
        assert refused() is ErrorCode.CLIP_SILENT, "nothing in it is as loud as that"
    home.takes.bin(take_id)
    assert refused() is ErrorCode.TAKE_NOT_READY
    home.takes.restore(take_id)
    assert refused() is ErrorCode.TAKE_NOT_READY, "not decided about"
    home.takes.keep(take_id)
    sound = home.library.folder(take_id) / "audio.flac"
    data = bytearray(sound.read_bytes())
    data[len(data) // 2] ^= 1
    sound.write_bytes(data)
    assert refused() is ErrorCode.TAKE_DAMAGED


def test_the_file_has_the_ending_of_clips_and_replaces_none(home: Home, take_id: str, tmp_path: Path) -> None:
    offered = offer(home.library, take_id)
    assert file_for(tmp_path, offered) == tmp_path / "handover-a-1.perfclip"
    assert file_for(tmp_path / "for.bo", offered) == tmp_path / "for.bo.perfclip"
    (tmp_path / "for.bo.perfclip").write_bytes(b"mine")
    with pytest.raises(MediaError) as there:
        file_for(tmp_path / "for.bo", offered)
    assert there.value.code is ErrorCode.CLIP_THERE
    with pytest.raises(MediaError) as device:
        file_for(Path(os.devnull), offered)
    assert device.value.facts["file"] == Path(os.devnull).name
    assert device.value.code is ErrorCode.CLIP_THERE, "a device is no folder, and no file of its own is put beside it"


def test_a_list_of_clips_that_cannot_be_read_is_left_as_it_is(home: Home, take_id: str, tmp_path: Path) -> None:
    paper = home.library.folder(take_id) / "clips.json"
    paper.write_bytes(b"{")
    with pytest.raises(LibraryError) as problem:
        make_clip(home.library, home.paths.clips, take_id, tmp_path / "a.perfclip", agreed())
    assert problem.value.facts["detail"] == "clips"
    assert paper.read_bytes() == b"{"
    assert not (tmp_path / "a.perfclip").exists()
