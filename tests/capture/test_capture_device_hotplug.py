"""Devices that come and go: noticed by stable id, without disturbing a running stream (MIC-10)."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.devices import hotplug
from perfstudio.capture.devices.hotplug import HotplugChange, HotplugWatch
from perfstudio.capture.devices.scan import scan_apart, scan_here
from rigs.devices import go_on, listen
from rigs.pulse import PulseServer
from rigs.waiting import until

LOOK = """
import json, sys
from pathlib import Path
nodes, looks, broken = map(Path, sys.argv[1:])
with looks.open("a") as log:
    log.write("x" if broken.exists() else ".")
if broken.exists():
    sys.exit(1)
cameras = [{"id": "usb:1:2:" + n.name, "name": n.name, "kind": "local", "modes": []} for n in nodes.iterdir()]
print(json.dumps({"cameras": cameras, "microphones": []}))
"""
"""A look at pretended nodes of cameras: noted in a file, and given up while another file is there."""


def pretended(folder: Path) -> tuple[Path, Path, Path]:
    """The folder of nodes, the note of looks, and what makes a look fail while it is there."""
    nodes = folder / "video4linux"
    nodes.mkdir(exist_ok=True)
    return nodes, folder / "looks", folder / "broken"


def look_at(folder: Path) -> tuple[str, ...]:
    return (sys.executable, "-c", LOOK, *map(str, pretended(folder)))


def test_a_process_apart_sees_what_is_seen_here(pulse_server: PulseServer) -> None:
    apart = scan_apart()
    assert apart is not None
    assert apart == scan_here()
    assert "pulse:mic" in apart.ids()


def test_a_look_that_hangs_or_dies_is_given_up() -> None:
    assert scan_apart((sys.executable, "-c", "import sys; sys.stdin.read()"), limit_s=0.5) is None
    assert scan_apart((sys.executable, "-c", "raise SystemExit(3)")) is None
    assert scan_apart((sys.executable, "-c", "print('{}')")) is None
    assert scan_apart(("/no/such/program",)) is None


@pytest.mark.realtime
def test_arrivals_and_departures_are_told_while_a_stream_runs_undisturbed(pulse_server: PulseServer) -> None:
    told: list[HotplugChange] = []
    watch = HotplugWatch(told.append, every_s=0.1)
    with listen("pulse:mic") as blocks:
        until(lambda: blocks)
        watch.start()
        until(lambda: told)
        pulse_server.add_source("late")
        until(lambda: any("pulse:late" in word.arrived for word in told))
        pulse_server.remove_source("late")
        until(lambda: any("pulse:late" in word.left for word in told))
        watch.close()
    assert "pulse:mic" in told[0].arrived
    assert any(word.arrived == {"pulse:late"} for word in told)
    assert any(word.left == {"pulse:late"} for word in told)
    assert "pulse:mic" in told[-1].devices.ids()
    samples = sum(b.frames for b in blocks)
    elapsed = (blocks[-1].host_ns - blocks[0].host_ns) / 1e9
    assert abs(samples / 48000 - elapsed) < 0.2, "nothing was lost meanwhile"
    assert np.diff([b.host_ns for b in blocks]).max() < 1e9


def test_a_camera_that_is_plugged_in_or_out_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's list of camera nodes changes; only then is a fresh look taken, and none for a server that is not."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    nodes, looks, _ = pretended(tmp_path)
    monkeypatch.setattr(hotplug, "_SIGNS", (nodes,))
    told: list[HotplugChange] = []
    watch = HotplugWatch(told.append, every_s=0.1, command=look_at(tmp_path))
    watch.start()
    until(lambda: told)
    go_on(1.5)
    before = looks.read_text()
    go_on(6.0)
    assert looks.read_text() == before, "nothing changed, nobody looked"
    (nodes / "video0").mkdir()
    until(lambda: len(told) > 1)
    (nodes / "video0").rmdir()
    until(lambda: len(told) > 2)
    watch.close()
    assert [word.arrived for word in told] == [frozenset(), {"usb:1:2:video0"}, frozenset()]
    assert told[-1].left == {"usb:1:2:video0"}


def test_a_look_that_was_given_up_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What should have been seen then is seen without another sign."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setattr(hotplug, "_UNANSWERED_S", 0.5)
    nodes, looks, broken = pretended(tmp_path)
    monkeypatch.setattr(hotplug, "_SIGNS", (nodes,))
    told: list[HotplugChange] = []
    watch = HotplugWatch(told.append, every_s=0.1, command=look_at(tmp_path))
    watch.start()
    until(lambda: told)
    broken.touch()
    (nodes / "video0").mkdir()
    until(lambda: looks.read_text().endswith("x"))
    broken.unlink()
    until(lambda: len(told) > 1)
    watch.close()
    assert told[-1].arrived == {"usb:1:2:video0"}


def test_a_sound_server_that_comes_back_is_found_again(pulse_server: PulseServer) -> None:
    told: list[HotplugChange] = []
    watch = HotplugWatch(told.append, every_s=0.1)
    watch.start()
    until(lambda: told)
    pulse_server.stop()
    until(lambda: any("pulse:mic" in word.left for word in told))
    assert "pulse:mic" in told[-1].left
    pulse_server.start()
    pulse_server.add_source("mic")
    until(lambda: "pulse:mic" in told[-1].arrived)
    watch.close()
    assert "pulse:mic" in told[-1].arrived
