"""Two friends without a studio: two files, handed over, and the line stands."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from perfstudio.call.messages import LineMeasured, LineOrder
from perfstudio.model.call_ways import CallWays
from perfstudio.model.errors import CallError, ErrorCode, LibraryError, PerfstudioError
from perfstudio.session.duet import hand_meeting
from perfstudio.session.duet.hand_meeting import HandMeeting
from perfstudio.session.duet.try_line import LineHooks, try_line
from rigs.duet_terms import TERMS
from rigs.waiting import stays, until

pytest.importorskip("aiortc", reason="not for this machine")
pytestmark = pytest.mark.realtime
C = ErrorCode


class Friend:
    """One of the two, with a folder for what comes and goes."""

    def __init__(self, folder: Path, *, first: bool) -> None:
        folder.mkdir()
        self.file = folder / "letter.duet"
        self.answer = folder / "letter.duet.answer"
        self.stop = threading.Event()
        self.handed: list[Path] = []
        self.wrong: list[ErrorCode] = []
        self.words: list[tuple[str, ...]] = []
        self.first = first

    def tries(self) -> LineMeasured:
        meeting = HandMeeting(self.file, self.stop, self._over, self._refused, first=self.first)
        order = LineOrder(self.first, 1.0, by_hand=True)
        return try_line(meeting, order, LineHooks(words=self.words.append), TERMS, self.stop)

    def _over(self, file: Path, text: str) -> None:
        assert file.read_text().strip() == text
        self.handed.append(file)

    def _refused(self, problem: PerfstudioError) -> None:
        self.wrong.append(problem.code)


@pytest.fixture
def friends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Friend, Friend]:
    monkeypatch.setattr(hand_meeting, "LOOK_S", 0.05)
    return Friend(tmp_path / "ana", first=True), Friend(tmp_path / "bo", first=False)


def hand_over(ana: Friend, bo: Friend, late_s: float) -> tuple[LineMeasured, LineMeasured]:
    with ThreadPoolExecutor(2) as beside:
        mine: Future[LineMeasured] = beside.submit(ana.tries)
        until(lambda: bool(ana.handed))
        ana.answer.write_bytes(ana.file.read_bytes())  # her own, given back to her
        until(lambda: ana.wrong == [C.DUET_TEXT_OTHER])
        bo.file.write_bytes(ana.file.read_bytes()[:-40])
        theirs = beside.submit(bo.tries)
        until(lambda: bo.wrong == [C.DUET_TEXT_WRONG])
        bo.file.write_bytes(ana.file.read_bytes())
        until(lambda: bool(bo.handed))
        stays(lambda: not theirs.done(), late_s)
        ana.answer.write_bytes(bo.answer.read_bytes())
        return mine.result(60), theirs.result(60)


@pytest.mark.parametrize(
    "late_s", [0.1, pytest.param(90.0, marks=pytest.mark.soak)], ids=["at once", "a minute and a half later"]
)
def test_two_files_are_enough(friends: tuple[Friend, Friend], late_s: float) -> None:
    found = hand_over(*friends, late_s)
    assert [side.problem for side in found] == [None, None]
    assert friends[0].words == friends[1].words
    assert (friends[0].wrong, friends[1].wrong) == ([C.DUET_TEXT_OTHER], [C.DUET_TEXT_WRONG]), "each was told of once"


def test_nothing_is_written_over_and_a_wait_ends_when_asked(friends: tuple[Friend, Friend]) -> None:
    ana, bo = friends
    ana.file.write_text("a letter of mine")
    with pytest.raises(LibraryError):
        ana.tries()
    assert ana.file.read_text() == "a letter of mine"
    bo.stop.set()
    with pytest.raises(CallError) as stopped:
        bo.tries()
    assert stopped.value.code is C.DUET_STOPPED
    meeting = HandMeeting(bo.file, bo.stop, bo._over, bo._refused, first=False)
    with pytest.raises(CallError) as unnamed:
        meeting.ways(CallWays(relay_only=True))
    assert unnamed.value.code is C.DUET_RELAY_UNNAMED
