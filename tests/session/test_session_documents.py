"""Documents that somebody else may have written or damaged: read strictly, and refused with one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfstudio.model.room import RoomBook
from perfstudio.session.home_document import read_or_lay_aside
from perfstudio.session.set_aside import SetAside, SetAsideKind
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts.errors import sentence
from rigs.take_bundles import make_bundle

SPOILT: dict[str, tuple[bytes, bytes, str]] = {
    "no JSON": (b"{", b"", "line 1: it is not JSON"),
    "a field twice": (b"{", b'{"record_id":"x",', "“record_id”, line 1: a name appears twice"),
    "another kind": (b'"events":[', b'"events":[7,', "“events[0]”, line 1: it must be an object"),
    "a field too many": (b"{", b'{"more":1,', "“more”, line 1: this field is not known here"),
    "a number that is text": (b'"seq":1', b'"seq":"1"', "“events[0].seq”, line 1: it must be a number"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_consent_names_its_place_in_one_sentence(how: str, tmp_path: Path) -> None:
    old, new, told = SPOILT[how]
    folder = make_bundle(tmp_path).folder
    paper = folder / "consent.json"
    data = paper.read_bytes()
    paper.write_bytes(data.replace(old, new, 1))
    found = [sentence(problem) for problem in verify_bundle(folder).problems]
    assert len(found) == 1, found
    assert told in found[0]
    assert found[0].startswith("The bundle is not valid at consent.json, ")


def test_what_is_damaged_is_laid_aside_and_said_and_what_cannot_be_read_now_stays(tmp_path: Path) -> None:
    told: list[SetAside] = []
    file = tmp_path / "rooms.json"
    assert read_or_lay_aside(file, RoomBook, SetAsideKind.ROOMS, told.append) is None
    assert told == []
    file.mkdir()  # whatever this is, it is no damaged document
    assert read_or_lay_aside(file, RoomBook, SetAsideKind.ROOMS, told.append) is None
    assert file.is_dir()
    assert told == []
    file.rmdir()
    file.write_bytes(b'{"profiles": [], "profiles": []}')
    assert read_or_lay_aside(file, RoomBook, SetAsideKind.ROOMS, told.append) is None
    (aside,) = told
    assert aside.what is SetAsideKind.ROOMS
    assert aside.kept is not None
    assert aside.kept.read_bytes() == b'{"profiles": [], "profiles": []}'
    assert not file.exists()
