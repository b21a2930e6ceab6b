"""`duet`, as two performers type it, each at home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from perfstudio.receiver.serve import Receiver, ReceiverSettings
from rigs.take_bundles import STUDIO, TOKEN
from rigs.verbs import Type
from rigs.waiting import until

pytest.importorskip("aiortc", reason="not for this machine")
pytestmark = pytest.mark.usefixtures("verb_server")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """What names the studio and the token."""
    file = tmp_path / "token"
    file.write_text(TOKEN)
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as running:
        yield "--studio", f"{running.url}/studio.json", "--token-file", str(file)


def begun(*words: str | Path) -> subprocess.Popen[str]:
    """A verb that goes on while another one is typed."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "perfstudio", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, encoding="utf-8")


def code_said(lines: IO[str]) -> str:
    return next(found[1] for line in lines if (found := re.search(r": (\w{4}-\w{4}-\w{4})$", line.strip())))


@pytest.mark.realtime
def test_two_homes_meet_under_a_code_and_see_the_same_words(
    perfstudio: Type, lab: tuple[str, ...], tmp_path: Path
) -> None:
    asked = ("--yes", "--adult", "--seconds", "2", *lab)
    with begun("duet", *asked, "--home", tmp_path / "ana") as ana:
        assert ana.stdout is not None
        code = code_said(ana.stdout)
        bo = perfstudio("duet", code.upper(), *asked, "--home", tmp_path / "bo", "--json")
        said = ana.stdout.read()
        assert ana.wait(60) == 0
    assert bo.code == 0, bo
    assert (bo.json["tried"], bo.json["pings"], bo.json["problem"], len(bo.json["words"])) == (True, 20, None, 4)
    assert 0 < bo.json["bound_s"] < 0.1
    assert f"to each other: {' '.join(bo.json['words'])}." in said
    assert "could be lined up to within" in said
    over = perfstudio("duet", code, "--yes", *lab, "--home", tmp_path / "bo")
    assert (over.code, "That meeting is over" in over.err) == (1, True), over


@pytest.mark.realtime
def test_two_homes_record_a_scene_that_was_drawn_at_once_and_their_takes_are_a_pair(
    perfstudio: Type, lab: tuple[str, ...], tmp_path: Path
) -> None:
    devices = ("--camera", "none", "--microphone", "practice", "--yes", "--adult", *lab)
    homes = tmp_path / "ana", tmp_path / "bo"
    first = ("record", "--seconds", "60", *devices, "--home", homes[0], "--duet")
    second = ("record", "--seconds", "2", *devices, "--home", homes[1])
    with begun(*first) as ana:
        assert ana.stdout is not None
        code = code_said(ana.stdout)
        bo = perfstudio(*second, "--duet", code)
        said = ana.stdout.read()
        assert ana.wait(60) in (0, 3), said
    assert bo.code in (0, 3), bo
    words = re.search(r"to each other: ([a-z ]+)\.", said)
    assert words is not None
    assert f"to each other: {words[1]}." in bo.out
    for read in (said, bo.out):
        assert "This scene was drawn for you both" in read
        assert "Who you play" in read
    (one,), (other,) = (list((home / "takes").iterdir()) for home in homes)
    pair = perfstudio("verify", one, "--pair", other, "--json")
    assert pair.code == 0, pair
    live = pair.json["pair"]["live_alignment"]
    assert (pair.json["pair"]["is_pair"], pair.json["pair"]["unaligned"]) == (True, None)
    assert 0 < live["bound_s"] < 0.1
    assert abs(live["begun_apart_s"]) <= live["bound_s"] + 0.05


def test_a_scene_for_one_is_not_played_by_two(perfstudio: Type, lab: tuple[str, ...], tmp_path: Path) -> None:
    alone = ("record", "practice/the-letter", "--duet", "--yes", *lab, "--home", tmp_path / "home")
    assert "not for two" in perfstudio(*alone).refused()
    nameless = perfstudio("record", "--home", tmp_path / "home")
    assert (nameless.code, "name a scene" in nameless.err) == (2, True), nameless
    unasked = perfstudio(*alone[:3], *alone[4:])
    assert (unasked.code, "Say so with --yes" in unasked.err) == (1, True), unasked


@pytest.mark.realtime
def test_two_friends_need_no_studio(perfstudio: Type, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    asked = ("--yes", "--adult", "--seconds", "1")
    with begun("duet", "--offer", letter, *asked, "--home", tmp_path / "ana") as ana:
        until(letter.exists)
        bo = perfstudio("duet", "--answer", letter, *asked, "--home", tmp_path / "bo")
        assert ana.stdout is not None
        said = ana.stdout.read()
        assert ana.wait(60) == 0, said
    assert bo.code == 0, bo
    assert "Send “letter” to your partner" in said
    assert letter.read_text().strip() in said.splitlines()
    assert "Send “letter.answer” back" in bo.out
    assert set(re.findall(r"to each other: ([a-z ]+)\.", said + bo.out)) != set()
    twice = perfstudio("duet", "0000-0000-0000", "--answer", letter, *asked, "--home", tmp_path / "bo")
    assert (twice.code, "leave it out" in twice.err) == (2, True), twice
    there = perfstudio("duet", "--offer", letter, *asked, "--home", tmp_path / "ana")
    assert (there.code, "letter" in there.err) == (1, True), there


def test_nothing_is_tried_before_it_was_said_that_addresses_are_seen(
    perfstudio: Type, lab: tuple[str, ...], tmp_path: Path
) -> None:
    home = ("--home", tmp_path / "home")
    asked = perfstudio("duet", *lab, *home, "--json")
    assert (asked.code, asked.json) == (1, {"tried": False})
    assert "shows your internet address to your partner" in asked.err
    assert "--yes" in asked.err
    young = perfstudio("duet", "--yes", *lab, *home)
    assert (young.code, "18 or older: add `--adult`" in young.err) == (1, True), young
    unknown = perfstudio("duet", "0000-0000-0000", "--yes", "--adult", *lab, *home)
    assert (unknown.code, "not known there" in unknown.err) == (1, True), unknown
    assert "not known there" in perfstudio("duet", "what?", "--yes", *lab, *home).refused()
    for wrong in ("stun.example.org", "stun.example.org:0", ":3478", "a b:3478", "http://x/:3478"):
        refused = perfstudio("duet", "--stun", wrong, "--yes", *lab, *home)
        assert (refused.code, "a server and its port" in refused.err) == (2, True), refused
    hidden = perfstudio("duet", "--relay-only", *lab, *home)
    assert (hidden.code, "names no relay" in hidden.err) == (1, True), hidden
    assert "does not see your internet address" in hidden.out
