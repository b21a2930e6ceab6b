"""Every answer of a calibration is a sentence: offsets both ways, doubts, and each reason for none."""

from __future__ import annotations

import pytest

from perfstudio.model.calibration import Measurement, Method, Refusal, Unsure
from perfstudio.texts import calibration as words


def found(offset_ms: float, **more: object) -> Measurement:
    facts = {"offset_ms": offset_ms, "sure_ms": 2.4, "spread_ms": 3.0, "count": 9, "method": "clap"}
    return Measurement.model_validate(facts | {"source_sure_ms": 0.0} | more)


def test_an_answer_says_which_way_and_how_sure() -> None:
    assert words.result(found(42.3)) == "Sound is 42 ms late; accurate to 3 ms, by 9 claps."
    assert words.result(found(-18.0)).startswith("Sound is 18 ms early; ")
    assert words.result(found(0.4)).startswith("Sound and picture are in sync; ")


def test_a_players_unknown_delay_is_told() -> None:
    assert "player's own delay" in words.result(found(42.0, method="pattern", source_sure_ms=None))
    assert "player" not in words.result(found(42.0, method="pattern", source_sure_ms=1.0))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("why", list(Unsure))
def test_every_refusal_has_its_words(why: Unsure, method: Method) -> None:
    text = words.refusal(Refusal(why, heard=7, paired=4, sure_ms=8.2), method)
    assert text.endswith(".")
    assert "{" not in text
    assert "0 c" not in words.refusal(Refusal(Unsure.NOTHING_HEARD), method)
