"""Ten thousand takes: how long a start, a rebuild and a list take (catalogue LIB-8, G18)."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from library_takes import draft_of, finished

from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeFilter
from perfstudio.model.ids import new_take_id
from perfstudio.model.take import EndReason


def many_takes(root: Path, count: int) -> None:
    """Take folders made without the library, as if copied from elsewhere."""
    with Library(root) as library:
        begun = library.create(draft_of())
        whole = library.seal(begun.take_id, finished(begun))
    for number in range(count - 1):
        take_id = new_take_id(1_700_000_000_000 + number * 60_000)
        slate = whole.slate.model_copy(update={"take_number": number + 2})
        manifest = whole.model_copy(update={"take_id": take_id, "slate": slate, "ended": EndReason.CUT}).sealed()
        folder = root / "takes" / take_id
        folder.mkdir(parents=True, mode=0o700)
        (folder / "take.json").write_text(json.dumps(manifest.to_json()))
        (folder / "thumbnail.jpg").write_bytes(b"x")


def measured(what: str, call: object) -> float:
    started = time.perf_counter()
    call()  # type: ignore[operator]
    seconds = time.perf_counter() - started
    print(f"{what}: {seconds:.2f} s", flush=True)
    return seconds


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [120, pytest.param(1000, marks=pytest.mark.soak)])
def test_lib_8_a_thousand_takes_start_at_once_and_rebuild(root: Path, count: int) -> None:
    """The bounds are those of ten thousand, so that a slow machine does not matter."""
    many_takes(root, count)
    assert measured(f"adopt {count}", lambda: Library(root).close()) < 30
    assert measured(f"start with {count}", lambda: Library(root).close()) < 3
    with Library(root) as library:
        assert library.report.read == 0
        assert len(library.list()) == count
        assert library.next_take_number("evening", "the-letter") == count + 1
        assert measured(f"rebuild {count}", library.rebuild) < 30


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_lib_8_ten_thousand_takes(root: Path) -> None:
    many_takes(root, 10_000)
    measured("adopt 10,000", lambda: Library(root).close())
    assert measured("start with 10,000", lambda: Library(root).close()) < 3
    size = (root / "index.sqlite").stat().st_size
    print(f"index: {size / 1e6:.1f} MB")
    with Library(root) as library:
        assert measured("list all", library.list) < 3
        measured("list one prompt with words", lambda: library.list(TakeFilter(prompt_id="the-letter", text="mara")))
        measured("one note", lambda: library.note(library.find("the-letter/5000"), "here"))
