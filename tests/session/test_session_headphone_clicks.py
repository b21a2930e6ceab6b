"""Clicks from headphones to the microphone at the window: what is shown, kept and deleted, whatever is answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.model.device import DeviceKind, DeviceSelection, DevicesUsed, MicrophoneRequest
from perfstudio.model.device_info import OutputInfo
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.loopback import LoopbackFound, LoopbackRefusal, NoLoopback
from perfstudio.model.partner import REPORTED_BOUND_S, WIRELESS_BOUND_S
from perfstudio.paths import AppPaths
from perfstudio.session import recorder_messages as rm
from perfstudio.session.calibration import headphone_clicks
from perfstudio.session.calibration.headphone_clicks import ClicksState, HeadphoneClicks
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.recorder import fake as fake_recorder
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from rigs.fake_stage import SteppedThread
from rigs.partner import add_ears
from rigs.pulse import PulseServer
from rigs.stage import Thread

S = ClicksState
EARS = OutputInfo("pulse:ears", "Ears", "PulseAudio")


@pytest.fixture
def real_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake recorder's microphone is taken for one that hears the room."""
    whole = fake_recorder.granted

    def granted(selection: DeviceSelection) -> DevicesUsed:
        used = whole(selection)
        return used.model_copy(
            update={"microphone": used.microphone.model_copy(update={"kind": DeviceKind.LOCAL})}  # type: ignore[union-attr]
        )

    monkeypatch.setattr(fake_recorder, "granted", granted)


class Room:
    """The chosen headphones, the open devices, and all that was shown."""

    def __init__(self, session: Session, thread: SteppedThread, fake: FakeRecorder) -> None:
        self.session, self.thread, self.fake = session, thread, fake
        self.seen: list[ClicksState] = []
        self.clicks.changed = lambda view: self.seen.append(view.state)
        session.headphones.keep(EARS)
        session.director.open(PRACTICE_PAIR)
        thread.until(lambda: session.director.view.state is StageState.READY)

    @property
    def clicks(self) -> HeadphoneClicks:
        return self.session.clicks

    def until(self, state: ClicksState) -> None:
        self.thread.until(lambda: self.clicks.view.state is state)

    def nothing_is_left(self) -> None:
        scratch = self.session.home.paths.clicking
        self.thread.until(lambda: not scratch.is_dir() or not any(scratch.iterdir()))


@pytest.fixture
def room(real_microphone: None, fake_session: Session, stepped: SteppedThread, fake: FakeRecorder) -> Room:
    return Room(fake_session, stepped, fake)


def test_what_is_found_is_kept_for_the_two_and_said_from_then_on(room: Room) -> None:
    view = room.clicks.view
    assert (view.possible, view.before, view.bound_s) == (True, None, REPORTED_BOUND_S)
    room.clicks.begin()
    room.until(S.PLAYING)
    rolled = next(command for command in room.fake.asked if isinstance(command, rm.Roll))
    assert (rolled.recording.purpose, rolled.headphones) == (rm.Purpose.LOOPBACK, (EARS.id, EARS.name))
    assert room.clicks.view.under_way
    room.clicks.begin()  # once more, by mistake
    room.until(S.FOUND)
    assert room.seen[-4:] == [S.OPENING, S.PLAYING, S.MEASURING, S.FOUND]
    line = room.clicks.view.before
    assert line is not None
    assert (line.headphones_name, line.microphone_name) == ("Ears", "Practice microphone")
    assert isinstance(room.fake.loopback, LoopbackFound)
    assert line.found == room.fake.loopback
    room.nothing_is_left()
    room.clicks.give_up()
    assert room.clicks.view.before == line, "what was kept stays"


def test_what_says_nothing_keeps_nothing(room: Room) -> None:
    room.fake.loopback = LoopbackRefusal(NoLoopback.ECHOES, 24, 8)
    room.clicks.begin()
    room.until(S.REFUSED)
    assert room.clicks.view.outcome == room.fake.loopback
    assert room.clicks.view.before is None
    room.nothing_is_left()


def test_given_up_in_the_middle_it_ends_and_can_begin_again(room: Room) -> None:
    room.clicks.begin()
    room.until(S.PLAYING)
    room.clicks.give_up()
    assert room.clicks.view.state is S.READY
    room.nothing_is_left()
    room.thread.timer.step(headphone_clicks.WHOLE_S - 1.0)
    assert room.clicks.view.state is S.READY
    room.clicks.begin()
    room.until(S.PLAYING)
    room.thread.timer.step(2.0)
    assert room.clicks.view.state is S.PLAYING, "the clock of the first has no say any more"
    room.until(S.FOUND)


def test_headphones_that_do_not_open_a_recorder_that_dies_and_a_device_that_goes_are_told(room: Room) -> None:
    gone = DeviceError(ErrorCode.HEADPHONES_UNKNOWN, id="Ears")
    room.fake.refuse(rm.Roll, gone)
    room.clicks.begin()
    room.until(S.FAILED)
    assert room.clicks.view.problem == gone
    room.clicks.begin()
    room.until(S.PLAYING)
    room.fake.lose()
    room.until(S.FAILED)
    problem = room.clicks.view.problem
    assert problem is not None
    assert problem.code is ErrorCode.MICROPHONE_LOST
    room.nothing_is_left()
    room.clicks.begin()
    assert room.clicks.view.state is S.FAILED, "no device is open"


def test_radio_headphones_are_known_less_well_and_without_any_there_is_nothing_to_measure(room: Room) -> None:
    room.session.headphones.keep(OutputInfo("pulse:bluez_output.1", "Buds", "PulseAudio"))
    assert room.clicks.view.bound_s == WIRELESS_BOUND_S
    room.session.headphones.keep(OutputInfo("", "", ""))
    assert not room.clicks.view.possible
    room.clicks.begin()
    assert room.clicks.view.state is S.READY


def test_a_practice_microphone_hears_nobody(fake_session: Session, stepped: SteppedThread, fake: FakeRecorder) -> None:
    room = Room(fake_session, stepped, fake)
    assert not room.clicks.view.possible
    room.clicks.begin()
    assert not any(isinstance(command, rm.Roll) for command in fake.asked)


@pytest.fixture
def thread() -> Iterator[Thread]:
    made = Thread()
    yield made
    made.close()


@pytest.mark.realtime
@pytest.mark.parametrize(
    ("seconds", "ends"),
    [(3.6, S.REFUSED), pytest.param(headphone_clicks.WHOLE_S, S.FOUND, marks=pytest.mark.soak)],
    ids=["some", "all"],
)
def test_the_recorder_plays_them_and_hears_them(
    thread: Thread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, ends: ClicksState
) -> None:
    """Cut after a few clicks there are too few of them, but they were played, recorded and counted."""
    monkeypatch.setattr(headphone_clicks, "WHOLE_S", seconds)
    with PulseServer() as server, server.chosen():
        ears = add_ears(server)
        session = Session(AppPaths(tmp_path / "home").prepare(), thread.post, thread)
        try:
            session.headphones.keep(OutputInfo(ears, "Ears", "PulseAudio"))
            microphone = MicrophoneRequest(id=f"{ears}.monitor")
            session.director.open(DeviceSelection(camera=None, microphone=microphone))
            thread.until(lambda: session.director.view.state is StageState.READY)
            session.clicks.begin()
            thread.until(lambda: session.clicks.view.state in (S.FOUND, S.REFUSED, S.FAILED))
            view = session.clicks.view
        finally:
            session.close()
    print(view)
    assert view.state is ends, view
    if isinstance(view.outcome, LoopbackRefusal):
        assert view.outcome.why is NoLoopback.TOO_FEW
        assert view.outcome.heard >= 1
    else:
        assert view.before is not None
        assert view.before.microphone == f"{ears}.monitor"
