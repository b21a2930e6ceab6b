"""The set-up check and the calibration on the fake recorder: what they show, keep and delete, whatever is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from perfstudio.model.calibration import Method
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.clock import utc_now
from perfstudio.model.device import PRACTICE, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.room import RoomMeasured, RoomPart, RoomReading, RoomTopic
from perfstudio.model.timing import Span
from perfstudio.paths import AppPaths
from perfstudio.session import recorder_messages as rm
from perfstudio.session.calibration.wizard import CalibrationState
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.room_check import script_pace
from perfstudio.session.room_views import RoomState
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from rigs.fake_stage import FakeStage, SteppedThread, in_memory

R, C = RoomState, CalibrationState
SOUND_ONLY = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
FULL = CaptureError(ErrorCode.DISK_FULL, folder="home", free_mb=0, needed_mb=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part of a check is over at the next look."""
    for name in ("TONE_S", "TONE_PATIENCE_S", "PLAY_S", "LINE_PATIENCE_S"):
        monkeypatch.setattr(script_pace, name, 1e-6)


class Room:
    """A performer in the green room of a whole session."""

    def __init__(self, session: Session, thread: SteppedThread) -> None:
        self.session, self.room, self.thread = session, session.green_room, thread

    def enter(self) -> None:
        self.session.director.open(PRACTICE_PAIR)
        self.until(lambda: self.session.director.view.state is StageState.READY)
        self.room.enter(None)

    def begin(self) -> None:
        """As far as the first part."""
        self.room.begin()
        self.thread.until(lambda: self.room.view.part is RoomPart.TONE)

    def check(self) -> None:
        self.room.begin()
        self.until(lambda: self.room.view.state is R.RESULT)

    def until(self, reached: Callable[[], bool]) -> None:
        self.thread.until(reached, self.room.pulse)

    def empty(self) -> bool:
        return not any(self.session.home.paths.green_room.iterdir())


@pytest.fixture
def room(fake_session: Session, stepped: SteppedThread, fake: FakeRecorder) -> Room:
    """On the recorder that is asked for as well."""
    return Room(fake_session, stepped)


def measured(face: float, luma: float) -> RoomMeasured:
    size = CheckResult(code=CheckCode.FACE_SIZE, verdict=Verdict.GOOD, value=face, unit="")
    light = CheckResult(code=CheckCode.BRIGHTNESS, verdict=Verdict.GOOD, value=luma, facts={"where": "face"})
    framing = RoomReading(topic=RoomTopic.FRAMING, checks=(size,))
    lit = RoomReading(topic=RoomTopic.LIGHT, checks=(light,))
    return RoomMeasured(readings=(framing, lit), play=Span(start_s=0, end_s=1), duration_s=2, pictured=True)


def test_the_next_day_it_says_what_changed(room: Room, fake: FakeRecorder) -> None:
    room.enter()
    fake.room = measured(0.45, 60.0)
    room.check()
    result = room.room.view.result
    assert result is not None
    assert result.comparisons == (), "there was nothing before"
    yesterday = result.profile.model_copy(update={"measured_utc": utc_now() - timedelta(days=1)})
    room.session.rooms.add(yesterday)
    fake.room = measured(0.3, 120.0)
    room.check()
    room.until(lambda: room.room.view.result not in (None, result))
    again = room.room.view.result
    assert again is not None
    (comparison,) = again.comparisons
    assert comparison.profile == yesterday
    changed = {c.facts["what"]: c for c in comparison.changes if c.verdict is not Verdict.GOOD}
    assert changed["distance"].facts["direction"] == "further"
    assert changed["distance"].facts["cm"] > 5
    assert changed["light"].facts["direction"] == "brighter"
    assert "colour" not in changed


def test_given_up_half_way_it_leaves_nothing_and_the_stage_is_free(room: Room) -> None:
    room.enter()
    room.begin()
    room.until(lambda: room.room.view.part is RoomPart.LOUD)
    room.room.give_up()
    assert room.room.view.state is R.LOOK
    room.until(room.empty)
    assert room.session.director.view.state is StageState.READY
    assert not room.session.home.paths.rooms.exists()
    room.begin()
    room.room.leave()
    room.until(room.empty)


def test_left_while_it_is_read_it_shows_nothing_and_leaves_nothing(room: Room, fake: FakeRecorder) -> None:
    room.enter()
    room.begin()
    fake.prompt = False
    room.until(lambda: room.room.view.state is R.READING)
    room.room.leave()
    fake.answer(fake.unsaid)
    room.until(room.empty)
    assert room.room.view.result is None


def test_a_microphone_that_goes_away_in_the_middle(room: Room, fake: FakeRecorder) -> None:
    room.enter()
    room.begin()
    fake.lose()
    room.until(lambda: room.room.view.state is R.LOOK)
    assert room.room.view.problem is not None
    assert room.room.view.problem.code is ErrorCode.MICROPHONE_LOST
    room.until(lambda: room.session.director.view.state is StageState.FAILED)
    room.until(room.empty)
    assert not room.room.view.may_begin
    room.room.begin()
    assert room.room.view.state is R.LOOK, "without devices nothing begins"
    room.enter()
    room.begin()


def test_a_recorder_that_dies_in_the_middle(room: Room, fake: FakeRecorder) -> None:
    room.enter()
    room.begin()
    fake.die()
    room.until(lambda: room.room.view.state is R.LOOK)
    assert room.room.view.problem is not None
    assert room.room.view.problem.code is ErrorCode.RECORDER_DIED
    room.until(lambda: room.session.director.view.state is StageState.FAILED)
    room.until(room.empty)


@pytest.mark.parametrize("kind", [rm.Roll, rm.Cut])
def test_a_check_that_is_refused_says_why_and_begins_again(
    room: Room, fake: FakeRecorder, kind: type[rm.Roll | rm.Cut]
) -> None:
    room.enter()
    fake.refuse(kind, FULL)
    room.room.begin()
    room.until(lambda: room.room.view.state is R.LOOK)
    assert room.room.view.problem == FULL
    room.until(room.empty)
    room.check()


def test_devices_that_are_opened_anew_in_the_middle_leave_nothing(room: Room, fake: FakeRecorder) -> None:
    room.enter()
    room.begin()
    room.session.director.open(SOUND_ONLY)
    room.until(lambda: room.room.view.state is R.LOOK)
    room.until(room.empty)
    assert fake.recording is None


def test_numbers_that_the_disk_takes_not_are_still_shown(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(room.session.rooms, "_file", tmp_path / "nowhere" / "rooms.json")
    room.enter()
    room.check()
    result = room.room.view.result
    assert result is not None
    assert result.unkept is not None
    assert result.unkept.code is ErrorCode.DISK_GONE


def test_recordings_that_were_cut_short_are_deleted_at_the_next_start(tmp_path: Path, stepped: SteppedThread) -> None:
    paths = AppPaths(tmp_path / "home").prepare()
    left = [folder / "left" / "raw" for folder in (paths.green_room, paths.calibrating)]
    for raw in left:
        raw.mkdir(parents=True)
        (raw / "sound.flac").write_bytes(b"voice")
    session = Session(paths, stepped.post, stepped.timer, recorder=FakeRecorder)
    try:
        stepped.until(lambda: not any(raw.exists() for raw in left))
    finally:
        session.close()


# calibration


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> FakeStage:
    """Open."""
    made = FakeStage(in_memory(monkeypatch))
    made.director.open(PRACTICE_PAIR)
    made.settle()
    return made


def listening(stage: FakeStage) -> None:
    stage.calibrating.begin()
    stage.settle()
    assert stage.calibrating.view.state is C.LISTENING


def test_giving_up_deletes_and_it_can_begin_again(stage: FakeStage) -> None:
    work = stage.calibrating
    listening(stage)
    assert len(stage.folders) == 1
    work.give_up()
    assert work.view.state is C.READY
    stage.settle()
    assert stage.folders == set()
    listening(stage)


def test_given_up_while_it_is_measured_it_says_nothing_and_leaves_nothing(stage: FakeStage) -> None:
    work = stage.calibrating
    listening(stage)
    work.finish()
    work.give_up()
    stage.settle()
    assert work.view.state is C.READY
    assert work.view.outcome is None
    assert stage.folders == set()


def test_leaving_in_the_middle_leaves_nothing(stage: FakeStage) -> None:
    work = stage.calibrating
    listening(stage)
    stage.director.leave()
    stage.settle()
    assert work.view.state is C.READY
    assert stage.director.view.state is StageState.CLOSED
    assert stage.folders == set()
    stage.director.open(PRACTICE_PAIR)
    stage.settle()
    listening(stage)
    assert len(stage.folders) == 1


def test_a_dead_recorder_is_said_and_tried_again(stage: FakeStage) -> None:
    work = stage.calibrating
    listening(stage)
    stage.recorder.die()
    stage.settle()
    assert (work.view.state, work.view.problem is not None) == (C.FAILED, True)
    assert not work.may_begin, "no device is open"
    stage.director.open(PRACTICE_PAIR)
    stage.settle()
    listening(stage)


def test_a_device_that_goes_is_said(stage: FakeStage) -> None:
    listening(stage)
    stage.recorder.lose()
    stage.settle()
    problem = stage.calibrating.view.problem
    assert problem is not None
    assert problem.code is ErrorCode.MICROPHONE_LOST
    assert stage.folders == set()


def test_what_was_found_is_kept_for_the_devices_it_was_found_with(stage: FakeStage) -> None:
    work = stage.calibrating
    measured_on = stage.director.view.devices
    listening(stage)
    work.finish()
    stage.settle()
    assert work.view.state is C.FOUND
    stage.director.open(SOUND_ONLY)
    stage.settle()
    assert work.keep()
    assert [devices for devices, _ in stage.offsets.kept] == [measured_on]


def test_enough_ends_it_and_so_does_the_longest_time(stage: FakeStage) -> None:
    work = stage.calibrating
    work.choose(Method.PATTERN)
    listening(stage)
    stage.clock_s += 60
    work.pulse()
    assert work.view.state is C.MEASURING
    stage.settle()
    assert work.view.state is C.FOUND


def test_without_a_camera_nothing_begins(stage: FakeStage) -> None:
    stage.director.open(SOUND_ONLY)
    stage.settle()
    assert not stage.calibrating.may_begin
    stage.calibrating.begin()
    assert stage.calibrating.view.state is C.READY


def test_a_check_that_begins_ends_a_calibration(stage: FakeStage) -> None:
    listening(stage)
    stage.room.enter(None)
    stage.room.begin()
    assert not stage.calibrating.recording
    stage.settle()
    assert stage.room.recording
    assert len(stage.folders) == 1
