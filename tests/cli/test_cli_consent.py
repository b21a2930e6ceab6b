"""`consent sign` and `show`: everything is read before it is signed, and every state of the key has true words."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from consent_desk import SECRET, TAKE, Desk, Types, recorded

from perfstudio.model.clock import utc_now
from perfstudio.model.labels import Labels
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from rigs.asking_pack import example_pack

# what is signed is read first

WORDS = (
    "Two named reviewers watch the take and rate it.",
    "stored, watched by reviewers and published",
    "2 years",
    "EU and Norway",
    "Anyone whom North Lab names",
    "those who receive it may also let others use it",
    "software alone may decide about you",
    "Servers in Leeds",
    "Deleted within 30 days.",
    "Nobody can study what nobody may keep.",
    "Audio drama and Trailers",
    "they need not ask you again",
    "Every script",
    "you may allow it to nobody else",
    "During a strike of your union",
    "may stay",
    "A vault that two people open together",
    "$74 an hour while rolling and labelling",
    "once for this use",
    "North Lab Ltd, 1 Example Street, Leeds",
    "takes@north-lab.example",
    "The full terms, in plain words.",
)


def test_sign_shows_everything_before_it_signs_and_in_the_receipt(desk: Desk, passphrase_file: Path) -> None:
    code, out, _ = desk.sign("store_review,replica_voice", "Ines Example", "--advised-by", "union")
    assert code == 0
    before, _, receipt = out.partition("Consent of Ines Example to North Lab")
    for part in (before, " ".join(receipt.split())):
        for words in WORDS:
            assert words in part
    assert "Advised by: a union" in receipt
    assert "uses named and name typed in a terminal" in " ".join(receipt.split()), "no box was ticked"


def test_what_is_not_signed_was_shown_all_the_same(desk: Desk) -> None:
    code, out, _ = desk.sign()
    assert code == 1
    for words in WORDS:
        assert words in out


def test_show_says_the_same_before_and_the_receipt_after(desk: Desk, passphrase_file: Path) -> None:
    _, before, _ = desk.type("show", TAKE)
    desk.sign("store_review,replica_voice")
    _, after, _ = desk.type("show", TAKE)
    for words in WORDS:
        assert words in before
        assert words in " ".join(after.split())
    assert after.count("The full terms, in plain words.") == 1
    code, document, _ = desk.type("show", TAKE, "--json")
    assert code == 0
    for name in ("sublicense", "storage", "processing", "automated_decisions", "deletion_on_exit", "granted"):
        assert f'"{name}"' in document


def test_the_example_of_the_readme_contradicts_itself_nowhere(
    desk: Desk, passphrase_file: Path, tmp_path: Path
) -> None:
    desk.home = recorded(tmp_path / "example", example_pack())
    code, out, _ = desk.sign()
    assert code == 0
    assert "$74 an hour while rolling and labelling" in out
    assert "no pay" not in out
    assert "Pay: none" not in out


def test_stop_and_think_is_thought_over_line_by_line(desk: Desk, passphrase_file: Path) -> None:
    words = ("sign", TAKE, "--uses", "store_review,replica_voice", "--name", "Ines Example", "--adult")
    for thought in ((), ("--thought-over", "replica_voice,text"), ("--thought-over", "yes")):
        code, out, err = desk.type(*words, *thought)
        assert code == 1
        assert "add `--thought-over store_review`." in err
        assert out.index("Stop and think") > out.index("The full terms, in plain words."), "all is shown first"
        assert "SAG-AFTRA" in out, "and what it rests on"
        assert not desk.signed()
        assert not desk.key.exists()
    advised = ("--advised-by", "counsel", "--adviser", " Ada\tCounsel ")
    code, out, _ = desk.type(*words, "--thought-over", " text, store_review", *advised)
    assert code == 0
    receipt = out.partition("Consent of Ines Example to North Lab")[2]
    assert "What you were told before you signed" in receipt
    assert "Stop and think" in receipt
    assert "Advised by: a lawyer: Ada Counsel" in receipt
    code, document, _ = desk.type("show", TAKE, "--json")
    told = json.loads(document)["warnings"]
    assert {"rule", "grade", "use", "quote", "source"} <= set(told[0])
    assert {one["use"] for one in told if one["grade"] == "stop"} == {"store_review"}


def test_age_is_stated_once_before_the_first_signature(desk: Desk, passphrase_file: Path) -> None:
    words = ("sign", "the-letter/1", "--uses", "store_review", "--name", "Ines")
    code, _, err = desk.type(*words)
    assert code == 1
    assert "First say that you are 18 or older: add `--adult`." in err
    assert not desk.signed()
    assert not desk.key.exists()
    code, out, _ = desk.type(*words, "--adult")
    assert code == 0
    assert "Age: 18 or older, as you stated" in out
    code, out, _ = desk.sign_again()
    assert code == 0, "it is asked for once"
    assert "Age: 18 or older, as you stated" in out


def test_a_clock_in_doubt_signs_nothing_until_it_is_said_to_be_right(desk: Desk, passphrase_file: Path) -> None:
    ahead = utc_now() + timedelta(days=400)
    known = desk.home / "known-time.json"
    known.write_text(json.dumps({"format": "perfstudio-known-time/1", "highest": ahead.isoformat(), "by": "north-lab"}))
    code, _, err = desk.sign()
    assert code == 1
    assert "but it should be about" in err
    assert "by the clock of north-lab" in err
    assert "add `--clock-is-right`" in err
    assert not desk.signed()
    code, _, _ = desk.sign("store_review", "Ines Example", "--clock-is-right")
    assert code == 0
    assert datetime.fromisoformat(json.loads(known.read_text())["highest"]) < ahead


def test_what_is_fair_asks_for_no_second_thought(desk: Desk, passphrase_file: Path) -> None:
    code, out, _ = desk.type("sign", "the-letter/1", "--uses", "store_review", "--name", "Ines", "--adult")
    assert code == 0
    assert "Stop and think" not in out
    assert "You were told" not in out
    code, document, _ = desk.type("show", "the-letter/1", "--json")
    assert json.loads(document)["changed"] is None


# what a take still needs


def test_after_signing_the_next_step_is_named(desk: Desk, passphrase_file: Path) -> None:
    words = ("--uses", "store_review", "--name", "Ines", "--adult")
    _, out, _ = desk.type("sign", "the-letter/1", *words)
    assert "needs a label: `perfstudio takes label" in out
    desk.type("withdraw", "the-letter/1")
    with Home(AppPaths(desk.home)) as home:
        home.takes.label(home.takes.find("the-letter/1"), Labels(meant=("joy",)))
    _, out, _ = desk.type("sign", "the-letter/1", *words)
    assert out.rstrip().endswith("The next `perfstudio deliver` sends it.")
    _, out, _ = desk.sign()
    assert "can go to a practice receiver" in out, "a practice device made it for a real studio"


def test_signing_twice_says_that_it_stands_and_asks_for_nothing(desk: Desk, passphrase_file: Path) -> None:
    desk.sign()
    passphrase_file.unlink()
    code, _, err = desk.sign()
    assert code == 1
    assert "signed already" in err
    assert "sign again" not in err


@pytest.mark.parametrize(
    ("uses", "name", "said"),
    [
        ("store_review", "  ", "name is missing"),
        ("replica_voice", "Ines", "needs your yes"),
        ("store_review,wings", "Ines", "wings"),
    ],
)
def test_what_cannot_be_signed_asks_for_no_passphrase_and_makes_no_key(
    desk: Desk, terminal: Types, uses: str, name: str, said: str
) -> None:
    asked = terminal(SECRET, SECRET)
    code, _, err = desk.sign(uses, name)
    assert (code, asked, desk.key.exists()) == (1, [], False)
    assert said in err


def test_the_name_of_who_advised_is_looked_at_before_the_key_is(desk: Desk, terminal: Types) -> None:
    asked = terminal(SECRET, SECRET)
    code, _, err = desk.sign("store_review", "Ines", "--advised-by", "union", "--adviser", "E" * 201)
    assert (code, asked, desk.key.exists()) == (1, [], False)
    assert "too long: 200 letters at most" in err


def test_settings_that_were_damaged_are_said_once_on_stderr(desk: Desk) -> None:
    (desk.home / "settings.json").write_bytes(b"{")
    _, _, err = desk.type("show", TAKE)
    assert "settings.unreadable.json" in err
    assert desk.type("show", TAKE)[2] == ""
