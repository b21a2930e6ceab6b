"""Whose key it is: kept at the first take, replaced by a person of the studio alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.cli.main import run
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.performers import Performers

ADA = "p-17"
OLD, NEW = (SigningKey.generate().public_key for _ in range(2))


@pytest.fixture
def layout(tmp_path: Path) -> ReceiverLayout:
    made = ReceiverLayout(tmp_path / "in")
    made.make()
    return made


@pytest.fixture
def performers(layout: ReceiverLayout) -> Performers:
    return Performers(layout)


def refusal(ask: Callable[..., object], *words: str) -> RefusedError:
    with pytest.raises(RefusedError) as told:
        ask(*words)
    return told.value


def test_the_first_key_stays_and_another_is_turned_away(performers: Performers) -> None:
    performers.require_key(ADA, NEW)
    assert performers.all() == (), "asking keeps nothing"
    performers.keep(ADA, OLD)
    performers.keep(ADA, OLD)
    for ask in (performers.require_key, performers.keep):
        told = refusal(ask, ADA, NEW)
        assert (told.status, told.words) == (403, "key_not_known")
    performers.keep("p-18", NEW)
    ada, _other = performers.all()
    assert [key.public_key for key in ada.keys] == [OLD]
    assert ada.waiting == NEW


def test_a_person_accepts_the_new_one_and_the_old_signs_no_more(performers: Performers) -> None:
    performers.keep(ADA, OLD)
    refusal(performers.require_key, ADA, NEW)
    assert performers.accept_key(ADA, fingerprint(NEW).upper()).public_key == NEW
    performers.require_key(ADA, NEW)
    refusal(performers.require_key, ADA, OLD)
    assert [key.how for key in performers.all()[0].keys] == ["first_contact", "accepted"]


def test_what_cannot_be_accepted_is_said(performers: Performers) -> None:
    performers.keep(ADA, OLD)
    performers.keep("p-18", OLD)
    refusal(performers.require_key, "p-18", SigningKey.generate().public_key)
    for who, code in (
        ("p-99", ErrorCode.PERFORMER_UNKNOWN),
        (ADA, ErrorCode.PERFORMER_KEY_NONE),
        ("p-18", ErrorCode.PERFORMER_KEY_OTHER),
    ):
        with pytest.raises(DeliveryError) as told:
            performers.accept_key(who, fingerprint(NEW))
        assert told.value.code is code
    performers.require_key("p-18", OLD)


@pytest.mark.parametrize("strange", ["../../up", "a/b", "Ünal", "x" * 200, ".", "con", "Con", "p-17", "p\x07\x1b[2J"])
def test_any_id_has_a_file_of_its_own(performers: Performers, layout: ReceiverLayout, strange: str) -> None:
    performers.keep(strange, OLD)
    refusal(performers.require_key, strange, NEW)
    performers.require_key(strange.swapcase() + "x", NEW)
    assert [known.performer_id for known in performers.all()] == [strange]
    assert [file.parent for file in layout.folder.rglob("*.json")] == [layout.performers]


def test_what_cannot_be_read_lets_nobody_in(performers: Performers, layout: ReceiverLayout) -> None:
    performers.keep(ADA, OLD)
    (file,) = layout.performers.glob("*.json")
    for damage in (b"", b"{", b'{"keys": []}', file.read_bytes() + b"x"):
        file.write_bytes(damage)
        assert refusal(performers.require_key, ADA, OLD).status == 507
        with pytest.raises(DeliveryError):
            performers.all()


def test_the_verb_lists_and_accepts(
    performers: Performers, layout: ReceiverLayout, capsys: pytest.CaptureFixture[str]
) -> None:
    def typed(*words: str) -> tuple[int, str, str]:
        code = run(["receive", "performers", *words, "--folder", str(layout.folder)])
        said = capsys.readouterr()
        return code, said.out, said.err

    assert "Nobody has sent a take yet." in typed("list")[1]
    performers.keep(ADA, OLD)
    refusal(performers.require_key, ADA, NEW)
    code, out, _ = typed("list")
    assert code == 0
    assert f"{fingerprint(NEW)} is waiting" in out
    code, _, err = typed("accept-key", "p-99", fingerprint(NEW))
    assert code == 1
    assert "Takes have arrived from p-17." in err
    code, _, err = typed("accept-key", ADA, fingerprint(OLD))
    assert code == 1
    assert f"is a different one: {fingerprint(NEW)}. Nothing was accepted." in err
    code, out, _ = typed("accept-key", ADA, *fingerprint(NEW).split())
    assert code == 0
    assert f"From now on p-17 signs with {fingerprint(NEW)}." in out
    plain = json.loads(typed("list", "--json")[1])["performers"][0]
    assert [key["fingerprint"] for key in plain["keys"]] == [fingerprint(OLD), fingerprint(NEW)]
    assert plain["waiting"] is None
