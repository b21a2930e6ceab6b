"""A studio signs its pack, and a performer is told before a pack is in that the studio may not have made."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from cli_wrong import Said, plainness, typed

from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.receiver.studio_key import key_file_bytes, read_key_file
from perfstudio.resources import asset
from rigs.systems import mode_of, private


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The pack of North Lab, as its author has it."""
    pack = json.loads(asset("packs", "practice", "pack.json").read_text("utf-8"))
    pack["id"], pack["studio"]["id"], pack["studio"]["name"] = "thresholds", "north-lab", "North Lab"
    made = tmp_path / "thresholds"
    made.mkdir()
    (made / "pack.json").write_text(json.dumps(pack))
    return made


def zipped(folder: Path, **changes: str) -> Path:
    """The folder as a pack; with `changes` to its words afterwards."""
    plain = json.loads((folder / "pack.json").read_text()) | changes
    file = folder.with_suffix(".perfpack")
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("pack.json", json.dumps(plain))
        if (folder / "signature.json").is_file():
            out.write(folder / "signature.json", "signature.json")
    return file


def said(*words: object) -> Said:
    answer = typed([str(word) for word in words])
    assert plainness(answer) == "", answer
    return answer


def test_signed_validated_brought_in_and_told_by_whom(folder: Path, tmp_path: Path, home: Path) -> None:
    key = tmp_path / "key.json"
    made = json.loads(said("packs", "sign", folder, "--key", key, "--new-key", "--json").out)
    assert made["fingerprint"] == fingerprint(read_key_file(key).public_key)
    if os.name == "posix":
        assert mode_of(key) == private(0o600)
    assert made["fingerprint"] in said("packs", "validate", folder).out
    assert made["fingerprint"] in said("packs", "validate", zipped(folder)).out
    assert f"Signed by North Lab with the key {made['fingerprint']}." in said("packs", "import", zipped(folder)).out
    listed = json.loads(said("packs", "list", "--json").out)
    assert [(p["author"], p["signed_by"]) for p in listed if p["pack"] == "thresholds"] == [
        ("signed", made["fingerprint"])
    ]
    (folder / "pack.json").write_text((folder / "pack.json").read_text().replace('"1.0"', '"1.1"', 1))
    assert "signature.json" in said("packs", "validate", folder).err, "the words have changed since"
    assert said("packs", "sign", folder, "--key", key).code == 0
    assert said("packs", "validate", folder).code == 0


def test_what_its_studio_may_not_have_made_is_told_before_it_is_in(folder: Path, tmp_path: Path, home: Path) -> None:
    said("packs", "sign", folder, "--key", tmp_path / "key.json", "--new-key")
    assert said("packs", "import", zipped(folder)).code == 0
    (folder / "signature.json").unlink()
    told = said("packs", "import", zipped(folder, version="1.1"))
    assert (told.code, "North Lab signs its packs" in told.err) == (1, True), told
    assert '--accept "unsigned"' in told.out
    forged = zipped(folder, version="1.2")
    (tmp_path / "forged").mkdir()
    with zipfile.ZipFile(forged) as archive:
        archive.extractall(tmp_path / "forged")
    new = json.loads(
        said("packs", "sign", tmp_path / "forged", "--key", tmp_path / "other.json", "--new-key", "--json").out
    )["fingerprint"]
    told = said("packs", "import", tmp_path / "forged")
    assert (told.code, new in told.err, f'--accept "{new}"' in told.out) == (1, True, True), told
    assert [p["version"] for p in json.loads(said("packs", "list", "--json").out)][:-2] == ["1.0"]
    taken = said("packs", "import", zipped(folder, version="1.3"), "--accept", "unsigned")
    assert (taken.code, "Not signed, although North Lab signs its packs" in taken.out) == (0, True), taken


def test_a_receivers_folder_has_the_studios_key(folder: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inbox" / ".receiver"
    inner.mkdir(parents=True)
    key = SigningKey.generate()
    (inner / "studio-key.json").write_bytes(key_file_bytes(key))
    (inner / "studio-key.json").chmod(0o600)
    signed = json.loads(said("packs", "sign", folder, "--key", tmp_path / "inbox", "--json").out)
    assert signed["public_key"] == key.public_key


def test_what_cannot_be_signed_or_signed_with_is_said(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "garbage.json").write_bytes(b"garbage")
    (tmp_path / "garbage.json").chmod(0o600)
    (tmp_path / "open.json").write_bytes(key_file_bytes(SigningKey.generate()))
    (tmp_path / "open.json").chmod(0o644)
    bad = [("gone.json", "missing"), ("garbage.json", "changed or damaged"), ("thresholds", "missing")]
    bad += [("open.json", "other accounts")] if os.name == "posix" else []
    for name, words in bad:
        told = said("packs", "sign", folder, "--key", tmp_path / name)
        assert (told.code, words in told.err) == (1, True), told
    assert "in the way" in said("packs", "sign", folder, "--key", tmp_path / "open.json", "--new-key").err
    assert "not a folder" in said("packs", "sign", zipped(folder), "--key", tmp_path / "open.json").err
    (folder / "pack.json").write_text("{}")
    assert said("packs", "sign", folder, "--key", tmp_path / "key.json", "--new-key").code == 1
    assert not (tmp_path / "key.json").exists(), "no key is made for what cannot be signed"
    assert not (folder / "signature.json").exists()


def test_a_table_becomes_a_pack_and_what_it_leaves_unsaid_is_one_line(tmp_path: Path, home: Path) -> None:
    table = tmp_path / "prompts.csv"
    table.write_bytes("Situation;Ends when;Author\nEin Bus hält.;er weiterfährt;X\n".encode("cp1252"))
    asked = ["--csv", table, "--studio", "Attic", "--contact", "hello@attic.example"]
    made = said("packs", "new", tmp_path / "evening", *asked)
    assert "evening 1.0 was made: 1 prompt." in made.out
    assert "read as Windows-1252" in made.out
    assert "“Author”" in made.out
    (line,) = [line for line in said("packs", "validate", tmp_path / "evening").out.splitlines() if "Missing" in line]
    assert "content tags in 1 scene (ein-bus-halt)" in line
    told = json.loads(said("packs", "validate", tmp_path / "evening", "--json").out)
    assert told["missing"]["content_tags"] == ["ein-bus-halt"]
    refused = said("packs", "new", tmp_path / "evening", *asked)
    assert (refused.code, "already exists" in refused.err) == (1, True)
    wrong = said("packs", "new", tmp_path / "other", "--csv", table)
    assert (wrong.code, "--studio" in wrong.err) == (2, True)
    assert "1 prompt" in said("packs", "import", tmp_path / "evening").out
    (pack,) = [one for one in json.loads(said("packs", "list", "--json").out) if one["pack"] == "evening"]
    assert pack["prompts"][0]["content_tags"] is None


@pytest.mark.usefixtures("home")
def test_a_scene_is_shown_to_the_one_who_plays_it() -> None:
    both = said("packs", "show", "handover").out
    assert "If you play Noor (new warden), read on with --role b" in both
    assert not any(words in both for words in ("lily", "eleven times", "What you want"))
    mine = said("packs", "show", "two-chairs/handover", "--role", "b").out
    assert "What nobody knows: You applied eleven times." in mine
    assert "You speak to: Bo (old warden)." in mine
    assert "lily" not in mine
    document = json.loads(said("packs", "show", "handover", "--role", "a", "--json").out)
    assert (document["brief"]["name"], document["content_tags"]) == ("Bo", [])
    assert "eleven times" not in json.dumps(document)
    alone = said("packs", "show", "the-letter").out
    assert "You speak to: Rui" in alone
    assert "Near the lens: He opens the door before you knock." in alone
    refused = said("packs", "show", "handover", "--role", "c")
    assert (refused.code, "a, b" in refused.err) == (1, True), refused
    listed = said("packs", "list").out
    assert "  Games:\n  handover " in listed
    assert "Bo (old warden) and Noor (new warden)" in listed
