"""A device that takes long to open says so once, and that it does no more; its clock is stepped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from perfstudio.capture import open_device
from perfstudio.capture.recording import slow_opening
from perfstudio.capture.recording.messages import Stream
from perfstudio.capture.recording.slow_opening import SLOW_S, SlowOpening
from perfstudio.model.device import CameraRequest, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.session.stepped_timer import SteppedTimer
from rigs.waiting import until


class Bench:
    """Devices that take so many seconds, and what was told when."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.timer, self.told = SteppedTimer(), list[tuple[float, Stream, bool]]()
        self.takes_s, self.problem = {"camera": 0.0, "microphone": 0.0}, None
        tell = lambda stream, now: self.told.append((self.timer.now_s, stream, now))  # noqa: E731
        self.opening = SlowOpening(tell, self.timer.after)
        for name in ("camera", "microphone"):
            monkeypatch.setattr(open_device, f"open_{name}", lambda request, name=name: self._open(name, request))

    def _open(self, name: str, request: Any) -> Any:
        for _ in range(round(self.takes_s[name] / 0.5)):
            self.timer.step(0.5)
        if self.problem is not None:
            raise self.problem
        return name, request.id

    def open(self) -> None:
        assert self.opening.camera(CameraRequest(id="brio")) == ("camera", "brio")  # type: ignore[comparison-overlap]
        assert self.opening.microphone(MicrophoneRequest(id="yeti")) == ("microphone", "yeti")  # type: ignore[comparison-overlap]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def test_what_opens_in_time_says_nothing(bench: Bench) -> None:
    bench.takes_s = {"camera": 2.5, "microphone": 2.5}  # each has its own time
    bench.open()
    bench.timer.step(60)
    assert bench.told == []


def test_the_one_that_takes_long_is_named_and_it_is_over_when_it_is_open(bench: Bench) -> None:
    bench.takes_s["camera"] = 90.0
    bench.open()
    bench.takes_s = {"camera": 0.0, "microphone": 4.0}
    bench.open()
    bench.timer.step(60)
    camera, sound = Stream.PICTURE, Stream.SOUND
    assert bench.told == [(SLOW_S, camera, True), (90, camera, False), (93, sound, True), (94, sound, False)]


def test_it_is_over_when_it_fails(bench: Bench) -> None:
    bench.takes_s["camera"], bench.problem = 5.0, DeviceError(ErrorCode.CAMERA_BUSY, id="brio")
    with pytest.raises(DeviceError):
        bench.open()
    assert [now for _, _, now in bench.told] == [True, False]


def test_a_ring_that_was_under_way_when_it_opened_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_device, "open_camera", lambda request: request)
    rings: list[Callable[[], None]] = []

    def never_cancelled(_: float, ring: Callable[[], None]) -> Callable[[], None]:
        rings.append(ring)
        return lambda: None

    told: list[bool] = []
    SlowOpening(lambda _, now: told.append(now), never_cancelled).camera(CameraRequest(id="brio"))
    rings[0]()
    assert told == []


def test_a_timer_of_its_own_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_opening, "SLOW_S", 3600.0)
    monkeypatch.setattr(open_device, "open_camera", lambda request: request)
    told: list[bool] = []
    SlowOpening(lambda _, now: told.append(now)).camera(CameraRequest(id="brio"))
    until(lambda: not any(thread.name == "perfstudio-slow-opening" for thread in threading.enumerate()))
    assert told == []
