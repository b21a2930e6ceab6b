"""The stage on the fake recorder, with a timer that is stepped: what it makes of every answer, however late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.session.stage.state_machine import ACTIONS, StageEvent, step
from perfstudio.session.stepped_timer import SteppedTimer
from perfstudio.session.views import StageAction, StageState
from rigs.fake_stage import CARD, FakeStage, SteppedThread, in_memory
from rigs.stage import on_stage

SOUND_ONLY = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
S = StageState


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> FakeStage:
    """Open, with a prompt."""
    made = FakeStage(in_memory(monkeypatch))
    made.director.choose(CARD)
    made.director.open(PRACTICE_PAIR)
    made.settle()
    assert made.director.view.state is S.READY
    return made


def rolling(stage: FakeStage) -> rm.Recording:
    stage.director.roll()
    stage.settle()
    stage.timer.step(3.0)
    assert stage.director.view.state is S.ROLLING
    assert stage.recorder.recording is not None
    return stage.recorder.recording


def asked(stage: FakeStage, kind: type[rm.Command]) -> list[rm.Command]:
    return [command for command in stage.recorder.asked if isinstance(command, kind)]


def test_again_rolls_the_next_take_by_itself(fake_session: Session, stepped: SteppedThread) -> None:
    director = fake_session.director
    sealed = on_stage(fake_session, stepped)  # type: ignore[arg-type]
    director.roll()
    stepped.until(lambda: director.view.state is S.ROLLING)
    director.again()
    stepped.until(lambda: bool(sealed) and director.view.state is S.ROLLING)
    assert sealed[0].again
    assert director.view.take_number == 2
    director.abandon()
    stepped.until(lambda: len(sealed) == 2)
    second = fake_session.home.takes.manifest(sealed[1].take_id)
    assert second.slate.take_number == 2
    assert second.ended is EndReason.ABANDONED


def test_a_refused_roll_leaves_no_folder_and_the_next_one_gets_its_number(
    fake_session: Session, stepped: SteppedThread, fake: FakeRecorder
) -> None:
    director = fake_session.director
    sealed = on_stage(fake_session, stepped)  # type: ignore[arg-type]
    fake.refuse(rm.Roll, CaptureError(ErrorCode.DISK_FULL, folder="takes", free_mb=0, needed_mb=1))
    director.roll()
    stepped.until(lambda: director.view.state is S.FAILED)
    stepped.until(lambda: not list(fake_session.home.library.takes.iterdir()))
    director.open(PRACTICE_PAIR)
    stepped.until(lambda: director.view.state is S.READY)
    director.roll()
    stepped.until(lambda: director.view.state is S.ROLLING)
    director.cut()
    stepped.until(lambda: bool(sealed))
    assert fake_session.home.takes.manifest(sealed[0].take_id).slate.take_number == 1


def test_other_devices_that_are_asked_for_while_some_are_opened_are_the_ones_that_are_used(stage: FakeStage) -> None:
    stage.director.open(PRACTICE_PAIR)
    stage.director.open(SOUND_ONLY)
    stage.recorder.answer()
    stage.turn()
    assert stage.director.view.state is S.OPENING, "the first pair is not the one"
    stage.settle()
    assert stage.director.view.state is S.READY
    assert stage.director.view.devices is not None
    assert stage.director.view.devices.camera is None
    openings = len(asked(stage, rm.Open))
    stage.director.open(PRACTICE_PAIR)
    stage.director.open(PRACTICE_PAIR)
    assert len(asked(stage, rm.Open)) == openings + 1, "these are being opened"


def test_devices_that_are_asked_for_while_a_take_is_made_are_not_taken_for_opened(stage: FakeStage) -> None:
    rolling(stage)
    stage.director.open(SOUND_ONLY)
    assert stage.director.opened == PRACTICE_PAIR


def test_an_answer_about_devices_that_were_left_means_nothing(stage: FakeStage) -> None:
    stage.director.open(SOUND_ONLY)
    stage.director.leave()
    stage.settle()
    assert stage.director.view.state is S.CLOSED
    assert stage.director.view.devices is not None
    assert stage.director.view.devices.asked == PRACTICE_PAIR


def test_a_device_that_goes_before_its_opening_is_answered_leaves_no_stage_that_looks_ready(stage: FakeStage) -> None:
    stage.director.open(PRACTICE_PAIR)
    opened = stage.recorder._unsaid.pop()
    stage.recorder.lose()
    stage.recorder.say(opened)  # type: ignore[arg-type]
    stage.settle()
    assert stage.director.view.state is S.FAILED
    assert stage.director.view.problem is not None
    assert stage.director.view.problem.code is ErrorCode.MICROPHONE_LOST


def test_a_take_that_lost_its_microphone_is_sealed_and_the_stage_says_that_it_is_not_ready(stage: FakeStage) -> None:
    """So that the microphone is opened again as soon as it is back."""
    rolling(stage)
    stage.recorder.lose()
    stage.settle()
    assert len(stage.sealed) == 1
    assert stage.director.view.state is S.FAILED
    assert StageAction.RETRY in stage.director.view.actions


def test_a_recorder_that_dies_before_the_take_has_a_folder_leaves_the_stage_with_a_way_on(stage: FakeStage) -> None:
    stage.director.roll()
    stage.recorder.die()
    stage.recorder.answer()
    stage.turn()
    assert stage.director.view.state is S.FAILED
    stage.settle()
    assert asked(stage, rm.Roll) == []
    assert set(stage.making.folders.values()) == {"dropped"}
    stage.director.open(PRACTICE_PAIR)
    stage.settle()
    rolling(stage)


def test_a_recorder_that_dies_again_and_again_is_asked_again_each_time(stage: FakeStage) -> None:
    for _ in range(3):
        stage.recorder.die()
        stage.settle()
        assert stage.director.view.state is S.FAILED
        stage.recorder.die()  # nothing is open
        stage.settle()
        stage.director.open(PRACTICE_PAIR)
        stage.settle()
        assert stage.director.view.state is S.READY


@pytest.mark.parametrize("swallowed", range(3))
def test_a_recorder_that_dies_while_cutting_costs_no_take(stage: FakeStage, swallowed: int) -> None:
    """Whichever of its last answers were still heard."""
    rolling(stage)
    stage.director.cut()
    stage.recorder.die(swallowed)
    stage.settle()
    assert list(stage.making.folders.values()) == ["sealed"]
    assert len(stage.sealed) == 1
    after = stage.director.view.state
    assert after is (S.READY if swallowed else S.FAILED), "a take that was safe before is not what suffered"
    assert (stage.recorder._devices is not None) == (after is S.READY), "ready means open, in the new recorder too"


def test_a_take_that_is_dropped_by_the_recorder_is_made_whole_here(stage: FakeStage) -> None:
    take = rolling(stage)
    stage.recorder.say(rm.RecordingDropped(take))
    stage.settle()
    assert list(stage.making.folders.values()) == ["sealed"]
    assert stage.director.view.state is S.READY


@pytest.mark.parametrize("state", [S.COUNTDOWN, S.ROLLING])
def test_a_take_that_ends_without_a_word_is_sealed(stage: FakeStage, state: StageState) -> None:
    stage.director.roll()
    stage.settle()
    if state is S.ROLLING:
        stage.timer.step(3.0)
        stage.settle()
    assert stage.director.view.state is state
    stage.recorder.end()
    ending = stage.recorder._unsaid.popleft()
    assert isinstance(ending, rm.RecordingEnding)
    stage.settle()
    stage.timer.step(3.0)
    assert len(stage.sealed) == 1
    assert stage.director.view.state is S.READY


def test_answers_about_another_folder_reach_nobody(stage: FakeStage) -> None:
    rolling(stage)
    other = rm.Recording(rm.Purpose.TAKE, Path("/takes/other.part"))
    lost = CaptureError(ErrorCode.DISK_FULL, folder="takes", free_mb=0, needed_mb=1)
    for answer in (
        rm.ProcessingRefused(other, lost),
        rm.RollRefused(other, lost),
        rm.RecordingEnding(other, lost),
        rm.RecordingDropped(other),
        rm.Rolled(other),
    ):
        stage.recorder.say(answer)
    stage.settle()
    assert stage.director.view.state is S.ROLLING
    assert stage.director.view.problem is None


def test_a_countdown_that_was_stopped_too_late_to_be_cancelled_counts_nothing(stage: FakeStage) -> None:
    """A timer of a thread has rung already, and its call waits behind the one that stopped it."""
    rung: list[Callable[[], None]] = []
    timer = SteppedTimer()
    timer.after = lambda seconds, call: rung.append(call) or (lambda: None)  # type: ignore[method-assign, func-returns-value]
    stage.director._timer = timer
    stage.director.countdown_s = 3
    stage.director.roll()
    stage.settle()
    stage.director.cut()
    stage.settle()
    stage.director.roll()
    stage.settle()
    assert (stage.director.view.state, stage.director.view.countdown) == (S.COUNTDOWN, 3)
    rung[0]()
    assert stage.director.view.countdown == 3
    assert len(rung) == 2


def test_what_is_offered_is_what_can_be_done(stage: FakeStage) -> None:
    """Nothing rolls without a prompt, so nothing offers it; nor does a key that asks for another take hang."""
    bare = FakeStage(set())
    bare.director.open(PRACTICE_PAIR)
    bare.settle()
    assert bare.director.view.actions == ACTIONS[S.READY] - {StageAction.ROLL}
    bare.director.again()
    assert bare.director.view.state is S.READY
    assert StageAction.ROLL in stage.director.view.actions


def test_a_mark_goes_to_the_take_that_rolls(stage: FakeStage) -> None:
    take = rolling(stage)
    stage.director.mark(MarkerName.BROKE)
    assert asked(stage, rm.Mark)[-1] == rm.Mark(take, MarkerName.BROKE)


def test_a_check_that_runs_ends_when_a_take_is_asked_for(stage: FakeStage) -> None:
    stage.room.enter(None)
    stage.room.begin()
    stage.settle()
    assert stage.room.recording
    rolling(stage)
    assert not stage.room.recording
    assert stage.folders == set()
    assert [c.reason for c in asked(stage, rm.Cut)] == [EndReason.ABANDONED]  # type: ignore[union-attr]


def test_a_green_room_that_is_entered_again_gives_its_check_up(stage: FakeStage) -> None:
    stage.room.enter(None)
    stage.room.begin()
    stage.settle()
    stage.room.enter(CARD)
    stage.settle()
    assert stage.recorder.recording is None
    assert stage.folders == set()


@pytest.mark.parametrize("state", sorted(S))
def test_every_state_that_waits_for_the_recorder_ends_when_it_dies(state: StageState) -> None:
    waits = state in (S.OPENING, S.STARTING, S.COUNTDOWN, S.ROLLING, S.CUTTING, S.CHECKING)
    assert not waits or step(state, StageEvent.RECORDER_DIED) or step(state, StageEvent.ORPHANED)


def test_a_camera_that_is_unknown_is_refused_and_another_can_be_opened(stage: FakeStage) -> None:
    away = DeviceSelection(camera=CameraRequest(id="usb:away"), microphone=MicrophoneRequest(id=PRACTICE))
    stage.director.open(away)
    stage.settle()
    assert stage.director.view.state is S.FAILED
    stage.director.open(PRACTICE_PAIR)
    stage.settle()
    assert stage.director.view.state is S.READY
