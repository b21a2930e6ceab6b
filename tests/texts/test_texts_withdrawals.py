"""Who was told that consent was taken back, in calm sentences; and why an address is not sent to."""

from __future__ import annotations

import pytest
from texts_manners import assert_calm

from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.texts.errors import sentence_for
from perfstudio.texts.withdrawals import confirmed, held_by, open_still


@pytest.mark.parametrize("code", [c for c in ErrorCode if c.value.startswith(("receiver", "token", "studio"))])
def test_what_is_open_names_who_why_and_when(code: ErrorCode) -> None:
    text = open_still("North Lab", "“Her own door”, take 2,", DeliveryError(code, address="https://lab.example"))
    assert_calm(text)
    assert all(part in text for part in ("North Lab", "Her own door", "next delivery"))
    assert confirmed("North Lab").startswith("North Lab has confirmed")


def test_what_held_a_take_is_named_harmlessly() -> None:
    assert "\x1b" not in held_by(["set \x1b[31m1", "set 2"])
    assert held_by(["set 1"]).startswith("It was in set 1")


@pytest.mark.parametrize("why", ["", "self_signed", "unknown_authority", "expired", "not_yet_valid", "other_name"])
def test_a_certificate_that_is_not_trusted_is_named_as_the_cause(why: str) -> None:
    facts = {"address": "https://lab.example", "detail": "certificate", "why": why}
    text = sentence_for(ErrorCode.RECEIVER_UNSAFE, facts)
    assert_calm(text)
    assert "certificate" in text
    assert "https://lab.example" in text
    assert "needs https" not in text


@pytest.mark.parametrize("detail", ["tls", "tls_here", "private_address", "two_places", "elsewhere", "something_new"])
@pytest.mark.parametrize("elsewhere", ["http://tus-backend:8080", None])
def test_every_other_reason_is_named_too(detail: str, elsewhere: str | None) -> None:
    facts = {"address": "https://lab.example", "detail": detail} | ({"elsewhere": elsewhere} if elsewhere else {})
    text = sentence_for(ErrorCode.RECEIVER_UNSAFE, facts)
    assert_calm(text)
    assert "lab.example" in text
    assert "needs https" not in text
    assert elsewhere is None or detail not in ("two_places", "elsewhere") or elsewhere in text


def test_clear_text_behind_https_is_named() -> None:
    facts = {"address": "https://lab.example", "detail": "tls", "why": "clear_text"}
    assert "without encryption" in sentence_for(ErrorCode.RECEIVER_UNSAFE, facts)
