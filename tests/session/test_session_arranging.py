"""What is shown of the takes, in which order, and what can be done with several."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_takes import sealed_take

from perfstudio.model.checks import Verdict
from perfstudio.model.labels import Labels
from perfstudio.model.prompt import Intensity
from perfstudio.model.take import TakeState
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.takes.arranging import Shown, SortBy, TakesView, arranged, characters, counted, emotions
from perfstudio.session.takes.choosing import Choosing
from perfstudio.session.takes.many_actions import ManyAction, many_actions
from perfstudio.session.takes.storage import storage_by_pack
from perfstudio.texts.devices import pack_storage
from rigs.take_rows import take_row

A = ManyAction
ROWS = (
    take_row(5, prompt_id="ferry", prompt_title="The ferry", character="Mara", duration_s=40.0, verdict=Verdict.GOOD),
    take_row(4, state=TakeState.BINNED),
    take_row(3, state=TakeState.UNDECIDED, duration_s=None, verdict=Verdict.RETAKE),
    take_row(2, prompt_id="ferry", prompt_title="The ferry", character="Mara", emotions=(), meant=("joy",)),
    take_row(1, circled=True, state=TakeState.DELIVERED, sent="accepted", verdict=Verdict.LOOK),
)


def numbers(view: TakesView, word: str = "") -> list[list[int]]:
    groups = arranged(ROWS, view, lambda row: word in row.prompt_title)
    return [[row.take_number for row in group.rows] for group in groups]


@pytest.mark.parametrize(
    ("view", "found"),
    [
        (TakesView(), [[5, 3, 2, 1]]),
        (TakesView(sort=SortBy.SCENE), [[2, 5, 1, 3]]),
        (TakesView(sort=SortBy.LENGTH), [[5, 2, 1, 3]]),
        (TakesView(sort=SortBy.VERDICT), [[3, 1, 2, 5]]),
        (TakesView(by_scene=True), [[5, 2], [3, 1]]),
        (TakesView(by_scene=True, sort=SortBy.VERDICT), [[3, 1], [2, 5]]),
        (TakesView(shown=Shown.BIN), [[4]]),
        (TakesView(shown=Shown.UNDECIDED), [[3]]),
        (TakesView(shown=Shown.KEPT), [[5, 2, 1]]),
        (TakesView(shown=Shown.CIRCLED), [[1]]),
        (TakesView(shown=Shown.DELIVERED), [[1]]),
        (TakesView(character="Mara"), [[5, 2]]),
        (TakesView(emotion="joy"), [[2]]),
        (TakesView(emotion="joy", character="Ines"), []),
    ],
)
def test_order_and_filters(view: TakesView, found: list[list[int]]) -> None:
    assert numbers(view) == found


def test_what_there_is_to_choose() -> None:
    assert numbers(TakesView(), "ferry") == [[5, 2]]
    assert characters(ROWS) == ("Ines", "Mara")
    assert emotions(ROWS) == ("anger", "joy")
    assert counted(ROWS)[Shown.ALL] == 4
    assert counted(ROWS)[Shown.BIN] == 1


def test_what_can_be_done_with_several() -> None:
    found = many_actions(ROWS)
    by_number = {action: [int(take_id) for take_id in take_ids] for action, take_ids in found.items()}
    assert by_number == {
        A.KEEP: [3], A.LABELS_AGAIN: [5, 3, 1], A.USES_AGAIN: [5, 2], A.RESTORE: [4], A.DELETE: [4],
        A.BIN: [5, 3, 2, 1],
        A.SHOW: [5, 4, 3, 2, 1],
    }  # fmt: skip
    ready = take_row(6, state=TakeState.ACCEPTED, meant=("joy",))
    assert many_actions([ready, take_row(7, state=TakeState.ACCEPTED, sent="sent")])[A.SEND] == (ready.take_id,)
    assert A.KEEP not in many_actions([ready])


def test_choosing_one_a_range_and_all() -> None:
    order, chosen = tuple("abcdef"), Choosing()

    def now() -> str:
        return "".join(one for one in order if one in chosen)

    chosen.reach(order, "b", "d")
    assert now() == "bcd"
    chosen.reach(order, "d", "a")
    assert now() == "ab", "from where it began"
    chosen.turn("e")
    assert now() == "abe"
    chosen.reach(order, "a", "f")
    assert now() == "ef"
    chosen.all(order)
    chosen.turn("c")
    assert now() == "abdef"
    chosen.keep_to(tuple("abc"))
    assert now() == "ab"
    chosen.clear()
    assert len(chosen) == 0


def test_labels_as_the_last_time(tmp_path: Path) -> None:
    with Home(AppPaths(tmp_path / "home")) as home:
        said, own, *plain = (sealed_take(home.library) for _ in range(4))
        assert home.takes.labels_again(plain) is None
        whole = Labels(meant=("joy",), intensity=Intensity.STRONG, valence=7, held_character="slipped", note="too loud")
        home.takes.label(said, whole)
        home.takes.label(own, Labels(meant=("anger",)))
        again = home.takes.labels_again([own, *plain])
        assert again is not None
        assert again.labels == Labels(meant=("joy",), intensity=Intensity.STRONG), "no feeling is said twice"
        assert set(again.take_ids) == set(plain), "who has said it is not asked again"
        home.takes.label_each(again)
        assert [home.takes.manifest(take).said().meant for take in (own, *plain)] == [("anger",), ("joy",), ("joy",)]  # type: ignore[union-attr]
        home.undo.back()
        assert [home.takes.manifest(take).said() for take in plain] == [None, None]


def test_storage_by_pack_the_most_first() -> None:
    rows = (
        take_row(1), take_row(2, state=TakeState.BINNED), take_row(3, pack_id="gone", size_bytes=70_000_000),
        take_row(4, size_bytes=9_000_000, missing=True),
    )  # fmt: skip
    found = storage_by_pack(rows, lambda pack: {"practice": "Practice room"}.get(pack, pack))
    assert [pack_storage(pack) for pack in found] == [
        "gone: 1 take, 70 MB", "Practice room: 2 takes, 2 kB, of it 1 kB in the bin",
    ]  # fmt: skip
