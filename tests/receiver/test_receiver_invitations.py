"""Invitations: a code that becomes a token of one's own, once, in time, and lies nowhere."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from take_bundles import STUDIO

from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.invitation import TokenGiven
from perfstudio.receiver import wrong_tokens
from perfstudio.receiver.invitations import ONCE_MORE, CodeProblem, Invitations, MadeToken
from perfstudio.receiver.inviting import public_key, reached
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.tokens import SHARED, Tokens

ATTEMPT = "an-attempt-of-this-test"


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    layout = ReceiverLayout(tmp_path / "in")
    layout.make()
    return Tokens(layout)


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now


def ask(receiver: Receiver, code: str, attempt: str | None = ATTEMPT) -> requests.Response:
    headers = {"Authorization": f"Bearer {code}"} | ({"Idempotency-Key": attempt} if attempt else {})
    return requests.post(receiver.url + "/v1/tokens", headers=headers, timeout=20)


def knows(receiver: Receiver, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(receiver.url + "/v1/server", headers=headers, timeout=20).status_code


def test_a_code_becomes_a_token_once_and_neither_lies_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Over the wire; the delay of wrong codes grows with every one, together with that of wrong tokens."""
    waits: list[float] = []
    plain = wrong_tokens.WrongTokens.wait_s

    def noted(self: wrong_tokens.WrongTokens, address: str, now_s: float) -> float | None:
        waits.append(plain(self, address, now_s) or 0.0)
        return 0.0

    monkeypatch.setattr(wrong_tokens.WrongTokens, "wait_s", noted)
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "in"
    with Receiver(folder, settings=ReceiverSettings(studio_id=STUDIO)) as receiver:
        layout = ReceiverLayout(folder)
        assert (reached(layout).url, public_key(layout)) == (receiver.url, receiver.studio().public_key)
        tokens = Tokens(layout)
        made = Invitations(tokens).make("Ana")
        answer = ask(receiver, made.code)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
        given = TokenGiven.model_validate(answer.json())
        assert given.is_signed_by(receiver.key.public_key)
        assert (given.name, given.studio_id) == ("Ana", STUDIO)
        assert knows(receiver, given.token) == 200
        assert knows(receiver, made.code) == 401, "a code is no token"
        assert ask(receiver, given.token).status_code == 401, "and a token no code"
        assert (ask(receiver, made.code, "somebody-else-later").status_code, waits[-1]) == (410, 0.0)
        late = Invitations(tokens, lambda: utc_now() - timedelta(days=8)).make("Bo")
        for number in range(8):
            wrong = ask(receiver, "x" * 22) if number % 2 else ask(receiver, late.code)
            assert wrong.status_code == (401 if number % 2 else 410)
        assert "run out" in ask(receiver, late.code).text
        assert waits[5:] == sorted(waits[5:])
        assert waits[-1] > 4 * waits[6] > 0, "each later than the one before"
        assert ask(receiver, "", None).status_code == 401
        assert ask(receiver, Invitations(tokens).make("Cy").code, "short").status_code == 422
        kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
        for secret in (made.code, given.token, late.code):
            assert secret.encode() not in kept
            assert secret not in caplog.text
        assert made.code not in repr(made)


def test_a_lost_answer_is_given_again_to_the_same_one_only(tokens: Tokens) -> None:
    clock = Clock()
    desk = Invitations(tokens, clock)
    code = desk.make("Ana").code
    first, again = desk.take_up(code, ATTEMPT), desk.take_up(code, ATTEMPT)
    assert isinstance(first, MadeToken)
    assert isinstance(again, MadeToken)
    assert (tokens.whose(first.token), tokens.whose(again.token)) == (None, "Ana")
    assert desk.take_up(code, "another-attempt-here") is CodeProblem.USED
    assert tokens.bind("Ana", "p"), "and once something has come by it, not even to the same"
    assert desk.take_up(code, ATTEMPT) is CodeProblem.USED
    bo = desk.make("Bo").code
    desk.take_up(bo, ATTEMPT)
    clock.now += ONCE_MORE
    assert desk.take_up(bo, ATTEMPT) is CodeProblem.USED


def test_it_runs_out_is_replaced_and_is_taken_back(tokens: Tokens) -> None:
    clock = Clock()
    desk = Invitations(tokens, clock)
    old = desk.make("Ana", days=2)
    new = desk.make("Ana", days=2)
    assert (old.instead, new.instead) == (False, True)
    assert desk.take_up(old.code, ATTEMPT) is CodeProblem.UNKNOWN
    assert [one.name for one in desk.open()] == ["Ana"]
    clock.now = new.ends_at + timedelta(seconds=1)
    assert desk.open() == ()
    assert desk.take_up(new.code, ATTEMPT) is CodeProblem.EXPIRED
    third = desk.make("Ana")
    tokens.revoke("Ana")
    assert desk.take_up(third.code, ATTEMPT) is CodeProblem.UNKNOWN
    fourth = desk.make("Ana")
    given = desk.take_up(fourth.code, ATTEMPT)
    assert isinstance(given, MadeToken)
    tokens.revoke("Ana")
    assert tokens.whose(given.token) is None
    assert desk.take_up(fourth.code, ATTEMPT) is CodeProblem.UNKNOWN, "no way back by the old link"


def test_names_that_cannot_be_invited(tokens: Tokens) -> None:
    desk = Invitations(tokens)
    tokens.add("Ana")
    wrong = {"Ana": ErrorCode.TOKEN_NAME_TAKEN, SHARED: ErrorCode.TOKEN_NAME_TAKEN, " x": ErrorCode.TOKEN_NAME_WRONG}
    for name, code in wrong.items():
        with pytest.raises(DeliveryError) as caught:
            desk.make(name)
        assert caught.value.code is code
    code = desk.make("Bo").code
    tokens.add("Bo")
    assert desk.take_up(code, ATTEMPT) is CodeProblem.UNKNOWN, "who has a token is not invited any more"


def test_of_many_with_one_code_one_gets_in(tokens: Tokens) -> None:
    code = Invitations(tokens).make("Ana").code
    came: list[object] = []

    def come(number: int) -> None:
        desk = Invitations(Tokens(ReceiverLayout(tokens._layout.folder)))
        came.append(desk.take_up(code, f"{number}" * 20))

    threads = [threading.Thread(target=come, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(one) for one in came].count(MadeToken) == 1
    assert came.count(CodeProblem.USED) == 7


def test_a_damaged_list_spends_no_code(tmp_path: Path) -> None:
    with Receiver(tmp_path / "in") as receiver:
        tokens = Tokens(ReceiverLayout(tmp_path / "in"))
        code = Invitations(tokens).make("Ana").code
        whole = tokens._layout.tokens.read_bytes()
        tokens._layout.tokens.write_bytes(whole[:-9])
        assert ask(receiver, code).status_code == 503
        tokens._layout.tokens.write_bytes(whole)
        assert ask(receiver, code).status_code == 201
