"""A disk that takes nothing is told while the take rolls, and the green line goes out: on the stage and by the verb."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.recording.messages import RecorderStatus
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.model.clock import host_ns
from perfstudio.model.loss_limits import LONGEST_STEP_S, UNWRITTEN_S
from perfstudio.paths import AppPaths
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.stage.take_loss_judge import TakeLossJudge
from perfstudio.session.take_safety import LossKind, TakeLoss, TakeSafety
from perfstudio.texts import notices
from rigs import waiting
from rigs.stage import PATIENCE_S, SMALL_PAIR


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set, it takes what is written; cleared, every write waits."""
    write, takes = DurableFile.write, threading.Event()
    takes.set()

    def held(file: DurableFile, data: bytes | memoryview) -> int:
        takes.wait()
        return write(file, data)

    monkeypatch.setattr(DurableFile, "write", held)
    yield takes
    takes.set()


class Looks:
    """A recorder that is looked at ten times a second, as the window does, and the judge's own clock."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder, self.judge = recorder, TakeLossJudge()
        self.clock_s, self._looked_ns = 0.0, host_ns()
        self.safety = TakeSafety()

    def until(self, reached: Callable[[], bool]) -> float:
        """Answers with the time that the judge counts for it: a look that came late counts as one in time."""
        began_s = self.clock_s

        def so() -> bool:
            status = self.recorder.status()
            step_s = (status.read_ns - self._looked_ns) * 1e-9
            self.clock_s, self._looked_ns = self.clock_s + min(step_s, LONGEST_STEP_S), status.read_ns
            self.safety = self.judge.look(status, None, status.read_ns * 1e-9)
            return reached()

        waiting.until(so, f"what the judge says, at last {self.safety}", PATIENCE_S, look_s=0.1)
        return self.clock_s - began_s


def test_a_disk_that_holds_every_write_up_puts_the_line_out(tmp_path: Path, disk: threading.Event) -> None:
    """The recorder itself, its writes held: what it reads back of its files is what window and verb judge by."""
    recorder = Recorder(SMALL_PAIR, reserve_bytes=0)
    looks = Looks(recorder)
    recorder.open()
    try:
        recorder.roll(tmp_path)
        looks.until(lambda: looks.safety.written)
        disk.clear()
        took_s = looks.until(lambda: bool(looks.safety.losses))
        assert [loss.kind for loss in looks.safety.losses] == [LossKind.UNWRITTEN]
        assert not looks.safety.written
        assert UNWRITTEN_S - 2 * LONGEST_STEP_S <= took_s <= 2.0 + 2 * LONGEST_STEP_S
        disk.set()
        looks.until(lambda: looks.safety.written)
        looks.until(lambda: not looks.safety.losses)
    finally:
        disk.set()
        recorder.close()


def test_a_take_without_a_window_is_told_the_same_and_is_kept(tmp_path: Path, disk: threading.Event) -> None:
    """What the verb prints beside the time and below it."""
    stop = threading.Event()
    lines: list[str] = []
    progress: list[tuple[str, bool]] = []
    ended = threading.Event()

    def status(now: RecorderStatus, safety: TakeSafety) -> None:
        progress.append(notices.on_disk(now, safety))
        if progress[-1][1] and not lines:
            disk.clear()
        if progress[-1][1] and ended.is_set():
            stop.set()

    def lost(loss: TakeLoss) -> None:
        lines.append(notices.sentence(loss))
        disk.set()

    def over(loss: TakeLoss, now: TakeSafety) -> None:
        lines.append(notices.over(loss, now))
        ended.set()

    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        take = record_take(home, "the-letter", SMALL_PAIR, PATIENCE_S, RecordingHooks(stop, lost, over, status))
    assert lines[0] == "Nothing is reaching the disk. What was written stays. Cut, and check the disk."
    assert lines[-1] == "What is recorded reaches the disk again."
    assert all("The computer was" in line for line in lines[1:-1]), "the encoder had to wait, too"
    assert ("Nothing is reaching the disk", False) in progress
    assert progress[-1][1], "it is green again"
    assert take.video is not None
    assert take.video.dropped == 0
