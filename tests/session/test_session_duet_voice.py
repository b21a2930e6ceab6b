"""A partner's voice over a real line, into the headphones of a sound server: heard, mute, nonsense, a flood, and ears
that go away. One line, one partner: what follows each of them is that the voice is heard again."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

pytest.importorskip("aiortc", reason="not for this machine")

from perfstudio.call.messages import MediaOrder, MediaTrouble, PlayOrder
from perfstudio.capture.recording.sound_tap import SoundTap
from perfstudio.model.errors import ErrorCode
from perfstudio.session.duet.line_link import LineLink
from rigs.duet_relay import Way
from rigs.odd_partner import OddPartner, odd_partner
from rigs.partner import add_ears
from rigs.pulse import PulseServer, speech
from rigs.voice_line import Side, listening, voice_line
from rigs.waiting import stays, until

pytestmark = pytest.mark.realtime
LOUD = 0.05
"""Of full scale: the tone has 0.18."""


@dataclass
class Line:
    """A side in a process of its own, who talks to it, and the sound server between it and the ear."""

    side: Side
    partner: OddPartner
    server: PulseServer
    sink: str

    def hears(self) -> bool:
        return self.side.voice.loud > LOUD

    def goes_on(self) -> None:
        """Ten more times the line tells how it stands."""
        told = len(self.side.told)
        until(lambda: len(self.side.told) > told + 10, "more of the line", 20)


def memory_mb(side: Side) -> float:
    """Of the process of a line."""
    return float(psutil.Process(side.pid).memory_info().rss) / 2**20


@pytest.fixture
def line() -> Iterator[Line]:
    with ExitStack() as stack:
        server = stack.enter_context(PulseServer())
        stack.enter_context(server.chosen())
        ears = add_ears(server)
        sink = server.control("list", "short", "modules").splitlines()[-1].split("\t")[0]
        tap, stop = stack.enter_context(closing(SoundTap())), threading.Event()
        partner = stack.enter_context(odd_partner())
        order = PlayOrder(first=True, media=MediaOrder(tap.name, ears, "Ears"))
        side = Side(tap, stack.enter_context(LineLink(order, stop)))
        side.link.tell(partner.answer(side.link.described()))
        side.link.wait_open()
        side.link.all_said()
        side.listens()
        yield Line(side, partner, server, sink)
        stop.set()


def test_a_voice_is_heard_and_nothing_that_comes_over_the_line_ends_it(line: Line) -> None:
    voice = line.partner.voice
    until(line.hears, "the voice", 30)
    voice.does = "be still"
    until(lambda: not line.hears(), "silence", 10)
    stays(lambda: not line.hears(), 0.3)
    voice.does = "speak"
    until(line.hears, "the voice again", 10)

    before_mb = memory_mb(line.side)
    for bad in ("talk nonsense", "flood"):
        voice.does = bad
        until(lambda: not line.hears(), f"no voice in {bad}", 10)
        line.partner.floods_with_papers(200)
        line.goes_on()
        voice.does = "speak"
        until(line.hears, f"the voice behind {bad}", 20)
    grown_mb = memory_mb(line.side) - before_mb
    print(f"4 MB of documents, nonsense and a flood of packets: {grown_mb:.0f} MB more in memory")
    assert grown_mb < 60

    line.server.control("unload-module", line.sink)
    until(lambda: line.side.told_of(MediaTrouble), "that the headphones are gone", 20)
    (trouble,) = line.side.told_of(MediaTrouble)
    assert isinstance(trouble, MediaTrouble)
    assert trouble.problem.code is ErrorCode.HEADPHONES_LOST
    line.goes_on()
    add_ears(line.server)
    until(line.hears, "the voice in headphones that are back", 20)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_ten_minutes_over_a_bad_network_stay_as_they_began(tmp_path: Path) -> None:
    """60 ms each way, 20 ms of jitter, 3 % lost: little is filled in, no delay and no memory grows."""
    seconds = float(os.environ.get("SOAK_VOICE_S", "600"))
    with PulseServer() as server, server.chosen():
        ears = add_ears(server, "ana"), add_ears(server, "bo")
        server.add_source("mouth")
        server.play_file("mouth", speech(tmp_path))
        with voice_line(ears, Way(0.06, 0.02, 0.03)) as (ana, bo), listening("pulse:mouth", ana.tap):
            until(lambda: bo.voice.heard.played > 250, "five seconds of a voice", 30)
            begun, begun_mb = bo.voice.heard, memory_mb(bo)
            until(lambda: bo.voice.heard.played > begun.played + seconds * 45, "all of it", seconds + 60, look_s=1.0)
            ended, grown_mb = bo.voice.heard, memory_mb(bo) - begun_mb
    filled = (ended.filled - begun.filled) / (ended.played - begun.played)
    print(f"{seconds:g} s: {filled:.1%} filled in, {ended.delay_ns / 1e6:.0f} ms behind, {grown_mb:.0f} MB more")
    assert filled < 0.08
    assert ended.delay_ns < 350e6
    assert grown_mb < 30
