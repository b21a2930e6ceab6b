"""Reading a statement aloud on the fake recorder: what is heard, what is said, and that nothing is left behind."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.prompt import Terms
from perfstudio.model.spoken import LONGEST_S, SpokenRequest
from perfstudio.model.take import FileRole
from perfstudio.session import reading_aloud
from perfstudio.session import recorder_messages as rm
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.reading_aloud import ReadingState
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from rigs.fake_stage import SteppedThread
from rigs.read_aloud import STATEMENT, WITH_NAME, reading

S = ReadingState
TERMS = Terms(
    id="t", version="1", language="en", title="T", summary="S", text="X",
    spoken=SpokenRequest(statement=STATEMENT, with_name=WITH_NAME),
)  # fmt: skip


class Reader:
    """A performer at the consent page of a whole session."""

    def __init__(self, session: Session, thread: SteppedThread, fake: FakeRecorder) -> None:
        self.session, self.thread, self.fake, self.it = session, thread, fake, session.reading
        self.seen: list[ReadingState] = []
        self.it.changed = lambda view: self.seen.append(view.state)

    def begin(self, name: str = "") -> None:
        self.it.begin(TERMS, name, PRACTICE_PAIR)

    def until(self, state: ReadingState) -> None:
        self.thread.until(lambda: self.it.view.state is state)

    def reads(self, name: str = "") -> None:
        self.begin(name)
        self.until(S.READING)
        self.it.finish()

    def nothing_left(self) -> None:
        self.thread.until(lambda: not any(self.session.home.paths.home.glob("reading-aloud/*")))
        assert self.session.director.view.state is StageState.CLOSED, "the microphone is off"


@pytest.fixture
def reader(fake_session: Session, stepped: SteppedThread, fake: FakeRecorder, tmp_path: Path) -> Reader:
    fake.media[FileRole.SPOKEN_CONSENT] = reading(tmp_path / "voice.wav").read_bytes()
    return Reader(fake_session, stepped, fake)


def test_it_is_read_without_a_picture_heard_back_and_read_again(reader: Reader) -> None:
    reader.reads()
    reader.until(S.HEARD)
    opened = [ask.selection for ask in reader.fake.asked if isinstance(ask, rm.Open)]
    assert [selection.camera for selection in opened] == [None]
    assert reader.session.director.view.state is StageState.CLOSED, "the microphone is off while it is heard back"
    view = reader.it.view
    assert view.aloud is not None
    assert view.file is not None
    assert view.aloud.text == STATEMENT
    assert view.file.read_bytes() == view.aloud.sound
    assert reader.seen == [S.OPENING, S.READING, S.LISTENING, S.LISTENING, S.HEARD]
    reader.reads("Ines")
    reader.until(S.HEARD)
    assert reader.it.view.aloud is not None
    assert reader.it.view.aloud.text == WITH_NAME.replace("{name}", "Ines")
    assert not view.file.exists(), "what was read before is gone"
    reader.it.leave()
    assert reader.it.view.state is S.WAITS
    reader.nothing_left()


def test_silence_is_told_and_deleted(reader: Reader, tmp_path: Path) -> None:
    silent = reading(tmp_path / "silent.wav", level=0.0)
    reader.fake.media[FileRole.SPOKEN_CONSENT] = silent.read_bytes()
    reader.reads()
    reader.thread.until(lambda: reader.it.view.problem is not None)
    assert reader.it.view.state is S.WAITS
    assert reader.it.view.problem is not None
    assert reader.it.view.problem.code is ErrorCode.SPOKEN_SILENT
    reader.nothing_left()


def test_left_at_any_moment_it_leaves_nothing(reader: Reader) -> None:
    for state in (S.OPENING, S.READING, S.LISTENING):
        reader.begin()
        if state is not S.OPENING:
            reader.until(S.READING)
        if state is S.LISTENING:
            reader.it.finish()
        reader.it.leave()
        assert reader.it.view.state is S.WAITS
        reader.nothing_left()
    reader.reads()
    reader.until(S.HEARD)


def test_what_goes_wrong_is_said_once_and_it_can_be_read_again(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a take it is said what is safe of it; of a reading that it is not kept."""

    def full(file: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space", str(file))

    def unkept() -> None:
        monkeypatch.setattr(reading_aloud, "write_durably", full)
        reader.it.finish()

    reader.fake.refuse(rm.Roll, CaptureError(ErrorCode.DISK_FULL, folder="home", free_mb=0, needed_mb=1))
    rows: list[tuple[Callable[[], object], ErrorCode, str | None]] = [
        (lambda: None, ErrorCode.DISK_FULL, None),
        (reader.fake.lose, ErrorCode.SPOKEN_CUT_SHORT, "microphone_went"),
        (reader.fake.die, ErrorCode.SPOKEN_CUT_SHORT, "recorder_stopped"),
        (unkept, ErrorCode.SPOKEN_CUT_SHORT, "disk_refused"),
    ]
    for fault, code, why in rows:
        reader.begin()
        if code is ErrorCode.SPOKEN_CUT_SHORT:
            reader.until(S.READING)
            fault()
        reader.thread.until(lambda: reader.it.view.problem is not None)
        problem = reader.it.view.problem
        assert problem is not None
        assert (problem.code, problem.facts.get("problem")) == (code, why)
        assert reader.it.view.state is S.WAITS
        reader.nothing_left()
    monkeypatch.undo()
    reader.reads()
    reader.until(S.HEARD)


def test_who_forgets_to_end_it_is_ended_in_time(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.begin()
    reader.until(S.READING)
    reader.it.pulse()
    assert reader.it.view.state is S.READING
    monkeypatch.setattr(reading_aloud, "LONGEST_S", -LONGEST_S)
    reader.it.pulse()
    reader.until(S.HEARD)


def test_a_camera_that_stayed_open_is_closed_for_it(reader: Reader) -> None:
    both = DeviceSelection(camera=CameraRequest(id="practice"), microphone=MicrophoneRequest(id="practice"))
    reader.session.director.open(both)
    reader.thread.until(lambda: reader.session.director.view.state is StageState.READY)
    reader.begin()
    reader.until(S.READING)
    assert reader.session.director.view.devices is not None
    assert reader.session.director.view.devices.camera is None
    reader.it.leave()
    reader.nothing_left()
