"""The green line is for files that grow: it goes out when one stands still, and comes back with it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.recording.messages import RecorderStatus, Stream
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.session.recorder import link
from perfstudio.session.stage.file_growth import Growth
from perfstudio.session.stage.signal_loss import FRESH_S, GROWN_S
from rigs import waiting
from rigs.stage import PATIENCE_S, SMALL_PAIR

ROLLING = RecorderStatus(
    rolling=True, nonzero=True, picture_bytes=1000, sound_bytes=1000, frame_age_s=0.02, block_age_s=0.01
)
LOOK_S = 0.1


class Film:
    """Statuses of a take, fed a tenth of a second apart."""

    def __init__(self) -> None:
        self.growth, self.at_s, self.status = Growth(), 50.0, ROLLING

    def run(self, seconds: float, *grow: Stream, step_s: float = LOOK_S, **change: object) -> list[bool]:
        """Whether it landed at each look, while these files grow every `step_s`."""
        self.status = replace(self.status, **change)  # type: ignore[arg-type]
        landed = []
        for look in range(round(seconds / LOOK_S)):
            if look % round(step_s / LOOK_S) == 0:
                sound = self.status.sound_bytes + 400 * (Stream.SOUND in grow)
                picture = self.status.picture_bytes + 900 * (Stream.PICTURE in grow)
                self.status = replace(self.status, sound_bytes=sound, picture_bytes=picture)
            landed.append(link._is_landing(self.status, self.growth.look(self.status, self.at_s)))
            self.at_s += LOOK_S
        return landed


@pytest.mark.parametrize("grows", [(), (Stream.SOUND,), (Stream.PICTURE,)], ids=["neither", "sound", "picture"])
def test_a_file_that_stands_still_is_seen_within_two_seconds_and_so_is_its_return(grows: tuple[Stream, ...]) -> None:
    film = Film()
    assert all(film.run(5.0, *Stream))
    stalled = film.run(9.0, *grows)
    assert not any(stalled[round(2.0 / LOOK_S) :])
    assert all(stalled[: round(1.0 / LOOK_S)]), "a write that is held up for a moment is nothing"
    assert all(film.run(3.0, *Stream))


def test_files_that_grow_in_steps_of_a_second_are_written() -> None:
    assert all(Film().run(20.0, *Stream, step_s=1.0))


def test_a_recorder_that_says_the_same_again_and_again_is_not_believed() -> None:
    """It hangs in the disk: its last word was that everything has just arrived."""
    film = Film()
    film.run(1.0, *Stream)
    assert not film.run(2.0)[-1]


def test_a_microphone_that_comes_back_had_nothing_to_write() -> None:
    film = Film()
    film.run(1.0, *Stream)
    film.run(4.0, Stream.PICTURE, block_age_s=FRESH_S)
    assert film.growth.look(film.status, film.at_s)[Stream.SOUND] == 0.0
    assert film.run(0.3, *Stream, block_age_s=0.01)[0]


def test_sound_alone_needs_no_picture() -> None:
    film = Film()
    assert all(film.run(5.0, Stream.SOUND, frame_age_s=None, picture_bytes=0))


def test_another_take_begins_anew() -> None:
    film = Film()
    film.run(5.0)
    film.run(0.1, rolling=False)
    assert film.run(0.5, rolling=True)[0]


def test_a_disk_that_holds_every_write_up_puts_the_line_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recorder itself, its writes held: what it reads back of its files is what the window judges by."""
    write, free = DurableFile.write, threading.Event()
    free.set()

    def held(file: DurableFile, data: bytes | memoryview) -> int:
        free.wait()
        return write(file, data)

    monkeypatch.setattr(DurableFile, "write", held)
    recorder, growth = Recorder(SMALL_PAIR, reserve_bytes=0), Growth()

    def until(landing: bool, still_s: float = 0.0) -> None:
        def so() -> bool:
            status = recorder.status()
            unwritten = growth.look(status, time.monotonic())
            return link._is_landing(status, unwritten) is landing and min(unwritten.values()) >= still_s

        waiting.until(so, f"landing {landing}", PATIENCE_S, look_s=0.02)

    recorder.open()
    try:
        recorder.roll(tmp_path)
        until(True)
        free.clear()
        until(False, still_s=GROWN_S)
        free.set()
        until(True)
    finally:
        free.set()
        recorder.close()
