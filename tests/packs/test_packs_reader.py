"""What a pack may be, and the place and rule that is named when it is not."""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from packs_made import media_of, pack, png, prompt, use, wav, zipped

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs.reader import read_pack
from perfstudio.resources import asset
from rigs.systems import posix_only


def refused(path: Path) -> PackError:
    with pytest.raises(PackError) as caught:
        read_pack(path)
    return caught.value


def test_the_pack_that_comes_with_perfstudio_is_sound() -> None:
    found = read_pack(asset("packs", "practice"))
    assert len(found.pack.prompts) >= 24
    assert all(found.pack.brief(p) for p in found.pack.prompts)


def test_a_zip_and_a_folder_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    spaced = json.dumps(pack(), indent=4, sort_keys=True).replace("\n", "\r\n")
    (tmp_path / "folder" / "pack.json").write_text("\ufeff" + spaced, encoding="utf-8")
    from_zip, from_folder = read_pack(zipped(tmp_path / "a.perfpack", pack())), read_pack(tmp_path / "folder")
    assert from_zip.pack == from_folder.pack
    assert from_zip.sha256 == from_folder.sha256
    other = read_pack(zipped(tmp_path / "b.perfpack", pack(summary="Other words.")))
    assert other.sha256 != from_zip.sha256


def test_media_are_checked_by_type_size_and_hash(tmp_path: Path) -> None:
    picture, sound = png(), wav()
    whole = pack(media=[media_of("kitchen.png", picture, "image"), media_of("rain.wav", sound, "sound")])
    members = {"media/kitchen.png": picture, "media/rain.wav": sound}
    assert len(read_pack(zipped(tmp_path / "a.perfpack", whole, members)).pack.media) == 2

    wrong = members | {"media/rain.wav": wav(0.2)}
    assert refused(zipped(tmp_path / "b.perfpack", whole, wrong)).facts["where"] == "media[1].sha256"
    missing = {"media/kitchen.png": picture}
    assert refused(zipped(tmp_path / "c.perfpack", whole, missing)).facts["problem"] == "missing"
    script = b"<svg onload='x()'/>"
    fake = pack(media=[media_of("kitchen.png", script, "image")])
    assert (
        refused(zipped(tmp_path / "d.perfpack", fake, {"media/kitchen.png": script})).facts["problem"] == "media_type"
    )
    huge = png(60_000, 1)
    bomb = pack(media=[media_of("kitchen.png", huge, "image")])
    assert refused(zipped(tmp_path / "e.perfpack", bomb, {"media/kitchen.png": huge})).code is ErrorCode.PACK_TOO_LARGE
    swapped = pack(media=[media_of("kitchen.png", sound, "image")])
    assert (
        refused(zipped(tmp_path / "f.perfpack", swapped, {"media/kitchen.png": sound})).facts["problem"] == "media_type"
    )


def test_what_a_pack_does_not_list_is_refused_and_litter_is_ignored(tmp_path: Path) -> None:
    litter = {"__MACOSX/._pack.json": b"x", ".DS_Store": b"x", "media/": b""}
    assert read_pack(zipped(tmp_path / "a.perfpack", pack(), litter))
    assert refused(zipped(tmp_path / "b.perfpack", pack(), {"run.sh": b"x"})).facts["problem"] == "not_listed"


def test_one_folder_around_everything_is_taken_off(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "a.perfpack"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("evening/pack.json", json.dumps(pack()))
        archive.writestr("__MACOSX/evening/._pack.json", b"x")
    assert read_pack(path).pack.id == "evening"


SAID = {"statement": "I agree to what I have turned on."}


def terms(**changes: Any) -> dict[str, Any]:
    return pack()["terms"][0] | changes  # type: ignore[no-any-return]


BROKEN: list[tuple[dict[str, Any], str, str]] = [
    ({"prompts": [prompt(), prompt("b"), prompt("c", beats=[])]}, "prompts[2].beats", "too_few"),
    ({"prompts": [prompt(beats=["x" * 201])]}, "prompts[0].beats[0]", "too_long"),
    ({"prompts": [prompt(title="")]}, "prompts[0].title", "too_short"),
    ({"prompts": [prompt(title="  ")]}, "prompts[0].title", "blank"),
    ({"prompts": [prompt(colour="red")]}, "prompts[0].colour", "unknown_field"),
    ({"prompts": [prompt(min_s=4)]}, "prompts[0].min_s", "too_small"),
    ({"prompts": [prompt(min_s="60")]}, "prompts[0].min_s", "not_a_number"),
    ({"prompts": [prompt(min_s=90, max_s=60)]}, "prompts[0].min_s", "min_above_max"),
    ({"prompts": [prompt(brief="nobody")]}, "prompts[0].brief", "no_such_brief"),
    ({"prompts": [prompt(kind="song")]}, "prompts[0].kind", "not_one_of"),
    ({"prompts": [prompt(media=["x"])]}, "prompts[0].media[0]", "no_such_media"),
    ({"prompts": [prompt(), prompt()]}, "prompts[1].id", "twice"),
    ({"prompts": []}, "prompts", "too_few"),
    ({"prompts": {}}, "prompts", "not_a_list"),
    ({"id": "../takes"}, "id", "pattern"),
    ({"id": "UPPER"}, "id", "pattern"),
    ({"version": "1.0-beta"}, "version", "pattern"),
    ({"version": "٣.٠"}, "version", "pattern"),
    ({"deadline": "tomorrow"}, "deadline", "not_a_date"),
    ({"format": "perfstudio-pack/3"}, "format", "newer_format"),
    ({"format": "perfstudio-pack/0"}, "format", "not_one_of"),
    ({"studio": "Attic"}, "studio", "not_an_object"),
    ({"uses": [use(required=True)]}, "uses[0].why", "why_missing"),
    ({"uses": [use(id="replica_voice", required=True, why="We want it.")]}, "uses[0].required", "never_required"),
    ({"uses": [use(), use()]}, "uses[1].id", "twice"),
    ({"uses": [use(term="P٣Y")]}, "uses[0].term", "pattern"),
    ({"language": "de"}, "terms", "terms_language_missing"),
    ({"terms": [terms(spoken={})]}, "terms[0].spoken.statement", "missing"),
    ({"terms": [terms(spoken={"statement": " "})]}, "terms[0].spoken.statement", "blank"),
    ({"terms": [terms(spoken={"statement": "I, {name}."})]}, "terms[0].spoken.statement", "pattern"),
    ({"terms": [terms(spoken=SAID | {"with_name": "I."})]}, "terms[0].spoken.with_name", "pattern"),
    ({"terms": [terms(spoken=SAID), terms(language="de")]}, "terms[1].spoken", "spoken_in_all"),
    (
        {"terms": [terms(language="de", spoken=SAID | {"required": True}), terms(spoken=SAID)]},
        "terms[0].spoken",
        "spoken_in_all",
    ),
]


@pytest.mark.parametrize(("changes", "where", "problem"), BROKEN)
def test_where_and_which_rule(tmp_path: Path, changes: dict[str, Any], where: str, problem: str) -> None:
    error = refused(zipped(tmp_path / "a.perfpack", pack(**changes)))
    assert error.code is ErrorCode.PACK_INVALID
    assert (error.facts["file"], error.facts["where"], error.facts["problem"]) == ("a.perfpack", where, problem)


def deep(levels: int) -> bytes:
    return b'{"x":' + b"[" * levels + b"]" * levels + b"}"


def with_title(escaped: bytes) -> bytes:
    return json.dumps(pack()).encode().replace(b'"Evening"', b'"' + escaped + b'"')


JSON_TRICKS: list[tuple[bytes, str]] = [
    (b"", "not_json"),
    (b"{", "not_json"),
    (b"\xff\xfe{}", "not_utf8"),
    (b'{"a": NaN}', "not_a_number"),
    (b'{"a": -Infinity}', "not_a_number"),
    (b'{"a": 1e999}', "number_too_large"),
    (b'{"a": ' + b"9" * 5000 + b"}", "number_too_large"),
    (b'{"a": 9007199254740992}', "number_too_large"),
    (b'{"id": "a", "id": "b"}', "duplicate_key"),
    (deep(40), "too_deep"),
    (deep(1_000_000), "too_deep"),
    (b'{"a": "' + b"\\" * 999_999, "not_json"),
    (with_title(b"\\ud800"), "control_character"),
    (with_title(b"\\u0000"), "control_character"),
    (with_title(b"\\u001b[31m"), "control_character"),
    (with_title(b"\x07"), "not_json"),
    (json.dumps(pack()).encode() + b"{}", "not_json"),
]


@pytest.mark.parametrize(("data", "problem"), JSON_TRICKS)
def test_json_that_other_readers_let_through(tmp_path: Path, data: bytes, problem: str) -> None:
    error = refused(zipped(tmp_path / "a.perfpack", data, stored=True))
    assert (error.code, error.facts["problem"]) == (ErrorCode.PACK_INVALID, problem)


def test_huge_json_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    error = refused(zipped(tmp_path / "a.perfpack", b" " * 5_000_000, stored=True))
    assert (error.code, error.facts["what"]) == (ErrorCode.PACK_TOO_LARGE, "pack.json")


def test_a_list_in_place_of_the_pack(tmp_path: Path) -> None:
    for data in (b"[]", b"3", b"null", b'"x"'):
        assert refused(zipped(tmp_path / "a.perfpack", data)).code is ErrorCode.PACK_INVALID


def not_there(folder: Path) -> Path:
    return folder / "nothing.perfpack"


def a_text(folder: Path) -> Path:
    (folder / "a.perfpack").write_text("This is not a zip.")
    return folder / "a.perfpack"


def half_a_zip(folder: Path) -> Path:
    whole = zipped(folder / "whole.perfpack", pack()).read_bytes()
    (folder / "half.perfpack").write_bytes(whole[: len(whole) // 2])
    return folder / "half.perfpack"


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.perfpack")
    return folder / "pipe.perfpack"


def an_empty_folder(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (not_there, ErrorCode.PACK_UNREADABLE),
        (a_pipe, ErrorCode.PACK_UNREADABLE),
        (a_text, ErrorCode.PACK_NOT_A_ZIP),
        (half_a_zip, ErrorCode.PACK_NOT_A_ZIP),
        (an_empty_folder, ErrorCode.PACK_INVALID),
    ],
)
def test_things_that_are_no_packs(tmp_path: Path, make: Callable[[Path], Path], code: ErrorCode) -> None:
    assert refused(make(tmp_path)).code is code


def test_imp_13_an_address_is_no_file_and_nothing_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "socket", None)  # whoever asks the network fails
    for address in (
        "https://studio.example/a.perfpack?token=7",
        "HTTP://127.0.0.1:9/a.perfpack",
        "ftp://x/a.perfpack#7",
    ):
        with pytest.raises(PackError) as refused:
            read_pack(Path(address))
        assert (refused.value.code, refused.value.facts) == (ErrorCode.PACK_ADDRESS, {"file": "a.perfpack"})
    for name in ("c:/a.perfpack", "a b:/x", "://x"):
        with pytest.raises(PackError) as refused:
            read_pack(Path(name))
        assert refused.value.code is ErrorCode.PACK_UNREADABLE


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps(pack()))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "pack.json").symlink_to(outside)
    assert refused(tmp_path / "folder").facts["problem"] == "not_a_file"


@pytest.mark.parametrize("where", ["source", "zipped"])
def test_a_pack_that_goes_while_it_is_read_is_one_that_cannot_be_read(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick that was pulled out, a share that went."""
    (folder := tmp_path / "folder").mkdir()
    (folder / "pack.json").write_text(json.dumps(pack()), encoding="utf-8")
    file = folder if where == "source" else zipped(tmp_path / "a.perfpack", pack())

    def gone(*_: object) -> Iterator[bytes]:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
        yield b""

    monkeypatch.setattr(f"perfstudio.packs.{where}.counted", gone)
    assert refused(file).code is ErrorCode.PACK_UNREADABLE


@posix_only("only there is a file that is there and cannot be read")
def test_a_file_that_the_system_does_not_read_out_is_told() -> None:
    if Path("/proc/self/mem").exists():
        assert refused(Path("/proc/self/mem")).code is ErrorCode.PACK_UNREADABLE
