"""Whatever is asked and answered in whatever order: no take is lost, nothing hangs, nothing is offered in vain.

Every walk is drawn from its number, so that it can be walked again; one that fails is shortened before it is shown.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.model.calibration import Method
from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode
from perfstudio.session import recorder_messages as rm
from perfstudio.session.calibration.wizard import CalibrationState
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.recorder.fake import granted
from perfstudio.session.room_check import script_pace
from perfstudio.session.room_views import RoomState
from perfstudio.session.views import StageAction, StageState
from rigs.fake_stage import CARD, FakeStage, in_memory

SOUND_ONLY = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
AWAY = DeviceSelection(camera=CameraRequest(id="usb:away"), microphone=MicrophoneRequest(id=PRACTICE))
PAIRS = (PRACTICE_PAIR, SOUND_ONLY, AWAY)
LOST = DeviceError(ErrorCode.MICROPHONE_LOST, id=PRACTICE)
REFUSED = CaptureError(ErrorCode.DISK_WRITE, file="take", detail="")
LONGEST = 40
OTHER = rm.Recording(rm.Purpose.TAKE, Path("/takes/other.part"))

Step = tuple[str, int]


class Walk:
    """One order of asks and answers, and what must be so at every step of it."""

    def __init__(self, folders: set[Path]) -> None:
        self.stage = FakeStage(folders)
        self.damaged = False
        """Something was made to fail that costs a seal; a take may then stay in its `.part`."""
        self._steps: dict[str, Callable[[int], object]] = {
            name.removeprefix("do_"): getattr(self, name) for name in dir(self) if name.startswith("do_")
        }

    # what the performer does

    def do_open(self, n: int) -> None:
        self.stage.director.open(PAIRS[n % 3] if n % 4 == 0 else PRACTICE_PAIR)

    def do_choose(self, _: int) -> None:
        self.stage.director.choose(CARD)

    def do_roll(self, _: int) -> None:
        self.stage.director.roll()

    def do_cut(self, n: int) -> None:
        director = self.stage.director
        (director.cut, director.again, director.abandon, director.mark)[n % 4]()

    def do_leave(self, n: int) -> None:
        if n % 3 == 0:
            self.stage.director.leave()

    def do_offered(self, n: int) -> None:
        """What is offered does something."""
        self.stage.turn()
        director = self.stage.director
        offered = sorted(director.view.actions - (set() if n % 6 == 0 else {StageAction.LEAVE}))
        if offered:
            self.take_offer(offered[n % len(offered)])

    def take_offer(self, action: StageAction) -> None:
        director, asked = self.stage.director, len(self.stage.recorder.asked)
        match action:
            case StageAction.ROLL:
                director.roll()
                assert director.view.state is StageState.STARTING
            case StageAction.CUT | StageAction.AGAIN | StageAction.ABANDON:
                {"cut": director.cut, "again": director.again, "abandon": director.abandon}[action.value]()
                assert director.view.state is StageState.CUTTING
                assert isinstance(self.stage.recorder.asked[-1], rm.Cut)
            case StageAction.MARK | StageAction.BROKE:
                director.mark()
                assert isinstance(self.stage.recorder.asked[asked:][0], rm.Mark)
            case StageAction.RETRY:
                director.open(PRACTICE_PAIR)
                assert director.view.state is StageState.OPENING
            case StageAction.LEAVE:  # the page goes in any case
                director.leave()
                assert director.view.state is StageState.CLOSED

    def do_room_enter(self, _: int) -> None:
        self.stage.room.enter(None)

    def do_room_begin(self, _: int) -> None:
        self.stage.turn()
        room = self.stage.room
        offered = room._here and room.view.may_begin
        room.begin()
        assert not offered or room.view.state is RoomState.STARTING

    def do_room_stop(self, n: int) -> None:
        if n % 2:
            self.stage.room.leave()
        else:
            self.stage.room.give_up()
        assert self.stage.room.view.state is RoomState.LOOK

    def do_calibrate(self, n: int) -> None:
        self.stage.turn()
        work = self.stage.calibrating
        if n % 3 == 0:
            work.choose((Method.CLAP, Method.PATTERN)[n % 2])
        offered = work.may_begin
        work.begin()
        assert not offered or work.view.state is CalibrationState.STARTING

    def do_calibrate_end(self, n: int) -> None:
        work = self.stage.calibrating
        before, devices = work.view.state, work._measured_on
        if n % 3 == 0:
            work.give_up()
            assert work.view.state is CalibrationState.READY
        elif n % 3 == 1:
            work.finish()
            assert before is not CalibrationState.LISTENING or work.view.state is CalibrationState.MEASURING
        elif before is CalibrationState.FOUND:
            assert work.keep()
            assert self.stage.offsets.kept[-1][0] == devices

    def do_look(self, n: int) -> None:
        for _ in range(n % 5):
            self.stage.look()

    # what goes on beside

    def do_turn(self, _: int) -> None:
        self.stage.turn()

    def do_answer(self, n: int) -> None:
        self.stage.recorder.answer(1 + n % 3)

    def do_work(self, _: int) -> None:
        self.stage.worker.step()

    def do_second(self, _: int) -> None:
        self.stage.timer.step(1.0)

    # what goes wrong

    def do_refuse(self, n: int) -> None:
        kind = (rm.Open, rm.Roll, rm.Cut)[n % 3]
        self.damaged = self.damaged or kind is rm.Cut
        self.stage.recorder.refuse(kind, REFUSED)

    def do_lose(self, n: int) -> None:
        if n % 2:
            self.stage.recorder.lose(LOST)
        else:
            self.stage.recorder.end()

    def do_die(self, n: int) -> None:
        self.stage.recorder.die(swallowed=n % 4)

    def do_disk(self, n: int) -> None:
        self.damaged = True
        self.stage.making.failing.add(("create", "seal", "recover")[n % 3])

    def do_stray(self, n: int) -> None:
        """Answers about other folders and openings, and what was said before, once more."""
        heard, recorder = self.stage.heard, self.stage.recorder
        strays = (
            rm.Rolled(OTHER),
            rm.RollRefused(OTHER, REFUSED),
            rm.ProcessingRefused(OTHER, REFUSED),
            rm.RecordingEnding(OTHER, LOST),
            rm.RecordingDropped(rm.Recording(rm.Purpose.ROOM, OTHER.folder)),
            rm.RecorderDied(OTHER),
            rm.Opened(-1, granted(SOUND_ONLY)),
            rm.OpenRefused(-1, REFUSED),
        )
        again = [a for a in heard if isinstance(a, rm.CLOSING)]
        recorder.say(again[n % len(again)] if again and n % 2 else strays[n % len(strays)])

    # what must be so

    def run(self, steps: list[Step]) -> None:
        for name, n in steps:
            self._steps[name](n)
            if n % 4:
                self.stage.turn()
            self.one_at_a_time()
            self.really_recording()
            self.nothing_deleted_under_the_recorder()
        self.stage.settle()
        self.no_waiting_for_nothing()
        self.no_take_lost()
        self.a_way_on()
        self.no_take_lost()

    def one_at_a_time(self) -> None:
        """Nobody asks for a recording while another one rolls that was neither cut nor ended."""
        said = [a for a in self.stage.heard if isinstance(a, rm.RollRefused)]
        assert all(a.problem.code is not ErrorCode.RECORDER_STUCK for a in said)
        parts = (self.stage.director.recording, self.stage.room.recording, self.stage.calibrating.recording)
        assert self.stage.posted or sum(parts) <= 1

    def nothing_deleted_under_the_recorder(self) -> None:
        """What is being written stays until it is closed."""
        rolls = self.stage.recorder.recording
        if rolls is not None and rolls.purpose is not rm.Purpose.TAKE:
            assert rolls.folder in self.stage.folders

    def really_recording(self) -> None:
        """Who says that something is recorded has asked the recorder for it."""
        stage = self.stage
        rolls = {c.recording.folder for c in stage.recorder.asked if isinstance(c, rm.Roll)}
        if stage.director.recording and not stage.posted and not stage.worker.waiting:
            assert stage.director._take.recording is not None
            assert stage.director._take.recording.folder in rolls
        if stage.room.recording:
            assert stage.room._recording.folder in rolls
        if stage.calibrating.recording:
            assert stage.calibrating._recording.folder in rolls

    def no_waiting_for_nothing(self) -> None:
        """When everything is answered nobody waits, and what is shown as recording is being recorded."""
        stage = self.stage
        stage.timer.step(3.0)
        stage.settle()
        state, rolls = stage.director.view.state, stage.recorder.recording
        assert state in (StageState.CLOSED, StageState.READY, StageState.FAILED, StageState.ROLLING), state
        assert (state is StageState.ROLLING) == (rolls is not None and rolls.purpose is rm.Purpose.TAKE)
        room = stage.room.view.state
        assert room in (RoomState.LOOK, RoomState.RUNNING, RoomState.RESULT), room
        assert (room is RoomState.RUNNING) == (rolls is not None and rolls.purpose is rm.Purpose.ROOM)
        result = stage.room.view.result
        assert (result is not None) == (room is RoomState.RESULT)
        assert result is None or result.file.parent in stage.folders, "what is shown can be played"
        work = stage.calibrating.view.state
        assert work not in (CalibrationState.STARTING, CalibrationState.MEASURING), work
        measured = rolls is not None and rolls.purpose in (rm.Purpose.CLAPS, rm.Purpose.PATTERN)
        assert (work is CalibrationState.LISTENING) == measured
        if state is StageState.READY:
            devices = stage.recorder._devices
            assert devices is not None, "ready means: devices are open,"
            assert devices == stage.director.view.devices, "these,"
            assert devices.asked == stage.director.opened, "as they were asked for last,"
            assert stage.recorder._lost_device is None, "and none of them is lost"

    def no_take_lost(self) -> None:
        """What was recorded of a take is sealed, or lies where recovery finds it; a seal is said once."""
        stage = self.stage
        rolling = stage.recorder.recording
        for folder, state in stage.making.folders.items():
            undone = rolling is not None and rolling.folder == folder
            if folder in stage.recorder.recorded:
                assert state in ("sealed", "part"), folder
                assert self.damaged or undone or state == "sealed", folder
            else:
                assert state == "dropped", "a folder in which nothing was recorded does not stay"
        said = sorted(event.take_id for event in stage.sealed)
        assert said == sorted(folder.stem for folder, state in stage.making.folders.items() if state == "sealed")

    def a_way_on(self) -> None:
        """From wherever it ended a check, a calibration and a take can be made."""
        stage = self.stage
        stage.recorder._refusals.clear()
        stage.making.failing.clear()
        if stage.director.view.state is StageState.ROLLING:
            self.take_offer(StageAction.CUT)
            stage.settle()
        stage.director.open(PRACTICE_PAIR)
        stage.director.choose(CARD)
        stage.settle()
        assert stage.director.view.state is StageState.READY
        self.check_the_room()
        self.calibrate()
        assert stage.folders == set(), "no recording of a face stays"
        before = len(stage.sealed)
        self.take_offer(StageAction.ROLL)
        stage.settle()
        stage.timer.step(3.0)
        assert stage.director.view.state is StageState.ROLLING
        self.take_offer(StageAction.CUT)
        stage.settle()
        assert len(stage.sealed) == before + 1
        assert stage.director.view.state is StageState.READY

    def check_the_room(self) -> None:
        stage = self.stage
        stage.room.enter(None)
        stage.turn()
        assert stage.room.view.may_begin
        stage.room.begin()
        stage.settle()
        for _ in range(8):
            stage.look()
        stage.settle()
        assert stage.room.view.state is RoomState.RESULT
        stage.room.leave()
        stage.settle()

    def calibrate(self) -> None:
        stage, work = self.stage, self.stage.calibrating
        work.give_up()
        assert work.may_begin
        work.begin()
        stage.settle()
        work.finish()
        stage.settle()
        assert work.view.state is CalibrationState.FOUND
        assert work.keep()
        work.give_up()
        stage.settle()


NAMES = sorted(name.removeprefix("do_") for name in dir(Walk) if name.startswith("do_"))
ALWAYS = {
    "answer": 12.0, "work": 4.0, "turn": 3.0, "open": 2.0, "choose": 1.0,
    "die": 0.6, "lose": 0.6, "refuse": 0.6, "disk": 0.6, "stray": 1.0,
}  # fmt: skip
ABOUT = {
    "take": {"offered": 6.0, "roll": 4.0, "second": 6.0, "cut": 2.0},
    "room": {"room_enter": 0.5, "room_begin": 4.0, "look": 9.0, "room_stop": 1.0},
    "calibration": {"calibrate": 4.0, "calibrate_end": 4.0, "look": 1.0},
}
"""What a walk is mostly about; the rest of what can be asked comes in between, seldom."""
WEIGHTS = {about: [(ALWAYS | mostly).get(name, 0.25) for name in NAMES] for about, mostly in ABOUT.items()}


def drawn(number: int) -> list[Step]:
    chance = random.Random(number)
    about = chance.choice(list(ABOUT))
    begun: list[Step] = [("room_enter", 0), ("open", 1), ("choose", 0), ("answer", 0)][: chance.choice((0, 1, 2, 4, 4))]
    names = chance.choices(NAMES, WEIGHTS[about], k=chance.randrange(5, LONGEST))
    return [*begun[about != "room" :], *((name, chance.randrange(60)) for name in names)]


def broken(steps: list[Step], folders: set[Path]) -> Exception | None:
    folders.clear()
    try:
        Walk(folders).run(steps)
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is shown
        return problem
    return None


def shortened(steps: list[Step], folders: set[Path]) -> list[Step]:
    """Without every step that it breaks without as well."""
    place = 0
    while place < len(steps):
        fewer = steps[:place] + steps[place + 1 :]
        if broken(fewer, folders) is not None:
            steps = fewer
        else:
            place += 1
    return steps


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """What lies in the folders of checks and calibrations. The parts of a check are over at the first look."""
    for name in ("TONE_S", "TONE_PATIENCE_S", "PLAY_S", "LINE_PATIENCE_S"):
        monkeypatch.setattr(script_pace, name, 0.4)
    return in_memory(monkeypatch)


def walk(numbers: range, folders: set[Path]) -> None:
    for number in numbers:
        steps = drawn(number)
        if broken(steps, folders) is not None:
            short = shortened(steps, folders)
            print(f"walk {number}: {short}")
            folders.clear()
            Walk(folders).run(short)


@pytest.mark.parametrize("part", range(5))
def test_in_any_order_no_take_is_lost_and_nothing_hangs(part: int, folders: set[Path]) -> None:
    """A thousand of ten thousand orders, in parts that several processes share."""
    walk(range(part * 2_000, part * 2_000 + 200), folders)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(5))
def test_in_any_of_ten_thousand_orders_no_take_is_lost_and_nothing_hangs(part: int, folders: set[Path]) -> None:
    walk(range(part * 2_000, (part + 1) * 2_000), folders)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_in_any_of_a_hundred_thousand_orders(folders: set[Path]) -> None:
    walk(range(100_000, 200_000), folders)
