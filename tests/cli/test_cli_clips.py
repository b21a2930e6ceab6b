"""Two performers in two homes build one scene by exchanging two files, as they type it; and each file that is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfstudio.model.clip import ClipDocument
from perfstudio.session.clips.clip_file import read_clip
from rigs.partner import add_ears
from rigs.pulse import PulseServer
from rigs.typed_receiver import TypedReceiver
from rigs.verb_server import VerbServer
from rigs.verbs import Answer, Type, secret, typist

TOKEN = "a-token-for-this-test-only"
SCENE = "two-chairs/handover"
AGREED = "--yes-cannot-be-fetched-back"


class Player:
    """One performer at a computer of their own."""

    def __init__(self, folder: Path, server: VerbServer | None, seed: int) -> None:
        folder.mkdir()
        self.home, self._voice = folder / "home", f"practice?seed={seed}"
        self._type, self._secret = typist(self.home, server), secret(folder)

    def types(self, *words: str | Path, **env: str) -> Answer:
        """One verb."""
        return self._type(*words, **env)

    def does(self, *words: str | Path, **env: str) -> Any:
        """One verb that works, and its document."""
        answer = self._type(*words, "--json", **env)
        assert answer.code in (0, 3), answer
        return answer.json

    def plays(self, *words: str | Path, seconds: float = 2.0, **env: str) -> str:
        """A kept take."""
        made = self.does(
            "record", SCENE, "--camera", "none", "--microphone", self._voice, "--seconds", str(seconds), *words, **env
        )
        self.does("takes", "keep", made["take_id"])
        return str(made["take_id"])

    def clips(self, take_id: str, file: Path, *words: str) -> ClipDocument:
        """A clip of it."""
        self.does("takes", "clip", take_id, file, AGREED, *words)
        return read_clip(file)

    def delivers(self, take_id: str, studio: TypedReceiver, token: Path) -> None:
        """Labelled, signed, sent."""
        self.does("takes", "label", take_id, "--meant", "anger")
        uses = ("--adult", "--uses", "store_review", "--name", "Ada Example", "--others", "nobody")
        assert self.types("consent", "sign", take_id, *uses, **self._secret).code == 0
        there = ("--studio", f"{studio.url}/studio.json", "--token-file", token)
        assert self.types("deliver", *there, **self._secret).code == 0


@pytest.fixture
def players(tmp_path: Path, verb_server: VerbServer | None) -> tuple[Player, Player]:
    return Player(tmp_path / "ana", verb_server, 3), Player(tmp_path / "bo", verb_server, 8)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tuple[TypedReceiver, Path]]:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    receiver = TypedReceiver(tmp_path / "inbox", "--token-file", token, "--studio-id", "practice", "--name", "Lab")
    yield receiver, token
    receiver.end()


@pytest.mark.realtime
def test_two_homes_build_one_scene_by_exchanging_two_files(
    players: tuple[Player, Player], studio: tuple[TypedReceiver, Path], tmp_path: Path, perfstudio: Type
) -> None:
    ana, bo = players
    asked = ana.plays("--role", "a")
    there = ana.clips(asked, tmp_path / "for-bo.perfclip", "--called", "Ana")
    assert (there.called, there.take_id, there.picture) == ("Ana", asked, None)
    with PulseServer() as server, server.chosen():
        ears = add_ears(server)
        heard = ("--partner", tmp_path / "for-bo.perfclip", "--headphones", ears, "--microphone", f"{ears}.monitor")
        answered = bo.plays(*heard, seconds=3.5, **server.environ)
    partner = bo.does("takes", "show", answered)["manifest"]["partner"]
    assert partner["sha256"] == there.sound.sha256
    assert partner["role"] == "a"
    assert [partner[name] for name in ("take_id", "seal_sha256", "performer_id", "take_sample")] == [
        there.take_id, there.seal_sha256, there.performer_id, there.first_sample,
    ]  # fmt: skip
    listed = bo.types("clips", "list").out
    assert listed.startswith(f"{there.clip_id[:8]}: Ana as ")
    assert "1 take of yours was made to it." in listed
    said = bo.types("clips", "delete", there.clip_id[:8])
    assert (said.code, "They stay as they are and keep its hash" in said.out, "--yes" in said.err) == (1, True, True)
    assert bo.does("clips", "delete", there.clip_id[:8], "--yes")["takes"] == [answered]
    assert bo.does("clips", "list")["here"] == []
    assert "begins with “Ana”" in bo.types("clips", "delete", "Ana", "--yes").refused()
    assert bo.does("takes", "show", answered)["manifest"]["partner"] == partner
    back = bo.clips(answered, tmp_path / "for-ana.perfclip")
    assert back.role is not None
    assert (back.role.id, back.called) == ("b", None)
    assert back.performer_id != there.performer_id
    receiver, token = studio
    ana.delivers(asked, receiver, token)
    bo.delivers(answered, receiver, token)
    folders = [tmp_path / "inbox" / take_id for take_id in (asked, answered)]
    verified = perfstudio("verify", folders[0], "--pair", folders[1], "--json")
    assert abs(verified.json["pair"]["sound_late_s"]) < 0.2, "the sound lies where the clip begins in its take"
    (pair,) = perfstudio("receive", "pairs", "--folder", tmp_path / "inbox", "--json").json["pairs"]
    assert (pair["state"], pair["problems"], pair["alignment"]["take_sample"]) == ("open", [], there.first_sample)
    assert {side["take_id"] for side in pair["sides"]} == {asked, answered}


def test_nothing_goes_out_before_its_performer_agreed(players: tuple[Player, Player], tmp_path: Path) -> None:
    ana, _ = players
    take_id = ana.plays("--role", "a", seconds=1.0)
    file = tmp_path / "for-bo.perfclip"
    asked = ana.types("takes", "clip", take_id, file)
    assert (asked.code, file.exists()) == (1, False), asked
    assert "cannot be fetched back: whoever has it can copy it" in asked.out
    assert "I give my voice in this clip to my partner in “Handover”" in asked.out
    assert "--yes-cannot-be-fetched-back" in asked.err
    assert ana.does("takes", "show", take_id)["clips"] == []
    assert "sound only" in ana.types("takes", "clip", take_id, file, "--picture", AGREED).refused()
    assert "name is too long" in ana.types("takes", "clip", take_id, file, "--called", "x" * 300, AGREED).refused()
    made = ana.types("takes", "clip", take_id, file, AGREED, "--days", "7")
    assert (made.code, made.out.count("for-bo.perfclip")) == (0, 1), made
    assert "there is a file" in ana.types("takes", "clip", take_id, file, AGREED).refused().lower()
    (given,) = ana.does("takes", "show", take_id)["clips"]
    assert given["agreed"]["text"] in made.out, "word for word"
    assert "A clip went out on" in ana.types("takes", "show", take_id).out
    other = ana.plays("--role", "a", seconds=1.0)
    ana.does("takes", "bin", other)
    assert "Nothing was changed" in ana.types("takes", "clip", other, tmp_path / "b", AGREED).refused()


def test_what_is_no_clip_for_this_scene_is_refused_before_anything_rolls(
    players: tuple[Player, Player], tmp_path: Path
) -> None:
    ana, bo = players
    ana.clips(ana.plays("--role", "a", seconds=1.0), tmp_path / "ana.perfclip")
    good = tmp_path / "ana.perfclip"
    half, later = tmp_path / "half.perfclip", tmp_path / "later.perfclip"
    half.write_bytes(good.read_bytes()[:2000])
    later.write_bytes(good.read_bytes().replace(b"perfstudio-clip/1", b"perfstudio-clip/2"))
    pair = ("--camera", "none", "--microphone", "practice", "--seconds", "1", "--headphones", "pulse:ears")

    def refused(scene: str, file: Path, *words: str) -> str:
        said = bo.types("record", scene, *pair, "--partner", file, *words)
        assert said.code == 1, said
        return said.err

    assert "its end is missing" in refused(SCENE, half, "--role", "b")
    assert "damaged" in refused(SCENE, later, "--role", "b"), "its bytes are not the ones that were written"
    assert "“ana.perfclip” plays your own part" in refused(SCENE, good, "--role", "a"), "as it was named"
    assert "“ana.perfclip” is of another scene: “Handover”" in refused("two-chairs/three-words", good, "--role", "b")
    assert "cannot be read" in refused(SCENE, tmp_path / "away.perfclip", "--role", "b")
    assert "--partner, or open it in" in bo.types("check", good).refused(), "what one can do with a clip"
    assert bo.does("takes", "list") == []
    assert bo.does("clips", "list")["here"] == [], "what is not played to is not kept"
