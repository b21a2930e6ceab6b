"""The wake lock, against a private session bus with a screen saver service that writes down what it is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from core_rig import SEES_RIGS

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
ROLL = """
import sys, time
from pathlib import Path
from core_rig import go_on, make_recorder, take_folder
from rigs.waiting import until
recorder = make_recorder()
recorder.open()
go_on(recorder, 0.3)
began = time.monotonic()
recorder.roll(take_folder(Path(sys.argv[1])))
print("rolled", time.monotonic() - began)
if sys.argv[2] == "awake":
    recorder.awake.active.wait(20)
print("active", recorder.awake.active.is_set())
recorder.cut()
until(lambda: not recorder.awake.active.is_set())
recorder.close()
"""


def roll(tmp_path: Path, expected: str, address: str) -> list[str]:
    env = SEES_RIGS | {"DBUS_SESSION_BUS_ADDRESS": address}
    words = [sys.executable, "-c", ROLL, str(tmp_path), expected]
    return subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, check=True).stdout.split()


def saver_on(address: str, manner: str) -> subprocess.Popen[str]:
    env = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
    saver = subprocess.Popen([sys.executable, "-c", SAVER, manner], env=env, stdout=subprocess.PIPE, text=True)
    assert saver.stdout is not None
    assert saver.stdout.readline() == "ready\n"
    return saver


def told(saver: subprocess.Popen[str]) -> list[str]:
    saver.kill()
    out, _ = saver.communicate()
    return [line.split()[0] for line in out.splitlines()]


def test_the_screen_stays_on_from_roll_to_cut(tmp_path: Path, bus: str) -> None:
    saver = saver_on(bus, "willing")
    said = roll(tmp_path, "awake", bus)
    assert said[-1] == "True"
    assert told(saver) == ["Inhibit", "UnInhibit"]


def test_a_desktop_that_does_not_answer_holds_up_nothing(tmp_path: Path, bus: str) -> None:
    saver = saver_on(bus, "deaf")
    said = roll(tmp_path, "asleep", bus)
    told(saver)
    assert float(said[1]) < 5
    assert said[-1] == "False"


def test_a_desktop_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    assert roll(tmp_path, "asleep", "unix:path=/nonexistent")[-1] == "False"
