"""The stage's table: every state can be left, nothing can start two takes, everything recorded gets sealed."""

from __future__ import annotations

import itertools
import random

import pytest

from perfstudio.session.stage.state_machine import ACTIONS, RECORDING, TABLE, StageEffect, StageEvent, step
from perfstudio.session.views import StageAction, StageState


def test_every_state_has_a_row_and_actions() -> None:
    assert set(TABLE) == set(StageState)
    assert set(ACTIONS) == set(StageState)


def test_every_state_is_reached_and_can_be_left() -> None:
    reached = {StageState.CLOSED} | {after for row in TABLE.values() for after, _ in row.values()}
    assert reached == set(StageState)
    for state, row in TABLE.items():
        assert any(after is not state for after, _ in row.values()), state


@pytest.mark.parametrize("state", [StageState.COUNTDOWN, StageState.ROLLING])
@pytest.mark.parametrize("event", [StageEvent.CUT_ASKED, StageEvent.AGAIN_ASKED, StageEvent.ABANDON_ASKED])
def test_a_rolling_take_is_cut_exactly_once(state: StageState, event: StageEvent) -> None:
    answer = step(state, event)
    assert answer is not None
    after, effects = answer
    assert after is StageState.CUTTING
    assert len({StageEffect.CUT, StageEffect.CUT_ABANDONED} & set(effects)) == 1
    assert step(after, event) is None, "a second press means nothing"


@pytest.mark.parametrize("state", sorted(RECORDING))
def test_a_dead_recorder_never_loses_the_take(state: StageState) -> None:
    """What it had not closed yet is orphaned; what it had closed is being sealed, and goes on."""
    assert step(state, StageEvent.RECORDER_DIED) is None or step(state, StageEvent.RECORDER_DIED)[1] == ()  # type: ignore[index]
    answer = step(state, StageEvent.ORPHANED)
    assert answer is not None
    assert StageEffect.RECOVER_TAKE in answer[1]
    assert answer[0] is StageState.CUTTING


@pytest.mark.parametrize("state", sorted(RECORDING))
def test_the_stage_cannot_be_left_while_a_take_is_made(state: StageState) -> None:
    assert step(state, StageEvent.LEAVE_ASKED) is None
    assert StageAction.LEAVE not in ACTIONS[state]


def test_no_walk_opens_two_takes_at_once() -> None:
    """Random presses and answers: between two CREATE_AND_ROLL there is always an end of the first."""
    chance = random.Random(7)
    state, open_takes = StageState.CLOSED, 0
    for event in itertools.islice((chance.choice(list(StageEvent)) for _ in itertools.count()), 20_000):
        answer = step(state, event)
        if answer is None:
            continue
        before, (state, effects) = state, answer
        unasked = (before, event) == (
            StageState.STARTING,
            StageEvent.RECORDER_DIED,
        )  # nothing has been asked to roll yet
        if unasked or event in (StageEvent.SEALED, StageEvent.SEAL_FAILED, StageEvent.ROLL_FAILED):
            open_takes = 0
        open_takes += StageEffect.CREATE_AND_ROLL in effects
        assert open_takes <= 1
        assert (open_takes == 1) == (state in RECORDING)
