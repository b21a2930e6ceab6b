"""Sleep: told beforehand over a private bus, or found afterwards from two clocks (PWR-3, PWR-4)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from core_rig import go_on, make_recorder, take_folder

from perfstudio.capture.finishing.finish import finish
from perfstudio.capture.recording.messages import DeviceLost, TakeEnded, TakeEnding
from perfstudio.capture.system.sleep_detector import SleepDetector, system_clocks
from perfstudio.capture.system.sleep_inhibitor import SleepInhibitor
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.take import EndReason
from rigs.notices import Told
from rigs.waiting import until

LOGIND = """
import os, sys
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection
bus = open_dbus_connection(os.environ["DBUS_SYSTEM_BUS_ADDRESS"], enable_fds=True)
dbus = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus", interface="org.freedesktop.DBus")
bus.send_and_get_reply(new_method_call(dbus, "RequestName", "su", ("org.freedesktop.login1", 4)))
print("ready", flush=True)
manager = DBusAddress("/org/freedesktop/login1", interface="org.freedesktop.login1.Manager")
while True:
    asked = bus.receive()
    if asked.header.message_type is not MessageType.method_call:
        continue
    mine, theirs = os.pipe()
    print(asked.header.fields[HeaderFields.member], asked.body[0], asked.body[3], flush=True)
    bus.send(new_method_return(asked, "h", (theirs,)))
    os.close(theirs)
    sys.stdin.readline()
    bus.send(new_signal(manager, "PrepareForSleep", "b", (True,)))
    os.read(mine, 1)  # ends when the lock is let go
    print("may sleep", flush=True)
"""


class Clocks:
    """A computer that sleeps when told to."""

    def __init__(self) -> None:
        self.slept_ns = 0

    def __call__(self) -> tuple[int, int]:
        now = host_ns()
        return now, now + self.slept_ns


def test_this_system_tells_sleep_from_waking() -> None:
    clocks = system_clocks()
    first = clocks()
    until(lambda: clocks()[0] - first[0] > 0.1e9, "a tenth of a second")
    second = clocks()
    awake, always = (b - a for a, b in zip(first, second, strict=True))
    assert awake > 0.1e9
    assert abs(always - awake) < 0.1e9
    assert SleepDetector().slept_s() == 0.0


def test_a_sleep_is_told_once() -> None:
    clocks = Clocks()
    watch = SleepDetector(clocks)
    assert watch.slept_s() == 0.0
    clocks.slept_ns += 3_600_000_000_000
    assert watch.slept_s() == pytest.approx(3600)
    assert watch.slept_s() == 0.0


@pytest.mark.realtime
def test_a_take_ends_where_the_computer_slept_and_the_next_one_rolls(tmp_path: Path) -> None:
    told, clocks = Told(), Clocks()
    recorder = make_recorder({}, notify=told, sleep=SleepDetector(clocks))
    recorder.open()
    clocks.slept_ns += 10**12  # with nothing rolling, nothing is said
    go_on(recorder, 0.5)
    assert not told.kinds()
    folder = take_folder(tmp_path)
    recorder.roll(folder)
    go_on(recorder, 1.0)
    clocks.slept_ns += 10**12
    woke = host_ns()
    told.wait(TakeEnded)
    at, ending = told.wait(TakeEnding)
    assert (at - woke) * 1e-9 < 1.0
    assert ending.problem.code is ErrorCode.COMPUTER_SLEPT
    after = take_folder(tmp_path, "after")
    recorder.roll(after)
    go_on(recorder, 0.5)
    recorder.cut()
    recorder.close()
    take = finish(folder)
    assert take.ended is EndReason.SUSPENDED
    assert take.duration_s > 1.0
    assert take.video is not None
    assert finish(after).ended is EndReason.CUT


def test_devices_that_do_not_wake_are_lost_and_the_take_still_ended_by_sleep(tmp_path: Path) -> None:
    """The camera reports its loss before anybody has looked at the clocks."""
    told, clocks = Told(), Clocks()
    recorder = make_recorder({"lost_at_s": 1.2}, notify=told, sleep=SleepDetector(clocks))
    recorder.open()
    folder = take_folder(tmp_path)
    recorder.roll(folder)
    camera = recorder.devices["camera"]  # type: ignore[attr-defined]
    until(lambda: (host_ns() - camera.started_ns) * 1e-9 >= 1.15, "the moment before the camera goes")
    clocks.slept_ns += 10**12
    told.wait(TakeEnded)
    told.wait(DeviceLost)
    with pytest.raises(DeviceError) as refused:
        recorder.roll(take_folder(tmp_path, "after"))
    recorder.close()
    assert refused.value.code is ErrorCode.CAMERA_LOST
    assert finish(folder).ended is EndReason.SUSPENDED


def test_the_word_before_sleep_closes_the_take_first(tmp_path: Path, bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
    words = [sys.executable, "-c", LOGIND]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ) as logind:
        assert logind.stdin is not None
        assert logind.stdout is not None
        assert logind.stdout.readline() == "ready\n"
        told = Told()
        recorder = make_recorder({}, notify=told)
        recorder.open()
        folder = take_folder(tmp_path)
        recorder.roll(folder)
        assert recorder.bedtime.active.wait(10)
        assert logind.stdout.readline() == "Inhibit sleep delay\n"
        logind.stdin.write("sleep now\n")
        logind.stdin.flush()
        told.wait(TakeEnded)
        assert logind.stdout.readline() == "may sleep\n"
        recorder.close()
        logind.kill()
    assert finish(folder).ended is EndReason.SUSPENDED


def test_no_such_service_is_no_trouble(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in (bus, "unix:path=/nonexistent"):
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        bedtime = SleepInhibitor(lambda: pytest.fail("nobody said so"))
        bedtime.hold()
        assert not bedtime.active.wait(0.5)
        bedtime.release()
