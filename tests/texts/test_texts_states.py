"""Every member of every enum that a person sees has words."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import pytest
from texts_manners import assert_calm

from perfstudio.model.checks import Verdict
from perfstudio.model.consent import UseId
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.prompt import Intensity, PromptKind, Status
from perfstudio.model.take import Decision, EndReason, TakeState
from perfstudio.model.timing import MarkerName
from perfstudio.texts import states

CHIPS: list[tuple[type[StrEnum], Callable[..., str]]] = [
    (TakeState, states.take_state),
    (DeliveryState, states.delivery_state),
    (Decision, states.decision),
    (Verdict, states.verdict),
    (Intensity, states.intensity),
    (Status, states.status),
    (PromptKind, states.prompt_kind),
    (MarkerName, states.marker),
    (UseId, states.use_label),
]


@pytest.mark.parametrize(("kind", "label"), CHIPS)
def test_every_member_has_words_of_its_own(kind: type[StrEnum], label: Callable[..., str]) -> None:
    words = [label(member) for member in kind]
    assert len(set(words)) == len(words)
    for text in words:
        assert text
        assert text == text.strip(" .")
        assert "_" not in text


@pytest.mark.parametrize("reason", EndReason)
def test_every_ending_is_a_calm_sentence(reason: EndReason) -> None:
    assert_calm(states.end_reason(reason))
