"""The disk gives up: every earlier byte is kept, the take ends by itself, the ordinary finish makes a take of it."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import lzma
import os
import queue
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import av
import av.error
import numpy as np
import pytest
from core_fill_me import record_until_full
from core_rig import RATE, begin, counter_values, go_on, make_recorder, read_sound, read_times, take_folder

from perfstudio.capture.files.durable_file import Ballast, DurableFile
from perfstudio.capture.files.encoders import encoding
from perfstudio.capture.files.flac import FlacWriter
from perfstudio.capture.files.raw_video_files import H264File
from perfstudio.capture.finishing.finish import FinishedTake, finish
from perfstudio.capture.recording import rolling_take
from perfstudio.capture.recording.messages import DiskFull, DiskLow, TakeEnded, TakeEnding, ZeroSound
from perfstudio.durable import free_bytes
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.texts.errors import sentence
from rigs.notices import Told
from rigs.shortened import shortened
from rigs.small_disk import disk_of
from rigs.systems import posix_only
from rigs.waiting import be_slow, random_moment, until


def check_kept(folder: Path) -> FinishedTake:
    take = finish(folder)
    first = json.loads((folder / "raw" / "capture.json").read_text())["first_sample"]
    sound = read_sound(folder / "audio.flac")
    assert np.array_equal(sound, counter_values(first, len(sound), "int24"))
    if take.video is not None:  # a disk that fails at once may have taken no picture yet
        assert len(read_times(folder / "take.mp4")) == take.video.frames
    assert not (folder / "raw" / "ballast.bin").exists()
    return take


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with disk_of(tmp_path / "disk", 17 * 2**18) as folder:
        yield folder


@posix_only("no limit on the size of files")
@pytest.mark.parametrize("limit", [50_001, 90_001, 133_333])
def test_no_file_may_grow_further(tmp_path: Path, limit: int) -> None:
    folder = take_folder(tmp_path)
    told = [word for word in record_until_full(folder, limit=limit) if word != "Backlog"]
    assert told == ["DiskFull", "TakeEnding", "TakeEnded"]
    take = check_kept(folder)
    assert take.video is not None
    assert take.duration_s > 1.0
    assert (folder / "raw" / "sound.flac").stat().st_size <= limit


def test_a_full_disk_still_closes_the_take_cleanly(small_disk: Path) -> None:
    """The ballast makes the room that the last bytes and the index of the picture need."""
    folder = take_folder(small_disk)
    assert record_until_full(folder)[-1] == "TakeEnded"
    take = check_kept(folder)
    assert take.ended is EndReason.DISK_FULL
    assert take.video is not None
    assert take.audio is not None
    assert take.audio.gaps == ()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("count", [4, pytest.param(200, marks=pytest.mark.soak)])
def test_a_disk_that_others_fill_at_random_moments(tmp_path: Path, count: int) -> None:
    """Somebody else takes all but a few pages of the room, at any point of a take; the take ends and is whole."""
    with disk_of(tmp_path / "allowed", 4096):
        pass
    with ProcessPoolExecutor(4, get_context("forkserver")) as pool:  # as in life: an interpreter for each recorder
        ended = Counter(pool.map(fill_up, [tmp_path / str(number) for number in range(count)], range(count)))
    print(f"\ndisk full at {count} random points: every sample and frame from before kept, 0 takes lost; {dict(ended)}")
    assert set(ended) <= {EndReason.DISK_FULL}


def fill_up(place: Path, number: int) -> EndReason:
    """One take on a disk of its own that fills up; why it ended."""
    chance = np.random.default_rng([11, number])
    with disk_of(place, 8 * 2**20):
        folder, told = take_folder(place), Told()
        recorder = make_recorder({}, {"sample_format": "int24", "channels": 2}, notify=told)
        begin(recorder, folder, float(chance.uniform(0.1, 0.6)))
        recorder.mark(MarkerName.GO)
        random_moment(chance, 1.5)
        before = recorder.status()
        take_all_but(place / "other", int(chance.integers(0, 40)) * 4096)
        told.wait(TakeEnded, 60)
        recorder.close()
        take = check_kept(folder)
        assert (take.video.frames if take.video is not None else 0) >= before.frames
        assert round(take.duration_s * RATE) >= before.samples
        return take.ended


def take_all_but(path: Path, left: int) -> None:
    """Fill the disk up to `left` bytes."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(65536)) == 65536:
            pass
    with path.open("r+b") as file:
        file.truncate(max(0, path.stat().st_size - left))


FIRST = {"write": 10, "fdatasync": 2}
"""From which on the calls fail that are made to fail."""
FAILING = [
    ("strace", "write", "EIO"), ("here", "fdatasync", "EIO"), ("here", "write", "EROFS"),
    ("strace", "fdatasync", "EIO"), ("strace", "write", "EROFS"),
]  # fmt: skip


@pytest.mark.parametrize("failing", shortened(FAILING, lambda number, _: number < 3), ids="-".join)
def test_a_disk_that_fails_is_not_called_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: tuple[str, str, str]
) -> None:
    """Errors on the sound file from its tenth write, or second sync, on; or its disk is made read-only (DSK-6)."""
    where, call, error = failing
    folder = take_folder(tmp_path)
    sound = folder / "raw" / "sound.flac"
    if where == "strace":
        inject = ("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={FIRST[call]}+")
        assert record_until_full(folder, trace=("-P", str(sound), *inject))[-1] == "TakeEnded"
    else:
        fail(monkeypatch, sound, call, getattr(errno, error))
        told = Told()
        recorder = make_recorder({}, {"sample_format": "int24", "channels": 2}, notify=told)
        begin(recorder, folder)
        told.wait(TakeEnded)
        recorder.close()
        monkeypatch.undo()
    take = check_kept(folder)
    assert take.ended is EndReason.DISK_FAILED
    assert take.duration_s > 0.5


def fail(monkeypatch: pytest.MonkeyPatch, file: Path, call: str, problem: int) -> None:
    """Have the system refuse what this process does with a file, as strace has it do elsewhere."""
    if not hasattr(os, call):
        pytest.skip(f"no {call}")
    real, calls = getattr(os, call), itertools.count(1)

    def failing(descriptor: int, *more: object) -> object:
        its = file.exists() and os.path.samestat(os.fstat(descriptor), file.stat())
        if its and next(calls) >= FIRST[call]:
            raise OSError(problem, os.strerror(problem))
        return real(descriptor, *more)

    monkeypatch.setattr(os, call, failing)


@pytest.mark.realtime
def test_a_slow_disk_loses_no_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DSK-7: a tenth of a second for every write, and once three seconds for each file."""
    write, tired = DurableFile.write, set()

    def slowly(file: DurableFile, data: bytes | memoryview) -> int:
        rested = file.path in tired or time.monotonic() < began + 1.0
        tired.update(() if rested else {file.path})
        be_slow(0.1 if rested else 3.0)
        return write(file, data)

    told, folder = Told(), take_folder(tmp_path)
    recorder = make_recorder({}, notify=told)
    begin(recorder, folder)
    began = time.monotonic()
    monkeypatch.setattr(DurableFile, "write", slowly)
    go_on(recorder, 5.5)
    assert recorder.status().rolling
    recorder.cut()
    monkeypatch.setattr(DurableFile, "write", write)
    recorder.close()
    take = finish(folder)
    sound = read_sound(folder / "audio.flac")
    first = json.loads((folder / "raw" / "capture.json").read_text())["first_sample"]
    assert np.array_equal(sound, counter_values(first, len(sound), "int16"))
    assert take.duration_s > 6.5
    assert take.audio is not None
    assert take.audio.gaps == ()
    assert take.video is not None
    assert take.video.frames + take.video.dropped > 6.0 * 30
    assert ZeroSound not in told.kinds(), "a disk that is behind does not make a microphone mute"


@posix_only("a file that is open cannot be removed")
def test_a_folder_that_is_taken_away_ends_the_take(tmp_path: Path) -> None:
    """Open files would go on growing unseen."""
    folder = take_folder(tmp_path)
    ended: queue.SimpleQueue[TakeEnded] = queue.SimpleQueue()
    recorder = make_recorder({}, notify=lambda notice: ended.put(notice) if isinstance(notice, TakeEnded) else None)
    recorder.open()
    recorder.roll(folder)
    shutil.rmtree(folder)
    notice = ended.get(timeout=60)
    recorder.close()
    assert notice.reason is EndReason.DISK_FAILED
    assert not folder.exists()


def test_a_read_only_folder_is_said_before_anything_rolls(tmp_path: Path) -> None:
    with disk_of(tmp_path / "disk", 2**20) as place:
        folder = take_folder(place)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        recorder = make_recorder(None)
        recorder.open()
        with pytest.raises(CaptureError) as caught:
            recorder.roll(folder)
        assert not recorder.status().rolling
        recorder.roll(take_folder(tmp_path))
        recorder.close()
    assert caught.value.code is ErrorCode.DISK_READ_ONLY


@pytest.mark.parametrize("problem", [CaptureError(ErrorCode.DISK_FULL), OSError(errno.EMFILE, "too many")])
def test_a_take_that_cannot_begin_leaves_nothing_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    """The sound has its file already when the picture gets none."""

    def refuse(*_: object, **__: object) -> None:
        raise problem

    recorder = make_recorder({})
    recorder.open()
    with monkeypatch.context() as patch:
        patch.setattr(rolling_take, "VideoWriter", refuse)
        with pytest.raises(CaptureError):
            recorder.roll(take_folder(tmp_path, "refused"))
    size = (tmp_path / "takes" / "refused.part" / "raw" / "sound.flac").stat().st_size
    folder = take_folder(tmp_path)
    recorder.roll(folder)
    go_on(recorder, 0.5)
    recorder.cut()
    recorder.close()
    assert (tmp_path / "takes" / "refused.part" / "raw" / "sound.flac").stat().st_size == size
    assert finish(folder).ended is EndReason.CUT


@pytest.mark.realtime
def test_room_left_is_told_ten_and_two_minutes_before(tmp_path: Path) -> None:
    """DSK-2: somebody else takes the room away; what is told is what the status shows."""
    with disk_of(tmp_path / "disk", 64 * 2**20) as place:
        told = Told()
        recorder = make_recorder({}, notify=told)
        recorder.open()
        recorder.roll(take_folder(place))
        go_on(recorder, 5.0)  # the first seconds cost more than those that follow
        for limit_s in (600.0, 120.0):
            left_s = recorder.status().disk_s
            assert left_s is not None
            assert left_s > limit_s
            take_all_but(place / str(limit_s), round(free_bytes(place) / left_s * (limit_s - 20)))
            _, low = told.until(
                lambda notice, limit_s=limit_s: isinstance(notice, DiskLow) and notice.seconds_left < limit_s
            )
            assert limit_s * 0.6 < low.seconds_left < limit_s
            until(lambda limit_s=limit_s: (recorder.status().disk_s or 0.0) < limit_s)
        assert recorder.status().rolling
        recorder.close()
    assert [type(notice) for _, notice in told.notices].count(DiskLow) == 2


def test_a_take_is_refused_when_nothing_fits(tmp_path: Path) -> None:
    recorder = make_recorder(None, reserve_bytes=2**62)
    recorder.open()
    with pytest.raises(CaptureError) as caught:
        recorder.roll(take_folder(tmp_path))
    recorder.close()
    assert caught.value.code is ErrorCode.DISK_FULL
    assert not list((tmp_path / "takes").rglob("*.bin"))


@posix_only("no limit on the size of files")
def test_a_file_keeps_what_fitted_and_refuses_the_rest(tmp_path: Path) -> None:
    script = (
        "import resource,sys;from pathlib import Path;from perfstudio.capture.files.durable_file import DurableFile;"
        "from perfstudio.model.errors import CaptureError\n"
        "f=DurableFile(Path(sys.argv[1]));resource.setrlimit(resource.RLIMIT_FSIZE,(1000,1000))\n"
        "for part in (b'a'*600,b'b'*600,b'c'):\n"
        "    try: f.write(part)\n"
        "    except CaptureError as problem: print(problem.code.value)\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x")], capture_output=True, text=True, check=True
    )
    assert out.stdout.split() == ["disk_write", "disk_write"], "the disk is not full, and that is not said"
    assert (tmp_path / "x").read_bytes() == b"a" * 600 + b"b" * 400


def test_ballast_gives_way_once(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast.bin", 2**17)
    held = (tmp_path / "ballast.bin").read_bytes()
    assert len(held) == 2**17
    assert len(lzma.compress(held, preset=1)) >= 2**17, "no file system makes it smaller"
    assert ballast.release()
    assert not ballast.release()
    assert not (tmp_path / "ballast.bin").exists()


def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"earlier")
    with pytest.raises(CaptureError):
        DurableFile(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"earlier"


@pytest.mark.parametrize("stream", ["picture", "sound"])
def test_an_encoder_that_gives_up_is_not_a_disk_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    """The real codec gives up in the middle of a take: it is called by its name, and what was written is a take."""
    told, folder = Told(), take_folder(tmp_path)
    recorder = make_recorder({}, size=(640, 480), notify=told)
    begin(recorder, folder, 1.0)

    def gives_up(*_: object) -> None:
        raise av.error.ExternalError(542398533, "Generic error in an external library")

    if stream == "picture":
        monkeypatch.setattr(H264File, "write", gives_up)
    else:
        monkeypatch.setattr(FlacWriter, "take_delivered", gives_up)
    told.wait(TakeEnded)
    recorder.close()
    monkeypatch.undo()
    (ending,) = [notice for _, notice in told.notices if isinstance(notice, TakeEnding)]
    assert ending.reason is EndReason.ENCODER_FAILED
    assert ending.problem.code is ErrorCode.ENCODER_FAILED
    assert ending.problem.facts["file"] == {"picture": "picture.mp4", "sound": "sound.flac"}[stream]
    assert "could not be encoded" in sentence(ending.problem)
    assert DiskFull not in told.kinds(), "nobody looks at the disk for it"
    assert finish(folder).ended is EndReason.ENCODER_FAILED


def test_an_encoder_that_gives_up_after_the_cut_is_not_an_unreadable_file() -> None:
    with pytest.raises(CaptureError) as caught, encoding("picture-jpeg.mp4"):
        av.CodecContext.create("libx264", "w").open()  # without a size
    assert caught.value.code is ErrorCode.ENCODER_FAILED
