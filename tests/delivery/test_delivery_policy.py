"""The failure table: for every failure, what happens next, and that it never happens without a wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfstudio.delivery.failure import DeliveryStep, Failure, Fault
from perfstudio.delivery.policy import (
    CHUNK_LEAST,
    CHUNK_START,
    MOST_CONFLICTS,
    MOST_FULL,
    MOST_UNFINISHED,
    NextAction,
    Pace,
    Strain,
    decide,
)
from perfstudio.model.errors import ErrorCode

PACE = Pace()
CODE = ErrorCode


def after(*failures: Failure, chunk: int = CHUNK_START, chance: float = 0.5) -> tuple[NextAction, ErrorCode, float]:
    """The verdict on the last of several failures in a row."""
    strain = Strain()
    for failure in failures:
        strain = strain.after(failure)
    verdict = decide(failures[-1], strain, chunk, PACE, chance)
    return verdict.do, verdict.code, verdict.wait_s


def status(code: int, step: DeliveryStep = DeliveryStep.PATCH, retry_after_s: float | None = None) -> Failure:
    return Failure(step, Fault.STATUS, code, retry_after_s)


@pytest.mark.parametrize(
    ("failure", "do", "code"),
    [
        (Failure(DeliveryStep.PATCH, Fault.NETWORK), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (Failure(DeliveryStep.HEAD, Fault.STALLED), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (Failure(DeliveryStep.JSON, Fault.CERTIFICATE), NextAction.HOLD, CODE.RECEIVER_UNSAFE),
        (Failure(DeliveryStep.CREATE, Fault.PORTAL, 200), NextAction.HOLD, CODE.RECEIVER_PROTOCOL),
        (Failure(DeliveryStep.CREATE, Fault.UNSAFE, 302), NextAction.STOP, CODE.RECEIVER_UNSAFE),
        (Failure(DeliveryStep.JSON, Fault.REJECTED), NextAction.STOP, CODE.RECEIVER_REFUSED),
        (Failure(DeliveryStep.JSON, Fault.DIGEST), NextAction.REHASH, CODE.RECEIPT_DIFFERS),
        (status(401), NextAction.SIGN_IN, CODE.TOKEN_WRONG),
        (status(403), NextAction.STOP, CODE.RECEIVER_REFUSED),
        (status(404, DeliveryStep.HEAD), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (status(410, DeliveryStep.PATCH), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (status(404, DeliveryStep.CREATE), NextAction.STOP, CODE.RECEIVER_PROTOCOL),
        (status(409), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (status(409, DeliveryStep.JSON), NextAction.STOP, CODE.RECEIVER_REFUSED),
        (status(409, DeliveryStep.JSON, 600.0), NextAction.RESUME, CODE.RECEIVER_DECIDES),
        (status(412, DeliveryStep.CREATE), NextAction.STOP, CODE.RECEIVER_PROTOCOL),
        (status(413), NextAction.HALVE, CODE.RECEIVER_UNREACHABLE),
        (status(413, DeliveryStep.CREATE), NextAction.STOP, CODE.RECEIVER_REFUSED),
        (status(422, DeliveryStep.CREATE), NextAction.STOP, CODE.RECEIVER_REFUSED),
        (status(423), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (status(429), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (status(460), NextAction.RESUME, CODE.RECEIPT_DIFFERS),
        (status(500), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (status(503), NextAction.RESUME, CODE.RECEIVER_UNREACHABLE),
        (status(507), NextAction.RESUME, CODE.RECEIVER_FULL),
        (status(418), NextAction.STOP, CODE.RECEIVER_REFUSED),
    ],
)
def test_first_failure(failure: Failure, do: NextAction, code: ErrorCode) -> None:
    assert after(failure)[:2] == (do, code)


def test_three_resets_at_one_offset_halve_the_chunk() -> None:
    reset = Failure(DeliveryStep.PATCH, Fault.RESET)
    assert [after(*[reset] * n)[0] for n in (1, 2, 3, 4)] == [
        NextAction.RESUME,
        NextAction.RESUME,
        NextAction.HALVE,
        NextAction.RESUME,
    ]
    assert after(*[reset] * 3, chunk=CHUNK_LEAST)[0] is NextAction.RESUME


def test_413_on_the_smallest_chunk_is_final() -> None:
    assert after(status(413), chunk=CHUNK_LEAST)[0] is NextAction.STOP


def test_upl_2_conflicts_ask_where_we_are_and_end_some_day() -> None:
    assert [after(*[status(409)] * n)[0] for n in (1, 2, 7)] == [NextAction.RESUME] * 3
    assert after(*[status(409)] * MOST_CONFLICTS)[0] is NextAction.STOP


@pytest.mark.parametrize("code", [404, 410])
@pytest.mark.parametrize("first", [DeliveryStep.PATCH, DeliveryStep.HEAD])
def test_upl_6_only_head_says_twice_that_an_upload_is_lost(code: int, first: DeliveryStep) -> None:
    assert after(status(code, first))[0] is NextAction.RESUME
    assert after(status(code, first), status(code, DeliveryStep.HEAD))[0] is NextAction.RESTART
    assert after(status(code, first), status(code, DeliveryStep.PATCH))[0] is NextAction.RESUME


def test_a_receiver_that_never_ends_checking_is_given_up_with_the_reason() -> None:
    never = Failure(DeliveryStep.JSON, Fault.UNFINISHED, detail="90")
    do, _, wait_s = after(*[never] * (MOST_UNFINISHED - 1))
    assert (do, wait_s) == (NextAction.RESUME, PACE.most_s)
    ended = decide(never, Strain(failures=MOST_UNFINISHED), CHUNK_START, PACE)
    assert (ended.do, ended.code) == (NextAction.STOP, CODE.RECEIVER_REFUSED)
    assert ("reason", "never_finished") in ended.facts


def test_upl_7_a_full_receiver_is_asked_less_often_and_given_up_with_a_reason() -> None:
    waits = [after(*[status(507)] * n)[2] / PACE.most_s for n in range(1, 8)]
    assert waits == [1, 2, 4, 8, 12, 12, 12]
    last = decide(status(507), Strain(full=MOST_FULL - 1), CHUNK_START, PACE)
    assert (last.do, dict(last.facts)["reason"]) == (NextAction.RESUME, "no_space")
    assert PACE.most_s * sum(min(2**n, 12) for n in range(MOST_FULL)) < 24 * 3600
    ended = decide(status(507), Strain(full=MOST_FULL), CHUNK_START, PACE)
    assert (ended.do, ended.code, dict(ended.facts)["reason"]) == (NextAction.STOP, CODE.RECEIVER_REFUSED, "never_room")
    assert decide(status(507), Strain(full=MOST_FULL).moved(), CHUNK_START, PACE).do is NextAction.RESUME
    asked = Failure(DeliveryStep.JSON, Fault.STATUS, 507, retry_after_s=7200.0, detail="the receiver's disk is full")
    assert decide(asked, Strain().after(asked), CHUNK_START, PACE).wait_s == 7200.0


def test_upl_4_checksum_again_then_rehash_then_stop() -> None:
    assert after(status(460), status(460))[0] is NextAction.REHASH
    strain = Strain(checksums=2, rehashes=2)
    assert decide(status(460), strain, CHUNK_START, PACE).do is NextAction.STOP


def test_upl_12_nonsense_ends() -> None:
    stuck = Failure(DeliveryStep.PATCH, Fault.NO_PROGRESS)
    assert [after(*[stuck] * n)[0] for n in (1, 2, 3)] == [NextAction.HALVE, NextAction.HALVE, NextAction.RESTART]
    assert decide(stuck, Strain(nonsense=3, restarts=2), CHUNK_LEAST, PACE).do is NextAction.STOP


def test_another_resource_is_left_at_once() -> None:
    assert after(Failure(DeliveryStep.HEAD, Fault.PROTOCOL, 200, detail="offset_beyond_end"))[0] is NextAction.RESTART


def test_upl_9_retry_after_is_obeyed() -> None:
    assert after(status(503, retry_after_s=17.0))[2] == 17.0
    assert after(status(429, retry_after_s=0.0))[2] == 0.5, "never less than the back-off"


def test_upl_5_a_lock_waits_two_to_ten_seconds() -> None:
    assert [after(status(423), chance=c)[2] for c in (0.0, 0.5, 0.999)] == pytest.approx([2.0, 6.0, 10.0], abs=0.01)


def test_upl_10_back_off_grows_to_five_minutes() -> None:
    ceilings = [PACE.back_off(n, 1.0) for n in (1, 2, 3, 9, 10, 1000)]
    assert ceilings == [1.0, 2.0, 4.0, 256.0, 300.0, 300.0]
    assert PACE.back_off(5, 0.0) == PACE.floor_s


def test_progress_forgets_all_but_new_beginnings() -> None:
    assert Strain(5, 4, 3, 2, 1, 7, 2, 1).moved() == Strain(restarts=2, rehashes=1)


@given(
    st.builds(Failure, st.sampled_from(DeliveryStep), st.sampled_from(Fault), st.integers(100, 599)),
    st.floats(0, 0.999),
    st.builds(Strain, *[st.integers(0, 5)] * 7),
    st.sampled_from([CHUNK_LEAST, CHUNK_START]),
)
def test_nothing_is_tried_again_without_a_wait(failure: Failure, chance: float, strain: Strain, chunk: int) -> None:
    verdict = decide(failure, strain.after(failure), chunk, PACE, chance)
    assert verdict.do in (NextAction.HOLD, NextAction.SIGN_IN, NextAction.STOP) or verdict.wait_s >= PACE.floor_s
    assert verdict.wait_s <= 300.0
