"""The set-up check with everything real behind it: recorder process, practice devices, files that are read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfstudio.model.checks import CheckCode, StricterLimit, Verdict
from perfstudio.model.device import PRACTICE, DeviceSelection, MicrophoneRequest
from perfstudio.model.room import RoomMeasured, RoomPart, RoomTopic
from perfstudio.paths import AppPaths
from perfstudio.session.room_check import script_pace
from perfstudio.session.room_check.store import RoomStore
from perfstudio.session.room_views import RoomState
from perfstudio.session.session import Session
from perfstudio.session.set_aside import SetAside
from perfstudio.session.views import SceneCard, StageState
from rigs.shortened import shortened
from rigs.stage import SMALL_PAIR, Thread

PATIENCE_S = 90.0

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(tmp_path / "home").prepare()


@pytest.fixture
def session(paths: AppPaths, thread: Thread) -> Iterator[Session]:
    made = Session(paths, thread.post, thread)
    yield made
    made.close()


class Check:
    """A performer in the green room."""

    def __init__(self, session: Session, thread: Thread) -> None:
        self.session, self.room, self.thread = session, session.green_room, thread
        self.parts: list[RoomPart] = []

    def enter(self, pair: DeviceSelection = SMALL_PAIR, card: SceneCard | None = None) -> None:
        self.session.director.open(pair)
        self.until(lambda: self.session.director.view.state is StageState.READY)
        self.room.enter(card)

    def until(self, reached: Callable[[], bool]) -> None:
        def look() -> bool:
            self.room.pulse()
            part = self.room.view.part
            if part is not None and (not self.parts or self.parts[-1] is not part):
                self.parts.append(part)
            return reached()

        self.thread.until(look, PATIENCE_S)

    def state(self) -> RoomState:
        return self.room.view.state


@pytest.fixture
def unhurried(session: Session, thread: Thread) -> Check:
    """With the time that a performer has."""
    return Check(session, thread)


@pytest.fixture
def check(unhurried: Check, monkeypatch: pytest.MonkeyPatch) -> Check:
    """With less of it."""
    for name, seconds in (("TONE_S", 0.8), ("TONE_PATIENCE_S", 1.2), ("PLAY_S", 1.5), ("LINE_PATIENCE_S", 2.0)):
        monkeypatch.setattr(script_pace, name, seconds)
    return unhurried


@pytest.fixture
def listening(check: Check, monkeypatch: pytest.MonkeyPatch) -> Check:
    """As long for a line that the practice voice is heard: it rests for up to four seconds of its loop."""
    monkeypatch.setattr(script_pace, "LINE_PATIENCE_S", 5.0)
    return check


PACES = [("listening", 1.0, 2.5), ("unhurried", 4.0, 8.0)]
"""A fixture, and the least and the most that the performer plays then."""


ASKED = StricterLimit(code=CheckCode.FACE_SIZE, look_low=0.9)
ASKS = "pack: Only faces"


@pytest.fixture
def card(session: Session) -> SceneCard:
    """Of a pack that asks for more."""
    return replace(session.home.scenes.packs()[0].cards[0], limits=(ASKED,), pack_title="Only faces")


@pytest.mark.parametrize("pace", shortened(PACES, lambda number, _: number == 0), ids=lambda pace: pace[0])
def test_a_check_from_the_first_look_to_the_kept_numbers(
    request: pytest.FixtureRequest, card: SceneCard, paths: AppPaths, pace: tuple[str, float, float]
) -> None:
    how, least_s, most_s = pace
    check: Check = request.getfixturevalue(how)
    check.enter(card=card)
    check.until(lambda: is_hinted(check))
    check.room.begin()
    check.until(lambda: check.state() is RoomState.RESULT)
    assert check.parts == list(RoomPart)
    result = check.room.view.result
    assert result is not None
    assert result.unkept is None
    assert result.file.is_file()
    assert {r.topic for r in result.measured.readings} == set(RoomTopic)
    assert all(c.verdict in (Verdict.GOOD, Verdict.LOOK) for c in result.profile.checks())
    play = result.measured.play
    assert least_s < play.end_s - play.start_s < most_s
    assert play.end_s <= result.measured.duration_s
    is_heard_and_seen(result.measured)
    is_kept(paths, card)
    check.room.leave()
    check.until(lambda: not result.file.parent.exists())


def is_hinted(check: Check) -> bool:
    """What the pack asks for is heard in the look."""
    hint = check.room.pulse()[0].reading.hint
    return hint is not None and (hint.code, hint.source) == (CheckCode.FACE_SIZE, ASKS)


def is_heard_and_seen(measured: RoomMeasured) -> None:
    room, loud = measured.check(CheckCode.NOISE_FLOOR), measured.check(CheckCode.TRUE_PEAK)
    assert room is not None
    assert loud is not None
    assert room.value is not None
    assert loud.value is not None
    assert -90 < room.value < -40 < loud.value < 0
    sync = measured.check(CheckCode.SYNC)
    assert sync is not None
    assert sync.facts["calibrated"] == 0
    size = measured.check(CheckCode.FACE_SIZE)
    assert size is not None
    assert (size.verdict, size.limit, size.source) == (Verdict.LOOK, ASKED.look_low, ASKS)


def is_kept(paths: AppPaths, card: SceneCard) -> None:
    written = json.loads(paths.rooms.read_text())
    (profile,) = written["profiles"]
    assert profile["character"] == f"{card.pack_id}/{card.brief.id}"
    assert profile["key"]["camera"] == PRACTICE


def test_a_silent_microphone_is_said_and_the_check_still_ends(check: Check) -> None:
    check.enter(DeviceSelection(camera=None, microphone=MicrophoneRequest(id="practice?signal=silence")))
    check.room.begin()
    check.until(lambda: check.state() is RoomState.RESULT)
    result = check.room.view.result
    assert result is not None
    readings = {r.topic: r for r in result.measured.readings}
    assert RoomTopic.ROOM not in readings, "exact zeros are no room"
    assert readings[RoomTopic.LOUD].telling.code is CheckCode.SPEECH
    assert readings[RoomTopic.MICROPHONE].telling.code is CheckCode.ZEROS


def test_sound_alone_is_checked_without_a_picture(check: Check) -> None:
    check.enter(DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE)))
    check.room.begin()
    check.until(lambda: check.state() is RoomState.RESULT)
    result = check.room.view.result
    assert result is not None
    assert not result.measured.pictured
    topics = {r.topic for r in result.measured.readings}
    assert topics == {RoomTopic.ROOM, RoomTopic.LOUD, RoomTopic.SOFT, RoomTopic.MICROPHONE}
    assert result.file.name == "audio.flac"


def test_a_damaged_file_is_set_aside_and_the_room_begins_anew(paths: AppPaths) -> None:
    paths.rooms.write_text('{"format": "perfstudio-rooms/1", "profiles": [{"key":')
    told: list[SetAside] = []
    store = RoomStore(paths.rooms, tell=told.append)
    assert store.newest() is None
    (aside,) = told
    assert aside.kept is not None
    assert aside.kept.read_text().startswith('{"format"')
    assert not paths.rooms.exists()
