"""A device that was pulled out and comes back is opened by itself, also when it is listed before it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from perfstudio.capture.devices.permission_problems import NOT_LET
from perfstudio.model.device import DeviceSelection
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode, PerfstudioError
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus
from perfstudio.session.devices import PRACTICE_PAIR, with_practice
from perfstudio.session.events import DevicesBack, DevicesChanged, StageChanged
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.session.stage.reopening import TRIES_S, Reopening
from perfstudio.session.stepped_timer import SteppedTimer
from perfstudio.session.views import StageState, StageView
from rigs.fake_stage import SteppedThread

SILENT = DeviceError(ErrorCode.MICROPHONE_SILENT, id="pulse:yeti", seconds=3)
GONE = DeviceError(ErrorCode.MICROPHONE_LOST, id="pulse:yeti")
HALF_A_MINUTE_S = sum(TRIES_S)


class Stand:
    """A stage that opens when it is asked to, as far as its devices work."""

    def __init__(self) -> None:
        self.timer, self.bus = SteppedTimer(), Bus()
        self.listed, self.works, self.opened = True, True, 0
        self.view = StageView(StageState.CLOSED, frozenset())
        self.reopening = Reopening(self.bus, self.timer, lambda: self.view, lambda: self.listed)
        self.bus.subscribe(DevicesBack, lambda _: self.open())

    def show(self, state: StageState, problem: PerfstudioError | None = None) -> None:
        self.view = StageView(state, frozenset(), problem=problem)
        self.bus.publish(StageChanged(self.view))

    def open(self) -> None:
        self.opened += 1
        self.show(StageState.OPENING)
        self.show(*((StageState.READY,) if self.works else (StageState.FAILED, SILENT)))

    def look(self, *, listed: bool) -> None:
        self.listed = listed
        self.bus.publish(DevicesChanged())


def unplugged() -> Stand:
    stand = Stand()
    stand.open()
    stand.show(StageState.FAILED, GONE)
    stand.look(listed=False)
    stand.timer.step(HALF_A_MINUTE_S)
    assert (stand.opened, stand.view.state) == (1, StageState.FAILED), "what is not there is not opened"
    return stand


def test_what_comes_back_and_works_is_opened_at_once() -> None:
    stand = unplugged()
    stand.look(listed=True)
    assert (stand.opened, stand.view.state) == (2, StageState.READY)
    stand.timer.step(10 * HALF_A_MINUTE_S)
    assert stand.opened == 2


def test_what_is_listed_before_it_works_is_tried_again() -> None:
    stand = unplugged()
    stand.works = False
    stand.look(listed=True)
    stand.timer.step(TRIES_S[0] + TRIES_S[1] / 2)
    assert (stand.opened, stand.view.state) == (3, StageState.FAILED)
    stand.works = True
    stand.timer.step(TRIES_S[1])
    assert (stand.opened, stand.view.state) == (4, StageState.READY)


def test_what_never_works_waits_for_a_person_or_the_next_arrival() -> None:
    stand = unplugged()
    stand.works = False
    stand.look(listed=True)
    stand.timer.step(100 * HALF_A_MINUTE_S)
    assert (stand.opened, stand.view.state) == (2 + len(TRIES_S), StageState.FAILED)
    stand.open()
    stand.timer.step(100 * HALF_A_MINUTE_S)
    assert stand.opened == 3 + len(TRIES_S), "a person's try is one try"
    stand.works = True
    stand.look(listed=True)
    assert stand.view.state is StageState.READY


def test_what_was_away_for_less_than_a_look_is_opened_again() -> None:
    stand = Stand()
    stand.open()
    stand.show(StageState.FAILED, GONE)
    stand.timer.step(TRIES_S[0])
    assert stand.view.state is StageState.READY


def test_what_never_stood_is_not_tried_behind_a_persons_back() -> None:
    stand = Stand()
    stand.works = False
    stand.open()
    stand.timer.step(100 * HALF_A_MINUTE_S)
    assert stand.opened == 1


@pytest.mark.parametrize(
    "leave",
    [lambda stand: stand.show(StageState.CLOSED), lambda stand: stand.reopening.close()],
    ids=["left", "closed"],
)
def test_nothing_is_opened_for_a_stage_that_was_left(leave: Callable[[Stand], None]) -> None:
    stand = unplugged()
    stand.works = False
    stand.look(listed=True)
    leave(stand)
    stand.timer.step(100 * HALF_A_MINUTE_S)
    assert stand.opened == 2


def test_a_failure_of_the_disk_or_the_program_is_not_tried_again_by_the_clock() -> None:
    stand = Stand()
    stand.open()
    stand.show(StageState.FAILED, CaptureError(ErrorCode.RECORDER_DIED))
    stand.timer.step(100 * HALF_A_MINUTE_S)
    assert stand.opened == 1


def test_what_the_system_does_not_let_be_used_is_not_tried_again_by_the_clock() -> None:
    """What changes it is looked at by `DeviceAccess`; what arrives is opened all the same."""
    for code in NOT_LET:
        stand = Stand()
        stand.open()
        stand.show(StageState.FAILED, DeviceError(code, id="usb:brio"))
        stand.timer.step(100 * HALF_A_MINUTE_S)
        assert stand.opened == 1, code
        stand.look(listed=True)
        assert stand.view.state is StageState.READY


def test_a_session_tells_who_shows_the_devices(
    fake_session: Session, fake: FakeRecorder, stepped: SteppedThread
) -> None:
    session, told = fake_session, []
    session.settings.change(camera=PRACTICE_PAIR.camera, microphone=PRACTICE_PAIR.microphone)

    def back(event: DevicesBack) -> None:
        told.append(event)
        session.director.open(_selection(session))

    session.bus.subscribe(DevicesBack, back)
    fake.refuse(rm.Open, SILENT)
    session.director.open(_selection(session))
    stepped.until(lambda: session.director.view.state is StageState.FAILED)
    fake.refuse(rm.Open, SILENT)
    session.devices = with_practice((), ())
    session.bus.publish(DevicesChanged())
    stepped.until(lambda: session.director.view.state is StageState.READY)
    assert len(told) == 2


def test_no_device_is_looked_for_while_a_take_is_made(
    fake_session: Session, stepped: SteppedThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch is told from the roll to the cut, also where it begins in between."""
    told: list[bool] = []

    class Watch:
        def __init__(self, changed: object) -> None:
            self.rolling = told.append

        def start(self) -> None:
            told.append(False)

        def close(self) -> None:
            told.clear()

    monkeypatch.setattr("perfstudio.capture.devices.hotplug.HotplugWatch", Watch)
    monkeypatch.setattr(type(fake_session.director), "recording", property(lambda director: True))
    fake_session.watch_devices()
    view = fake_session.director.view
    for state in (StageState.ROLLING, StageState.CHECKING, StageState.READY):
        fake_session.bus.publish(StageChanged(replace(view, state=state)))
    stepped.until(lambda: len(told) > 4)
    assert told == [True, False, True, True, False]


def _selection(session: Session) -> DeviceSelection:
    selection = session.selection()
    assert selection is not None
    return selection
