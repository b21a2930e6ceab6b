"""A take with damaged observations is verified all the same: what is wrong is said, whichever byte it is."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from cli_wrong import plainness, typed

from rigs.verbs import Type

RAW_FILES = ("blocks.bin", "frames.bin", "capture.json", "events.jsonl")


@pytest.fixture
def taken(perfstudio: Type, home: Path, tmp_path: Path) -> Path:
    """The folder of a short practice take, somewhere else than in a home."""
    made = perfstudio(
        "record", "the-letter", "--camera", "none", "--microphone", "practice", "--seconds", "1", "--json",
    )  # fmt: skip
    assert made.code in (0, 3), made
    shutil.copytree(home / "takes" / made.json["take_id"], tmp_path / "taken")
    return tmp_path / "taken"


def test_whichever_byte_of_the_observations_is_wild(taken: Path) -> None:
    assert typed(["verify", str(taken)]).code == 0
    dice = random.Random(16)
    there = [taken / "raw" / name for name in RAW_FILES if (taken / "raw" / name).is_file()]
    assert {file.name for file in there} >= {"blocks.bin", "capture.json", "events.jsonl"}
    for file in there:
        whole = file.read_bytes()
        for number in range(25):
            damaged = bytearray(whole)
            damaged[dice.randrange(len(damaged))] = (0xFF, 0x7F, 0x80, dice.randrange(256))[number % 4]
            file.write_bytes(damaged)
            said = typed(["verify", str(taken)])
            assert said.code in (0, 1)
            assert plainness(said) == "", said
        for rest in (b"", b"\x00" * len(whole), whole[: len(whole) // 2], b"[" * 10_000):
            file.write_bytes(rest)
            assert plainness(typed(["verify", str(taken)])) == ""
        file.write_bytes(whole)
    assert typed(["verify", str(taken)]).code == 0


def test_a_wild_byte_in_the_line_that_names_the_fields(taken: Path) -> None:
    """There it changes what every other byte means: the type of a number, its name, its length."""
    file = taken / "raw" / "blocks.bin"
    whole = file.read_bytes()
    for at in range(whole.index(b"\n") + 1):
        damaged = bytearray(whole)
        damaged[at] = b",f0O\xff"[at % 5]
        file.write_bytes(damaged)
        said = typed(["verify", str(taken)])
        assert plainness(said) == "", (at, said)
        assert said.code in (0, 1)
    for kind in (b"<f8", b"O", b"<i0", b",i8", b"<U4", b"<M8"):
        file.write_bytes(whole.replace(b"<i8", kind, 2))
        assert plainness(typed(["verify", str(taken)])) == "", kind
