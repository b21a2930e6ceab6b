"""Devices that come and go: noticed by stable id, without disturbing a running stream (MIC-10)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.devices import hotplug
from perfstudio.capture.devices.device_notices import Changed, DeviceNotices, DeviceSort
from perfstudio.capture.devices.hotplug import HotplugChange, HotplugWatch
from perfstudio.capture.devices.scan import scan_apart, scan_here
from rigs.devices import listen
from rigs.pulse import PulseServer
from rigs.waiting import stays, until

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


class Told:
    """A system that says what it is told to say; `hears` says whether it can."""

    def __init__(self, folder: Path) -> None:
        self.nodes, self.looks, self.broken = pretended(folder)
        self.hearing = True
        self.asked = 0
        self.speak: Changed = lambda: None
        self.words: list[HotplugChange] = []
        self.watch = HotplugWatch(
            self.words.append,
            command=look_at(folder),
            notices=lambda changed: DeviceNotices(changed, {DeviceSort.CAMERAS: self}),
        )

    def start(self, changed: Changed) -> None:
        self.asked += 1
        self.speak = changed

    def hears(self, within_s: float) -> bool:
        return self.hearing

    def close(self) -> None:
        self.hearing = False

    @property
    def looked(self) -> str:
        return self.looks.read_text() if self.looks.exists() else ""


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """What is settled after a moment is settled sooner here."""
    monkeypatch.setattr(hotplug, "_QUIET_S", 0.05)
    system = Told(tmp_path)
    yield system
    system.watch.close(20.0)
    assert not system.watch._thread.is_alive()


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
    watch = HotplugWatch(told.append)
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


def test_a_camera_that_is_plugged_in_or_out_is_told_at_once(system: Told) -> None:
    """The system speaks; only then is a fresh look taken, one for all that it says."""
    system.watch.start()
    until(lambda: system.words)
    stays(lambda: system.looked == ".", 0.4, "nothing changed, nobody looked")
    (system.nodes / "video0").mkdir()
    for _ in range(50):
        system.speak()
    until(lambda: len(system.words) > 1)
    assert system.looked == ".."
    (system.nodes / "video0").rmdir()
    system.speak()
    until(lambda: len(system.words) > 2)
    assert [word.arrived for word in system.words] == [frozenset(), {"usb:1:2:video0"}, frozenset()]
    assert system.words[-1].left == {"usb:1:2:video0"}
    assert system.asked == 1


def test_notices_that_never_end_are_not_waited_for(system: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hotplug, "_AT_LAST_S", 0.2)
    system.watch.start()
    until(lambda: system.words)
    (system.nodes / "video0").mkdir()
    until(lambda: (system.speak(), len(system.words) > 1)[1])


def test_while_a_take_rolls_nobody_looks(system: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for a notice, and not where none comes; what came meanwhile is seen after the cut."""
    monkeypatch.setattr(hotplug, "UNTOLD_S", 0.05)
    system.hearing = False
    system.watch.rolling(True)
    system.watch.start()
    (system.nodes / "video0").mkdir()
    until(lambda: system.asked)
    system.speak()
    stays(lambda: not system.looked, 0.4)
    system.watch.rolling(False)
    until(lambda: system.words)
    assert system.words[0].arrived == {"usb:1:2:video0"}


def test_where_the_system_says_nothing_a_look_is_taken_now_and_then(
    system: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it speaks: it is asked again each time."""
    monkeypatch.setattr(hotplug, "UNTOLD_S", 0.05)
    system.hearing = False
    system.watch.start()
    until(lambda: system.words)
    (system.nodes / "video0").mkdir()
    until(lambda: len(system.words) > 1)
    assert system.asked > 1
    system.hearing = True
    asked = until(lambda: system.watch._thread.is_alive() and system.asked)
    stays(lambda: system.asked <= asked + 1, 0.4)


def test_a_look_that_was_given_up_is_taken_again(system: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """What should have been seen then is seen without another sign; one that always fails is given up."""
    monkeypatch.setattr(hotplug, "_AGAIN_S", (0.05,) * 1000)
    system.watch.start()
    until(lambda: system.words)
    system.broken.touch()
    (system.nodes / "video0").mkdir()
    system.speak()
    until(lambda: system.looked.endswith("xx"))
    monkeypatch.setattr(hotplug, "_AGAIN_S", (0.05, 0.05))
    system.broken.unlink()
    until(lambda: len(system.words) > 1)
    assert system.words[-1].arrived == {"usb:1:2:video0"}
    system.broken.touch()
    system.speak()
    until(lambda: system.looked.endswith("xxx"))
    stays(lambda: system.looked.endswith(".xxx"), 0.4)


def test_a_sound_server_that_comes_back_is_found_again(pulse_server: PulseServer) -> None:
    told: list[HotplugChange] = []
    watch = HotplugWatch(told.append)
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
