"""A take with damaged observations is verified all the same: what is wrong is said, whichever byte it is."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from cli_wrong import Said, plainness, typed

from perfstudio.capture.timing.timing_archive import read_archive, write_archive
from rigs.kept_takes import SIGNED, kept_home
from rigs.verbs import Warm, typist

BYTES = pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.soak)], ids=["some", "all"])
"""Which of the bytes that are tried: a step that goes through every kind of damage and every part of a file."""
RAW_FILES = ("blocks.bin", "frames.bin", "capture.json", "events.jsonl")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, verb_server: Warm) -> Path:
    """A home with one short practice take; for copies."""
    home = tmp_path_factory.mktemp("recorded") / "home"
    words = ("the-letter", "--camera", "none", "--microphone", "practice", "--seconds", "1")
    made = typist(home, verb_server)("record", *words)
    assert made.code in (0, 3), made
    return home


@pytest.fixture
def taken(recorded: Path, tmp_path: Path) -> Path:
    """The folder of a take, somewhere else than in a home."""
    (take,) = (recorded / "takes").iterdir()
    shutil.copytree(take, tmp_path / "taken")
    (tmp_path / "raw").mkdir()
    for name, data in read_archive(tmp_path / "taken" / "timing.zip").items():
        (tmp_path / "raw" / name).write_bytes(data)
    return tmp_path / "taken"


def verified(taken: Path) -> Said:
    """With the observations as they lie beside it now, in a zip that is sound: as somebody would send them who lies."""
    write_archive(taken.parent / "raw", taken / "timing.zip")
    return typed(["verify", str(taken)])


@BYTES
def test_whichever_byte_of_the_observations_is_wild(taken: Path, step: int) -> None:
    assert typed(["verify", str(taken)]).code == 0
    dice = random.Random(16)
    raw = taken.parent / "raw"
    there = [raw / name for name in RAW_FILES if (raw / name).is_file()]
    assert {file.name for file in there} >= {"blocks.bin", "capture.json", "events.jsonl"}
    for file in there:
        whole = file.read_bytes()
        for number in range(0, 25, step):
            damaged = bytearray(whole)
            damaged[dice.randrange(len(damaged))] = (0xFF, 0x7F, 0x80, dice.randrange(256))[number % 4]
            file.write_bytes(damaged)
            said = verified(taken)
            assert said.code == int(bytes(damaged) != whole), "its hash says so, whatever is in it"
            assert plainness(said) == "", said
        for rest in (b"", b"\x00" * len(whole), whole[: len(whole) // 2], b"[" * 10_000):
            file.write_bytes(rest)
            assert plainness(verified(taken)) == ""
        file.write_bytes(whole)
    assert verified(taken).code == 0


@BYTES
def test_whichever_byte_of_the_zip_is_wild(taken: Path, step: int) -> None:
    file, dice = taken / "timing.zip", random.Random(17)
    whole = file.read_bytes()
    wild = [*range(60), *(dice.randrange(len(whole)) for _ in range(60)), *range(len(whole) - 120, len(whole), 2)]
    for at in wild[::step]:
        damaged = bytearray(whole)
        damaged[at] ^= 0x55
        file.write_bytes(damaged)
        said = typed(["verify", str(taken)])
        assert said.code == 1
        assert plainness(said) == "", said


def test_observations_of_a_take_of_0_1_0_may_be_wild_too(home: Path) -> None:
    """They lie in `raw/`, which nothing in the take names by hash."""
    taken = kept_home(home) / SIGNED
    for name in RAW_FILES:
        file = taken / "raw" / name
        whole = file.read_bytes()
        for damaged in (b"", whole[: len(whole) // 2], b"[" * 10_000, whole[:40] + b"\xff" * 8 + whole[48:]):
            file.write_bytes(damaged)
            said = typed(["verify", str(taken)])
            assert said.code in (0, 1)
            assert plainness(said) == "", said
        file.write_bytes(whole)
    assert typed(["verify", str(taken)]).code == 0


@BYTES
def test_a_wild_byte_in_the_line_that_names_the_fields(taken: Path, step: int) -> None:
    """There it changes what every other byte means: the type of a number, its name, its length."""
    file = taken.parent / "raw" / "blocks.bin"
    whole = file.read_bytes()
    for at in range(0, whole.index(b"\n") + 1, step):
        damaged = bytearray(whole)
        damaged[at] = b",f0O\xff"[at % 5]
        file.write_bytes(damaged)
        said = verified(taken)
        assert plainness(said) == "", (at, said)
        assert said.code in (0, 1)
    for kind in (b"<f8", b"O", b"<i0", b",i8", b"<U4", b"<M8"):
        file.write_bytes(whole.replace(b"<i8", kind, 2))
        assert plainness(verified(taken)) == "", kind
