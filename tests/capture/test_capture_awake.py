"""The wake lock, against a private session bus with a screen saver service that writes down what it is asked."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from core_rig import go_on, make_recorder, take_folder

from rigs.waiting import until

SAVER = """
import sys
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection
bus = open_dbus_connection("SESSION")
dbus = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus", interface="org.freedesktop.DBus")
bus.send_and_get_reply(new_method_call(dbus, "RequestName", "su", ("org.freedesktop.ScreenSaver", 4)))
print("ready", flush=True)
while True:
    asked = bus.receive()
    if asked.header.message_type is not MessageType.method_call:
        continue
    name = asked.header.fields[HeaderFields.member]
    print(name, *asked.body, flush=True)
    if sys.argv[1] == "deaf":
        continue
    bus.send(new_method_return(asked, "u", (7,)) if name == "Inhibit" else new_method_return(asked))
"""


def roll(tmp_path: Path, awake: bool) -> tuple[float, bool]:
    """One take; how long it took to roll, and whether the desktop had agreed to stay awake."""
    recorder = make_recorder()
    recorder.open()
    go_on(recorder, 0.3)
    began = time.monotonic()
    recorder.roll(take_folder(tmp_path))
    took_s = time.monotonic() - began
    if awake:
        recorder.awake.active.wait(20)
    held = recorder.awake.active.is_set()
    recorder.cut()
    until(lambda: not recorder.awake.active.is_set())
    recorder.close()
    return took_s, held


def roll_apart(said: Connection, tmp_path: Path) -> None:
    said.send(roll(tmp_path, awake=False))


def saver_on(manner: str) -> subprocess.Popen[str]:
    saver = subprocess.Popen([sys.executable, "-c", SAVER, manner], stdout=subprocess.PIPE, text=True)
    assert saver.stdout is not None
    assert saver.stdout.readline() == "ready\n"
    return saver


def told(saver: subprocess.Popen[str]) -> list[str]:
    saver.kill()
    out, _ = saver.communicate()
    return [line.split()[0] for line in out.splitlines()]


@pytest.fixture
def desktop(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session of its own."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)


@pytest.mark.usefixtures("desktop")
def test_the_screen_stays_on_from_roll_to_cut(tmp_path: Path) -> None:
    saver = saver_on("willing")
    _, held = roll(tmp_path, awake=True)
    assert held
    assert told(saver) == ["Inhibit", "UnInhibit"]


@pytest.mark.usefixtures("desktop")
def test_a_desktop_that_does_not_answer_holds_up_nothing(tmp_path: Path) -> None:
    """Asked from a process of its own: the library never closes its line to such a desktop."""
    saver, context = saver_on("deaf"), multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    apart = context.Process(target=roll_apart, args=(there, tmp_path))
    apart.start()
    with here, there:
        assert here.poll(60), "it is still held up"
        took_s, held = here.recv()
    apart.join()
    told(saver)
    assert took_s < 5
    assert not held


def test_a_desktop_that_is_not_there_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    assert not roll(tmp_path, awake=False)[1]
