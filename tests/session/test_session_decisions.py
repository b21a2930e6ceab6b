"""What the performer decides: in order, held until the seal where it has to be, and what a take offers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_takes import sealed_take

from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import ErrorCode, LibraryError, PerfstudioError
from perfstudio.model.take import Decision, Labels, TakeManifest, TakeState, Trim
from perfstudio.paths import AppPaths
from perfstudio.session.events import StageChanged, TakeFinished, TakeSealed
from perfstudio.session.home import Home
from perfstudio.session.takes.decisions import Decided, TakeDecisions
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.takes.take_actions import TakeAction, actions_of, towards_sending
from perfstudio.session.takes.takes import marked
from perfstudio.session.views import StageState, StageView, TakeLine
from perfstudio.session.worker import InlineWorker

A = TakeAction


class Desk:
    """A home with one take, its decisions, and what failed."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.take_id = sealed_take(home.library)
        self.decisions = TakeDecisions(home.takes, InlineWorker(), home.bus)
        self.failed: list[PerfstudioError] = []
        self.undo: list[Callable[[], None]] = []

    @property
    def manifest(self) -> TakeManifest:
        return self.home.library.manifest(self.take_id)

    def cut(self) -> None:
        """The take is here and not sealed yet."""
        self.home.bus.publish(TakeFinished(self.manifest, self.home.library.folder(self.take_id)))

    def seal(self) -> None:
        self.home.bus.publish(TakeSealed(self.take_id))

    def keep(self) -> Decided:
        return self.decisions.keep(self.take_id, self.failed.append)

    def circle(self) -> Decided:
        return self.decisions.circle(self.take_id, self.failed.append, on=True)

    def bin(self) -> Decided:
        return self.decisions.bin(self.take_id, self.failed.append, self.undo.append)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        yield Desk(home)


def test_what_is_decided_before_the_seal_is_done_in_order_with_it(desk: Desk) -> None:
    desk.cut()
    assert desk.circle() is Decided.AT_SEAL
    assert desk.decisions.label(desk.take_id, Labels(meant=("grief",)), desk.failed.append) is Decided.AT_SEAL
    assert desk.decisions.circle(desk.take_id, desk.failed.append, on=False) is Decided.AT_SEAL
    assert desk.manifest.decision is Decision.UNDECIDED
    desk.seal()
    assert (desk.manifest.decision, desk.manifest.circled) == (Decision.KEPT, False)
    assert desk.manifest.labels is not None
    assert desk.keep() is Decided.NOW
    assert desk.failed == []


def test_what_is_decided_is_kept_over_a_failure_and_done_should_the_seal_still_come(desk: Desk) -> None:
    desk.cut()
    desk.keep()
    problem = LibraryError(ErrorCode.DISK_FULL)
    desk.home.bus.publish(StageChanged(StageView(StageState.FAILED, actions=frozenset(), problem=problem)))
    assert desk.decisions.stuck(desk.take_id) is problem
    assert desk.circle() is Decided.AT_SEAL
    desk.seal()
    assert desk.decisions.stuck(desk.take_id) is None
    assert desk.manifest.circled


@pytest.mark.parametrize("before", ["undecided", "kept", "circled"])
def test_the_way_out_of_the_bin_leads_to_what_was_decided_before(desk: Desk, before: str) -> None:
    if before != "undecided":
        desk.circle() if before == "circled" else desk.keep()
    was = (desk.manifest.decision, desk.manifest.circled)
    assert desk.bin() is Decided.NOW
    assert desk.manifest.decision is Decision.BINNED
    desk.undo[0]()
    assert (desk.manifest.decision, desk.manifest.circled) == was
    desk.bin()
    desk.decisions.restore(desk.take_id, desk.failed.append)
    assert desk.manifest.decision is Decision.UNDECIDED, "from the bin itself it is decided anew"


def test_nobody_hears_of_a_bin_that_did_not_take_it(desk: Desk) -> None:
    (desk.home.library.folder(desk.take_id) / "take.json").write_bytes(b"{")
    desk.bin()
    assert desk.undo == []
    assert [problem.code for problem in desk.failed] == [ErrorCode.TAKE_DAMAGED]


def test_points_and_choices_go_the_same_way(desk: Desk) -> None:
    desk.cut()
    desk.decisions.mark_point(desk.take_id, "in_s", 2.0, desk.failed.append)
    desk.decisions.intend(desk.take_id, CheckCode.BLEED, desk.failed.append, on=True)
    desk.seal()
    assert desk.manifest.trim.in_s == 2.0
    assert desk.manifest.intended == (CheckCode.BLEED,)
    desk.decisions.clear_points(desk.take_id, desk.failed.append)
    assert desk.manifest.trim == Trim()


@pytest.mark.parametrize(
    ("trim", "which", "at_s", "after"),
    [
        (Trim(), "in_s", 2.0, Trim(in_s=2.0)),
        (Trim(in_s=2.0), "in_s", 2.1, Trim()),
        (Trim(in_s=2.0), "in_s", 3.0, Trim(in_s=3.0)),
        (Trim(in_s=2.0, out_s=5.0), "in_s", 6.0, Trim(in_s=6.0)),
        (Trim(in_s=2.0, out_s=5.0), "out_s", 1.0, Trim(out_s=1.0)),
        (Trim(in_s=2.0, out_s=5.0), "out_s", 5.1, Trim(in_s=2.0)),
    ],
)
def test_a_point_goes_at_its_own_place_and_wins_over_the_one_it_crosses(
    trim: Trim, which: str, at_s: float, after: Trim
) -> None:
    assert marked(trim, which, at_s) == after


@pytest.mark.parametrize(
    ("changes", "offered", "leads"),
    [
        ({"state": TakeState.UNDECIDED}, (A.OPEN, A.KEEP, A.CIRCLE, A.BIN), None),
        (
            {"state": TakeState.KEPT, "circled": True, "missing": (MissingLabel.LABEL, MissingLabel.CONSENT)},
            (A.OPEN, A.UNCIRCLE, A.SAY_MEANT, A.CHOOSE_USES, A.MAKE_CLIP, A.BIN),
            A.SAY_MEANT,
        ),
        (
            {"state": TakeState.KEPT, "missing": (MissingLabel.CONSENT,)},
            (A.OPEN, A.CIRCLE, A.CHOOSE_USES, A.MAKE_CLIP, A.BIN),
            A.CHOOSE_USES,
        ),
        ({"state": TakeState.ACCEPTED}, (A.OPEN, A.CIRCLE, A.SEE_SIGNED, A.SEND, A.MAKE_CLIP, A.BIN), A.SEND),
        ({"state": TakeState.ACCEPTED, "sent": True}, (A.OPEN, A.CIRCLE, A.SEE_SIGNED, A.MAKE_CLIP, A.BIN), None),
        ({"state": TakeState.DELIVERED}, (A.OPEN, A.CIRCLE, A.SEE_SIGNED, A.MAKE_CLIP, A.BIN), None),
        ({"state": TakeState.WITHDRAWN}, (A.OPEN, A.CIRCLE, A.SEE_SIGNED, A.BIN), None),
        ({"state": TakeState.BINNED}, (A.OPEN, A.RESTORE), None),
        ({"state": TakeState.DAMAGED}, (A.OPEN,), None),
        ({"state": TakeState.ROLLING}, (A.OPEN,), None),
    ],
)
def test_what_can_be_done_with_a_take(
    desk: Desk, changes: dict[str, object], offered: tuple[TakeAction, ...], leads: TakeAction | None
) -> None:
    line: TakeLine = replace(desk.home.takes.line(desk.take_id), **changes)  # type: ignore[arg-type]
    assert actions_of(line) == offered
    assert towards_sending(line) is leads
