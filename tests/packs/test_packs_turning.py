"""What is shown of a pack is what it says: no mark turns the letters of a text around."""

from __future__ import annotations

from pathlib import Path

import pytest
from packs_made import pack, prompt, zipped

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs.pack_store import PackStore
from perfstudio.packs.reader import parse, read_pack
from perfstudio.texts.errors import sentence

TURNED = {
    "letters turned round": "paid \u202e00.01\u202c an hour",
    "letters held": "\u202dabc\u202c",
    "an embedding left open": "\u202babc",
    "an isolate left open": "to \u2067Ana",
    "closed by another mark": "\u2067Ana\u202c",
    "closed in the next line": "\u2067Ana\nBo\u2069",
    "closed and never opened": "Ana\u2069",
}
STRAIGHT = (
    "\u05e9\u05dc\u05d5\u05dd, Ana",
    "\u0645\u0631\u062d\u0628\u0627\u200f!",
    "for \u2068Ana\u2069 and \u2067\u05d0\u2069",
    "\u202bAna\u202c",
    "a\u200bb",
    "e\u0301\u200d\u200c",
)


@pytest.mark.parametrize("how", TURNED)
def test_words_that_look_like_others_are_not_in(shelf: PackStore, tmp_path: Path, how: str) -> None:
    text = TURNED[how]
    places = {
        "title": pack(title=text),
        "prompts[0].beats[0]": pack(prompts=[prompt(beats=[text])]),
        "terms[0].text": pack(terms=[{**pack()["terms"][0], "text": text}]),
    }
    for where, document in places.items():
        file = zipped(tmp_path / "a.perfpack", document)
        with pytest.raises(PackError) as told:
            shelf.import_pack(file)
        assert (told.value.code, told.value.facts["where"]) == (ErrorCode.PACK_INVALID, where)
        assert "changes the direction of text around" in sentence(told.value)


def test_text_from_right_to_left_needs_none_of_them(tmp_path: Path) -> None:
    document = pack(prompts=[prompt(beats=list(STRAIGHT))])
    assert read_pack(zipped(tmp_path / "a.perfpack", document)).pack.prompts[0].beats == STRAIGHT


def test_a_pack_that_an_earlier_version_let_in_stays_readable(shelf: PackStore, tmp_path: Path) -> None:
    from perfstudio.model.base import canonical_bytes

    document = pack(title=TURNED["letters turned round"])
    name = parse(canonical_bytes(document), "a")[1]
    (tmp_path / "packs" / name).mkdir(parents=True)
    (tmp_path / "packs" / name / "pack.json").write_bytes(canonical_bytes(document))
    assert shelf.pack("evening").sha256 == name
    assert shelf.damaged() == ()
