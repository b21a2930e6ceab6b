"""`record` on a network camera, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rigs.http_camera import HttpCamera


@pytest.mark.parametrize(("encode", "preset"), [("live", "superfast"), ("after", "as sent")])
def test_the_film_is_made_when_it_was_asked_for(perfstudio, encode: str, preset: str) -> None:
    words = ("record", "the-letter", "--microphone", "practice", "--seconds", "2", "--encode", encode, "--json")
    with HttpCamera() as camera:
        answer = perfstudio(*words, "--camera", camera.url)
    take = answer.json["manifest"]
    assert take["devices"]["camera"]["pixel_format"] == "MJPG"
    assert take["video"]["preset"] == preset
    assert take["video"]["frames"] > 50
    assert take["video"]["dropped"] == 0


def test_without_ids_it_records_with_what_the_window_remembers_and_says_so(perfstudio, home: Path) -> None:
    remembered = {"camera": {"id": "practice", "width": 640, "height": 360, "fps": 25}, "camera_name": "Große Kamera"}
    remembered |= {"microphone": {"id": "practice?seed=3"}, "microphone_name": "Yeti"}
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({"format": "perfstudio-settings/1", **remembered}), "utf-8")
    answer = perfstudio("record", "the-letter", "--seconds", "1")
    assert answer.code in (0, 3), answer.err
    assert answer.out.startswith("Recording with Große Kamera and Yeti.\n")
    (take,) = perfstudio("takes", "list", "--json").json
    used = perfstudio("takes", "show", take["take_id"], "--json").json["manifest"]["devices"]
    assert (used["camera"]["width"], used["camera"]["fps"]) == (640, 25.0)
    assert used["asked"]["microphone"]["id"] == "practice?seed=3"
    answer = perfstudio("record", "the-letter", "--seconds", "1", "--size", "320x180", "--camera", "practice", "--json")
    used = answer.json["manifest"]["devices"]
    assert (used["asked"]["camera"]["width"], used["asked"]["microphone"]["id"]) == (320, "practice?seed=3")


def test_without_ids_and_without_devices_it_is_said_what_to_do(perfstudio, tmp_path: Path) -> None:
    """No sound server, no camera node; a computer that has one says nothing here."""
    said = perfstudio("record", "the-leter").refused()
    assert "the-letter" in said, "the prompt first"
    if any(Path("/dev").glob("video*")):
        pytest.skip("this computer has a camera")
    assert "--camera practice" in perfstudio("record", "the-letter", "--seconds", "1").refused()
