"""Each byte once: raw files may go only when everything in them was read back from the finished files."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from core_rig import make_recorder, record, take_folder

from perfstudio.capture.finishing import second_copy
from perfstudio.capture.finishing.finish import finish, picture_shift_us, verify_sync
from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.capture.finishing.raw_take import read_delivered, read_raw
from perfstudio.capture.finishing.second_copy import is_second_copy, mark_second_copy
from perfstudio.capture.timing.timing_archive import MEMBERS, read_archive, write_archive
from perfstudio.capture.timing.timing_log import BLOCKS, records_of
from perfstudio.model.device import Encode
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.take import SECOND_COPY, FileRole

Made = tuple[Path, FinishedTake]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A take of a second, cut and finished."""
    folder = take_folder(tmp_path_factory.mktemp("made"))
    recorder = make_recorder({}, {"ppm": 80.0})
    record(recorder, folder, 1.0)
    return folder, finish(folder, movie=recorder.movie)


@pytest.fixture
def take(made: Made, tmp_path: Path) -> Made:
    """A copy of it to do things to."""
    folder = tmp_path / "copy"
    shutil.copytree(made[0], folder)
    return folder, made[1]


def test_a_take_that_was_cut_holds_everything_that_was_recorded(take: Made) -> None:
    folder, finished = take
    assert is_second_copy(folder, finished)
    assert mark_second_copy(folder, finished)
    assert (folder / "raw" / SECOND_COPY).is_file()


def flip(name: str, at: float = 0.5) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[int(len(data) * at)] ^= 1
        (folder / name).write_bytes(data)

    return change


def flip_picture(name: str) -> Callable[[Path], None]:
    """One bit of the largest picture: whatever else a film holds may be changed and mean the same."""

    def change(folder: Path) -> None:
        with av.open(str(folder / name)) as film:
            largest = max((packet for packet in film.demux(video=0) if packet.size), key=lambda packet: packet.size)
            place = largest.pos + largest.size // 2
        data = bytearray((folder / name).read_bytes())
        data[place] ^= 1
        (folder / name).write_bytes(data)

    return change


def cut_off(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-2000])


def gone(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def stranger(folder: Path) -> None:
    (folder / "raw" / "notes.txt").write_text("what is this?")


@pytest.mark.parametrize(
    "harm",
    [
        flip("take.mp4"), flip("audio.flac"), flip("timing.zip"), flip_picture("raw/picture.mp4"),
        flip("raw/sound.flac"), flip("raw/blocks.bin"), flip("raw/frames.bin"), flip("raw/events.jsonl"),
        flip("raw/capture.json"), cut_off("raw/picture.mp4"), cut_off("take.mp4"), cut_off("raw/sound.flac"),
        cut_off("audio.flac"),
        gone("take.mp4"), gone("audio.flac"), gone("timing.zip"), gone("raw/sound.flac"), stranger,
    ],
)  # fmt: skip
def test_whatever_differs_keeps_what_was_recorded(take: Made, harm: Callable[[Path], None]) -> None:
    folder, finished = take
    harm(folder)
    assert not mark_second_copy(folder, finished)
    assert not (folder / "raw" / SECOND_COPY).exists()


def test_a_take_without_its_log_keeps_what_was_recorded(take: Made) -> None:
    folder, finished = take
    files = tuple(entry for entry in finished.files if entry.role is not FileRole.TIMING)
    assert not mark_second_copy(folder, replace(finished, files=files))


def test_pictures_behind_the_end_of_the_sound_are_no_part_of_the_take(made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "moved"
    shutil.copytree(made[0], folder)
    moved = finish(folder, offset_ms=200.0, calibrated=True)
    assert moved.video is not None
    assert made[1].video is not None
    assert moved.video.frames < made[1].video.frames
    assert is_second_copy(folder, moved)
    shorter = replace(moved, duration_s=moved.duration_s - 0.6)
    assert not is_second_copy(folder, shorter), "no film may end before its sound"


def test_sound_with_filled_holes_is_compared_outside_of_them(tmp_path: Path) -> None:
    folder = take_folder(tmp_path)
    record(make_recorder(None, {"gaps": [(0.9, 0.1)]}), folder, 1.0)
    finished = finish(folder)
    assert finished.audio is not None
    assert len(finished.audio.gaps) == 1
    assert not (folder / "raw" / "sound.flac").samefile(folder / "audio.flac")
    assert is_second_copy(folder, finished)


def test_streams_are_compared_however_they_are_cut() -> None:
    samples = np.arange(1000, dtype=np.int32).reshape(-1, 1)
    other = samples.copy()
    other[700] += 1
    for cut in (1, 7, 400, 1000):
        assert second_copy._alike(iter([samples[:cut], samples[cut:]]), iter([samples]))
        assert not second_copy._alike(iter([samples[:cut], samples[cut:]]), iter([other]))
        assert not second_copy._alike(iter([samples[:cut]]), iter([samples])) or cut == 1000


def test_pictures_kept_as_sent_stay(tmp_path: Path) -> None:
    """The film made of them has fewer bits: it is no copy."""
    folder = take_folder(tmp_path)
    record(make_recorder({"jpeg": True}, {}, encode=Encode.AFTER), folder, 0.6)
    assert not mark_second_copy(folder, finish(folder))


def test_the_sync_comes_out_of_what_is_delivered_as_out_of_what_was_recorded(take: Made) -> None:
    folder, finished = take
    shutil.rmtree(folder / "raw")
    delivered = read_delivered(folder)
    assert verify_sync(delivered) == finished.sync
    assert picture_shift_us(delivered, 0.0) == 0


def test_the_same_observations_make_the_same_file(take: Made) -> None:
    folder, _ = take
    before = (folder / "timing.zip").read_bytes()
    write_archive(folder / "raw", folder / "timing.zip")
    assert (folder / "timing.zip").read_bytes() == before
    there = [name for name in MEMBERS if (folder / "raw" / name).exists()]
    assert there == [*MEMBERS[:4]], "without a partner"
    assert read_archive(folder / "timing.zip") == {name: (folder / "raw" / name).read_bytes() for name in there}


def test_a_reader_without_our_source_finds_its_way(take: Made) -> None:
    """A zip library and the line at the head of each log are enough."""
    folder, _ = take
    with zipfile.ZipFile(folder / "timing.zip") as archive:
        header, _, body = archive.read("blocks.bin").partition(b"\n")
    fields = [(name, kind) for name, kind in json.loads(header)["fields"]]
    records = np.frombuffer(body, np.dtype(fields))
    assert np.array_equal(records["host_ns"], records_of(header + b"\n" + body, BLOCKS)["host_ns"])
    assert len(records) > 50


def packed(folder: Path) -> None:
    with zipfile.ZipFile(folder / "timing.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("blocks.bin", b"\x00" * 10_000_000)


def strange(folder: Path) -> None:
    with zipfile.ZipFile(folder / "timing.zip", "w") as archive:
        archive.writestr("../blocks.bin", b"x")


def twice(folder: Path) -> None:
    with zipfile.ZipFile(folder / "timing.zip", "w") as archive:
        archive.writestr("blocks.bin", b"x")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("blocks.bin", b"y")


@pytest.mark.parametrize("harm", [flip("timing.zip", 0.01), cut_off("timing.zip"), packed, strange, twice])
def test_a_log_that_is_none_is_refused(take: Made, harm: Callable[[Path], None]) -> None:
    harm(take[0])
    with pytest.raises(CaptureError) as told:
        read_archive(take[0] / "timing.zip")
    assert told.value.code is ErrorCode.NOTHING_RECORDED


def test_what_lies_in_raw_stays_when_there_is_no_room_for_the_log(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "full"
    shutil.copytree(made[0], folder)
    (folder / "timing.zip").unlink()

    def full(raw: Path, final: Path) -> None:
        raise CaptureError(ErrorCode.DISK_FULL)

    monkeypatch.setattr("perfstudio.capture.finishing.finish.write_archive", full)
    finished = finish(folder)
    assert [entry.role for entry in finished.files] == [FileRole.PICTURE, FileRole.SOUND, FileRole.THUMBNAIL]
    assert not mark_second_copy(folder, finished)
    assert read_raw(folder).blocks.size
