"""`perfstudio check PATH` on any file, as it is typed: a correct report or one clear sentence, never a traceback."""

from __future__ import annotations

import shutil
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from checks.checks_material import RATE, Scene, frames, voice, write_film, write_sound
from perfstudio.model.checks import CheckCode
from rigs.onnx_model import write_bright_finder
from rigs.verbs import Type

SMALL = Scene(width=320, height=180)
SPOKEN = voice(1)[: 3 * RATE]


def _film(folder: Path, name: str = "a.mp4", scene: Scene = SMALL, **more: object) -> Path:
    return write_film(folder / name, frames(scene, 2.0, 15), **more)


def _turned(folder: Path) -> Path:
    lying = ((t, np.ascontiguousarray(np.rot90(p))) for t, p in frames(SMALL, 2.0, 15))
    film = write_film(folder / "a.mp4", lying)
    data = bytearray(film.read_bytes())
    at = data.index(b"tkhd") + 44
    data[at : at + 36] = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 0x40000000)
    film.write_bytes(data)
    return film


def _uneven(folder: Path) -> Path:
    times = [*np.arange(0, 2, 1 / 30), *np.arange(2.2, 4, 1 / 10)]
    return write_film(folder / "a.mp4", ((float(t), SMALL.draw(0.1 * i)) for i, t in enumerate(times)))


def _truncated(folder: Path) -> Path:
    film = _film(folder, "whole.mkv", sound=SPOKEN)
    cut = folder / "cut.mkv"
    cut.write_bytes(film.read_bytes()[: film.stat().st_size * 6 // 10])
    return cut


def _four_k(folder: Path) -> Path:
    """Drawn small and enlarged: the check sees the same, for a tenth of the time."""
    enlarged = ((t, small.repeat(12, axis=0).repeat(12, axis=1)) for t, small in frames(SMALL, 0.4, 10))
    return write_film(folder / "a.mp4", enlarged)


C = CheckCode
FILES: dict[str, tuple[Callable[[Path], Path], CheckCode, object]] = {
    # what is made, and one check of its report with a value or a fact that has to be right
    "no sound": (_film, C.SOUND_MISSING, 1),
    "no picture": (lambda f: write_sound(f / "a.wav", SPOKEN), C.SPEECH, None),
    "odd rate": (lambda f: write_sound(f / "a.wav", voice(1)[: 2 * RATE], 11025), C.BANDWIDTH, None),
    "six channels": (lambda f: write_sound(f / "a.flac", np.repeat(SPOKEN[:, None], 6, 1)), C.SPEECH, None),
    "ten bit": (lambda f: _film(f, "a.mkv", codec="ffv1", pix_fmt="yuv420p10le"), C.FACE, 1.0),
    "turned": (_turned, C.ORIENTATION, 0.56),
    "uneven rate": (_uneven, C.FRAME_RATE, None),
    "truncated": (_truncated, C.FACE, None),
    "4K": (_four_k, C.FACE, 1.0),
    "sound runs on": (lambda f: _film(f, sound=SPOKEN), C.LENGTHS, 1.0),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_correct_report_on_any_file(perfstudio: Type, tmp_path: Path, kind: str) -> None:
    make, code, value = FILES[kind]
    answer = perfstudio("check", make(tmp_path), "--json")
    assert answer.code in (0, 3), answer.err
    assert "Traceback" not in answer.err
    found = {result["code"]: result for result in answer.json}
    assert code.value in found
    if value is not None:
        assert found[code.value]["value"] == pytest.approx(value, abs=0.12)


@pytest.mark.parametrize("kind", ["empty.mp4", "picture.mp4", "text.wav", "header only.wav", "gone.mov", "folder"])
def test_one_sentence_on_what_is_no_take(perfstudio: Type, tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "picture.mp4":
        cv2.imwrite(str(tmp_path / "a.png"), SMALL.draw(0.0))
        shutil.move(tmp_path / "a.png", path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "header only.wav":
        write_sound(path, np.zeros(0, np.float32))
    elif kind != "gone.mov":
        path.write_text("" if kind == "empty.mp4" else "not sound at all")
    assert kind in perfstudio("check", path).refused()


def test_a_face_model_by_option_by_environment_and_one_that_is_not_there(perfstudio: Type, tmp_path: Path) -> None:
    film = _film(tmp_path)
    model = write_bright_finder(tmp_path / "bright.onnx")

    def looked(*words: str | Path, **env: str) -> tuple[str, str]:
        answer = perfstudio("check", film, "--json", *words, **env)
        assert answer.code in (0, 3), answer.err
        face = next(r for r in answer.json if r["code"] == "face")
        return face["facts"]["finder"], answer.err

    assert looked() == ("haar", "")
    assert looked("--face-model", model) == ("yunet", "")
    assert looked(PERFSTUDIO_FACE_MODEL=str(model)) == ("yunet", "")
    finder, said = looked("--face-model", tmp_path / "gone.onnx")
    assert finder == "haar"
    assert said.strip().splitlines() == [
        "The face model “gone.onnx” is not used: the file is missing. The built-in finder looks for faces instead."
    ]


def test_a_partner_clip_is_looked_for_where_it_was_played(perfstudio: Type, tmp_path: Path) -> None:
    clip = voice(2)[RATE : 9 * RATE]
    heard = voice(1).copy()
    heard[2 * RATE : 2 * RATE + len(clip)] += 0.4 * clip
    mine, partner = write_sound(tmp_path / "mine.wav", heard), write_sound(tmp_path / "partner.wav", clip)
    answer = perfstudio("check", mine, "--partner", partner, "--partner-at", "2", "--json")
    bleed = next(r for r in answer.json if r["code"] == "bleed")
    assert (bleed["verdict"], answer.code) == ("retake", 3)
    assert bleed["times"][0]["start_s"] == pytest.approx(2.0, abs=0.1)
    assert not any(r["code"] == "bleed" for r in perfstudio("check", mine, "--json").json)
    assert "gone.wav" in perfstudio("check", mine, "--partner", tmp_path / "gone.wav").refused()


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not allow")
@pytest.mark.parametrize("name", ["Scene 3: night.wav", "http:take.wav", "%03d.wav", "./-x.wav", "two\nlines.wav"])
def test_a_file_name_is_no_address(
    perfstudio: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_sound(tmp_path / "plain.wav", SPOKEN).rename(tmp_path / name)
    answer = perfstudio("check", name, "--json")
    assert answer.code == 0, answer.err
    assert perfstudio("check", "--json", "--", name.removeprefix("./")).out == answer.out
    assert "-x.txt" in perfstudio("check", "--", "-x.txt").refused()


@pytest.mark.parametrize("option", ["--audio", "--partner", "--face-model"])
def test_what_is_given_besides_is_opened_like_everything_else(perfstudio: Type, tmp_path: Path, option: str) -> None:
    film, words = _film(tmp_path), tmp_path / "12:30 words.wav" if sys.platform != "win32" else tmp_path / "words.wav"
    words.write_text("#EXTM3U\nhttp://127.0.0.1:9/a.wav\n")
    for path in (words, tmp_path / "gone.wav", tmp_path):
        if option == "--partner":
            film = write_sound(tmp_path / "mine.wav", SPOKEN)
        answer = perfstudio("check", film, option, path, "--json")
        said = answer.err.strip()
        assert len(said.splitlines()) == 1
        assert path.name in said
        assert answer.code == (1 if option != "--face-model" else 3)
        assert not any(word in said.lower() for word in ("protocol", "argument", "invalid", "errno", "traceback"))


def test_channels_that_cancel_each_other_are_said(perfstudio: Type, tmp_path: Path) -> None:
    turned = write_sound(tmp_path / "a.wav", np.stack([SPOKEN, -SPOKEN], axis=1))
    assert "look    The channels cancel each other" in perfstudio("check", turned).out
