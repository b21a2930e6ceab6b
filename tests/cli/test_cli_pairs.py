"""`receive pairs` says what is open to both sides of a scene; `deliver` tells each performer of the other's."""

from __future__ import annotations

from pathlib import Path

from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.tokens import Tokens
from receiver.pair_guests import Studio
from rigs.duet_homes import PAY_WORDS, two_homes
from rigs.pair_takes import KEEP, STUDY, pack, play, two_sides
from rigs.take_bundles import STUDIO, TOKEN
from rigs.verbs import Type


def test_a_studio_reads_what_is_open_to_both(perfstudio: Type, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    tokens = Tokens(ReceiverLayout(inbox))
    with Receiver(inbox, settings=ReceiverSettings(studio_id=STUDIO)) as running:
        nothing = perfstudio("receive", "pairs", "--folder", inbox)
        assert (nothing.code, nothing.out) == (0, "No take held here is one side of a scene for two.\n")
        studio = Studio(running, inbox, tokens)
        first, answer = two_sides(tmp_path / "takes", granted={KEEP, STUDY})
        other = play(tmp_path / "takes", "b", against=first, of=pack("1.1", "A kitchen at noon."))
        ana, bo, cai = (studio.guest(side, name) for side, name in ((first, "A"), (answer, "B"), (other, "C")))
        for guest in (bo, ana, cai):
            guest.delivers()
        said = perfstudio("receive", "pairs", bo.take_id[:24], "--folder", inbox)
        assert said.code == 0, said
        head, *lines = said.out.splitlines()
        assert (ana.take_id in head, bo.take_id in head, cai.take_id in head) == (True, True, False)
        assert lines[0].startswith(
            "  Open to both: “Keep this take and let named reviewers watch it”, for Small Lab, in"
        )
        assert lines[2] == f"  Closed: “Train software that can perform” (not allowed in {bo.take_id})"
        ids = perfstudio("receive", "pairs", "--folder", inbox, "--json").json["pairs"]
        assert [pair["state"] for pair in ids] == ["unfit", "open"], "the one that changed last first"
        assert "two versions of the pack" in perfstudio("receive", "pairs", cai.take_id, "--folder", inbox).out
        noted = perfstudio("receive", "exports", "add", "set", ana.take_id, bo.take_id, "--folder", inbox)
        assert (noted.code, noted.err) == (0, ""), noted
        noted = perfstudio("receive", "exports", "add", "set", cai.take_id, "--folder", inbox, "--json")
        assert (noted.code, [pair["state"] for pair in noted.json["not_together"]]) == (0, ["unfit"]), noted
        again = perfstudio("receive", "exports", "add", "set", cai.take_id, "--folder", inbox)
        assert "they allow nothing for both together" in again.err
        bo.takes_back()
        said = perfstudio("receive", "pairs", "--folder", inbox)
        assert f"Take {bo.take_id} was taken back" in said.out
        assert "No take" in perfstudio("receive", "pairs", bo.take_id, "--folder", inbox).refused()


def test_a_performer_hears_of_the_other_side_with_a_delivery(perfstudio: Type, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    with two_homes(tmp_path) as (ana, bo, running):
        for player in (ana, bo):
            player.sends()
        home = ("--home", tmp_path / "bo")
        deliver = ("deliver", "--studio", f"{running.url}/studio.json", "--token-file", token, *home)
        heard = perfstudio(*deliver)
        assert heard.code == 0, heard
        assert "“The letter”, take 1: Small Lab has your partner's take too. For the two together" in heard.out
        assert "partner" not in perfstudio(*deliver).out, "told once"
        ana.takes_back()
        (told,) = perfstudio(*deliver, "--json").json["pairs"]
        assert (told["state"], told["partner_take_id"]) == ("closed", ana.take_id)
        shown = perfstudio("takes", "show", bo.take_id, *home)
        assert "Your partner took their take back on" in shown.out
        assert PAY_WORDS in shown.out
        assert perfstudio("takes", "show", bo.take_id, *home, "--json").json["pairs"] == [told]
        given = perfstudio("consent", "given", *home)
        assert "the partner took theirs back" in given.out
        assert PAY_WORDS in perfstudio("ledger", *home).out


def test_whoever_holds_both_folders_verifies_the_pair(perfstudio: Type, tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    said = perfstudio("verify", first.folder, "--pair", answer.folder)
    assert (said.code, said.out.count(" is intact: 2 files"), "are a pair." in said.out) == (0, 2, True), said
    assert said.out.count("  Open to both: ") == 3
    document = perfstudio("verify", answer.folder, "--pair", first.folder, "--json").json["pair"]["document"]
    assert (document["format"], document["state"]) == ("perfstudio-pair/1", "open")
    (answer.folder / "take.mp4").write_bytes(b"another")
    broken = perfstudio("verify", first.folder, "--pair", answer.folder, "--json")
    assert (broken.code, broken.json["pair"]["document"]["state"]) == (1, "closed")
    told = perfstudio("verify", first.folder, "--pair", answer.folder).err
    assert told.startswith(f"{answer.take_id}: "), "which of the two it is"
    away = tmp_path / "away"
    for words in ((first.folder, "--pair", away), (away, "--pair", first.folder), (away,)):
        assert f"There is no folder “{away}”" in perfstudio("verify", *words).refused()
    later = play(tmp_path, "b", against=first, of=pack("1.1", "A kitchen at noon."))
    none = perfstudio("verify", first.folder, "--pair", later.folder, "--json")
    assert (none.code, none.json["pair"]["document"]) == (1, None)
    assert "a take names itself" in perfstudio("verify", first.folder, "--pair", first.folder).err
