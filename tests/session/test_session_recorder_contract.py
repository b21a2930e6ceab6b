"""The fake recorder is held to the real one: the same expectations against both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfstudio.model.calibration import Measurement, Refusal
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.offset_store import UNCALIBRATED
from perfstudio.session.recorder import link as recorder_link
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.recorder.link import RecorderLink, _Life
from perfstudio.session.stage.take_loss_judge import TakeLossJudge
from rigs import dying_recorder
from rigs.stage import SMALL_PAIR, Thread, recorder_process

NOWHERE = DeviceSelection(camera=None, microphone=MicrophoneRequest(id="pulse:nowhere"))
LOSES = SMALL_PAIR.model_copy(update={"microphone": MicrophoneRequest(id="practice?lost=2.5")})


class Asked:
    """A recorder, what it answered, and how its misfortunes are brought about."""

    def __init__(self, thread: Thread, folder: Path, make: type[RecorderLink | FakeRecorder]) -> None:
        self.thread, self.folder, self.heard = thread, folder, list[rm.Answer]()
        self.deaths = 0
        self.recorder = make(thread.post, self.heard.append, self._died, lambda: True)
        self.openings = 0
        self.judge = TakeLossJudge()

    def _died(self) -> None:
        self.deaths += 1

    def lose(self) -> None:
        """The real one's microphone goes by its script."""
        if isinstance(self.recorder, FakeRecorder):
            self.recorder.lose()

    def kill(self) -> None:
        if isinstance(self.recorder, FakeRecorder):
            self.recorder.die()
        else:
            recorder_process().kill()

    def is_written(self) -> bool:
        """What the judge makes of its status."""
        return self.judge.look(self.recorder.pulse().status, None, host_ns() * 1e-9).written

    def open(self, selection: DeviceSelection) -> rm.Answer:
        self.openings += 1
        self.recorder.send(rm.Open(self.openings, selection))
        return self.await_any(lambda a: isinstance(a, rm.Opened | rm.OpenRefused) and a.opening == self.openings)

    def roll(self, purpose: rm.Purpose, *, ask: bool = True) -> rm.Recording:
        recording = rm.Recording(purpose, self.folder / f"{purpose.value}-{len(list(self.folder.iterdir()))}")
        recording.folder.mkdir()
        if ask:
            self.recorder.send(rm.Roll(recording, UNCALIBRATED))
        return recording

    def rolled(self, purpose: rm.Purpose, seconds: float = 0.0) -> rm.Recording:
        recording = self.roll(purpose)
        assert self.next_about(recording) == rm.Rolled(recording)
        self.thread.until(lambda: self.recorder.pulse().elapsed_s >= seconds)
        return recording

    def cut(self, recording: rm.Recording, reason: EndReason = EndReason.CUT) -> rm.Answer:
        """Answers with what closes it."""
        self.recorder.send(rm.Cut(recording, reason))
        return self.closed(recording)

    def about(self, recording: rm.Recording) -> list[rm.AboutRecording]:
        return [
            a for a in self.heard if not isinstance(a, rm.RecorderNotice) and getattr(a, "recording", None) == recording
        ]

    def next_about(self, recording: rm.Recording) -> rm.Answer:
        seen = len(self.about(recording))
        self.thread.until(lambda: len(self.about(recording)) > seen)
        return self.about(recording)[seen]

    def closed(self, recording: rm.Recording) -> rm.Answer:
        return self.await_any(lambda a: isinstance(a, rm.CLOSING) and a.recording == recording)

    def await_any(self, wanted: Any) -> rm.Answer:
        self.thread.until(lambda: any(wanted(a) for a in self.heard))
        return next(a for a in self.heard if wanted(a))


@pytest.fixture(params=[FakeRecorder, RecorderLink], ids=["fake", "real"])
def asked(request: pytest.FixtureRequest, thread: Thread, tmp_path: Path) -> Iterator[Asked]:
    folder = tmp_path / "recordings"
    folder.mkdir()
    made = Asked(thread, folder, request.param)
    yield made
    made.recorder.close()


def test_takes_checks_and_calibrations_are_answered_alike(asked: Asked) -> None:
    """What is asked about one recording is answered about it, and once; what is asked about another does nothing."""
    early = asked.roll(rm.Purpose.TAKE)
    assert isinstance(asked.closed(early), rm.RollRefused), "no device is open"
    assert isinstance(asked.open(NOWHERE), rm.OpenRefused)
    opened = asked.open(SMALL_PAIR)
    assert isinstance(opened, rm.Opened)
    assert opened.devices.asked == SMALL_PAIR
    assert opened.devices.camera is not None
    assert not asked.recorder.pulse().status.rolling

    take = asked.rolled(rm.Purpose.TAKE, 0.4)
    asked.thread.until(asked.is_written)
    asked.recorder.send(rm.Mark(take, MarkerName.BROKE, "here"))
    marked = asked.await_any(lambda a: isinstance(a, rm.Marked))
    assert (marked.recording, marked.marker.name, marked.marker.note) == (take, MarkerName.BROKE, "here")
    other = asked.roll(rm.Purpose.ROOM)
    assert isinstance(asked.closed(other), rm.RollRefused), "one at a time"
    asked.recorder.send(rm.Mark(other, MarkerName.MARK))
    asked.recorder.send(rm.Cut(other, EndReason.ABANDONED))
    developed = asked.cut(take)
    assert isinstance(developed, rm.TakeProcessed)
    finished = developed.developed.finished
    assert finished.ended is EndReason.CUT
    assert [m.name for m in finished.markers] == [MarkerName.ROLL, MarkerName.BROKE, MarkerName.CUT]
    assert all((take.folder / file.name).stat().st_size == file.size for file in finished.files)
    assert not asked.recorder.pulse().status.rolling
    assert not asked.is_written()

    given_up = asked.rolled(rm.Purpose.CLAPS)
    assert asked.cut(given_up, EndReason.ABANDONED) == rm.RecordingDropped(given_up)
    check = asked.rolled(rm.Purpose.ROOM)
    assert asked.cut(check, EndReason.ABANDONED) == rm.RecordingDropped(check)
    abandoned = asked.rolled(rm.Purpose.TAKE, 0.4)
    kept = asked.cut(abandoned, EndReason.ABANDONED)
    assert isinstance(kept, rm.TakeProcessed), "a take is kept whatever it is"
    assert kept.developed.finished.ended is EndReason.ABANDONED
    measured = asked.cut(asked.rolled(rm.Purpose.CLAPS, 0.5))
    assert isinstance(measured, rm.OffsetMeasured)
    assert isinstance(measured.outcome, Measurement | Refusal)
    read = asked.cut(asked.rolled(rm.Purpose.SPOKEN, 0.3))
    assert isinstance(read, rm.SpokenRecorded)
    assert read.sound.is_relative_to(read.recording.folder)
    assert read.sound.stat().st_size > 0

    assert [type(a) for a in asked.about(take)] == [rm.Rolled, rm.Marked, rm.TakeWatchable, rm.TakeProcessed]
    for recording in (early, other, given_up, check, abandoned):
        assert sum(isinstance(a, rm.CLOSING) for a in asked.about(recording)) == 1
    assert asked.deaths == 0


def test_devices_that_are_closed_under_a_recording_drop_it(asked: Asked) -> None:
    asked.open(SMALL_PAIR)
    reopened = asked.rolled(rm.Purpose.ROOM)
    asked.open(SMALL_PAIR)
    assert asked.closed(reopened) == rm.RecordingDropped(reopened)
    shut = asked.rolled(rm.Purpose.PATTERN)
    asked.recorder.send(rm.Shut())
    assert asked.closed(shut) == rm.RecordingDropped(shut)
    late = asked.roll(rm.Purpose.PATTERN)
    assert isinstance(asked.closed(late), rm.RollRefused)


def test_a_microphone_that_goes_ends_the_recording_by_itself(asked: Asked) -> None:
    asked.open(LOSES)
    take = asked.rolled(rm.Purpose.TAKE, 0.3)
    asked.lose()
    developed = asked.closed(take)
    assert isinstance(developed, rm.TakeProcessed)
    assert developed.developed.finished.ended is EndReason.MICROPHONE_LOST
    assert [type(a) for a in asked.about(take)] == [rm.Rolled, rm.RecordingEnding, rm.TakeWatchable, rm.TakeProcessed]
    told = [a for a in asked.heard if isinstance(a, rm.RecorderNotice)]
    assert all(a.opening == 1 for a in told)
    assert any(a.recording == take for a in told)
    again = asked.roll(rm.Purpose.TAKE)
    refused = asked.closed(again)
    assert isinstance(refused, rm.RollRefused), "it is gone until it is opened anew"
    assert isinstance(asked.open(SMALL_PAIR), rm.Opened)


def test_a_process_that_dies_is_said_once_and_replaced(asked: Asked) -> None:
    asked.open(SMALL_PAIR)
    take = asked.rolled(rm.Purpose.TAKE, 0.3)
    asked.kill()
    asked.thread.until(lambda: asked.deaths == 1)
    asked.recorder.send(rm.Cut(take, EndReason.CUT))
    refused = asked.roll(rm.Purpose.TAKE)
    assert isinstance(asked.closed(refused), rm.RollRefused), "the new one has nothing open"
    assert [type(a) for a in asked.about(take)] == [rm.Rolled]
    assert isinstance(asked.open(SMALL_PAIR), rm.Opened)
    assert asked.deaths == 1


def test_a_process_that_dies_before_it_listens_is_started_again_only_when_something_is_asked(
    thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that cannot start does not try for ever, and a way on is left."""
    deaths: list[int] = []
    heard: list[rm.Answer] = []
    with monkeypatch.context() as broken:
        broken.setattr(recorder_link, "_recorder", dying_recorder.main)
        link = RecorderLink(thread.post, heard.append, lambda: deaths.append(len(deaths)), lambda: True)
        try:
            thread.until(lambda: len(deaths) == 1)
            assert link._life is _Life.ABSENT
            link.send(rm.Open(1, SMALL_PAIR))
            thread.until(lambda: len(deaths) == 2)
        except BaseException:
            link.close()
            raise
    try:
        link.send(rm.Open(2, SMALL_PAIR))
        thread.until(lambda: any(isinstance(answer, rm.Opened) for answer in heard))
        assert len(deaths) == 2
    finally:
        link.close()
