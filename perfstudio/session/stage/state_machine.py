"""The stage as a pure table: (state, event) to (state, effects). No threads, no devices, no clock.

An event that the table does not know for a state is ignored: a second press, a late answer, a key repeat. `Director`
carries the effects out and feeds the results back in as events.
"""

from __future__ import annotations

from enum import StrEnum, auto

from perfstudio.session.views import StageAction, StageState


class StageEvent(StrEnum):
    """What can happen to a stage."""

    OPEN_ASKED = auto()
    OPENED = auto()
    OPEN_FAILED = auto()
    ROLL_ASKED = auto()
    ROLLED = auto()
    ROLL_FAILED = auto()
    GO = auto()  # the countdown is over
    CUT_ASKED = auto()
    AGAIN_ASKED = auto()
    ABANDON_ASKED = auto()
    TAKE_LOST = auto()  # a device or the disk gave up: the recorder is closing the take by itself
    DEVICE_LOST = auto()  # an open device is gone for good
    ORPHANED = auto()  # the recorder is gone, or has let go of the take: what is on the disk is made whole here
    FINISHED = auto()  # the files are closed, read back and can be watched; the checks still run
    SEALED = auto()
    SEAL_FAILED = auto()
    RECORDER_DIED = auto()  # no device is open any more
    LEAVE_ASKED = auto()


class StageEffect(StrEnum):
    """What has to be done about it, in order."""

    OPEN_DEVICES = auto()
    CLOSE_DEVICES = auto()
    CREATE_AND_ROLL = auto()
    DROP_EMPTY_TAKE = auto()
    START_COUNTDOWN = auto()
    STOP_COUNTDOWN = auto()
    MARK_GO = auto()
    CUT = auto()
    CUT_ABANDONED = auto()
    ROLL_AGAIN_WHEN_SEALED = auto()
    RECOVER_TAKE = auto()
    SHOW_FILM = auto()
    CLOSE_TAKE = auto()


S, E, F = StageState, StageEvent, StageEffect

Step = tuple[StageState, tuple[StageEffect, ...]]

_WHILE_MADE: dict[StageEvent, Step] = {
    E.SEALED: (S.READY, (F.CLOSE_TAKE,)),
    E.SEAL_FAILED: (S.FAILED, (F.DROP_EMPTY_TAKE,)),
    E.ORPHANED: (S.CUTTING, (F.RECOVER_TAKE,)),
}

_WHILE_RECORDING: dict[StageEvent, Step] = {
    E.CUT_ASKED: (S.CUTTING, (F.STOP_COUNTDOWN, F.CUT)),
    E.AGAIN_ASKED: (S.CUTTING, (F.STOP_COUNTDOWN, F.ROLL_AGAIN_WHEN_SEALED, F.CUT)),
    E.ABANDON_ASKED: (S.CUTTING, (F.STOP_COUNTDOWN, F.CUT_ABANDONED)),
    E.TAKE_LOST: (S.CUTTING, (F.STOP_COUNTDOWN,)),
    E.FINISHED: (S.CHECKING, (F.STOP_COUNTDOWN, F.SHOW_FILM)),  # it ended by itself, and nobody said why
    **{event: (after, (F.STOP_COUNTDOWN, *effects)) for event, (after, effects) in _WHILE_MADE.items()},
}

TABLE: dict[StageState, dict[StageEvent, Step]] = {
    S.CLOSED: {
        E.OPEN_ASKED: (S.OPENING, (F.OPEN_DEVICES,)),
    },
    S.OPENING: {
        E.OPENED: (S.READY, ()),
        E.OPEN_FAILED: (S.FAILED, ()),
        E.OPEN_ASKED: (S.OPENING, (F.OPEN_DEVICES,)),  # others
        E.RECORDER_DIED: (S.FAILED, ()),
        E.LEAVE_ASKED: (S.CLOSED, (F.CLOSE_DEVICES,)),
    },
    S.READY: {
        E.ROLL_ASKED: (S.STARTING, (F.CREATE_AND_ROLL,)),
        E.AGAIN_ASKED: (S.STARTING, (F.CREATE_AND_ROLL,)),
        E.OPEN_ASKED: (S.OPENING, (F.OPEN_DEVICES,)),
        E.DEVICE_LOST: (S.FAILED, ()),
        E.RECORDER_DIED: (S.FAILED, ()),
        E.LEAVE_ASKED: (S.CLOSED, (F.CLOSE_DEVICES,)),
    },
    S.STARTING: {
        E.ROLLED: (S.COUNTDOWN, (F.START_COUNTDOWN,)),
        E.ROLL_FAILED: (S.FAILED, (F.DROP_EMPTY_TAKE,)),
        E.TAKE_LOST: (S.CUTTING, ()),
        E.RECORDER_DIED: (S.FAILED, ()),  # before it was asked to roll
        **_WHILE_MADE,
    },
    S.COUNTDOWN: {E.GO: (S.ROLLING, (F.MARK_GO,)), **_WHILE_RECORDING},
    S.ROLLING: dict(_WHILE_RECORDING),
    S.CUTTING: {
        E.FINISHED: (S.CHECKING, (F.SHOW_FILM,)),
        E.RECORDER_DIED: (S.CUTTING, ()),
        **_WHILE_MADE,
    },
    S.CHECKING: {E.RECORDER_DIED: (S.CHECKING, ()), **_WHILE_MADE},
    S.FAILED: {
        E.OPEN_ASKED: (S.OPENING, (F.OPEN_DEVICES,)),
        E.LEAVE_ASKED: (S.CLOSED, (F.CLOSE_DEVICES,)),
    },
}

_RECORDING_ACTIONS = frozenset(
    {StageAction.CUT, StageAction.AGAIN, StageAction.MARK, StageAction.BROKE, StageAction.ABANDON}
)

ACTIONS: dict[StageState, frozenset[StageAction]] = {
    S.CLOSED: frozenset({StageAction.LEAVE}),
    S.OPENING: frozenset({StageAction.LEAVE}),
    S.READY: frozenset({StageAction.ROLL, StageAction.LEAVE}),
    S.STARTING: frozenset(),
    S.COUNTDOWN: _RECORDING_ACTIONS,
    S.ROLLING: _RECORDING_ACTIONS,
    S.CUTTING: frozenset(),
    S.CHECKING: frozenset(),
    S.FAILED: frozenset({StageAction.RETRY, StageAction.LEAVE}),
}

RECORDING = frozenset({S.STARTING, S.COUNTDOWN, S.ROLLING, S.CUTTING, S.CHECKING})
"""States in which a take is being made: the window does not close under it, and nothing else may use the disk."""
WRITING = RECORDING - {S.CHECKING}
"""States in which its files are not closed yet."""


def step(state: StageState, event: StageEvent) -> Step | None:
    """The next state and what to do, or None when the event means nothing here."""
    return TABLE[state].get(event)
