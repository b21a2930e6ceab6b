"""What systems, shares, editors and old zippers leave in a zip is passed over; what only looks like it is refused."""

from __future__ import annotations

import io
import json
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest
from packs_made import media_of, pack, png, zipped

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs import limits
from perfstudio.packs.litter import is_litter, without_marks
from perfstudio.packs.reader import read_pack

LITTER = [
    "__MACOSX/._pack.json", "__MACOSX/evening/._Icon\r", "__macosx/x", ".DS_Store", "Icon\r", "ICON\r", "._x",
    "._Icon\r", ".Spotlight-V100/Store-V2/x", ".Trashes", ".Trashes/501/x", ".fseventsd/0000", ".localized", ".apdisk",
    ".VolumeIcon.icns", ".TemporaryItems/x", ".AppleDouble/x", ".DocumentRevisions-V100/x",
    "Thumbs.db", "THUMBS.DB", "thumbs.db:encryptable", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "Desktop.ini",
    "$RECYCLE.BIN/S-1-5/desktop.ini", "$Recycle.Bin/x", "RECYCLER/x", "System Volume Information/x",
    "pack.json:Zone.Identifier", "a.png:Zone.Identifier:$DATA", "pack.jsonZone.Identifier",
    "pack.json\uf03aZone.Identifier",
    ".directory", ".hidden", "~$notes.docx", ".~lock.notes.odt#", "~WRL0001.tmp", "pack.json~", "#pack.json#",
    ".#pack.json", ".pack.json.swp", "pack.json.bak", ".nfs00000000001a2b", ".fuse_hidden0000001",
    ".Trash-1000/files/x",
    "lost+found/x", "@eaDir/pack.json@SynoEAStream", "@eaDir/x/SYNOPHOTO_THUMB_M.jpg", "#recycle/x", ".@__thumb/x",
    ".git/HEAD", ".gitignore", ".gitattributes", ".gitkeep", ".svn/entries", "__pycache__/x.pyc", ".idea/x.xml",
    ".dropbox", ".editorconfig",
]  # fmt: skip
NO_LITTER = [
    "run.sh", "media/x.png", "notes.txt", "icon", "Icon.png", "silicon\r", "a\r", "macosx/x", "gitignore", "~",
    "trash/x",
    "media/", "pack.json", "evil:stream", "x.db", "directory", "._",
]  # fmt: skip
STEPS_OUT = [
    "../.DS_Store", "a/../../Icon\r", "/__MACOSX/x", "__MACOSX/../x", "C:/Thumbs.db", "__MACOSX//x", "__MACOSX/./x",
    "..\\Thumbs.db", "\\\\host\\share\\desktop.ini", "__MACOSX/a\nb", "._\u202exe", "x:y:Zone.Identifier",
    "__MACOSX/" + "x" * 300, "._x ", ".git/a\x00b", "__MACOSX/a\rb",
]  # fmt: skip


def written(path: Path, names: list[str], around: str = "", *, flagged: bool = True, slash: str = "/") -> Path:
    """A pack with members of exactly these names beside its own two; UTF-8 with or without saying so."""
    picture = png()
    document = json.dumps(pack(media=[media_of("a.png", picture, "image")])).encode()
    members = [("pack.json", document), ("media/a.png", picture), *((name, b"x") for name in names)]
    made, real = io.BytesIO(), []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(members):
            raw = f"{around}{name}".replace("/", slash).encode()
            stand_in = f"{number:03d}".ljust(len(raw), "x")[: max(3, len(raw))]
            real.append((stand_in.encode(), raw))
            archive.writestr(stand_in, data)
    zipped_up = made.getvalue()
    for stand_in, raw in real:
        assert len(stand_in) == len(raw)
        zipped_up = zipped_up.replace(stand_in, raw)
    if flagged:
        zipped_up = with_utf_8_flags(zipped_up)
    path.write_bytes(zipped_up)
    return path


def with_utf_8_flags(data: bytes) -> bytes:
    made = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(mark)
        while at >= 0:
            struct.pack_into("<H", made, at + offset, 0x800)
            at = made.find(mark, at + 4)
    return bytes(made)


@pytest.mark.parametrize("name", LITTER, ids=ascii)
def test_litter_is_passed_over_in_any_depth_and_letter_case(tmp_path: Path, name: str) -> None:
    for number, where in enumerate(("", "media/", "evening/deep/deeper/")):
        assert is_litter(where + name)
        found = read_pack(written(tmp_path / f"{number}.perfpack", [where + name]))
        assert found.pack.id == "evening"
    assert is_litter(name.swapcase())
    around = written(tmp_path / "around.perfpack", [name], "Evening pack/")
    assert read_pack(around).pack.id == "evening"


def test_all_litter_at_once_beside_the_folder_around_and_inside(tmp_path: Path) -> None:
    inside = written(tmp_path / "inside.perfpack", LITTER, "evening/")
    assert read_pack(inside).pack.id == "evening"
    picture = png()
    document = json.dumps(pack(media=[media_of("a.png", picture, "image")])).encode()
    with zipfile.ZipFile(tmp_path / "beside.perfpack", "w") as archive:
        for name, data in (("evening/pack.json", document), ("evening/media/a.png", picture), ("evening/", b"")):
            archive.writestr(name, data)
        for name in (
            "__MACOSX/._evening",
            ".DS_Store",
            "Thumbs.db",
            "@eaDir/",
            "evening/media/",
            "System Volume Information/",
        ):
            archive.writestr(name, b"")
    assert read_pack(tmp_path / "beside.perfpack").pack.id == "evening"


@pytest.mark.parametrize("name", NO_LITTER, ids=ascii)
def test_what_is_no_litter_is_none(name: str) -> None:
    assert not is_litter(name)


@pytest.mark.parametrize("name", STEPS_OUT, ids=lambda name: ascii(name)[:30])
def test_what_steps_out_is_refused_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackError) as caught:
        read_pack(written(tmp_path / "a.perfpack", [name]))
    assert (caught.value.code, caught.value.facts["problem"]) == (ErrorCode.PACK_INVALID, "unsafe_name")


def test_a_listed_file_that_is_called_like_litter_is_the_packs_own(tmp_path: Path) -> None:
    picture = png()
    own = pack(media=[media_of("thumbs.db", picture, "image")])
    assert is_litter("media/thumbs.db")
    assert read_pack(zipped(tmp_path / "a.perfpack", own, {"media/thumbs.db": picture})).pack.media
    with pytest.raises(PackError):
        read_pack(zipped(tmp_path / "b.perfpack", own, {"media/thumbs.db": b"another"}))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("flagged", [True, False])
@pytest.mark.parametrize("slash", ["/", "\\"])
def test_names_of_old_zippers(tmp_path: Path, form: str, flagged: bool, slash: str) -> None:
    """UTF-8 that says so and does not, both forms of an accent, backslashes; the folder around is called so."""
    around = unicodedata.normalize(form, "Übungen für Éva 1/")
    path = written(tmp_path / "a.perfpack", ["Icon\r", "media/Thumbs.db"], around, flagged=flagged, slash=slash)
    assert read_pack(path).pack.media[0].id == "a"


def test_a_name_in_cp437(tmp_path: Path) -> None:
    path = written(tmp_path / "a.perfpack", [], "#bungen/", flagged=False)
    path.write_bytes(path.read_bytes().replace(b"#bungen", b"\x9abungen"))
    assert read_pack(path).pack.id == "evening"


def test_names_that_differ_only_in_their_slashes_or_letters_collide(tmp_path: Path) -> None:
    for names in (["media/b.png", "media\\b.png"], ["Notes.txt", "notes.txt"]):
        with pytest.raises(PackError) as caught:
            read_pack(written(tmp_path / "a.perfpack", names))
        assert caught.value.facts["problem"] == "names_collide"
    assert read_pack(written(tmp_path / "b.perfpack", ["Thumbs.db", "thumbs.db", "._A", "._a"]))


def test_a_full_pack_of_a_mac_has_room_for_its_shadows(tmp_path: Path) -> None:
    picture = png()
    names = [f"picture-{number:03d}.png" for number in range(200)]
    own = pack(media=[media_of(name, picture, "image") for name in names])
    shadows = {f"__MACOSX/media/._{name}": b"x" for name in names}
    path = zipped(tmp_path / "a.perfpack", own, {**{f"media/{name}": picture for name in names}, **shadows})
    assert len(read_pack(path).pack.media) == 200
    assert limits.ENTRIES < 1000


def test_marks_are_taken_off_litter_only_at_its_end() -> None:
    assert without_marks("a/._Icon\r") == "a/._Icon"
    assert without_marks("a\rb") == "a\rb"
    assert without_marks("pack.json:Zone.Identifier") == "pack.json"
