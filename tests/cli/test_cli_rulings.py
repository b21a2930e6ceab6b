"""A studio accepts and rejects by verb; the performer hears of it with the next delivery, and consent stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli_deliver import ready, receive, signed_home, token_file

from rigs.typed_receiver import TypedReceiver
from rigs.verbs import Answer, Type

__all__ = ["ready", "receive", "signed_home", "token_file"]
REASON = "The door slams over the last line"


def test_from_a_rejection_to_the_scene_that_is_to_do_again(  # noqa: PLR0917
    perfstudio: Type,
    ready: str,
    home: Path,
    tmp_path: Path,
    passphrase: dict[str, str],
    token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:
    take_id, lab, inbox = ready, receive("--studio-id", "practice", "--name", "Lab"), tmp_path / "inbox"

    def rule(*words: str) -> Answer:
        return perfstudio("receive", *words, "--folder", inbox)

    assert rule("accept", take_id).refused().startswith("No take"), "nothing has come yet"
    deliver = ("deliver", "--studio", f"{lab.url}/studio.json", "--token-file", token_file)
    first = perfstudio(*deliver, "--json", **passphrase)
    assert (first.code, first.json["decided"]) == (0, []), first
    assert rule("reject", take_id).code == 2, "a rejection has a reason"
    assert "after the end" in rule("reject", take_id, "--reason", REASON, "--at", "99").refused()
    said = rule("reject", take_id[:14], "--reason", f" {REASON}\n", "--at", "0.5")
    assert (said.code, take_id in said.out, "next time they connect" in said.out) == (0, True, True), said
    again = perfstudio(*deliver, **passphrase)
    assert again.code == 0, again
    for words in (
        "“The letter”, take 1",
        "asked for this scene again on",
        "for this scene again",
        f"At 0:00: “{REASON}”",
        "stands until",
    ):
        assert words in again.out, again.out
    assert REASON not in perfstudio(*deliver, **passphrase).out, "told once"
    shown = perfstudio("takes", "show", take_id)
    assert "to redo" in shown.out
    assert "Lab asked for this scene again on" in shown.out, "the receiver's name, as the news had it"
    assert REASON in shown.out
    document = perfstudio("takes", "show", take_id, "--json").json
    assert (document["state"], document["ruling"]["word"], document["ruling"]["at_s"]) == ("delivered", "rejected", 0.5)
    uses = perfstudio("consent", "show", take_id, "--json").json["uses"]
    assert [use["id"] for use in uses if use["granted"]] == ["store_review"], "consent stays"
    ledger = perfstudio("ledger")
    assert (ledger.code, "1 to redo" in ledger.out, f"at 0:00: “{REASON}”" in ledger.out) == (0, True, True), ledger
    checked = perfstudio("verify", home / "takes" / take_id)
    assert checked.code == 0, checked
    assert rule("accept", take_id).code == 0
    (decided,) = perfstudio(*deliver, "--json", **passphrase).json["decided"]
    assert (decided["word"], decided["number"]) == ("accepted", 2)
    assert "accepted" in perfstudio("takes", "list").out
    table = tmp_path / "ledger.csv"
    (studio,) = perfstudio("ledger", "--csv", table, "--json").json["studios"]
    assert (studio["states"], studio["takes"][0]["ruling"]["number"]) == ({"accepted": 1}, 2)
    assert table.read_text("utf-8-sig").splitlines()[1].split(",")[5:11:5] == [take_id, "accepted"]
    assert "in the way" in perfstudio("ledger", "--csv", table).refused(), "never over what is there"


@pytest.mark.parametrize("what", ["zz", "0" * 26, "../inbox", ""])
def test_takes_that_are_not_there(what: str, perfstudio: Type, tmp_path: Path) -> None:
    for word in (("accept",), ("reject", "--reason", "x")):
        said = perfstudio("receive", *word, what, "--folder", tmp_path / "in").refused()
        assert "No receiver has run in" in said, "and the folder is none of a receiver"
