"""Packs made to do harm (catalogue IMP-1 to IMP-10, T1, T2, T23): refused with a code, and nothing is written."""

from __future__ import annotations

import contextlib
import io
import json
import random
import stat
import struct
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from packs_made import media_of, pack, png, zipped

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs.pack_store import PackStore

GOOD = json.dumps(pack()).encode()
BOMB = 64_000_000
"""Four times the memory that a refusal may take."""
INVALID, NOT_A_ZIP, TOO_LARGE = ErrorCode.PACK_INVALID, ErrorCode.PACK_NOT_A_ZIP, ErrorCode.PACK_TOO_LARGE


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A zip of a good pack.json and these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("pack.json", GOOD)
        for name, data in members:
            writer.writestr(name, data)
    return made.getvalue()


def named(name: str) -> bytes:
    """A member whose name is exactly this, whatever zipfile thinks of it."""
    if not name.isascii():
        return archive((name, b"data"))
    stand_in = "x" * len(name.encode())
    return archive((stand_in, b"data")).replace(stand_in.encode(), name.encode())


def of_type(mode: int) -> bytes:
    info = zipfile.ZipInfo("media/thing")
    info.create_system = 3
    info.external_attr = mode << 16
    return archive((info, b"/etc/passwd"))


def patched(data: bytes, central_offset: int, form: str, value: int, *, local_offset: int | None = None) -> bytes:
    """The zip with one field of its first entry changed in the table of contents (and in the local header)."""
    made = bytearray(data)
    struct.pack_into(form, made, made.index(b"PK\x01\x02") + central_offset, value)
    if local_offset is not None:
        struct.pack_into(form, made, local_offset, value)
    return bytes(made)


def encrypted() -> bytes:
    return patched(archive(), 8, "<H", 1, local_offset=6)


def with_method(method: int) -> bytes:
    return patched(archive(), 10, "<H", method, local_offset=8)


def overlapping() -> bytes:
    """Many entries of one and the same data."""
    data = archive(("media/a.png", b"\x00" * 5000))
    end = data.rindex(b"PK\x05\x06")
    at = data.index(b"PK\x01\x02")
    table = data[at:end]
    second = table[table.index(b"PK\x01\x02", 4) :]
    copies = [second.replace(b"media/a.png", f"media/{n:01x}.png".encode()) for n in range(10)]
    grown = table + b"".join(copies)
    fields = list(struct.unpack("<4s4H2IH", data[end:]))
    fields[3] = fields[4] = 2 + len(copies)
    fields[5] = len(grown)
    return data[:at] + grown + struct.pack("<4s4H2IH", *fields)


def claiming(entries: int) -> bytes:
    data = bytearray(archive())
    struct.pack_into("<HH", data, data.rindex(b"PK\x05\x06") + 8, entries, entries)
    return bytes(data)


def with_zip64() -> bytes:
    data = archive()
    end = data.rindex(b"PK\x05\x06")
    return data[:end] + struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1) + data[end:]


def many(count: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writer:
        writer.writestr("pack.json", GOOD)
        for number in range(count):
            writer.writestr(f"media/{number}", b"")
    return made.getvalue()


@cache
def bomb(size: int) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as writer,
        writer.open("pack.json", "w") as member,
    ):
        for _ in range(size // 1_000_000):
            member.write(b" " * 1_000_000)
    return made.getvalue()


def honest_looking_bomb(size: int) -> bytes:
    """The same, but the headers say that it is small."""
    data = bytearray(bomb(size))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 5000)
    return bytes(data)


def nested() -> bytes:
    inner = archive()
    document = json.dumps(pack(media=[media_of("a.png", inner, "image")])).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writer:
        writer.writestr("pack.json", document)
        writer.writestr("media/a.png", inner)
    return made.getvalue()


def two_pack_jsons() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return archive(("pack.json", b"{}"))


NAMES = [
    "../evil",
    "a/../../evil",
    "/etc/evil",
    "//host/share/evil",
    "\\\\host\\share\\evil",
    "C:\\evil.txt",
    "C:evil.txt",
    "..\\evil",
    "media/./a.png",
    "media//a.png",
    "trailing.",
    "trailing ",
    " leading",
    "nul\x00l.png",
    "tab\there",
    "line\nbreak",
    "stream:evil",
    "what?",
    "media/\u202egnp.exe",
    ".",
    "..",
    "x" * 300,
]

HARMFUL: list[tuple[str, Callable[[], bytes], ErrorCode, str]] = [
    *((f"name {name!r:.30}", lambda n=name: named(n), INVALID, "unsafe_name") for name in NAMES),
    ("reserved name", lambda: named("con.txt"), INVALID, "not_listed"),
    ("not listed", lambda: archive(("media/run.exe", b"MZ")), INVALID, "not_listed"),
    ("link", lambda: of_type(stat.S_IFLNK | 0o777), INVALID, "not_a_file"),
    ("device", lambda: of_type(stat.S_IFCHR | 0o600), INVALID, "not_a_file"),
    ("pipe", lambda: of_type(stat.S_IFIFO | 0o600), INVALID, "not_a_file"),
    ("folder with bytes", lambda: archive(("media/", b"data")), INVALID, "not_a_file"),
    ("encrypted", encrypted, INVALID, "encrypted"),
    ("bzip2", lambda: with_method(12), INVALID, "packing_method"),
    ("lzma", lambda: with_method(14), INVALID, "packing_method"),
    ("unknown method", lambda: with_method(99), INVALID, "packing_method"),
    ("case", lambda: archive(("media/A.png", b"x"), ("media/a.png", b"y")), INVALID, "names_collide"),
    (
        "composed and decomposed",
        lambda: archive(*((f"media/{unicodedata.normalize(f, 'é')}.png", b"x") for f in ("NFC", "NFD"))),
        INVALID,
        "names_collide",
    ),
    ("file and folder", lambda: archive(("media", b"x"), ("media/", b"")), INVALID, "names_collide"),
    ("twice", two_pack_jsons, INVALID, "names_collide"),
    ("overlap", overlapping, INVALID, "overlap"),
    ("far away", lambda: patched(archive(), 42, "<I", 0x7FFFFFFF), NOT_A_ZIP, ""),
    ("size says less", lambda: patched(archive(), 24, "<I", 10), INVALID, "damaged"),
    ("size says more", lambda: patched(archive(), 24, "<I", 5000), INVALID, "damaged"),
    ("packed size says more", lambda: patched(archive(), 20, "<I", 10**9), INVALID, "overlap"),
    ("wrong checksum", lambda: patched(archive(), 16, "<I", 1), INVALID, "damaged"),
    ("too few claimed", lambda: claiming(0), NOT_A_ZIP, ""),
    ("too many claimed", lambda: claiming(60_000), TOO_LARGE, "entries"),
    ("zip64", with_zip64, NOT_A_ZIP, ""),
    ("something before", lambda: b"#!/bin/sh\n" + archive(), NOT_A_ZIP, ""),
    ("something behind", lambda: archive() + b"rest", NOT_A_ZIP, ""),
    ("many entries", lambda: many(1000), TOO_LARGE, "entries"),
    ("bomb", lambda: bomb(BOMB), TOO_LARGE, "ratio"),
    ("bomb in disguise", lambda: honest_looking_bomb(BOMB), INVALID, "damaged"),
    ("zip in zip", nested, INVALID, "media_type"),
]


@pytest.mark.parametrize(("make", "code", "what"), [h[1:] for h in HARMFUL], ids=[h[0] for h in HARMFUL])
def test_harm_is_refused_before_anything_is_written(
    tmp_path: Path, shelf: PackStore, make: Callable[[], bytes], code: ErrorCode, what: str
) -> None:
    path = tmp_path / "bad.perfpack"
    path.write_bytes(make())
    before = {p for p in tmp_path.rglob("*") if p != tmp_path / "packs"}
    with pytest.raises(PackError) as caught:
        shelf.import_pack(path)
    assert caught.value.code is code, caught.value
    assert what in {"", caught.value.facts.get("problem"), caught.value.facts.get("what")}, caught.value
    assert {p for p in tmp_path.rglob("*") if p != tmp_path / "packs"} == before
    for fact in caught.value.facts.values():  # hostile names never reach a sentence
        assert str(fact).isprintable()
        assert len(str(fact)) < 60


def test_imp_3_a_bomb_costs_no_memory(tmp_path: Path, shelf: PackStore) -> None:
    for make in (lambda: bomb(BOMB), lambda: honest_looking_bomb(BOMB), lambda: many(3000)):
        path = tmp_path / "bomb.perfpack"
        path.write_bytes(make())
        tracemalloc.start()
        with pytest.raises(PackError):
            shelf.import_pack(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 16_000_000


def test_a_million_entries_are_refused_before_the_table_is_read(tmp_path: Path, shelf: PackStore) -> None:
    entry = b"PK\x01\x02" + b"\x00" * 42
    data = archive()
    end = data.rindex(b"PK\x05\x06")
    at = data.index(b"PK\x01\x02")
    table = data[at:end] + entry * 1_000_000
    fields = list(struct.unpack("<4s4H2IH", data[end:]))
    fields[5] = len(table)
    path = tmp_path / "bad.perfpack"
    path.write_bytes(data[:at] + table + struct.pack("<4s4H2IH", *fields))
    tracemalloc.start()
    with pytest.raises(PackError) as caught:
        shelf.import_pack(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code is TOO_LARGE
    assert peak < 4_000_000


def test_g15_a_million_faults_cost_no_memory(tmp_path: Path, shelf: PackStore) -> None:
    """A validator that named every fault took 50 s and 2.5 GB for three times as many."""
    listed = GOOD.replace(b'"briefs": [', b'"briefs": [' + b"0," * 600_000)
    fields = b'{"x":' + b"{" + b",".join(b'"%d":0' % n for n in range(100_000)) + b"}}"
    for data in (listed, fields):
        path = zipped(tmp_path / "bad.perfpack", data, stored=True)
        tracemalloc.start()
        with pytest.raises(PackError) as caught:
            shelf.import_pack(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert caught.value.facts["problem"] == "too_many"
        assert peak < 50_000_000


def mutated(data: bytes, dice: random.Random) -> bytes:
    """A few random changes: bytes flipped, cut out, doubled, swapped for telling ones."""
    made = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(made))
        match dice.randrange(6):
            case 0:
                made[at] ^= 1 << dice.randrange(8)
            case 1:
                made[at] = dice.randrange(256)
            case 2:
                del made[at : at + dice.randrange(1, 40)]
            case 3:
                made[at:at] = made[at : at + dice.randrange(1, 40)]
            case 4:
                made[at : at + 4] = dice.choice((b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff", b"PK\x01\x02"))
            case _:
                made[at:at] = dice.choice((b"[" * 50, b'"', b"\\ud800", b"NaN", b"1e999", b"../", b"\x00"))
        if not made:
            return b""
    return bytes(made)


def mutate(tmp_path: Path, bundled: Path, seeds: range) -> tuple[int, int]:
    """Import mutated packs; (taken, refused). Half are changed as zips, half as pack.json inside a good zip."""
    picture = png()
    document = json.dumps(pack(media=[media_of("a.png", picture, "image")])).encode()
    whole = zipped(tmp_path / "good.perfpack", document, {"media/a.png": picture}).read_bytes()
    path, taken = tmp_path / "mutant.perfpack", 0
    shelf = PackStore(tmp_path / "packs", [bundled])
    for seed in seeds:
        dice = random.Random(seed)
        if seed % 2:
            path.write_bytes(mutated(whole, dice))
        else:
            zipped(path, mutated(document, dice), {"media/a.png": picture})
        with contextlib.suppress(PackError):
            shelf.import_pack(path)
            taken += 1
    names = {p.name for p in (tmp_path / "packs").iterdir()}
    assert shelf.damaged() == ()
    assert all(len(name) == 64 for name in names), names
    assert {p.name for p in tmp_path.iterdir()} <= {"bundled", "packs", "good.perfpack", "mutant.perfpack"}
    return taken, len(seeds) - taken


def test_g15_mutated_packs(tmp_path: Path, bundled: Path) -> None:
    taken, refused = mutate(tmp_path, bundled, range(450))
    assert refused > 300
    assert taken > 0  # some changes are only other words


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_g15_mutated_packs_long(tmp_path: Path, bundled: Path) -> None:
    print(mutate(tmp_path, bundled, range(10_000, 110_000)))
