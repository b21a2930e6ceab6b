"""`record` on a network camera, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rigs.http_camera import HttpCamera
from rigs.odd_camera import OddCamera, certificate, part, stream
from rigs.verbs import Type


@pytest.mark.parametrize(("encode", "preset"), [("live", "superfast"), ("after", "as sent")])
def test_the_film_is_made_when_it_was_asked_for(perfstudio, encode: str, preset: str) -> None:
    words = ("record", "the-letter", "--microphone", "practice", "--seconds", "2", "--encode", encode, "--json")
    with HttpCamera() as camera:
        answer = perfstudio(*words, "--camera", camera.url)
    take = answer.json["manifest"]
    assert take["devices"]["camera"]["pixel_format"] == "MJPG"
    assert take["video"]["preset"] == preset
    assert take["video"]["frames"] > 3, "a film; how many of them a busy machine sends is not asked"
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


def test_a_cameras_certificate_is_checked_and_may_be_named(perfstudio: Type, home: Path, tmp_path: Path) -> None:
    context, file = certificate(tmp_path)
    with OddCamera(stream(lambda _, jpeg: part(jpeg)), tls=context) as camera:
        address = camera.url.replace("://", "://anna:h0rsestaple@")
        asked = ("record", "the-letter", "--camera", address, "--microphone", "practice", "--seconds", "1")
        said = perfstudio(*asked).refused()
        assert camera.url in said
        assert "cannot be trusted: the camera made it itself" in said
        assert perfstudio(*asked, "--trust-camera", file, "--any-certificate").code == 2
        done = perfstudio(*asked, "--trust-camera", file)
    assert done.code in (0, 3), done
    written = b"".join(one.read_bytes() for one in home.rglob("*") if one.is_file())
    assert b"h0rsestaple" not in written + done.out.encode() + done.err.encode()
    assert file.name.encode() not in written
