"""Two homes build one scene: each sends its own side, hears when both are there, and when the other takes back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from perfstudio.library.folder import PAIRS
from perfstudio.model.clock import utc_now
from perfstudio.model.pair import PairProblem
from perfstudio.model.pair_document import PairsKept, PairState, PairTold
from perfstudio.session.given_document import document, table
from perfstudio.session.ledger import LedgerState, ledger_of
from perfstudio.session.ledger_document import document as ledger_document
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts import ledger as ledger_words
from perfstudio.texts import pair_news, rights
from perfstudio.texts.given import page_text, take_facts
from perfstudio.texts.pairs import PROBLEMS
from perfstudio.texts.template import one_line
from rigs.duet_homes import PAY_WORDS, SECRET, two_homes
from rigs.pair_takes import STUDY, TRAIN, pack

S = PairState
PAIR = "12345678-1234-1234-1234-123456789abc"


def flaws(file: Path) -> list[object]:
    """What `verify` finds wrong with a paper beside a take."""
    return [one.facts["problem"] for one in verify_bundle(file.parent).problems if one.facts["file"] == file.name]


def test_each_hears_of_the_other_and_pay_stands(tmp_path: Path) -> None:
    with two_homes(tmp_path) as (ana, bo, _running):
        bo.sends()
        (told,) = bo.hears().pairs
        assert (told.state, told.partner_take_id) == (S.WAITING, ana.take_id)
        assert pair_news.news("Small Lab", [told], ["The letter"]) == [], "who waits is told nothing new"
        ana.sends()
        (mine,), (theirs,) = ana.hears().pairs, bo.hears().pairs
        assert (mine.state, theirs.state) == (S.OPEN, S.OPEN)
        assert bo.hears().pairs == (), "told once"
        assert "with a partner's take: 3 lines" in take_facts(bo.given_take())
        bo.home.consents.withdraw(bo.take_id, frozenset({TRAIN}), passphrase=lambda: SECRET)
        assert "with a partner's take: 2 lines" in take_facts(bo.given_take()), "at once, whoever was told"
        assert bo.given_take().pairs == (theirs,), "what the studio signed stays as it is"
        bo.home.consents.give(bo.take_id, frozenset({TRAIN}), passphrase=lambda: SECRET)
        before = ledger_of(bo.given()).studios[0].sums
        ana.takes_back(STUDY)
        (told,) = bo.hears().pairs
        said = pair_news.said(told, "Small Lab", PAY_WORDS)
        assert "Your partner took back: “Let people study and annotate it”." in said
        assert f"What the terms then say about your pay: “{PAY_WORDS}”" in said
        assert pair_news.briefly([told]) == "with a partner's take: 2 lines"
        ana.takes_back()
        (told,) = bo.hears().pairs
        assert (told.state, told.partner_gone_at is not None) == (S.CLOSED, True)
        text = page_text(bo.given(), told.changed_at)
        assert "Your partner took their take back on" in text
        assert "What you allow for your own take stands." in text
        ledger = ledger_of(bo.given())
        assert (ledger.studios[0].sums, ledger.studios[0].lines[0].state) == (before, LedgerState.DELIVERED)
        whole = ledger_words.ledger_text(ledger, told.changed_at)
        assert f"What the terms then say about your pay: “{PAY_WORDS}”" in whole
        (plain,) = ledger_document(ledger, told.changed_at)["studios"][0]["takes"]
        assert (plain["pairs"], plain["if_partner_takes_back"]) == ([told.to_json()], PAY_WORDS)
        ((listed,),) = (p["takes"] for p in document(bo.given(), told.changed_at)["studios"][0]["packs"])
        assert listed["pairs"] == [told.to_json()]
        rows = list(csv.DictReader(io.StringIO(table(bo.given()))))
        assert {row["pairs"] for row in rows} == {f"closed:{ana.take_id}"}
        assert ana.given_take().pairs == (), "of a take that was taken back nothing is said of both"


def test_what_lies_beside_a_take_is_signed_kept_and_asked_for_again(tmp_path: Path) -> None:
    with two_homes(tmp_path, pack()) as (ana, bo, _running):
        for player in (ana, bo):
            player.sends()
        (told,) = bo.hears().pairs
        file = bo.home.library.folder(bo.take_id) / PAIRS
        assert flaws(file) == []
        assert "do not say what that means for your pay" in pair_news.pay(
            told.model_copy(update={"partner_gone_at": told.changed_at}), ""
        )
        good = file.read_bytes()
        forged = told.model_copy(update={"state": S.CLOSED})
        file.write_bytes(PairsKept(take_id=bo.take_id, pairs=(forged,)).canonical())
        assert flaws(file) == ["signature_broken"]
        file.write_bytes(PairsKept(take_id=ana.take_id, pairs=(told,)).canonical())
        assert flaws(file) == ["other_take"]
        file.write_bytes(b"{")
        (paper,) = bo.given().unread
        assert (paper.file, bo.given_take().pairs) == (PAIRS, ())
        assert len(bo.hears().pairs) == 1
        assert file.read_bytes() == good
        bo.home.library.bin(bo.take_id)
        assert bo.home.library.empty_bin().deleted == (bo.take_id,)
        assert bo.home.takes.title(bo.take_id) == "The letter", "it can still be told of"
        assert bo.home.library.pairs.of(bo.take_id) == (told,), "it stays with the papers of a deleted take"


def told_of(state: PairState, **more: Any) -> PairTold:
    plain = {"studio_id": "lab", "pair_id": PAIR, "kind": "recorded", "take_id": "a" * 26, "state": state}
    return PairTold.model_validate(plain | {"partner_take_id": "b" * 26, "changed_at": utc_now()} | more)


@pytest.mark.parametrize("many", [1, 5])
def test_many_partners_are_counted(many: int) -> None:
    said = pair_news.all_said([told_of(S.WAITING)] * many, "Small Lab", "")
    assert len(said) == min(many, 3) + (many > 3)
    assert said[0] == "Small Lab does not have your partner's take. Until it arrives, yours is used alone."
    assert said[-1] == (said[0] if many < 4 else "And 2 more who answered it.")


def test_what_is_new_is_said_in_few_words() -> None:
    gone = told_of(S.CLOSED, partner_gone_at=utc_now())
    unfit = told_of(S.UNFIT, problems=[PairProblem.SAME_ROLE])
    words = pair_news.news("Lab\n", [gone, gone, unfit, told_of(S.OPEN), told_of(S.WAITING)], [*"aabcd"])
    assert words == [
        "Your partner in “a” took theirs back. See “What I have given to whom” for what it means.",
        f"{one_line('Lab' + chr(10))} does not use “b” with your partner's take: both play the same role.",
        f"{one_line('Lab' + chr(10))} has your partner's take for 1 scene.",
    ]
    assert pair_news.briefly([]) == ""
    assert pair_news.briefly([unfit]) == "not used with the partner's take"
    assert set(PROBLEMS) == set(PairProblem), "each has its words"


def test_it_is_said_before_signing(tmp_path: Path) -> None:
    with two_homes(tmp_path) as (_ana, bo, _running):
        offer = bo.home.consents.offer(bo.take_id)
        assert offer.for_two
        told = dict(rights.for_two(offer.terms))
        assert told["Pay then"] == PAY_WORDS
        assert "ends for both when either of you takes it back" in told["With your partner"]
        assert dict(rights.for_two(pack().terms[0]))["Pay then"] == "The terms do not say."
