"""Studio documents: strict reading, safe addresses, kept in the home folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fault_server import Say, always, fault_server
from take_bundles import studio_at

from perfstudio.delivery.studios import LARGEST, NO_KEY, Studios, key_word, parse_studio, read_studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import SigningKey
from perfstudio.texts.errors import sentence
from rigs.systems import mode_of, private

GOOD = studio_at("https://up.example/files", "https://up.example").to_json()


def text(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "studio.json"
    file.write_bytes(text())
    assert read_studio(file).to_json() == GOOD
    assert read_studio(str(file)).to_json() == GOOD


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"not json",
        b"\xff\xfe",
        b'{"a":' * 100_000,
        text(surprise=1),
        text(id="../x"),
        text(name=""),
        text(name="Lab \u202etd bal"),
        text(contact="\u2067lab"),
        text(sign_in="magic"),
        text()[:-1] + b',"id":"other"}',
        text()[:-1] + b',"x":NaN}',
        b" " * (LARGEST + 1),
        text(public_key="short"),
        text(catalogue=[{"id": "a", "version": "1", "url": "http://up.example/a", "sha256": "0" * 64}]),
    ],
)
def test_what_is_no_studio(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "studio.json"
    file.write_bytes(data)
    with pytest.raises(DeliveryError) as refused:
        read_studio(file)
    assert refused.value.code is ErrorCode.STUDIO_INVALID
    assert refused.value.facts["file"] == "studio.json"


@pytest.mark.parametrize(
    "typed",
    [
        "hello",
        "none.json",
        "www.lab.example/studio.json",
        "ftp://me:secret@lab.example/studio.json",
        ".",
        "a\0b",
        "x" * 5000,
    ],
)
def test_what_is_neither_link_nor_document(typed: str) -> None:
    """Nobody's document is blamed for it, and it is shown as it was typed, as far as a line of text can hold it."""
    with pytest.raises(DeliveryError) as refused:
        read_studio(typed)
    assert refused.value.code is ErrorCode.STUDIO_UNREADABLE
    said = sentence(refused.value)
    assert typed.replace("me:secret@", "").replace("\0", "\ufffd")[:80] in said
    assert "secret" not in said
    assert "https://" in said
    assert "correct" not in said


@pytest.mark.parametrize("typed", ["https://", "http://lab.example/studio.json", "https://me:pw@lab.example/x"])
def test_a_link_that_may_not_be_used_says_what_it_has_to_be(typed: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        read_studio(typed)
    assert "it needs https" in sentence(refused.value)
    assert "?" not in sentence(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"tus": "http://up.example/files"},
        {"tus": "https://up.example/files#x"},
        {"base": "https://other.example"},
        {"base": "http://127.0.0.1:1"},
        {"tus": "https://me:secret@up.example/files"},
    ],
)
def test_t8_unsafe_addresses(changes: dict[str, str]) -> None:
    with pytest.raises(DeliveryError) as refused:
        parse_studio(text(**changes), "studio.json")
    assert refused.value.code is ErrorCode.RECEIVER_UNSAFE
    assert "secret" not in str(refused.value)


def test_an_address() -> None:
    with fault_server(always(Say(200, (), text()), "GET")) as server:
        assert read_studio(f"{server.url}/studio.json").to_json() == GOOD
        assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Say(404), ErrorCode.STUDIO_UNREADABLE),
        (Say(403), ErrorCode.STUDIO_UNREADABLE),
        (Say(503), ErrorCode.STUDIO_UNREACHABLE),
        (Say(302, (("Location", "http://127.0.0.1:9/"),)), ErrorCode.RECEIVER_UNSAFE),
        (Say(200, (), b"x" * (2 << 20)), ErrorCode.STUDIO_UNREADABLE),
        (Say(200, (), b"<html>"), ErrorCode.STUDIO_UNREADABLE),
    ],
)
def test_addresses_that_disappoint(answer: Say, code: ErrorCode) -> None:
    with fault_server(always(answer, "GET")) as server, pytest.raises(DeliveryError) as refused:
        read_studio(f"{server.url}/studio.json")
    assert refused.value.code is code


def test_t9_a_pack_may_not_point_into_private_networks() -> None:
    with fault_server(always(Say(200, (), text()), "GET")) as server:
        with pytest.raises(DeliveryError) as refused:
            read_studio(f"{server.url}/studio.json", typed=False)
        assert refused.value.code is ErrorCode.RECEIVER_UNSAFE
        assert server.asked == []


def test_nobody_there() -> None:
    with fault_server() as server:
        pass
    with pytest.raises(DeliveryError) as refused:
        read_studio(f"{server.url}/studio.json")
    assert refused.value.code is ErrorCode.STUDIO_UNREACHABLE
    assert "take" not in sentence(refused.value), "no take is concerned"


def test_a_key_is_kept_from_the_first_contact_on_and_changes_when_a_person_says_so(tmp_path: Path) -> None:
    studios, first = Studios(tmp_path / "studios"), parse_studio(text(), "x")
    other = first.model_copy(update={"public_key": SigningKey.generate().public_key})
    keyless, plain = first.model_copy(update={"public_key": None}), first.model_copy(update={"base": None})
    studios.keep(keyless)
    studios.keep(first)  # a document of an earlier receiver had none
    studios.keep(first.model_copy(update={"name": "Small Lab, renamed", "contact": "new@small-lab.example"}))
    for changed, code in (
        (other, ErrorCode.STUDIO_KEY_CHANGED),
        (keyless, ErrorCode.STUDIO_KEY_GONE),
        (plain, ErrorCode.STUDIO_KEY_GONE),
        (keyless.model_copy(update={"base": None}), ErrorCode.STUDIO_KEY_GONE),
    ):
        with pytest.raises(DeliveryError) as refused:
            studios.keep(changed)
        assert refused.value.code is code
        assert code is ErrorCode.STUDIO_KEY_GONE or str(refused.value.facts["new"]) in sentence(refused.value)
        assert studios.get(first.id).public_key == first.public_key, "nothing was changed"
        with pytest.raises(DeliveryError):
            studios.keep(changed, "0000 0000 0000 0000")
    assert refused.value.facts["new"] == NO_KEY
    studios.keep(other, key_word(other).replace(" ", "").upper())
    assert studios.get(first.id).public_key == other.public_key
    studios.keep(keyless, NO_KEY)
    assert studios.get(first.id).public_key is None


def test_kept_and_forgotten(tmp_path: Path) -> None:
    studios = Studios(tmp_path / "studios")
    assert studios.all() == ()
    studio = parse_studio(text(), "x")
    studios.keep(studio)
    studios.keep(studio)
    (tmp_path / "studios" / "broken.json").write_text("{")
    turned = parse_studio(text(id="before", name="A \u202eLab"), "x")
    studios.keep(turned)
    assert Studios(tmp_path / "studios").all() == (turned, studio), "what was connected before stays connected"
    studios.forget("before")
    assert studios.get(studio.id) == studio
    assert mode_of(tmp_path / "studios" / f"{studio.id}.json") == private(0o600)
    studios.forget(studio.id)
    with pytest.raises(DeliveryError) as refused:
        studios.get(studio.id)
    assert refused.value.code is ErrorCode.STUDIO_UNKNOWN


@pytest.mark.parametrize("studio_id", ["con", "nul", "com1", "lpt9"])
def test_a_studio_that_is_called_as_a_device_of_windows_is_kept_like_any_other(studio_id: str, tmp_path: Path) -> None:
    studios = Studios(tmp_path)
    studio = parse_studio(text(id=studio_id), "x")
    studios.keep(studio)
    assert [file.stem for file in tmp_path.iterdir()] != [studio_id]
    assert Studios(tmp_path).get(studio_id) == studio
    studios.forget(studio_id)
    assert not list(tmp_path.iterdir())
