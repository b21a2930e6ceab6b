"""A `.perfclip` written and read, and whatever else may have that name: refused with a code, and nothing is left."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.session.clips.clip_file import read_clip, unpack_clip
from perfstudio.texts.errors import sentence
from rigs.clip_files import clip_of, made_clip


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = made_clip(tmp_path)
    clip = read_clip(path)
    assert unpack_clip(path, tmp_path / "kept") == clip
    for name, member in clip.members.items():
        assert hashlib.sha256((tmp_path / "kept" / name).read_bytes()).hexdigest() == member.sha256
    assert sorted(file.name for file in (tmp_path / "kept").iterdir()) == ["clip.json", "picture.mp4", "sound.flac"]


def test_the_same_clip_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    assert made_clip(tmp_path).read_bytes() == made_clip(tmp_path / "again").read_bytes()


def test_a_clip_without_picture_holds_none(tmp_path: Path) -> None:
    path = made_clip(tmp_path, picture=False)
    assert zipfile.ZipFile(path).namelist() == ["clip.json", "sound.flac"]
    assert "picture" not in json.loads(zipfile.ZipFile(path).read("clip.json"))


def zipped(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path], bytes]:
    """The good clip with other members."""

    def made(good: Path) -> bytes:
        with zipfile.ZipFile(good) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        change(members)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return file.getvalue()

    return made


def said(**changes: object) -> Callable[[Path], bytes]:
    """The good clip with another clip.json."""
    return zipped(
        lambda files: files.update({"clip.json": json.dumps(json.loads(files["clip.json"]) | changes).encode()})
    )


def flipped(good: Path) -> bytes:
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


BAD: dict[str, tuple[Callable[[Path], bytes], ErrorCode]] = {
    "empty": (lambda _: b"", ErrorCode.CLIP_NOT_ONE),
    "text": (lambda _: b"hello " * 100, ErrorCode.CLIP_NOT_ONE),
    "half": (lambda good: good.read_bytes()[: good.stat().st_size // 2], ErrorCode.CLIP_CUT_SHORT),
    "all but the last byte": (lambda good: good.read_bytes()[:-1], ErrorCode.CLIP_CUT_SHORT),
    "a byte turned over": (flipped, ErrorCode.CLIP_INVALID),
    "another zip": (zipped(lambda files: files.pop("clip.json")), ErrorCode.CLIP_NOT_ONE),
    "a pack": (zipped(lambda files: (files.clear(), files.update({"pack.json": b"{}"}))), ErrorCode.CLIP_NOT_ONE),
    "no sound": (zipped(lambda files: files.pop("sound.flac")), ErrorCode.CLIP_INVALID),
    "another sound": (zipped(lambda files: files.update({"sound.flac": b"x" * 10})), ErrorCode.CLIP_INVALID),
    "a foreign name": (zipped(lambda files: files.update({"notes.txt": b"x"})), ErrorCode.CLIP_INVALID),
    "a way out": (zipped(lambda files: files.update({"../sound.flac": b"x"})), ErrorCode.CLIP_INVALID),
    "a bomb": (zipped(lambda files: files.update({"sound.flac": bytes(30_000_000)})), ErrorCode.CLIP_TOO_LARGE),
    "a later version": (said(format="perfstudio-clip/2", more=1), ErrorCode.CLIP_NEWER),
    "another format": (said(format="perfstudio-take/2"), ErrorCode.CLIP_INVALID),
    "an unknown field": (said(surprise=1), ErrorCode.CLIP_INVALID),
    "no agreement": (said(agreed=None), ErrorCode.CLIP_INVALID),
    "no JSON": (zipped(lambda files: files.update({"clip.json": b"{"})), ErrorCode.CLIP_INVALID),
    "a long clip.json": (zipped(lambda files: files.update({"clip.json": b" " * 70_000})), ErrorCode.CLIP_TOO_LARGE),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_clip_is_refused_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    make, code = BAD[name]
    path = tmp_path / "from-ana.perfclip"
    path.write_bytes(make(made_clip(tmp_path)))
    with pytest.raises(MediaError) as refused:
        unpack_clip(path, tmp_path / "kept")
    assert refused.value.code is code, refused.value.facts
    assert "from-ana.perfclip" in sentence(refused.value)
    assert not (tmp_path / "kept").exists()


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "away.perfclip", tmp_path):
        with pytest.raises(MediaError) as refused:
            read_clip(path)
        assert refused.value.code is ErrorCode.CLIP_UNREADABLE


def test_a_clip_names_no_person_who_did_not_ask_for_it(tmp_path: Path) -> None:
    assert "called" not in clip_of(b"s", b"p").to_json()
    assert b"called" not in made_clip(tmp_path).read_bytes()
