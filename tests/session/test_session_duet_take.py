"""Two takes made at once, by two homes on one machine with practice devices: one time line, and a line that may die."""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from perfstudio.call.messages import MediaOrder, PlayOrder, Speak, VoiceNow
from perfstudio.capture.recording.sound_tap import SoundTap
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import CallError, ErrorCode, PerfstudioError
from perfstudio.model.take import FileRole, TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.paths import AppPaths
from perfstudio.session.duet.line_link import LineLink
from perfstudio.session.duet.play import DuetPlay
from perfstudio.session.duet.try_line import LineHooks, connect
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.takes.pair_report import PairReport
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.session.takes.verify_pair import verify_pair
from rigs.duet_relay import Relay, Way
from rigs.duet_terms import TERMS
from rigs.partner import add_ears
from rigs.pulse import PulseServer
from rigs.systems import posix_only

pytest.importorskip("aiortc", reason="not for this machine")
pytestmark = pytest.mark.realtime
ALONE = DeviceSelection(camera=None, microphone=MicrophoneRequest(id="practice"))
SCENE = "two-chairs/handover"


class Table:
    """Two who hand each other a piece of paper."""

    def __init__(self) -> None:
        self._papers: tuple[queue.Queue[str], queue.Queue[str]] = (queue.Queue(), queue.Queue())

    def side(self, number: int) -> Seat:
        return Seat(self._papers[number], self._papers[1 - number])


@dataclass
class Seat:
    writes: queue.Queue[str]
    reads: queue.Queue[str]
    instead_of: Callable[[str], str] = str
    """What the other side is told in the place of what is said."""

    def say(self, says: str) -> None:
        self.writes.put(self.instead_of(says))

    def wait(self) -> str:
        return self.reads.get(timeout=60)


@dataclass
class Player:
    """One side: its home, and what it may be told."""

    home: Home
    seat: Seat
    role: str
    seconds: float = 2.0
    scene: str = SCENE
    signalled: signal.Signals | None = None
    """Sent to the process of the line, once, half a second into the take."""
    stop: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    rolls: Callable[[], None] = lambda: None
    """Called again and again, from half a second into the take on."""
    quiet: Callable[[bool], None] = lambda _: None

    ears: str = "none-such"
    """Headphones by id."""
    unheard: list[PerfstudioError] = field(default_factory=list)
    voice: VoiceNow | None = None
    """What was heard of the other at the cut."""
    is_mute: bool = False
    """From half a second into the take on."""
    other_mute: list[bool] = field(default_factory=list)
    """What the other told of it."""

    def plays(self, first: bool) -> TakeManifest:
        with closing(SoundTap()) as tap:
            order = PlayOrder(first, media=MediaOrder(tap.name, self.ears))
            with LineLink(order, self.stop) as link:
                connect(link, self.seat, LineHooks(), TERMS, first=first)
                link.send(Speak(on=True))
                play = DuetPlay(
                    link, self.stop, first=first, lost=self.lost.set, unheard=self.unheard.append, quiet=self.quiet,
                    mute=self.other_mute.append,
                )  # fmt: skip
                hooks = RecordingHooks(
                    self.stop, status=lambda now, _: self._act(link) if now.elapsed_s > 0.5 else None
                )
                made = record_take(self.home, self.scene, ALONE, self.seconds, hooks, role=self.role, with_other=play)
                self.voice = play.voice
                return made

    def _act(self, link: LineLink) -> None:
        self.rolls()
        if self.is_mute:
            link.send_if_there(Speak(on=False))
        pid = link._process.pid
        if self.signalled is not None and pid is not None:
            os.kill(pid, self.signalled)
            self.signalled = None


@pytest.fixture(scope="module")
def ears() -> Iterator[tuple[str, str]]:
    """Headphones of both, where a sound server can be started."""
    if not sys.platform.startswith("linux"):
        yield "none-such", "none-such"
        return
    with PulseServer() as server, server.chosen():
        yield add_ears(server, "ana"), add_ears(server, "bo")


@pytest.fixture
def players(tmp_path: Path, ears: tuple[str, str]) -> Iterator[tuple[Player, Player]]:
    table, roles = Table(), ("a", "b")
    with (
        Home(AppPaths(tmp_path / "ana"), use_keyring=False) as ana,
        Home(AppPaths(tmp_path / "bo"), use_keyring=False) as bo,
    ):
        yield (
            Player(ana, table.side(0), roles[0], ears=ears[0]),
            Player(bo, table.side(1), roles[1], ears=ears[1]),
        )


def both(players: tuple[Player, Player]) -> tuple[TakeManifest2, TakeManifest2]:
    with ThreadPoolExecutor(2) as beside:
        made = [beside.submit(player.plays, first) for player, first in zip(players, (True, False), strict=True)]
        one, other = (work.result() for work in made)
    assert isinstance(one, TakeManifest2)
    assert isinstance(other, TakeManifest2)
    return one, other


def looked_at(players: tuple[Player, Player], takes: tuple[TakeManifest2, TakeManifest2]) -> PairReport:
    folders = [player.home.library.folder(take.take_id) for player, take in zip(players, takes, strict=True)]
    for folder in folders:
        assert verify_bundle(folder).problems == ()
    return verify_pair(*folders)


def zero_ns(players: tuple[Player, Player], take: TakeManifest2) -> int:
    """What the file of its stamps says of when it begins."""
    role = take.duet.role if take.duet is not None else ""
    (folder,) = (player.home.library.folder(take.take_id) for player in players if player.role == role)
    return int(json.loads((folder / "duet-pings.bin").read_bytes().partition(b"\n")[0])["zero_ns"])


def test_two_takes_lie_on_one_time_line_and_name_each_other(players: tuple[Player, Player]) -> None:
    players[1].seconds = 60.0  # the other one cuts
    players[0].is_mute = True
    one, other = both(players)
    assert [player.other_mute for player in players] == [[], [True]]
    for mine, theirs in ((one, other), (other, one)):
        assert mine.duet is not None
        assert (mine.duet.peer_take_id, mine.duet.peer) == (theirs.take_id, theirs.slate.performer_id)
        assert mine.file(FileRole.DUET_PINGS) is not None
        go = next(marker.at_s for marker in mine.markers if marker.name == "go")
        assert go == pytest.approx(mine.duet.start_s, abs=0.5)
        assert (mine.duration_s or 0) < 15
    report = looked_at(players, (one, other))
    assert (report.problems, report.unaligned) == ((), None)
    live = report.live
    assert live is not None
    first, second = (one, other) if live.of_take_id == one.take_id else (other, one)
    truth_s = (zero_ns(players, first) - zero_ns(players, second)) * 1e-9
    assert abs(live.offset_s - truth_s) <= live.bound_s < 0.1, "one machine has one clock"
    assert abs(live.begun_apart_s) <= live.bound_s + 0.05
    assert not any(player.lost.is_set() for player in players)
    for player in players:
        assert [problem.code for problem in player.unheard] == [ErrorCode.HEADPHONES_UNKNOWN] * (
            player.ears == "none-such"
        )
        heard = player.voice.heard if player.voice is not None else None
        assert heard is not None
        assert player.ears == "none-such" or heard.played > 2 * 50, "the practice voice, from the opening on"


def test_a_line_that_is_killed_leaves_both_takes_whole(players: tuple[Player, Player]) -> None:
    players[0].signalled = signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM
    one, other = both(players)
    assert players[0].lost.is_set()
    report = looked_at(players, (one, other))
    assert report.problems == ()
    for take in (one, other):
        assert take.duet is not None
        assert (take.duration_s or 0.0) > 2.0
        assert take.audio is not None
        assert take.audio.gaps == ()


def test_a_network_that_is_down_for_some_seconds_is_told_of_and_both_play_on(players: tuple[Player, Player]) -> None:
    told: tuple[list[bool], list[bool]] = ([], [])

    def hears(side: int) -> Callable[[bool], None]:
        def hear(quiet: bool) -> None:
            told[side].append(quiet)
            if told == ([True], [True]):
                relay.is_down = False
            elif told == ([True, False], [True, False]):
                players[0].stop.set()

        return hear

    with Relay(Way(0.02), Way(0.02)) as relay:
        for number, player in enumerate(players):
            player.seconds, player.quiet = 60.0, hears(number)
            player.seat.instead_of = relay.instead_of
        players[0].rolls = once(lambda: setattr(relay, "is_down", True))
        takes = both(players)
    assert told == ([True, False], [True, False])
    assert not any(player.lost.is_set() for player in players)
    report = looked_at(players, takes)
    assert report.live is not None
    assert report.live.lost > 5, "of the messages in between"
    assert report.live.bound_s < 0.1


def once(do: Callable[[], None]) -> Callable[[], None]:
    left = [do]
    return lambda: left.pop()() if left else None


@posix_only("Ctrl-C is no signal there that one process sends another")
def test_ctrl_c_is_a_cut_and_not_the_end_of_the_line(players: tuple[Player, Player]) -> None:
    """It reaches every process of a terminal."""
    players[0].signalled = signal.SIGINT
    players[1].seconds = 60.0
    one, other = both(players)
    assert not any(player.lost.is_set() for player in players)
    assert looked_at(players, (one, other)).live is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"role": "a"}, ErrorCode.DUET_SAME_ROLE),
        ({"scene": "two-chairs/owl"}, ErrorCode.DUET_OTHER_SCENE),
    ],
)
def test_two_who_do_not_fit_record_nothing(
    players: tuple[Player, Player], change: dict[str, str], code: ErrorCode
) -> None:
    for name, value in change.items():
        setattr(players[1], name, value)
    with pytest.raises(CallError) as problem:
        both(players)
    assert problem.value.code is code
    assert [player.home.takes.lines() for player in players] == [(), ()]
