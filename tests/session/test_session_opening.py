"""Devices that are being opened: the system's question first, a device that takes long, and what is allowed later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from perfstudio.capture import open_device
from perfstudio.capture.devices.permission_problems import NOT_LET
from perfstudio.capture.recording import slow_opening
from perfstudio.capture.recording.messages import Stream
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.session import recorder_messages as rm
from perfstudio.session.device_access import LOOK_AGAIN_S
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.events import DevicesBack, StageChanged
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.recorder.process import RecorderHost
from perfstudio.session.session import Session
from perfstudio.session.stepped_timer import SteppedTimer
from perfstudio.session.views import OpeningWait, StageState
from perfstudio.systems.permissions import Guarded, PermissionState
from rigs.fake_stage import SteppedThread
from rigs.permissions import SaidPermissions, said_permissions

REAL = DeviceSelection(camera=CameraRequest(id="usb:brio"), microphone=MicrophoneRequest(id="default"))
OTHER = REAL.model_copy(update={"microphone": MicrophoneRequest(id="yeti")})
BOTH = [Guarded.CAMERA, Guarded.MICROPHONE]


class Desk:
    """A session on the fake recorder, a system that says what it is told, and the questions that it was made to ask."""

    def __init__(self, session: Session, thread: SteppedThread, system: SaidPermissions) -> None:
        self.session, self.thread, self.system = session, thread, system
        fake = session._recorder
        assert isinstance(fake, FakeRecorder)
        self.fake, self.director = fake, session.director
        self.asked: list[list[Guarded]] = []
        self.answers: list[Callable[[], None]] = []
        self.shown: list[OpeningWait | None] = []
        self.back: list[DevicesBack] = []
        session.access.ask = self._ask
        session.bus.subscribe(StageChanged, lambda event: self.shown.append(event.view.waits))
        session.bus.subscribe(DevicesBack, self.back.append)

    def _ask(self, kinds: Sequence[Guarded], answered: Callable[[], None]) -> None:
        self.asked.append(list(kinds))
        self.answers.append(answered)

    def opens(self) -> int:
        return sum(isinstance(command, rm.Open) for command in self.fake.asked)

    def settle(self) -> None:
        """What is posted, and nothing of the clock."""
        done: list[bool] = []
        self.thread.post(lambda: self.thread.post(lambda: self.thread.post(lambda: done.append(True))))
        self.thread.until(lambda: bool(done))

    def open(self, selection: DeviceSelection) -> None:
        self.director.open(selection)
        self.settle()

    def come_back(self) -> None:
        self.session.access.look_again()
        self.settle()

    def step(self, seconds: float) -> None:
        self.thread.timer.step(seconds)
        self.settle()

    def fail(self, code: ErrorCode) -> None:
        self.fake.refuse(rm.Open, DeviceError(code, id="usb:brio"))
        self.open(REAL)
        assert self.director.view.state is StageState.FAILED


@pytest.fixture
def desk(fake_session: Session, stepped: SteppedThread, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(fake_session, stepped, said_permissions(monkeypatch))


def undecided(desk: Desk, *kinds: Guarded) -> None:
    desk.system.window_asks = True
    for kind in kinds:
        desk.system.say(kind, PermissionState.UNASKED)


def test_the_window_asks_first_and_the_recorder_hears_of_the_devices_afterwards(desk: Desk) -> None:
    undecided(desk, *BOTH)
    desk.open(REAL)
    assert (desk.asked, desk.opens()) == ([BOTH], 0)
    assert desk.director.view.waits is OpeningWait.ANSWER
    desk.open(REAL)  # pressed once more
    assert (len(desk.asked), desk.opens()) == (1, 0)
    for kind in BOTH:
        desk.system.say(kind, PermissionState.ALLOWED)
    desk.answers[0]()
    desk.settle()
    assert desk.opens() == 1
    assert desk.director.view.waits is None
    desk.answers[0]()  # Qt may call twice
    desk.settle()
    assert desk.opens() == 1


def test_an_answer_that_comes_at_once_is_one(desk: Desk) -> None:
    undecided(desk, Guarded.CAMERA)
    desk.session.access.ask = lambda kinds, answered: answered()
    desk.open(REAL)
    assert desk.opens() == 1
    assert OpeningWait.ANSWER not in desk.shown


def test_only_what_is_wanted_and_undecided_is_asked_about(desk: Desk) -> None:
    network, nothing = CameraRequest(id="rtsp://10.0.0.5/live"), list[list[Guarded]]()
    for kinds, selection, asked in (
        ([Guarded.MICROPHONE], REAL, [[Guarded.MICROPHONE]]),
        ([Guarded.CAMERA], REAL.model_copy(update={"camera": None}), nothing),
        ([Guarded.CAMERA], REAL.model_copy(update={"camera": network}), nothing),
        (BOTH, PRACTICE_PAIR, nothing),
        ([], REAL, nothing),
    ):
        for kind in BOTH:
            desk.system.say(kind, PermissionState.ALLOWED)
        undecided(desk, *kinds)
        desk.open(selection)
        assert desk.asked == asked
        assert desk.opens() == (0 if asked else 1)
        desk.director.leave()
        desk.asked.clear()
        desk.fake.asked.clear()


def test_where_the_window_does_not_ask_the_recorder_is_asked_to_open(desk: Desk) -> None:
    undecided(desk, *BOTH)
    desk.system.window_asks = False
    desk.open(REAL)
    assert (desk.asked, desk.opens()) == ([], 1)


def test_an_answer_about_what_is_no_more_wanted_opens_nothing(desk: Desk) -> None:
    undecided(desk, *BOTH)
    desk.open(REAL)
    desk.director.leave()
    desk.answers[0]()
    desk.settle()
    assert (desk.opens(), desk.director.view.state) == (0, StageState.CLOSED)
    desk.open(REAL)
    desk.open(OTHER)
    desk.answers[1]()  # about the ones before
    desk.settle()
    assert desk.opens() == 0
    desk.answers[2]()
    desk.settle()
    assert [command.selection for command in desk.fake.asked if isinstance(command, rm.Open)] == [OTHER]


def test_devices_that_were_being_opened_before_the_question_do_not_stand_for_those_asked_about(desk: Desk) -> None:
    desk.fake.prompt = False
    desk.open(PRACTICE_PAIR)
    undecided(desk, *BOTH)
    desk.open(REAL)
    desk.fake.answer(9)
    desk.settle()
    assert (desk.director.view.state, desk.director.view.waits) == (StageState.OPENING, OpeningWait.ANSWER)


@pytest.mark.parametrize(
    ("stream", "waits"), [(Stream.PICTURE, OpeningWait.CAMERA), (Stream.SOUND, OpeningWait.MICROPHONE)]
)
def test_a_device_that_takes_long_is_said_and_no_more_once_it_is_open(
    desk: Desk, stream: Stream, waits: OpeningWait
) -> None:
    desk.fake.slow, desk.fake.prompt = stream, False
    desk.open(PRACTICE_PAIR)
    assert desk.director.view.waits is None
    desk.fake.answer()
    desk.settle()
    assert desk.director.view.waits is waits
    desk.fake.answer()
    desk.settle()
    assert (desk.director.view.state, desk.director.view.waits) == (StageState.OPENING, None)
    desk.fake.answer()
    desk.settle()
    assert (desk.director.view.state, desk.director.view.waits) == (StageState.READY, None)


def test_it_is_said_no_more_when_it_fails_or_is_left(desk: Desk) -> None:
    desk.fake.slow, desk.fake.prompt = Stream.PICTURE, False
    desk.fake.refuse(rm.Open, DeviceError(ErrorCode.CAMERA_BUSY, id="usb:brio"))
    desk.open(REAL)
    desk.fake.answer()
    desk.settle()
    assert desk.director.view.waits is OpeningWait.CAMERA
    desk.director.leave()
    assert desk.director.view.waits is None
    desk.open(PRACTICE_PAIR)
    assert desk.director.view.waits is None, "that was another opening"
    desk.fake.answer(9)
    desk.settle()
    assert desk.director.view.state is StageState.READY


def test_what_is_allowed_meanwhile_is_opened_when_the_window_is_in_front_again(desk: Desk) -> None:
    opens: list[bool] = []
    desk.session.bus.subscribe(DevicesBack, lambda _: desk.director.open(PRACTICE_PAIR) if opens else None)
    for code, (kind, state) in NOT_LET.items():
        desk.system.say(kind, state)
        desk.fail(code)
        desk.come_back()
        assert desk.back == [], "nothing has changed"
        desk.system.say(kind, PermissionState.ALLOWED)
        desk.come_back()
        assert (len(desk.back), desk.director.view.state) == (1, StageState.FAILED), code
        opens.append(True)
        desk.come_back()
        assert (len(desk.back), desk.director.view.state) == (2, StageState.READY), code
        desk.come_back()
        assert len(desk.back) == 2, "what is open is not opened again"
        desk.back.clear()
        opens.clear()


def test_what_may_be_the_systems_doing_is_tried_again_when_it_says_something_else(desk: Desk) -> None:
    blamed = ((ErrorCode.CAMERA_REFUSED, Guarded.CAMERA), (ErrorCode.MICROPHONE_REFUSED, Guarded.MICROPHONE))
    for (code, kind), before in product(blamed, (PermissionState.UNKNOWN, PermissionState.ALLOWED)):
        desk.system.say(kind, before)
        desk.back.clear()
        desk.fail(code)
        desk.come_back()
        assert desk.back == []
        desk.system.say(kind, PermissionState.POLICY)
        desk.come_back()
        assert len(desk.back) == 1
        desk.director.leave()


def test_other_failures_are_not_tried_because_somebody_comes_back(desk: Desk) -> None:
    desk.fail(ErrorCode.CAMERA_BUSY)
    desk.come_back()
    desk.director.leave()
    desk.come_back()
    assert desk.back == []


@pytest.mark.parametrize("answer", [PermissionState.ALLOWED, PermissionState.REFUSED])
def test_while_the_systems_question_is_open_it_is_looked_at_by_itself(desk: Desk, answer: PermissionState) -> None:
    """To answer it brings no window of ours to the front."""
    desk.system.say(Guarded.CAMERA, PermissionState.UNASKED)
    desk.fail(ErrorCode.CAMERA_UNASKED)
    desk.step(5 * LOOK_AGAIN_S)
    assert desk.back == []
    desk.fake.refuse(rm.Open, DeviceError(ErrorCode.CAMERA_DENIED, id="usb:brio"))
    desk.session.bus.subscribe(DevicesBack, lambda _: desk.director.open(REAL))
    desk.system.say(Guarded.CAMERA, answer)
    desk.step(LOOK_AGAIN_S)
    assert len(desk.back) == 1
    desk.step(50 * LOOK_AGAIN_S)
    assert len(desk.back) == 1, "a refusal is not looked at by the clock"
    assert desk.session.director.view.problem is not None


class Pipe:
    """The recorder's end, which keeps what is said."""

    def __init__(self) -> None:
        self.said: list[rm.Answer] = []

    def send(self, answer: rm.Answer) -> None:
        self.said.append(answer)


def test_the_recorder_says_which_device_takes_long_before_it_says_how_that_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, problem = SteppedTimer(), DeviceError(ErrorCode.CAMERA_BUSY, id="usb:brio")

    def open_camera(_: object) -> None:
        clock.step(30)
        raise problem

    monkeypatch.setattr(slow_opening, "_after", clock.after)
    monkeypatch.setattr(open_device, "open_camera", open_camera)
    pipe: Any = Pipe()
    RecorderHost(pipe, preview=None)._open(rm.Open(7, REAL))  # type: ignore[arg-type]
    slow = rm.OpeningSlow(7, Stream.PICTURE)
    assert pipe.said == [slow, replace(slow, now=False), rm.OpenRefused(7, problem)]
