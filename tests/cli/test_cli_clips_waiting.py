"""A clip waits at the studio for one partner, as two performers and a studio type it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from test_cli_clips import Player

from rigs.partner import add_ears
from rigs.pulse import PulseServer
from rigs.typed_receiver import TypedReceiver
from rigs.verb_server import VerbServer
from rigs.verbs import Type


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def players(
    tmp_path: Path, inbox: Path, perfstudio: Type, verb_server: VerbServer | None
) -> Iterator[tuple[Player, Player, TypedReceiver]]:
    """Both are known to the studio by a token of their own."""
    both = Player(tmp_path / "ana", verb_server, 3), Player(tmp_path / "bo", verb_server, 8)
    for name in ("ana", "bo"):
        token = perfstudio("receive", "tokens", "add", name, "--folder", inbox, "--json").json["token"]
        (tmp_path / name / "token").write_text(token)
    receiver = TypedReceiver(inbox, "--studio-id", "practice", "--name", "Lab")
    for player in both:
        assert player.types("deliver", "--studio", f"{receiver.url}/studio.json", *token_of(player)).code == 0
    yield *both, receiver
    receiver.end()


def token_of(player: Player) -> tuple[str, Path]:
    return "--token-file", player.home.parent / "token"


def asks(player: Player) -> Any:
    return player.does("clips", "ask", *token_of(player))


@pytest.mark.realtime
def test_a_clip_waits_is_played_to_and_taken_back(
    players: tuple[Player, Player, TypedReceiver], inbox: Path, perfstudio: Type
) -> None:
    ana, bo, _ = players
    take_id = ana.plays("--role", "a")
    nobody = ana.types("clips", "leave", take_id, *token_of(ana), **ana._secret)
    assert (nobody.code, "--yes-may-wait" in nobody.err) == (1, True), nobody
    assert "I let my voice in this clip wait at Lab for the one partner" in nobody.out
    assert "it is deleted at the studio at once" in nobody.out
    left = ana.does("clips", "leave", take_id, "--yes-may-wait", "--called", "Ana", *token_of(ana), **ana._secret)
    clip_id = left["clip"]["left"]["clip"]["clip_id"]
    assert "Nobody may fetch it yet" in perfstudio("receive", "clips", "--folder", inbox).out
    assert asks(bo)["came"] == []
    refused = perfstudio("receive", "clips", clip_id[:8], "--to", "ana", "--folder", inbox)
    assert "not one performer's own, or is its own performer's" in refused.refused()
    assert (
        "No token has this name" in perfstudio("receive", "clips", clip_id, "--to", "cy", "--folder", inbox).refused()
    )
    assert "It waits for bo" in perfstudio("receive", "clips", clip_id[:8], "--to", "bo", "--folder", inbox).out
    heard = bo.types("deliver", *token_of(bo))
    assert "The clip of Ana as" in heard.out, heard
    with PulseServer() as server, server.chosen():
        ears = add_ears(server)
        there = ("--role", "b", "--headphones", ears, "--microphone", f"{ears}.monitor")
        answered = bo.plays(*there, seconds=3.0, **server.environ)
    partner = bo.does("takes", "show", answered)["manifest"]["partner"]
    assert partner["take_id"] == take_id
    assert "fetched it on" in ana.types("clips", "ask", *token_of(ana)).out
    back = ana.types("clips", "take-back", clip_id[:8], *token_of(ana))
    assert "is deleted at Lab" in back.out, back
    assert "1 copy is not yet said to be deleted" in perfstudio("receive", "clips", "--folder", inbox).out
    gone = bo.types("clips", "ask", *token_of(bo))
    assert "was taken back, and is deleted here" in gone.out, gone
    assert bo.does("clips", "list")["here"] == []
    assert bo.does("takes", "show", answered)["manifest"]["partner"] == partner, "the take stays as it is"
    assert "copy was deleted on" in ana.types("clips", "ask", *token_of(ana)).out
    assert "No clip that waits" in ana.types("clips", "take-back", "zzz").refused()


def test_what_a_studio_that_is_away_has_not_heard_yet_is_said(players: tuple[Player, Player, TypedReceiver]) -> None:
    ana, _, receiver = players
    take_id = ana.plays("--role", "a", seconds=1.0)
    receiver.end()
    left = ana.types("clips", "leave", take_id, "--yes-may-wait", *token_of(ana), **ana._secret)
    assert (left.code, "cannot be reached" in left.err) == (1, True), left
    (paper,) = ana.does("clips", "list")["at_studios"]
    clip_id = paper["left"]["clip"]["clip_id"][:8]
    assert f"Clip {clip_id} of “Handover” is on its way to Lab." in left.out, "it goes at the next contact"
    back = ana.types("clips", "take-back", clip_id, *token_of(ana))
    assert (back.code, "cannot be reached" in back.err) == (1, True), back
    assert f"Clip {clip_id} of “Handover” is taken back; Lab has still to hear of it." in back.out
