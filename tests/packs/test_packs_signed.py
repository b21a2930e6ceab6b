"""Packs signed by their studio: valid, tampered, of another key, unsigned; and what looks like the practice room."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from packs_made import media_of, pack, png, zipped

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.packs.pack_store import PackStore
from perfstudio.packs.reader import parse
from perfstudio.packs.reserved import skeleton
from perfstudio.packs.signature import UNSIGNED, Authorship, make_signature
from perfstudio.texts.errors import sentence

ATTIC, OTHER = SigningKey.generate(), SigningKey.generate()


def signature(document: dict[str, Any], key: SigningKey = ATTIC) -> bytes:
    return make_signature(parse(json.dumps(document).encode(), "a")[1], key)


def signed(file: Path, document: dict[str, Any], key: SigningKey = ATTIC) -> Path:
    return zipped(file, document, {"signature.json": signature(document, key)})


def refused(shelf: PackStore, file: Path, accept: str | None = None) -> PackError:
    before = sorted(shelf._root.rglob("*"))
    with pytest.raises(PackError) as found:
        shelf.import_pack(file, accept=accept)
    assert sorted(shelf._root.rglob("*")) == before, "nothing is in"
    assert sentence(found.value)
    return found.value


def author(shelf: PackStore, version: str) -> tuple[Authorship, str]:
    file = shelf.pack("evening", version)
    return shelf.authorship(file), file.signed_by


def test_a_signed_pack_is_in_and_stays_signed(shelf: PackStore, bundled: Path, tmp_path: Path) -> None:
    document = pack(media=[media_of("a.png", png(), "image")])
    file = zipped(tmp_path / "a.perfpack", document, {"signature.json": signature(document), "media/a.png": png()})
    shelf.import_pack(file)
    assert author(PackStore(tmp_path / "packs", [bundled]), "1.0") == (Authorship.SIGNED, ATTIC.public_key)
    shelf.import_pack(zipped(tmp_path / "b.perfpack", document, {"media/a.png": png()}))
    assert author(shelf, "1.0")[0] is Authorship.SIGNED, "the same words once more, without it"


def test_whoever_never_signed_need_not_sign(shelf: PackStore, tmp_path: Path) -> None:
    shelf.import_pack(zipped(tmp_path / "a.perfpack", pack()))
    assert author(shelf, "1.0") == (Authorship.UNKNOWN, "")
    shelf.import_pack(signed(tmp_path / "b.perfpack", pack()))
    assert author(shelf, "1.0") == (Authorship.SIGNED, ATTIC.public_key), "the same words, signed since"


def changed(plain: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {name: value for name, value in (plain | values).items() if value is not None}


SPOILT = {
    "of something else": ("signature_of_others", lambda s, other: changed(s, pack_sha256="0" * 64)),
    "moved from another pack": ("signature_of_others", lambda s, other: other),
    "with the hash put right": ("signature_wrong", lambda s, other: changed(other, pack_sha256=s["pack_sha256"])),
    "another key named": ("signature_wrong", lambda s, other: changed(s, public_key=OTHER.public_key)),
    "no key": ("signature_wrong", lambda s, other: changed(s, public_key=None)),
    "no signature": ("signature_wrong", lambda s, other: changed(s, signature=None)),
    "cut short": ("signature_wrong", lambda s, other: changed(s, signature=s["signature"][:-4])),
    "of another form": ("not_one_of", lambda s, other: changed(s, format="perfstudio-receipt/1")),
    "a field too many": ("unknown_field", lambda s, other: changed(s, more=1)),
    "a list": ("not_an_object", lambda s, other: [s]),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_signature_that_does_not_hold_is_worse_than_none(shelf: PackStore, tmp_path: Path, how: str) -> None:
    problem, spoil = SPOILT[how]
    plain = json.loads(signature(pack()))
    other = json.loads(signature(pack(version="7.0")))
    spoilt = json.dumps(spoil(plain, other)).encode()
    for accept in (None, UNSIGNED, fingerprint(OTHER.public_key)):
        told = refused(shelf, zipped(tmp_path / "a.perfpack", pack(), {"signature.json": spoilt}), accept)
        assert (told.code, told.facts["where"]) == (ErrorCode.PACK_INVALID, "signature.json")
        assert told.facts["problem"] == problem
    twice = b'{"pack_sha256": "x",' + json.dumps(plain).encode()[1:]
    for data in (twice, b"", b"garbage", json.dumps(plain).encode("utf-16"), b" " * 5000):
        told = refused(shelf, zipped(tmp_path / "a.perfpack", pack(), {"signature.json": data}))
        assert told.code in (ErrorCode.PACK_INVALID, ErrorCode.PACK_TOO_LARGE)


def test_after_one_word_is_changed_it_is_the_signature_of_others(shelf: PackStore, tmp_path: Path) -> None:
    file = zipped(tmp_path / "a.perfpack", pack(title="Changed"), {"signature.json": signature(pack())})
    assert refused(shelf, file).facts["problem"] == "signature_of_others"


def test_a_studio_that_signs_is_asked_for_its_signature(shelf: PackStore, tmp_path: Path) -> None:
    shelf.import_pack(signed(tmp_path / "a.perfpack", pack()))
    bare = zipped(tmp_path / "b.perfpack", pack(version="2.0"))
    for accept in (None, "", "yes", fingerprint(OTHER.public_key)):
        told = refused(shelf, bare, accept)
        assert (told.code, told.facts) == (ErrorCode.PACK_UNSIGNED, {"file": "b.perfpack", "studio": "Attic"})
    shelf.import_pack(bare, accept=UNSIGNED)
    assert author(shelf, "2.0") == (Authorship.MISSING, "")
    forged = signed(tmp_path / "c.perfpack", pack(version="3.0"), OTHER)
    new, known = fingerprint(OTHER.public_key), fingerprint(ATTIC.public_key)
    for accept in (None, UNSIGNED, known):
        told = refused(shelf, forged, accept)
        assert told.code is ErrorCode.PACK_OTHER_KEY
        assert (told.facts["known"], told.facts["new"]) == (known, new)
    shelf.import_pack(forged, accept=new.upper().replace(" ", ""))
    assert author(shelf, "3.0") == (Authorship.SIGNED, OTHER.public_key), "by a decision it is a key of the studio's"


def test_the_key_of_a_connected_studio_decides(bundled: Path, tmp_path: Path) -> None:
    keys: dict[str, str] = {}
    shelf = PackStore(tmp_path / "packs", [bundled], studio_keys=lambda: keys)
    shelf.import_pack(signed(tmp_path / "a.perfpack", pack(), OTHER))
    keys["attic"] = ATTIC.public_key
    assert author(shelf, "1.0")[0] is Authorship.OTHER_KEY, "told of what is here already"
    for file in (zipped(tmp_path / "b.perfpack", pack(version="2.0")), signed(tmp_path / "c.perfpack", pack(), OTHER)):
        if file.name == "b.perfpack":
            assert refused(shelf, file).code is ErrorCode.PACK_UNSIGNED
    assert refused(shelf, signed(tmp_path / "d.perfpack", pack(version="4.0"), OTHER)).facts["known"] == fingerprint(
        ATTIC.public_key
    )
    shelf.import_pack(signed(tmp_path / "e.perfpack", pack(version="5.0")))
    assert author(shelf, "5.0")[0] is Authorship.SIGNED
    other_studio = pack(version="6.0", studio={**pack()["studio"], "id": "cellar"})
    shelf.import_pack(zipped(tmp_path / "f.perfpack", other_studio))


def test_a_signature_that_is_damaged_on_the_shelf_costs_no_pack(
    shelf: PackStore, bundled: Path, tmp_path: Path
) -> None:
    shelf.import_pack(signed(tmp_path / "a.perfpack", pack()))
    (kept,) = (tmp_path / "packs").rglob("signature.json")
    kept.write_bytes(b"{")
    again = PackStore(tmp_path / "packs", [bundled])
    assert again.damaged() == ()
    assert author(again, "1.0") == (Authorship.UNKNOWN, "")
    again.import_pack(signed(tmp_path / "a.perfpack", pack()))
    assert author(again, "1.0")[0] is Authorship.SIGNED, "and comes back with the pack"


ALIKE = {
    "id": ["practlce", "pract1ce", "prac-tice", "practice-", "p-r-a-c-t-i-c-e"],
    "studio": ["practlce", "pract1ce", "practi-ce"],
    "name": [
        "practice room", "PRACTICE  ROOM", "Prасtiсe rооm", "Pract\u200bice Room", "Práctice Room", "Ｐractice room",
        "Practlce roorn", "Practice-Room", "Pract1ce r00m", "Practice",
    ],
}  # fmt: skip


@pytest.mark.parametrize("what", ALIKE)
def test_what_looks_like_the_practice_room_is_not_in(shelf: PackStore, tmp_path: Path, what: str) -> None:
    for number, name in enumerate(ALIKE[what]):
        document = pack(version=f"{number + 1}.0")
        if what == "id":
            document["id"] = name
        else:
            document["studio"] = {**document["studio"], ("id" if what == "studio" else "name"): name}
        file = zipped(tmp_path / "a.perfpack", document)
        told = refused(shelf, file, accept=UNSIGNED)
        assert (told.code, told.facts["id"]) == (ErrorCode.PACK_RESERVED, name)
        assert "looks like" in sentence(told)


def test_other_names_are_free() -> None:
    ours = {skeleton("practice"), skeleton("Practice room")}
    free = ("practice-2", "practical", "malpractice", "the practice", "Practise room", "practices", "room", "暗い部屋")
    assert not ours & {skeleton(name) for name in free}
