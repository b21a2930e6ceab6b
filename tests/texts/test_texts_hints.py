"""Live sentences: of now, without numbers that move, and never of playing something again."""

from __future__ import annotations

import pytest
from texts_manners import assert_calm

from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.timing import Span
from perfstudio.texts import hints


def finding(code: CheckCode, value: float) -> CheckResult:
    at = (Span(start_s=value, end_s=value + 1),)
    return CheckResult(code=code, verdict=Verdict.RETAKE, value=value, unit="s", times=at, facts={"edge": "top"})


@pytest.mark.parametrize("code", CheckCode)
def test_a_live_sentence_speaks_of_now_and_stands_still(code: CheckCode) -> None:
    said = hints.hint(finding(code, 2.1))
    assert_calm(said)
    assert "play it again" not in said
    assert said == hints.hint(finding(code, 7.4))
