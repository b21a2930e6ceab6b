"""The green room's page alone, and what a check found."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from perfstudio.model.checks import CheckCode, CheckResult, LiveReading, Verdict
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeviceError
from perfstudio.model.room import RoomKey, RoomMeasured, RoomProfile, RoomReading, RoomTopic
from perfstudio.model.timing import Span
from perfstudio.session.room_views import Comparison, RoomResult
from perfstudio.session.views import Progress, Pulse, StageState, StageView
from perfstudio.ui.green_room.headphones_card import HeadphoneActs
from perfstudio.ui.pages.green_room import GreenActs, GreenRoomPage


def stage(state: StageState = StageState.READY, problem: DeviceError | None = None) -> StageView:
    return StageView(state, frozenset(), problem=problem)


def check_of(code: CheckCode, verdict: Verdict, value: float, **facts: float | int | str) -> CheckResult:
    return CheckResult(code=code, verdict=verdict, value=value, facts=facts)


READINGS = (
    RoomReading(topic=RoomTopic.ROOM, checks=(check_of(CheckCode.NOISE_FLOOR, Verdict.GOOD, -61.0),)),
    RoomReading(topic=RoomTopic.SOFT, checks=(check_of(CheckCode.SNR, Verdict.LOOK, 8.0),)),
    RoomReading(topic=RoomTopic.SYNC, checks=(check_of(CheckCode.SYNC, Verdict.GOOD, 0.2, calibrated=0),)),
)
KEY = RoomKey(camera="c", width=1280, height=720, microphone="m", rate_hz=48000, channels=1)


def result(folder: Path) -> RoomResult:
    measured = RoomMeasured(readings=READINGS, play=Span(start_s=0.5, end_s=1.8), duration_s=2.0, pictured=True)
    profile = RoomProfile(measured_utc=utc_now(), key=KEY, readings=READINGS)
    before = profile.model_copy(update={"measured_utc": utc_now() - timedelta(days=1)})
    facts: dict[str, float | int | str] = {"what": "distance", "direction": "closer", "difference": 0.5, "cm": 18}
    closer = CheckResult(code=CheckCode.CONTINUITY, verdict=Verdict.LOOK, value=1.6, facts=facts)
    return RoomResult(measured, folder / "take.mp4", profile, (Comparison((closer,), profile=before),))


class Acted:
    """A page alone, and what it asked for."""

    def __init__(self, *, calibrate: bool = False, headphones: HeadphoneActs | None = None) -> None:
        self.asked: list[str] = []
        self.pulse: tuple[Pulse, Progress | None] = (Pulse(None, LiveReading()), None)
        names = ("begin", "give_up", "go_on", "leave", "retry", "choose")
        acts = {name: (lambda name=name: self.asked.append(name)) for name in names}
        led = (lambda: self.asked.append("calibrate")) if calibrate else None
        self.page = GreenRoomPage(poll=lambda: self.pulse, acts=GreenActs(**acts, calibrate=led, headphones=headphones))

    def press(self, key: Qt.Key) -> list[str]:
        self.asked.clear()
        QTest.keyClick(self.page, key)
        return list(self.asked)
