"""The studio accepts and rejects: signed, counted, told to the performer of the take and to nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from receiver_visitor import Visitor
from take_bundles import STUDIO, make_bundle

from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ruling import Ruling, RulingWish, RulingWord
from perfstudio.receiver.arrivals import find_arrival
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.rulings import Rulings
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from perfstudio.receiver.tokens import Tokens

AGAIN = {"word": "rejected", "reason": "the door\n slams", "at_s": 12.5}


@pytest.fixture(scope="module")
def arrived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, Visitor, Tokens]]:
    """Ana's take lies at a receiver; Bo has a token, too."""
    folder = tmp_path_factory.mktemp("ruled")
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(idle_s=1.0, keep_free=1 << 20))
    tokens = Tokens(ReceiverLayout(folder / "in"))
    with Receiver(folder / "in", settings=settings) as running:
        ana = Visitor(running, make_bundle(folder / "ana", picture=4000, sound=2000), tokens.add("Ana"))
        ana.deliver()
        assert ana.settled()["state"] == "accepted"
        bo = Visitor(running, make_bundle(folder / "bo", seed=2, performer="q"), tokens.add("Bo"))
        assert bo.consent().status_code == 201
        yield ana, bo, tokens


def rule(visitor: Visitor, wish: dict[str, Any] | bytes, take_id: str = "") -> requests.Response:
    data = wish if isinstance(wish, bytes) else json.dumps(wish).encode()
    return visitor.ask("PUT", f"/v1/takes/{take_id or visitor.bundle.take_id}/ruling", data=data)


def told(visitor: Visitor, *take_ids: str) -> list[Ruling]:
    answer = visitor.ask("POST", "/v1/rulings", json={"takes": list(take_ids)})
    assert answer.status_code == 200, answer.text
    return [Ruling.model_validate(one) for one in answer.json()["rulings"]]


def test_decided_by_the_studio_alone_and_told_to_its_performer_alone(arrived: tuple[Visitor, Visitor, Tokens]) -> None:
    ana, bo, tokens = arrived
    take_id = ana.bundle.take_id
    assert told(ana, take_id) == []
    desk = replace(ana, token=tokens.add("desk", decides=True))
    for other in (ana, bo, replace(ana, token=None)):
        assert rule(other, AGAIN, take_id).status_code in (401, 403)
    for method, path in (("GET", f"/v1/takes/{take_id}"), ("GET", "/v1/server"), ("POST", "/v1/rulings")):
        assert desk.ask(method, path).status_code == 403, "and it is good for nothing else"
    made = Ruling.model_validate(rule(desk, AGAIN).json())
    assert (made.word, made.reason, made.at_s, made.number) == (RulingWord.REJECTED, "the door slams", 12.5, 1)
    assert made.is_signed_by(ana.receiver.key.public_key)
    assert rule(desk, AGAIN).json() == made.to_json(), "the same twice is one"
    (heard,) = told(ana, take_id, "0" * 26, take_id)
    assert heard == made
    assert told(bo, take_id) == [], "of another's take nothing, as of one that is not here"
    better = Ruling.model_validate(rule(desk, {"word": "accepted"}).json())
    assert (better.number, better.word, better.reason) == (2, RulingWord.ACCEPTED, "")
    assert told(ana, take_id) == [better]
    assert ana.report()["state"] == "accepted", "and nothing else has changed"


def test_what_cannot_be_decided(arrived: tuple[Visitor, Visitor, Tokens]) -> None:
    ana, _, tokens = arrived
    desk = replace(ana, token=tokens.add("second desk", decides=True))
    before = told(ana, ana.bundle.take_id)
    wrong: list[tuple[dict[str, Any] | bytes, int]] = [
        ({"word": "rejected"}, 422), ({"word": "rejected", "reason": " \n "}, 422), ({"word": "perhaps"}, 422),
        ({**AGAIN, "at_s": 60.5}, 422), ({**AGAIN, "at_s": -1}, 422), ({**AGAIN, "at_s": "12"}, 422),
        ({**AGAIN, "reason": "x" * 501}, 422), ({**AGAIN, "reason": "a\x07b"}, 422), ({**AGAIN, "why": 1}, 422),
        (b'{"word": "accepted", "word": "rejected", "reason": "x"}', 422), (b"{", 422), (b"", 422), (b"NaN", 422),
    ]  # fmt: skip
    for wish, status in wrong:
        assert rule(desk, wish).status_code == status, wish
    assert rule(desk, AGAIN, "0" * 26).status_code == 404
    assert ana.ask("POST", "/v1/rulings", json={"takes": ["0" * 26] * 501}).status_code == 422
    assert ana.ask("POST", "/v1/rulings", json={"takes": ["../x"]}).status_code == 422
    assert told(ana, ana.bundle.take_id) == before


def test_by_the_folder_as_a_verb_does_it(arrived: tuple[Visitor, Visitor, Tokens]) -> None:
    ana, _, tokens = arrived
    layout, key = tokens._layout, ana.receiver.key
    rulings = Rulings(layout, key)
    take_id = find_arrival(layout, ana.bundle.take_id[:12])
    made = rulings.rule(take_id, RulingWish(word=RulingWord.REJECTED, reason="too quiet", at_s=60.0))
    assert told(ana, take_id) == [made]
    layout.ruling(take_id).write_bytes(made.canonical().replace(b"too quiet", b"too loud!"))
    assert told(ana, take_id) == [], "what somebody wrote into the folder is not the studio's word"
    for name in ("0" * 26, "zzzz", "", "01"):
        with pytest.raises(DeliveryError) as caught:
            find_arrival(layout, name)
        assert caught.value.code is ErrorCode.ARRIVAL_UNKNOWN
