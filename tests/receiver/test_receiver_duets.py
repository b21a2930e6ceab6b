"""The rendezvous: two find each other under a code, and nothing of it is left when they part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from receiver_visitor import Visitor
from take_bundles import TOKEN

from perfstudio.model.base import sha256_hex
from perfstudio.model.duet_meeting import MOST_SAID, DuetHeard, DuetSaid
from perfstudio.receiver import wrong_tokens
from perfstudio.receiver.duets import COME_WITHIN_S, KEPT_S, MOST, MOST_OF_ONE, REMEMBERED, Duets
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.serve import Receiver

ANA, BO, EVE = "ana" * 8, "bob" * 8, "eve" * 8


class Hands:
    """A clock that is set by hand."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def duets(clock: Hands) -> Duets:
    return Duets(clock)


def say(duets: Duets, code: str, seat: str, says: str | None = None) -> DuetHeard:
    heard = duets.say(code, DuetSaid(seat=seat, says=says))
    assert heard is not None
    return heard


def refused(duets: Duets, code: str, seat: str, **more: Any) -> int:
    with pytest.raises(RefusedError) as problem:
        duets.say(code, DuetSaid(seat=seat, **more))
    return problem.value.status


def test_two_hear_each_other_and_nobody_else_does(duets: Duets) -> None:
    code = duets.open("a").code
    alone = say(duets, code, ANA, "offer")
    assert (alone.first, alone.both_here, alone.number, alone.says) == (True, False, 0, None)
    second = say(duets, code, BO)
    assert (second.first, second.both_here, second.number, second.says) == (False, True, 1, "offer")
    assert say(duets, code, ANA).both_here
    say(duets, code, BO, "answer")
    say(duets, code, BO, "answer")
    heard = say(duets, code, ANA)
    assert (heard.number, heard.says) == (1, "answer"), "the same words again are no news"
    assert refused(duets, code, EVE, says="me too") == 409
    assert refused(duets, code, EVE, leaves=True) == 409
    assert say(duets, code, ANA, "a new offer").says == "answer"
    assert say(duets, code, BO).number == 2, "they lost each other, and come back"


def test_it_is_over_when_one_leaves_or_nobody_comes_or_the_time_is_up(duets: Duets, clock: Hands) -> None:
    left = duets.open("a").code
    say(duets, left, ANA, "offer")
    assert duets.say(left, DuetSaid(seat=EVE, leaves=True)) is None
    assert say(duets, left, BO).says == "offer", "whoever has no seat ends nothing"
    assert duets.say(left, DuetSaid(seat=BO, leaves=True)) is None
    assert refused(duets, left, ANA) == 410
    waits, kept = duets.open("a").code, duets.open("a").code
    for seat in (ANA, BO):
        say(duets, kept, seat, "something")
    say(duets, waits, ANA)
    clock.now_s += COME_WITHIN_S - 1
    assert not say(duets, waits, ANA).both_here
    clock.now_s += 1
    assert refused(duets, waits, BO) == 410
    clock.now_s += KEPT_S - COME_WITHIN_S - 1
    assert say(duets, kept, BO).says == "something"
    clock.now_s += 1
    assert refused(duets, kept, BO) == 410
    assert len(duets) == 0
    assert refused(duets, "0" * 12, ANA) == 404


def test_there_is_an_end_to_how_many(duets: Duets) -> None:
    mine = [duets.open("a").code for _ in range(MOST_OF_ONE)]
    for seat in (ANA, BO):
        say(duets, mine[0], seat)
    newer = duets.open("a").code
    assert refused(duets, mine[1], ANA) == 410, "the oldest that still waited"
    assert (say(duets, mine[0], ANA).both_here, say(duets, newer, ANA).both_here) == (True, False)
    for code in [*mine[2:], newer]:
        for seat in (ANA, BO):
            say(duets, code, seat)
    with pytest.raises(RefusedError) as full:
        duets.open("a")
    assert (full.value.status, full.value.again_s) == (503, 60)
    for sender in range(MOST - MOST_OF_ONE):
        duets.open(f"s{sender}")
    with pytest.raises(RefusedError):
        duets.open("another")
    for code in mine[2:]:
        duets.say(code, DuetSaid(seat=ANA, leaves=True))
    for _ in range(REMEMBERED + MOST):
        duets.say(code := duets.open("b").code, DuetSaid(seat=ANA))
        duets.say(code, DuetSaid(seat=ANA, leaves=True))
    assert len(duets._over) == REMEMBERED


@pytest.fixture
def guest(receiver: Receiver) -> Visitor:
    return Visitor(receiver, None)  # type: ignore[arg-type]


def post(guest: Visitor, code: str, **said: Any) -> requests.Response:
    return guest.ask("POST", f"/v1/duets/{code}", data=json.dumps(said))


def test_at_the_door(guest: Visitor, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert Visitor(guest.receiver, guest.bundle, None).ask("POST", "/v1/duets").status_code == 401
    opened = guest.ask("POST", "/v1/duets")
    assert (opened.status_code, opened.headers["Cache-Control"]) == (201, "no-store")
    code = opened.json()["code"]
    address = "candidate 192.0.2.77"
    assert post(guest, code, seat=ANA, says=address).json()["first"] is True
    assert post(guest, code, seat=BO).json()["says"] == address
    assert post(guest, code, seat=BO, says="x" * MOST_SAID).status_code == 200
    for wrong in ({"seat": "short"}, {"seat": ANA, "says": "x" * (MOST_SAID + 1)}, {"seat": ANA, "says": ""}, {}):
        assert post(guest, code, **wrong).status_code == 422
    assert guest.ask("POST", f"/v1/duets/{code}", data=b"x" * 200_000).status_code == 413
    assert post(guest, code, seat=EVE).text == "two are in this duet already"
    assert post(guest, code, seat=BO, leaves=True).status_code == 204
    assert (post(guest, code, seat=ANA).status_code, post(guest, code, seat=ANA).text) == (410, "this duet is over")
    kept = [file for file in (tmp_path / "in").rglob("*") if file.is_file()]
    assert not [file for file in kept if b"192.0.2.77" in file.read_bytes() or code.encode() in file.read_bytes()]
    assert code not in caplog.text
    assert sha256_hex(TOKEN.encode()) not in caplog.text


def test_whoever_guesses_is_held_back(guest: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        assert post(guest, f"{number:012}", seat=EVE).status_code == 404
    assert post(guest, "not-a-code-at-all", seat=EVE).status_code == 404
    monkeypatch.setattr(wrong_tokens, "LONGEST_S", -1.0)  # as if this address were owed answers for longer than that
    guessed = post(guest, "2" * 12, seat=EVE)
    assert (guessed.status_code, guessed.headers["Retry-After"]) == (429, "10")
    code = guest.ask("POST", "/v1/duets").json()["code"]
    assert post(guest, code, seat=ANA).status_code == 200, "who knows the code does not wait"
