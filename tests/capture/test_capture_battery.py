"""A low battery is told before a take: as each system tells it, and by a recorder that looks (PWR-6)."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from core_rig import make_recorder

from perfstudio.capture.recording.messages import BatteryLow
from perfstudio.capture.system.battery import (
    LinuxBattery,
    MacBattery,
    PowerStatus,
    WindowsBattery,
    for_system,
    low_battery,
)
from rigs.notices import Told

BATTERY = {"type": "Battery", "status": "Discharging", "capacity": "12"}


def supply(folder: Path, name: str, **words: str) -> None:
    (folder / name).mkdir(parents=True)
    for word, text in words.items():
        (folder / name / word).write_text(text + "\n", "ascii")


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, 0.12),
        ({"capacity": "20"}, 0.2),
        ({"capacity": "21"}, None),
        ({"status": "Charging"}, None),
        ({"status": "Full", "capacity": "100"}, None),
        ({"capacity": "unknown"}, None),
        ({"scope": "Device"}, None),  # a mouse
    ],
)
def test_what_the_system_says_of_the_battery(tmp_path: Path, changes: dict[str, str], left: float | None) -> None:
    supply(tmp_path, "AC", type="Mains", online="0")
    supply(tmp_path, "BAT0", **(BATTERY | changes))
    assert low_battery(LinuxBattery(tmp_path)) == left


def test_the_fuller_of_two_batteries_counts_and_no_battery_is_no_trouble(tmp_path: Path) -> None:
    assert low_battery(LinuxBattery(tmp_path / "none")) is None
    assert low_battery(LinuxBattery(tmp_path)) is None
    supply(tmp_path, "BAT0", **BATTERY)
    supply(tmp_path, "BAT1", type="Battery", status="Not charging", capacity="64")
    assert low_battery(LinuxBattery(tmp_path)) is None


PMSET = """Now drawing from '{source}'
 -InternalBattery-0 (id=4653155)\t{share}%; {state}; 0:41 remaining present: true
 -UPS Back-UPS (id=1)\t99%; charging present: true
"""


@pytest.mark.parametrize(
    ("source", "share", "state", "left"),
    [
        ("Battery Power", 12, "discharging", 0.12),
        ("Battery Power", 100, "discharging", None),
        ("AC Power", 12, "charging", None),
        ("UPS Power", 12, "discharging", None),
    ],
)
def test_what_macos_says(source: str, share: int, state: str, left: float | None) -> None:
    said = PMSET.format(source=source, share=share, state=state)
    assert low_battery(MacBattery(lambda: said)) == left


def test_a_mac_that_says_nothing_is_no_trouble() -> None:
    def refuses() -> str:
        raise subprocess.TimeoutExpired("pmset", 5.0)

    assert low_battery(MacBattery(refuses)) is None
    assert low_battery(MacBattery(lambda: "Now drawing from 'Battery Power'\n")) is None


class Kernel32:
    """GetSystemPowerStatus, with these answers: ACLineStatus, BatteryFlag, BatteryLifePercent."""

    def __init__(self, *said: int, answers: int = 1) -> None:
        self.said, self.answers = said, answers

    def GetSystemPowerStatus(self, status: Any) -> int:  # noqa: N802 - Windows' own name
        row = ctypes.cast(status, ctypes.POINTER(PowerStatus))[0]
        row.line, row.flag, row.percent = self.said
        return self.answers


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ((0, 2, 12), 0.12),
        ((0, 0, 55), None),
        ((1, 8, 12), None),  # on a plug, and charging
        ((255, 255, 255), None),
        ((0, 128, 255), None),  # no battery
        ((0, 255, 12), 0.12),  # its state is unknown, its charge is not
    ],
)
def test_what_windows_says(said: tuple[int, int, int], left: float | None) -> None:
    assert low_battery(WindowsBattery(Kernel32(*said))) == left
    assert low_battery(WindowsBattery(Kernel32(*said, answers=0))) is None
    assert ctypes.sizeof(PowerStatus) == 12


def test_this_system_is_asked_without_trouble() -> None:
    left = for_system(sys.platform).left()
    assert left is None or 0 <= left <= 1


def test_the_recorder_tells_it_once_and_shows_it_in_its_status(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", **BATTERY)
    told = Told()
    recorder = make_recorder(notify=told, battery=lambda: low_battery(LinuxBattery(tmp_path)))
    recorder.open()
    try:
        _, notice = told.wait(BatteryLow)
        assert notice == BatteryLow(0.12)
        assert recorder.status().battery == 0.12
    finally:
        recorder.close()
    assert [type(n) for _, n in told.notices].count(BatteryLow) == 1
