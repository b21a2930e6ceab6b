"""`consent take-back`, `give` and `given`: a line, a take, a pack, a studio; and what was given to whom."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from consent_desk import Desk

from rigs.signing_home import MINE, SIGNED, signed_home

TAKE, OTHER, THIRD = MINE
STUDIO, PACK = "practice", "practice"


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], passphrase_file: Path) -> Desk:
    return Desk(signed_home(tmp_path / "home"), capsys)


def test_a_line_of_one_take(desk: Desk) -> None:
    code, out, _ = desk.type("take-back", TAKE, "--uses", "human_research")
    assert (code, desk.standing(TAKE)) == (0, ["machine_analysis", "store_review"])
    assert "The other lines stand as you signed them." in out
    code, out, _ = desk.type("take-back", TAKE, "--uses", "human_research")
    assert (code, out) == (0, "None of these lines was standing. Nothing was signed.\n")
    assert "is needed for the work" in desk.type("withdraw", TAKE, "--uses", "store_review")[1], "the name of 0.1.0"
    assert "is still missing" in desk.type("give", TAKE, "--uses", "human_research")[1]
    code, out, _ = desk.type("give", TAKE, "--uses", "store_review")
    assert (code, "for the full term from today" in out) == (0, True)
    assert desk.type("give", TAKE, "--uses", "store_review")[1] == "These lines already stand. Nothing was signed.\n"
    assert desk.standing(TAKE) == ["human_research", "machine_analysis", "store_review"]
    document = desk.read("take-back", TAKE)
    assert (document["withdrawn"], document["uses"], document["changed"]) == (True, [], True)


@pytest.mark.parametrize("where", [("--pack", PACK), ("--studio", STUDIO)], ids=["a pack", "a studio"])
def test_one_decision_about_many_takes(desk: Desk, where: tuple[str, str]) -> None:
    """Each record gets an act of its own; what was signed with a key that is lost is taken back all the same."""
    code, out, _ = desk.type("take-back", *where, "--uses", "human_research")
    assert (code, out) == (0, "Taken back for 4 takes.\n")
    for take_id in MINE:
        assert desk.standing(take_id) == ["machine_analysis", "store_review"]
    assert desk.standing(SIGNED) == ["store_review"]
    code, out, _ = desk.type("give", *where, "--uses", "publish_performance")
    assert (code, out) == (0, "None of these lines had been taken back. Nothing was signed.\n")
    code, out, err = desk.type("give", *where, "--uses", "human_research,store_review")
    assert (code, out) == (1, "Given again for 3 takes. Not changed: 1 take.\n")
    assert "“The letter”, take 1" in err
    assert "a different key" in err
    document = desk.read("take-back", *where)
    assert sorted(document["changed"]) == sorted((*MINE, SIGNED))
    assert desk.type("take-back", *where)[1] == "None of these lines was standing. Nothing was signed.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("take-back", "--studio", "nobody"), "“nobody”"),
        (("give", "--pack", PACK, "--uses", "replica_voice"), "stands apart"),
        (("give", "--studio", STUDIO, "--uses", "store_review,biometric_template"), "stands apart"),
        (("take-back", "--pack", PACK, "--uses", "wings"), "“wings”"),
        (("give", TAKE, "--uses", ","), "“,”"),
        (("take-back", "--pack", PACK, "--uses", "share_third_party"), "“Give it to others”"),
        (("give", TAKE, "--uses", "replica_voice"), "sounds like me”"),
        (("given", "--studio", "nobody"), "`perfstudio consent given`"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_signs_nothing(desk: Desk, words: tuple[str, ...], said: str) -> None:
    code, out, err = desk.type(*words)
    assert (code, out, len(err.strip().splitlines())) == (1, "", 1)
    assert said in err
    assert desk.standing(TAKE) == ["human_research", "machine_analysis", "store_review"]


def test_what_was_given_to_whom(desk: Desk) -> None:
    desk.type("take-back", TAKE, "--uses", "human_research")
    code, out, _ = desk.type("given")
    assert code == 0
    assert "Practice room (practice)" in out
    assert out.count("not delivered") == 4
    assert out.count("taken back:") == 1
    document = desk.read("given")
    ((pack,),) = [studio["packs"] for studio in document["studios"]]
    take = next(take for take in pack["takes"] if take["take_id"] == TAKE)
    lines = {line["use"]: line for line in take["lines"]}
    assert lines["human_research"]["standing"] == "taken_back"
    assert lines["human_research"]["taken_back"] > lines["human_research"]["since"]
    assert lines["store_review"]["until"] > lines["store_review"]["since"]
    assert lines["publish_performance"]["standing"] == "not_given"
    code, out, _ = desk.type("given", "--csv", "--pack", PACK)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, len(rows)) == (0, 20)
    (row,) = [row for row in rows if row["take_id"] == TAKE and row["use"] == "human_research"]
    assert (row["standing"], row["studio"], row["delivered"]) == ("taken_back", "Practice room", "")


def test_given_of_a_home_where_nothing_was_signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = Desk(tmp_path / "empty", capsys).type("given")
    assert code == 0
    assert "Nothing has been signed here yet." in out


def test_a_take_whose_consent_cannot_be_read_is_named_and_left_as_it_is(desk: Desk) -> None:
    (desk.home / "takes" / TAKE / "consent.json").write_text("{")
    code, out, err = desk.type("take-back", "--studio", STUDIO, "--uses", "human_research")
    assert (code, out) == (1, "Taken back for 3 takes.\n")
    assert "Its consent.json is not valid." in err
    code, out, err = desk.type("given", "--pack", PACK)
    assert (code, err) == (1, "")
    assert "until you restore consent.json" in out
