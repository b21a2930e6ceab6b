"""A low battery is told before a take: faked supplies as Linux lists them, and a recorder that looks (PWR-6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from core_rig import make_recorder

from perfstudio.capture.recording.messages import BatteryLow
from perfstudio.capture.system.battery import low_battery
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
    assert low_battery(tmp_path) == left


def test_the_fuller_of_two_batteries_counts_and_no_battery_is_no_trouble(tmp_path: Path) -> None:
    assert low_battery(tmp_path / "none") is None
    assert low_battery(tmp_path) is None
    supply(tmp_path, "BAT0", **BATTERY)
    supply(tmp_path, "BAT1", type="Battery", status="Not charging", capacity="64")
    assert low_battery(tmp_path) is None


def test_the_recorder_tells_it_once_and_shows_it_in_its_status(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", **BATTERY)
    told = Told()
    recorder = make_recorder(notify=told, battery=lambda: low_battery(tmp_path))
    recorder.open()
    try:
        _, notice = told.wait(BatteryLow)
        assert notice == BatteryLow(0.12)
        assert recorder.status().battery == 0.12
    finally:
        recorder.close()
    assert [type(n) for _, n in told.notices].count(BatteryLow) == 1
