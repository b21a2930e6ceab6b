"""`duet`, as two performers type it, each at home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.receiver.serve import Receiver, ReceiverSettings
from rigs.take_bundles import STUDIO, TOKEN
from rigs.verbs import Type

pytest.importorskip("aiortc", reason="not for this machine")
pytestmark = pytest.mark.usefixtures("verb_server")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """What names the studio and the token."""
    file = tmp_path / "token"
    file.write_text(TOKEN)
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as running:
        yield "--studio", f"{running.url}/studio.json", "--token-file", str(file)


@pytest.mark.realtime
def test_two_homes_meet_under_a_code_and_see_the_same_words(
    perfstudio: Type, lab: tuple[str, ...], tmp_path: Path
) -> None:
    typed = [sys.executable, "-m", "perfstudio", "duet", "--yes", "--seconds", "2", *lab, "--home", tmp_path / "ana"]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(typed, stdout=subprocess.PIPE, text=True, env=environment, encoding="utf-8") as ana:
        assert ana.stdout is not None
        code = next(found[1] for line in ana.stdout if (found := re.search(r": (\w{4}-\w{4}-\w{4})$", line.strip())))
        bo = perfstudio("duet", code.upper(), "--yes", "--seconds", "2", *lab, "--home", tmp_path / "bo", "--json")
        said = ana.stdout.read()
        assert ana.wait(60) == 0
    assert bo.code == 0, bo
    assert (bo.json["tried"], bo.json["pings"], bo.json["problem"], len(bo.json["words"])) == (True, 20, None, 4)
    assert 0 < bo.json["bound_s"] < 0.1
    assert f"to each other: {' '.join(bo.json['words'])}." in said
    assert "could be lined up to within" in said
    over = perfstudio("duet", code, "--yes", *lab, "--home", tmp_path / "bo")
    assert (over.code, "That meeting is over" in over.err) == (1, True), over


def test_nothing_is_tried_before_it_was_said_that_addresses_are_seen(
    perfstudio: Type, lab: tuple[str, ...], tmp_path: Path
) -> None:
    home = ("--home", tmp_path / "home")
    asked = perfstudio("duet", *lab, *home, "--json")
    assert (asked.code, asked.json) == (1, {"tried": False})
    assert "shows your internet address to your partner" in asked.err
    assert "--yes" in asked.err
    unknown = perfstudio("duet", "0000-0000-0000", "--yes", *lab, *home)
    assert (unknown.code, "not known there" in unknown.err) == (1, True), unknown
    assert "not known there" in perfstudio("duet", "what?", "--yes", *lab, *home).refused()
    for wrong in ("stun.example.org", "stun.example.org:0", ":3478", "a b:3478", "http://x/:3478"):
        refused = perfstudio("duet", "--stun", wrong, "--yes", *lab, *home)
        assert (refused.code, "a server and its port" in refused.err) == (2, True), refused
