"""Two who connect through a studio's relay alone: neither hears the other's address."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from perfstudio.call.messages import LineMeasured, LineOrder
from perfstudio.model.call_servers import CallServers
from perfstudio.model.call_ways import CallWays
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.receiver.relay_pass import RelaySecret
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.duet import meeting as meetings
from perfstudio.session.duet.line_link import LineLink
from perfstudio.session.duet.meeting import StudioMeeting
from perfstudio.session.duet.try_line import LineHooks, try_line
from rigs.duet_terms import TERMS
from rigs.take_bundles import STUDIO, TOKEN

pytest.importorskip("aiortc", reason="not for this machine")
from rigs.turn_relay import TurnRelay

HIDDEN = CallWays(relay_only=True)
SECRET = "a-secret-that-both-share"


def lab(folder: Path, port: int, secret: str) -> AbstractContextManager[Receiver]:
    servers = CallServers(turn=f"turn:127.0.0.1:{port}")
    settings = ReceiverSettings(studio_id=STUDIO, calls=servers, relay=RelaySecret(secret))
    return Receiver(folder, token=TOKEN, settings=settings)


class Overheard(StudioMeeting):
    """A meeting of which it is kept what this side said."""

    says = ""

    def say(self, says: str | None = None):  # type: ignore[no-untyped-def]
        self.says = says or self.says
        return super().say(says)


@pytest.mark.realtime
def test_through_the_relay_alone_no_address_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meetings, "LOOK_S", 0.05)
    stop = threading.Event()

    def plays(meeting: StudioMeeting) -> LineMeasured:
        order = LineOrder(meeting.first, 1.0, meeting.ways(HIDDEN))
        return try_line(meeting, order, LineHooks(), TERMS, stop)

    with TurnRelay(SECRET) as relay, lab(tmp_path / "in", relay.port, SECRET) as running:
        studio = running.studio()
        with (
            Overheard(studio, TOKEN, None, stop) as ana,
            Overheard(studio, TOKEN, ana.code, stop) as bo,
            ThreadPoolExecutor(1) as beside,
        ):
            ana.say()
            waits = beside.submit(plays, ana)
            found = plays(bo), waits.result()
    assert [side.problem for side in found] == [None, None]
    assert (relay.carried > 20, relay.refused) == (True, 0)
    for said in (ana.says, bo.says):
        kinds = re.findall(r"a=candidate:.* typ (\w+) (.*)\r", said)
        assert kinds == [("relay", "raddr 0.0.0.0 rport 9")], said
        told = set(re.findall(r"[1-9]\d*\.\d+\.\d+\.\d+", said))
        assert told == {"127.0.0.1"}, "the relay's place alone"


def test_without_a_relay_nothing_is_tried_in_its_place(tmp_path: Path) -> None:
    stop = threading.Event()
    with TurnRelay("another secret") as relay, lab(tmp_path / "in", relay.port, SECRET) as running:
        studio = running.studio()
        with StudioMeeting(studio, TOKEN, None, stop) as ana:
            ana.say()
            ways = ana.ways(HIDDEN)
            assert SECRET not in repr(ways)
            assert ways.password not in repr(ways)
            with LineLink(LineOrder(True, 1.0, ways), stop) as link, pytest.raises(CallError) as refused:
                link.described()
            assert (refused.value.code, refused.value.facts, relay.refused) == (ErrorCode.DUET_NO_RELAY, {}, 1)
            with pytest.raises(CallError) as none:
                StudioMeeting(studio.model_copy(update={"calls": None}), TOKEN, None, stop).ways(HIDDEN)
            assert none.value.facts == {"studio": studio.name}
            own = CallWays("stun:a.example:1", "turn:b.example:2", "me", "mine")
            assert ana.ways(own) == own, "what one names oneself comes first"
