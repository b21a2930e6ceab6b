"""What the terms say of pay when one of two takes back is signed, shown and kept; terms without it are as they were."""

from __future__ import annotations

from pathlib import Path

from perfstudio.consent.receipt import receipt_text
from perfstudio.consent.verify import verify_record
from perfstudio.consent.warnings import findings
from perfstudio.model.warning_rules import WarningRule
from rigs.pair_takes import pack, play

SAID = "You are paid in full, whatever your partner takes back."


def test_it_is_signed_word_for_word(tmp_path: Path) -> None:
    side = play(tmp_path, "a", of=pack(if_partner_takes_back=SAID))
    notice = side.record.notice
    assert notice.if_partner_takes_back == SAID
    assert notice.sha256 == pack(if_partner_takes_back=SAID).terms[0].digest()
    assert verify_record(side.record, side.manifest) == ()
    other = notice.model_copy(update={"if_partner_takes_back": "You are paid nothing."})
    assert verify_record(side.record.model_copy(update={"notice": other}), None) != ()
    assert f"Your pay if your partner takes theirs back: {SAID}" in " ".join(receipt_text(side.record).split())


def test_terms_that_do_not_say_it_have_no_place_for_it(tmp_path: Path) -> None:
    side = play(tmp_path, "a")
    assert "if_partner_takes_back" not in side.record.to_json()["notice"]
    assert "partner takes back" not in receipt_text(side.record)


def test_nothing_is_hidden_in_it() -> None:
    """It is read by the rules like the rest of the text."""
    clause = "We may use your recordings in perpetuity, for any purpose."
    found = findings(pack().uses, pack(if_partner_takes_back=clause).terms[0], pack().pay, language="en")
    plain = findings(pack().uses, pack().terms[0], pack().pay, language="en")
    assert WarningRule.PERPETUAL in {one.rule for one in found} - {one.rule for one in plain}
