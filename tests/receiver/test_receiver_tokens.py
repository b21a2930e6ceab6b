"""One token for each performer: good for their own records, from when it was given to when it is taken away."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from receiver_visitor import Visitor
from take_bundles import STUDIO, make_bundle

from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import SigningKey
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.performers import Performers
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from perfstudio.receiver.token_file import token_hash
from perfstudio.receiver.tokens import SHARED, Tokens
from perfstudio.texts.errors import sentence


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    layout = ReceiverLayout(tmp_path / "in")
    layout.make()
    return Tokens(layout)


@pytest.fixture
def own(tokens: Tokens, tmp_path: Path) -> Iterator[Receiver]:
    """A receiver whose senders have tokens of their own, and no other."""
    tokens.add("first of all")
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(idle_s=1.0, keep_free=1 << 20))
    with Receiver(tmp_path / "in", settings=settings) as running:
        assert running.new_token is None, "nobody needs a token that all share"
        yield running


def server(receiver: Receiver, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(receiver.url + "/v1/server", headers=headers, timeout=60).status_code


def test_a_token_is_good_from_when_it_is_given_to_when_it_is_taken_away(own: Receiver, tokens: Tokens) -> None:
    ana, bo = tokens.add("Ana"), tokens.add("Bo")
    assert (server(own, ana), server(own, bo)) == (200, 200)
    tokens.revoke("Ana")
    assert (server(own, ana), server(own, bo)) == (401, 200)
    assert tokens.names() == ["first of all", "Bo"]


def test_a_token_is_long_and_lies_nowhere(own: Receiver, tokens: Tokens, tmp_path: Path) -> None:
    made = {tokens.add(str(number)) for number in range(20)}
    assert len(made) == 20
    assert min(map(len, made)) >= 43, "256 bits in base64"
    kept = b"".join(file.read_bytes() for file in (tmp_path / "in").rglob("*") if file.is_file())
    assert not any(token.encode() in kept for token in made)


def test_the_shared_token_can_be_taken_away_as_well(tmp_path: Path) -> None:
    with Receiver(tmp_path / "in") as running:
        assert running.new_token is not None
        tokens = Tokens(ReceiverLayout(tmp_path / "in"))
        ana = tokens.add("Ana")
        tokens.revoke(SHARED)
        assert (server(running, running.new_token), server(running, ana)) == (401, 200)
        tokens.revoke("Ana")
    with Receiver(tmp_path / "in") as again:
        assert again.new_token is None, "a receiver that lets nobody in does not begin to let everybody in"


def test_the_first_record_decides_whose_a_token_is(own: Receiver, tokens: Tokens, tmp_path: Path) -> None:
    ana = Visitor(own, make_bundle(tmp_path / "ana"), tokens.add("Ana"))
    assert ana.consent().status_code == 201
    assert [entry.performer for entry in tokens.entries()][-1] == "p"
    bo = Visitor(own, make_bundle(tmp_path / "bo", seed=2, performer="q"), ana.token)
    assert (bo.consent().status_code, bo.consent().text) == (403, "this token belongs to another performer")
    bo.token = tokens.add("Bo")
    assert bo.consent().status_code == 201
    assert ana.consent().status_code == 200


def test_two_first_records_of_one_performer_at_once_are_both_theirs(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.add("Ana")
    monkeypatch.setattr(Tokens, "admits", lambda self, name, performer: False)  # both have looked before either wrote
    assert [tokens.bind("Ana", performer) for performer in ("p", "p", "q")] == [True, True, False]
    assert not tokens.bind("nobody", "p")


@pytest.mark.parametrize("strange", ["", "a\x07b", "\x1b[2J", "x" * 201, "evil\u202eliar"])
def test_a_record_of_nobody_who_can_be_called_so_shuts_nobody_out(
    own: Receiver, tokens: Tokens, tmp_path: Path, strange: str
) -> None:
    """Whose a token is stands in a list that is read for every sender."""
    visitor = Visitor(own, make_bundle(tmp_path / "ana", performer=strange), tokens.add("Ana"))
    assert (visitor.consent().status_code, visitor.consent().text) == (422, "wrong: subject.id")
    assert [entry.performer for entry in tokens.entries()] == ["", ""]
    assert server(own, tokens.add("Bo")) == 200


def test_by_ones_own_token_nothing_of_others_is_moved_or_seen(own: Receiver, tokens: Tokens, tmp_path: Path) -> None:
    ana = Visitor(own, make_bundle(tmp_path / "ana"), tokens.add("Ana"))
    ana.begin()
    given = json.loads((ana.bundle.folder / "consent.json").read_bytes())["events"][0]
    bo = Visitor(own, make_bundle(tmp_path / "bo", seed=2, performer="q"), tokens.add("Bo"))
    assert bo.consent().status_code == 201
    stranger = Visitor(own, ana.bundle, tokens.add("nobody yet"))
    for other in (replace(ana, token=bo.token), stranger):
        assert other.announce().status_code == 403
        assert other.ask("GET", f"/v1/takes/{ana.bundle.take_id}").status_code == 404
        event = given | {"state": "ConsentWithdrawn"}
        address = f"/v1/consents/{ana.bundle.consent.record_id}/withdrawals"
        assert other.ask("POST", address, json=event).status_code == 404
    assert ana.report()["state"] == "uploading"


def test_what_is_refused_makes_nobody_of_a_token(own: Receiver, tokens: Tokens, tmp_path: Path) -> None:
    """Whoever names somebody else, with a key of their own, would else hear what the studio tells that one."""
    ana = make_bundle(tmp_path / "ana")
    Performers(tokens._layout).keep("p", SigningKey.generate().public_key)
    thief = Visitor(own, ana, tokens.add("still open"))
    assert (thief.consent().status_code, thief.consent().text) == (403, "key_not_known")
    assert [entry.performer for entry in tokens.entries()][-1] == ""
    thief.bundle = make_bundle(tmp_path / "own", seed=2, performer="q")
    assert thief.consent().status_code == 201
    assert [entry.performer for entry in tokens.entries()][-1] == "q"


def test_many_at_once_lose_nothing(tokens: Tokens) -> None:
    """As a verb that adds while a receiver binds, and two verbs at once."""
    threads = [threading.Thread(target=Tokens(tokens._layout).add, args=(f"p{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tokens.names()) == [f"p{n}" for n in range(8)]


@pytest.mark.parametrize("name", ["", " Ana", "A\nna", "x" * 81, "A\x07"])
def test_what_is_no_name(tokens: Tokens, name: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        tokens.add(name)
    assert caught.value.code is ErrorCode.TOKEN_NAME_WRONG


def test_names_that_are_taken_or_unknown(tokens: Tokens) -> None:
    tokens.add("Ana")
    for name, code in (("Ana", ErrorCode.TOKEN_NAME_TAKEN), (SHARED, ErrorCode.TOKEN_NAME_TAKEN)):
        with pytest.raises(DeliveryError) as caught:
            tokens.add(name)
        assert caught.value.code is code
    with pytest.raises(DeliveryError) as caught:
        tokens.revoke("Bo")
    assert (caught.value.code, caught.value.facts["known"]) == (ErrorCode.TOKEN_NAME_UNKNOWN, "Ana")
    assert "Bo" not in sentence(caught.value), "it may be a token: it is not said again"


def test_a_damaged_list_lets_nobody_in_and_is_said(own: Receiver, tokens: Tokens) -> None:
    ana = tokens.add("Ana")
    whole = tokens._layout.tokens.read_bytes()
    tokens._layout.tokens.write_bytes(whole[:-20])
    assert server(own, ana) == 401
    with pytest.raises(DeliveryError) as caught:
        tokens.add("Bo")
    assert caught.value.code is ErrorCode.TOKEN_LIST_UNREADABLE
    tokens._layout.tokens.write_bytes(whole)
    assert server(own, ana) == 200


def test_what_is_not_changed_is_read_once(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The list, the shared token, and a list that is damaged: that is logged once, without a traceback."""
    ana = tokens.add("Ana")
    tokens._layout.token_hash.write_bytes(token_hash("shared").encode())
    assert (tokens.whose(ana), tokens.whose("shared")) == ("Ana", SHARED)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda file: pytest.fail(f"{file.name} is read again"))
        assert [tokens.whose(token) for token in (ana, "shared", "wrong")] == ["Ana", SHARED, None]
    tokens._layout.tokens.write_bytes(b"{")
    tokens._layout.token_hash.write_bytes(b"another")
    assert [tokens.whose(token) for token in (ana, "shared", ana, "shared")] == [None] * 4
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is None
