"""One stack for every decision: back to what was, again to what was decided, and never over a later word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_takes import sealed_take

from perfstudio.library.decisions import DECIDED
from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.take import Decision, Labels, TakeManifest
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.skips import SkipReason
from perfstudio.session.undo import MOST, Step, Turned, UndoKind, UndoStack, UndoSubject
from perfstudio.texts.undoing import sentence

DECISIONS: dict[UndoKind, Callable[[Home, str], object]] = {
    UndoKind.KEEP: lambda home, take: home.takes.keep(take),
    UndoKind.CIRCLE: lambda home, take: home.takes.circle(take),
    UndoKind.UNCIRCLE: lambda home, take: home.takes.circle(take, on=False),
    UndoKind.BIN: lambda home, take: home.takes.bin(take),
    UndoKind.RESTORE: lambda home, take: home.takes.restore(take),
    UndoKind.LABEL: lambda home, take: home.takes.label(take, Labels(meant=("joy",))),
    UndoKind.NOTE: lambda home, take: home.takes.note(take, "the second half"),
    UndoKind.INTEND: lambda home, take: home.takes.intend(take, CheckCode.CLIPPING, on=True),
    UndoKind.TRIM: lambda home, take: home.takes.trim(take, 0.2, 0.9),
}
BEFORE: dict[UndoKind, UndoKind] = {UndoKind.UNCIRCLE: UndoKind.CIRCLE, UndoKind.RESTORE: UndoKind.BIN}
"""What has to be so before something is decided."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    with Home(AppPaths(tmp_path / "home")) as opened:
        yield opened


def decided(manifest: TakeManifest) -> dict[str, object]:
    return {name: getattr(manifest, name, None) for name in DECIDED}


@pytest.mark.parametrize("kind", list(DECISIONS))
def test_back_and_again(home: Home, kind: UndoKind) -> None:
    take = sealed_take(home.library)
    if kind in BEFORE:
        DECISIONS[BEFORE[kind]](home, take)
    was = decided(home.takes.manifest(take))
    DECISIONS[kind](home, take)
    became = decided(home.takes.manifest(take))
    assert became != was
    back = home.undo.back()
    assert back is not None
    assert (back.step.kind, back.changed) == (kind, 1)
    assert decided(home.takes.manifest(take)) == was
    again = home.undo.again()
    assert again is not None
    assert decided(home.takes.manifest(take)) == became
    assert sentence(back).startswith("Undone: ")
    assert sentence(again).startswith("Done again: ")


def test_every_kind_is_tried_here_or_elsewhere() -> None:
    elsewhere = {UndoKind.SKIP, UndoKind.TAKE_UP, UndoKind.PLAYED, UndoKind.MARK}  # test_ui_review_moments has marks
    assert {*UndoKind} - {*DECISIONS} == elsewhere


def test_several_at_once_are_one_step(home: Home) -> None:
    takes = [sealed_take(home.library) for _ in range(3)]
    home.takes.keep(takes[0])
    done = home.takes.decide(UndoKind.BIN, [*takes, "01aaaaaaaaaaaaaaaaaaaaaaaa"])
    assert done.changed == tuple(takes)
    assert [(take, problem.code) for take, problem in done.left] == [
        ("01aaaaaaaaaaaaaaaaaaaaaaaa", ErrorCode.TAKE_UNKNOWN)
    ]
    turned = home.undo.back()
    assert turned is not None
    assert sentence(turned) == "Undone: Bin (3 takes)."
    found = [home.takes.manifest(take).decision for take in takes]
    assert found == [Decision.KEPT, Decision.UNDECIDED, Decision.UNDECIDED]


def test_a_circle_goes_back_to_the_take_that_had_it(home: Home) -> None:
    first, second = sealed_take(home.library), sealed_take(home.library)
    home.takes.circle(first)
    home.takes.circle(second)
    assert not home.takes.manifest(first).circled
    home.undo.back()
    assert home.takes.manifest(first).circled
    assert not home.takes.manifest(second).circled
    assert home.takes.manifest(second).decision is Decision.UNDECIDED


def test_what_was_decided_otherwise_since_stays(home: Home) -> None:
    take = sealed_take(home.library)
    step = home.takes.keep(take)
    home.library.bin(take)  # another program at the same library
    turned = home.undo.back(step)
    assert turned is not None
    assert turned.changed == 0
    assert "decided otherwise since" in sentence(turned)
    assert home.takes.manifest(take).decision is Decision.BINNED


def test_what_changes_nothing_is_no_step(home: Home) -> None:
    take = sealed_take(home.library)
    home.takes.keep(take)
    assert home.takes.keep(take) is None
    home.undo.back()
    assert home.undo.back() is None


def test_a_new_decision_ends_what_could_be_done_again(home: Home) -> None:
    take = sealed_take(home.library)
    home.takes.keep(take)
    home.undo.back()
    home.takes.note(take, "otherwise")
    assert home.undo.again() is None


def test_a_deleted_take_leaves_the_stack(home: Home) -> None:
    kept, gone = sealed_take(home.library), sealed_take(home.library)
    home.takes.keep(kept)
    home.takes.bin(gone)
    home.takes.empty_bin()
    with pytest.raises(LibraryError) as told:
        home.undo.back()
    assert told.value.code is ErrorCode.TAKE_UNKNOWN
    turned = home.undo.back()
    assert turned is not None
    assert turned.step.kind is UndoKind.KEEP


def test_a_skip_comes_back_with_its_reason(home: Home) -> None:
    card = home.scenes.card("the-letter")
    home.scenes.skip(card, SkipReason.UNCLEAR, "who is he?")
    home.scenes.take_up(card)
    assert home.scenes.card("the-letter").scene.skipped is None
    home.undo.back()
    skipped = home.scenes.card("the-letter").scene.skipped
    assert skipped is not None
    assert (skipped.reason, skipped.words) == (SkipReason.UNCLEAR, "who is he?")
    home.undo.back()
    assert home.scenes.card("the-letter").scene.skipped is None


def test_the_oldest_are_forgotten_and_each_turn_is_told() -> None:
    told: list[Turned] = []
    stack = UndoStack(told.append)
    for number in range(MOST + 1):
        stack.add(Step(UndoKind.KEEP, UndoSubject("x", number), lambda: 1, lambda: 1))
    while stack.back() is not None:
        pass
    assert [turned.step.subject.number for turned in told] == list(range(MOST, 0, -1))
