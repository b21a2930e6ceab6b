"""Papers that are garbled, foreign or gone: the take is listed as damaged, and its files are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from library_refusals import code_of
from library_takes import sealed_take

from perfstudio.library.library import Library
from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import TakeState


def garble(text: bytes) -> bytes:
    return text[: len(text) // 2]


def deep(text: bytes) -> bytes:
    return b'{"a":' * 200_000


def other_seal(text: bytes) -> bytes:
    return text.replace(b'"duration_s": 12.5', b'"duration_s": 99.5')


def newer(text: bytes) -> bytes:
    """As a later version may write it: with fields that nobody here knows."""
    return text.replace(b'"perfstudio-take/2"', b'"perfstudio-take/3", "surprise": {"of": "later"}')


def other_id(text: bytes) -> bytes:
    document = json.loads(text)
    return json.dumps(document | {"take_id": "0" * 26}).encode()


@pytest.mark.parametrize(
    ("how", "damage"),
    [
        (garble, "not_json"),
        (lambda _: b"", "not_json"),
        (lambda _: b"\x00" * 4000, "not_json"),
        (lambda _: b"[]", "invalid"),
        (lambda t: t.replace(b'"grief"', b'"\\ud800"'), "not_json"),
        (lambda t: t.replace(b"12.5", b"NaN"), "invalid"),
        (deep, "not_json"),
        (newer, "newer_format"),
        (other_id, "folder_of_another_take"),
        (other_seal, "seal"),
    ],
)
@pytest.mark.parametrize("with_index", [True, False])
def test_lib_9_a_garbled_take_json(root: Path, how: Callable[[bytes], bytes], damage: str, with_index: bool) -> None:
    with Library(root) as library:
        take, healthy = sealed_take(library), sealed_take(library)
        before = library.row(take)
    path = root / "takes" / take / "take.json"
    path.write_bytes(how(path.read_bytes()))
    garbled = path.read_bytes()
    if not with_index:
        (root / "index.sqlite").unlink()
    with Library(root) as library:
        assert library.report.damaged == (take,)
        row = library.row(take)
        assert (row.state, row.damage) == (TakeState.DAMAGED, damage)
        assert (row.prompt_title == before.prompt_title) is with_index
        assert row.size_bytes > 0
        assert library.row(healthy).state is TakeState.UNDECIDED
        assert code_of(lambda: library.keep(take)) is ErrorCode.TAKE_DAMAGED
        library.rebuild()
        assert path.read_bytes() == garbled
        if with_index:
            repaired = library.repair(take)
            assert repaired.slate.take_number == before.take_number
            assert library.row(take) == before.__class__(
                **{**{f: getattr(before, f) for f in before.__slots__}, "size_bytes": library.row(take).size_bytes}
            )
            assert [p.read_bytes() for p in path.parent.glob("take.damaged-*.json")] == [garbled]
        else:
            assert code_of(lambda: library.repair(take)) is ErrorCode.TAKE_DAMAGED


def test_a_copy_that_does_not_fit_the_files_is_not_written_back(library: Library, take: str) -> None:
    folder = library.folder(take)
    (folder / "take.json").write_bytes(b"{")
    (folder / "audio.flac").unlink()
    assert code_of(lambda: library.repair(take)) is ErrorCode.TAKE_DAMAGED
    assert (folder / "take.json").read_bytes() == b"{"


def test_lib_9_media_without_a_take_json_are_listed(root: Path) -> None:
    with Library(root) as library:
        take = sealed_take(library)
    (root / "takes" / take / "take.json").unlink()
    (root / "index.sqlite").unlink()
    with Library(root) as library:
        (row,) = library.list()
        assert (row.take_id, row.state, row.damage) == (take, TakeState.DAMAGED, "missing")
        assert row.started_utc.year > 2020  # from the id
        assert (library.folder(take) / "take.mp4").is_file()


def test_garbled_papers_make_a_take_damaged(library: Library, take: str) -> None:
    for name in ("consent", "receipt"):
        path = library.folder(take) / f"{name}.json"
        path.write_bytes(b'{"x": 1}')
        library.report_now()
        assert (library.row(take).state, library.row(take).damage) == (TakeState.DAMAGED, name)
        path.unlink()
    library.report_now()
    assert library.state(take) is TakeState.UNDECIDED


def test_a_circle_passes_over_a_damaged_neighbour(library: Library) -> None:
    first, second = sealed_take(library), sealed_take(library)
    library.circle(first)
    (library.folder(first) / "take.json").write_bytes(b"{")
    library.report_now()
    library.circle(second)
    assert library.row(second).circled
