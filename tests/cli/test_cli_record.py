"""`record` on a network camera, as a person types it."""

from __future__ import annotations

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
