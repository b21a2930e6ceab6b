"""The studio's key: made once, kept for its owner alone, and never replaced unseen."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perfstudio.model.delivery import Receipt, ReceivedFile
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import SigningKey, is_signed
from perfstudio.model.reading import read_document
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver
from perfstudio.receiver.studio_key import studio_key
from perfstudio.texts.errors import sentence
from rigs.systems import mode_of, private


@pytest.fixture
def layout(tmp_path: Path) -> ReceiverLayout:
    made = ReceiverLayout(tmp_path / "in")
    made.make()
    return made


def refusal(layout: ReceiverLayout) -> DeliveryError:
    with pytest.raises(DeliveryError) as refused:
        studio_key(layout)
    assert refused.value.code is ErrorCode.STUDIO_KEY_UNUSABLE
    assert "studio-key.json" in sentence(refused.value)
    return refused.value


def test_a_key_is_made_once_and_opened_from_then_on(layout: ReceiverLayout) -> None:
    made = studio_key(layout)
    again = studio_key(layout)
    assert again.public_key == made.public_key
    assert is_signed(again.sign(b"a receipt"), b"a receipt", made.public_key)
    if os.name == "posix":
        assert mode_of(layout.studio_key) == private(0o600)


def test_a_kill_between_the_two_files_loses_nothing(layout: ReceiverLayout) -> None:
    made = studio_key(layout)
    layout.studio_key_public.unlink()
    assert studio_key(layout).public_key == made.public_key
    assert layout.studio_key_public.read_text().strip() == made.public_key


def _other_secret(kept: bytes) -> bytes:
    document = json.loads(kept)
    document["public_key"] = SigningKey.generate().public_key
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "harm",
    [
        lambda kept: b"",
        lambda kept: kept[: len(kept) // 2],
        lambda kept: b"\0" * len(kept),
        lambda kept: kept.replace(b'"secret"', b'"secrets"'),
        lambda kept: kept.replace(b'"secret": "', b'"secret": "AA'),
        lambda kept: kept + b" " * 5000,
        _other_secret,
    ],
    ids=["empty", "half", "zeros", "field", "length", "long", "other"],
)
def test_a_damaged_key_is_refused_and_left_as_it_is(layout: ReceiverLayout, harm: Callable[[bytes], bytes]) -> None:
    studio_key(layout)
    harmed = harm(layout.studio_key.read_bytes())
    layout.studio_key.write_bytes(harmed)
    assert refusal(layout).facts["problem"] == "key_damaged"
    assert layout.studio_key.read_bytes() == harmed


def test_a_key_that_is_gone_is_not_replaced(layout: ReceiverLayout) -> None:
    studio_key(layout)
    layout.studio_key.unlink()
    assert refusal(layout).facts["problem"] == "key_gone"
    assert not layout.studio_key.exists()


def test_a_key_of_another_folder_is_refused(layout: ReceiverLayout, tmp_path: Path) -> None:
    other = ReceiverLayout(tmp_path / "other")
    other.make()
    studio_key(other)
    studio_key(layout)
    layout.studio_key.write_bytes(other.studio_key.read_bytes())
    assert refusal(layout).facts["problem"] == "key_halves"


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_key_that_others_may_read_is_refused(layout: ReceiverLayout, mode: int) -> None:
    studio_key(layout)
    layout.studio_key.chmod(mode)
    assert refusal(layout).facts["problem"] == "key_open"


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_link_is_no_key(layout: ReceiverLayout) -> None:
    studio_key(layout)
    elsewhere = layout.folder / "elsewhere.json"
    layout.studio_key.rename(elsewhere)
    layout.studio_key.symlink_to(elsewhere)
    assert refusal(layout).facts["problem"] == "key_damaged"


def test_the_studios_document_carries_the_key_over_a_restart(tmp_path: Path) -> None:
    with Receiver(tmp_path / "in") as first:
        public = first.studio().public_key
    with Receiver(tmp_path / "in") as second:
        assert second.studio().public_key == public
    assert public == studio_key(ReceiverLayout(tmp_path / "in")).public_key


def test_a_receiver_does_not_start_with_a_damaged_key_and_lets_go_of_its_folder(tmp_path: Path) -> None:
    with Receiver(tmp_path / "in"):
        pass
    key = ReceiverLayout(tmp_path / "in").studio_key
    kept = key.read_bytes()
    key.write_bytes(b"{")
    with pytest.raises(DeliveryError) as refused:
        Receiver(tmp_path / "in")
    assert refused.value.code is ErrorCode.STUDIO_KEY_UNUSABLE
    key.write_bytes(kept)
    with Receiver(tmp_path / "in"):
        pass


def a_receipt() -> Receipt:
    file = ReceivedFile(role="picture", name="take.mp4", size=9, sha256="ab" * 32)
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    return Receipt(level="B", take_id="t", studio_id="lab", state="accepted", files=(file,), at=moment)


def test_what_is_signed_holds_over_its_bytes_and_for_its_own_key_alone() -> None:
    key = SigningKey.generate()
    signed = a_receipt().signed(key)
    read = read_document(signed.canonical(), Receipt, limit=4096)
    assert read == signed
    assert read.canonical() == signed.canonical()
    assert read.is_signed_by(key.public_key)
    assert not read.is_signed_by(SigningKey.generate().public_key)
    assert not a_receipt().is_signed_by(key.public_key)
    assert not {"signature", "public_key", "record_id"} & a_receipt().to_json().keys(), "absent stays absent"


@pytest.mark.parametrize(
    "change", [{"take_id": "u"}, {"receipt_id": "1"}, {"files": ()}, {"at": datetime(2026, 3, 2, tzinfo=UTC)}]
)
def test_a_signature_is_over_every_word(change: dict[str, object]) -> None:
    key = SigningKey.generate()
    assert not a_receipt().signed(key).model_copy(update=change).is_signed_by(key.public_key)
