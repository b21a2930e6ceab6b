"""A pack that is looked at before it is in: how it stands to what is on the shelf, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import packs_made
import pytest

from perfstudio.durable import remove_tree
from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.jws import SigningKey
from perfstudio.packs.pack_store import PackStore
from perfstudio.packs.reader import read_pack
from perfstudio.packs.signature import SIGNATURE, Authorship, make_signature
from perfstudio.session.pack_offer import pack_offer
from perfstudio.texts import pack_offer as texts


def made(folder: Path, key: SigningKey | None = None, **changes: object) -> Path:
    document = packs_made.pack(**changes)
    plain = packs_made.zipped(folder / "plain.perfpack", document)
    signed = make_signature(read_pack(plain).sha256, key) if key else None
    return packs_made.zipped(folder / "a.perfpack", document, {SIGNATURE: signed} if signed else None)


def test_whose_it_is_and_what_is_here_is_said_before_it_is_in(shelf: PackStore, tmp_path: Path) -> None:
    key, other = SigningKey.generate(), SigningKey.generate()

    def looked(file: Path) -> tuple[object, ...]:
        look = shelf.look_at(file)
        return look.author, look.key_known, look.is_here, look.earlier, look.is_newer

    first = made(tmp_path)
    assert looked(first) == (Authorship.UNKNOWN, False, False, "", False)
    assert texts.remarks(pack_offer(first, shelf.look_at(first))) == ""
    heard = texts.heard(pack_offer(first, shelf.look_at(first)))
    assert heard.startswith("A pack was opened. Pack: Evening, version 1.0. Studio: Attic Ltd")
    assert heard.endswith("File: a.perfpack.")
    signed = made(tmp_path, key)
    assert looked(signed) == (Authorship.SIGNED, False, False, "", False)
    assert "No key of this studio was known" in texts.remarks(pack_offer(signed, shelf.look_at(signed)))
    assert not (tmp_path / "packs").exists(), "nothing was written"
    shelf.import_pack(signed, shown=shelf.look_at(signed).found.sha256)
    assert looked(signed) == (Authorship.SIGNED, True, True, "", False)
    newer = made(tmp_path, key, version="1.10")
    assert looked(newer) == (Authorship.SIGNED, True, False, "1.0", True)
    for signer, author in ((other, Authorship.OTHER_KEY), (None, Authorship.MISSING)):
        older = made(tmp_path, signer, version="0.9")
        look = shelf.look_at(older)
        offer = pack_offer(older, look)
        assert (look.author, look.earlier, look.is_newer) == (author, "1.0", False)
        assert offer.accept == (offer.signed_by if signer else "unsigned")
        assert "Somebody else may have made it" in texts.remarks(offer)
        assert "You have version 1.0, which is newer" in texts.remarks(offer)
        assert texts.press(offer) == "Import it anyway"
        shelf.import_pack(older, accept=offer.accept, shown=offer.sha256)
        remove_tree(shelf._root / offer.sha256)


def test_what_could_not_come_in_is_said_at_once(shelf: PackStore, tmp_path: Path, bundled: Path) -> None:
    shelf.import_pack(made(tmp_path))
    for changes, code in (
        ({"summary": "Other words."}, ErrorCode.PACK_CHANGED),
        ({"id": "practice", "version": "9"}, ErrorCode.PACK_RESERVED),
        ({"format": "perfstudio-pack/99"}, ErrorCode.PACK_INVALID),
    ):
        with pytest.raises(PackError) as told:
            shelf.look_at(packs_made.zipped(tmp_path / "b.perfpack", packs_made.pack(**changes)))
        assert told.value.code is code
    picture = packs_made.media_of("p.png", packs_made.png(), "image")
    document = packs_made.pack(id="third", media=[picture | {"sha256": "0" * 64}])
    file = packs_made.zipped(tmp_path / "b.perfpack", document, {"media/p.png": packs_made.png()})
    with pytest.raises(PackError) as told:
        shelf.look_at(file)
    assert told.value.facts["problem"] == "hash_differs"
    folder = tmp_path / "a folder.perfpack"
    folder.mkdir()
    (folder / "pack.json").write_text(json.dumps(packs_made.pack(id="other")))
    assert pack_offer(folder, shelf.look_at(folder)).size_bytes == (folder / "pack.json").stat().st_size
