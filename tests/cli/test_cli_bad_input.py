"""Bad input: one clear sentence, exit 1, nothing lost."""

from __future__ import annotations

import json
import shutil
import socket
import zipfile
from pathlib import Path
from random import Random

import pytest

from perfstudio.resources import asset
from rigs.http_camera import HttpCamera
from rigs.small_disk import disk_of
from rigs.systems import linux_only

SHORT = ("--microphone", "practice", "--seconds", "1")


def test_unknown_prompt_names_close_ones(perfstudio) -> None:
    said = perfstudio("record", "the-leter", "--camera", "practice", *SHORT).refused()
    assert "the-leter" in said
    assert "the-letter" in said


def test_unknown_devices_name_what_is_there(perfstudio) -> None:
    assert "practice" in perfstudio("record", "the-letter", "--camera", "usb-gone", *SHORT).refused()
    said = perfstudio("record", "the-letter", "--camera", "none", "--microphone", "gone", "--seconds", "1").refused()
    assert "gone" in said


@pytest.mark.parametrize(("device", "words"), [("practice?fail=busy", "program"), ("practice?fail=refused", "")])
def test_busy_and_refused_devices(perfstudio, home: Path, device: str, words: str) -> None:
    assert words in perfstudio("record", "the-letter", "--camera", device, *SHORT).refused()
    said = perfstudio("record", "the-letter", "--camera", "none", "--microphone", device, "--seconds", "1").refused()
    assert words in said
    assert list((home / "takes").iterdir()) == [], "no empty take is left behind"


def test_camera_address_that_does_not_answer(perfstudio) -> None:
    with HttpCamera("never_answers", after=0) as camera:
        said = perfstudio("record", "the-letter", "--camera", camera.url, *SHORT).refused()
    assert "answer" in said
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    perfstudio("record", "the-letter", "--camera", f"http://127.0.0.1:{port}/", *SHORT).refused()


def test_disk_full_at_start(perfstudio, home: Path) -> None:
    """DSK-1: a file system of eight megabytes."""
    with disk_of(home, 8 * 2**20):
        said = perfstudio("record", "the-letter", "--camera", "practice", *SHORT).refused()
        assert "room" in said.lower() or "full" in said.lower()
        assert [p for p in (home / "takes").iterdir() if not p.name.endswith(".part")] == []


def test_packs_that_are_none(perfstudio, tmp_path: Path) -> None:
    text = tmp_path / "notes.perfpack"
    text.write_text("these are notes")
    for verb in ("validate", "import"):
        assert "zip" in perfstudio("packs", verb, text).refused()
    assert "nothere" in perfstudio("packs", "import", tmp_path / "nothere.perfpack").refused()


def test_a_pack_that_breaks_its_form_is_named_with_the_place(perfstudio, tmp_path: Path, home: Path) -> None:
    pack = json.loads(asset("packs", "practice", "pack.json").read_text("utf-8"))
    del pack["prompts"][3]["beats"]
    broken = tmp_path / "broken.perfpack"
    with zipfile.ZipFile(broken, "w") as out:
        out.writestr("pack.json", json.dumps(pack))
    said = perfstudio("packs", "import", broken).refused()
    assert "beats" in said
    assert "4" in said or "[3]" in said
    assert not [p for p in (home / "packs").rglob("*") if p.is_file()], "nothing is half installed"


@pytest.mark.parametrize("name", ["empty.mp4", "text.mp4", "half.flac", "gone.wav"])
def test_media_that_cannot_be_read(perfstudio, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name.startswith("empty"):
        file.write_bytes(b"")
    elif name.startswith("text"):
        file.write_text("a text that calls itself a film\n" * 100)
    elif name.startswith("half"):
        file.write_bytes(Random(1).randbytes(20_000))  # noise by chance looks like a film to FFmpeg
    before = file.read_bytes() if file.exists() else None
    assert name in perfstudio("check", file).refused()
    assert (file.read_bytes() if file.exists() else None) == before


def test_verify_without_a_take(perfstudio, tmp_path: Path) -> None:
    assert "take.json" in perfstudio("verify", tmp_path).refused()


def test_a_take_that_is_not_there(perfstudio) -> None:
    assert "01zzzz" in perfstudio("takes", "show", "01zzzz").refused()


@linux_only("every session has a screen")
def test_no_screen(perfstudio) -> None:
    said = perfstudio(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="").refused()
    assert "screen" in said


def test_wrong_usage_is_two(perfstudio) -> None:
    assert perfstudio("record").code == 2
    assert perfstudio("record", "x", "--camera", "practice", "--microphone", "practice", "--seconds", "-1").code == 2
    assert perfstudio("dance").code == 2


def test_an_unreadable_index_costs_nothing(perfstudio, home: Path) -> None:
    made = perfstudio("record", "the-letter", "--camera", "none", *SHORT, "--json")
    assert made.code in (0, 3), made
    (home / "index.sqlite").write_bytes(b"not a database")
    for extra in home.glob("index.sqlite-*"):
        extra.unlink()
    listed = perfstudio("takes", "list", "--json")
    assert [take["take_id"] for take in listed.json] == [made.json["take_id"]]


def test_a_copied_home_opens(perfstudio, home: Path, tmp_path: Path) -> None:
    """LIB-11: moved to another computer."""
    made = perfstudio("record", "the-letter", "--camera", "none", *SHORT, "--json").json
    shutil.copytree(home, tmp_path / "elsewhere")
    again = perfstudio("takes", "list", "--json", "--home", tmp_path / "elsewhere")
    assert [take["take_id"] for take in again.json] == [made["take_id"]]
