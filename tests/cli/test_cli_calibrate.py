"""`perfstudio calibrate` as a user types it: practice devices have a hidden offset, and it is found and applied."""

from __future__ import annotations

from pathlib import Path

import pytest

from rigs.verbs import Type

PAIR = ("--camera", "practice", "--microphone", "practice?offset=63", "--size", "640x360", "--fps", "30")
"""At 30 pictures a second a busy machine may lose every tenth and the flashes still agree; at 15 they hardly do."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.realtime
def test_the_practice_devices_hidden_offset_is_found_kept_and_applied(perfstudio: Type, home: Path) -> None:
    found = perfstudio("calibrate", *PAIR, "--method", "pattern", "--seconds", "15", "--json")
    assert found.code == 0, found.err
    measured = found.json["measurement"]
    assert abs(measured["offset_ms"] - 63) <= 3
    assert (found.json["kept"], measured["method"], measured["source_sure_ms"]) == (True, "pattern", 0.0)
    assert not (home / "calibrating").exists()

    listed = perfstudio("calibrate", "--list")
    assert f" {measured['offset_ms']:.0f} ms late, corrected; accurate to" in listed.out
    take = perfstudio("record", "the-letter", *PAIR, "--seconds", "1", "--json").json
    assert take["manifest"]["sync"]["calibrated"] is True
    assert take["manifest"]["sync"]["offset_ms"] == measured["offset_ms"]
    folder = home / "takes" / take["take_id"]
    assert perfstudio("verify", folder).code == 0
    assert perfstudio("devices", "--json").json["calibrated"][0]["pair"]["microphone"] == "practice?offset=63"
    doctor = {line["part"]: line for line in perfstudio("doctor", "--json").json}
    assert doctor["offset"]["health"] == "good"

    assert perfstudio("calibrate", *PAIR, "--forget").code == 0
    assert perfstudio("calibrate", "--list", "--json").json == []


def test_a_talking_figure_is_no_clap_and_nothing_is_kept(perfstudio: Type, home: Path) -> None:
    refused = perfstudio("calibrate", *PAIR, "--seconds", "5")
    assert refused.code == 1
    assert "clap" in refused.err.lower()
    assert not (home / "calibration.json").exists()
    assert not (home / "calibrating").exists()


def test_what_is_missing_is_said(perfstudio: Type, tmp_path: Path) -> None:
    assert "--camera" in perfstudio("calibrate").refused()
    assert "gone.mp4" in perfstudio("calibrate", "--media", tmp_path / "gone.mp4").refused()
    assert "no-such" in perfstudio("calibrate", "--camera", "no-such", "--microphone", "practice").err
    assert perfstudio("calibrate", "--source-ms", "nan", "--list").code == 2
