"""The line between two machines: two processes of it on this one, and a receiver at which they meet."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from perfstudio.call.messages import LineMeasured, LineOrder
from perfstudio.model.base import Document
from perfstudio.model.delivery import Studio
from perfstudio.model.duet_meeting import DuetSaid
from perfstudio.model.duet_scenes import SceneDrawn
from perfstudio.model.duet_terms import DuetTerms
from perfstudio.model.duet_words import line_words
from perfstudio.model.errors import CallError, DeliveryError, ErrorCode
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.duet import line_link
from perfstudio.session.duet import meeting as meetings
from perfstudio.session.duet.line_link import LineLink
from perfstudio.session.duet.meeting import StudioMeeting, shown_code, typed_code
from perfstudio.session.duet.terms import exchange_terms, own_terms
from perfstudio.session.duet.try_line import LineHooks, try_line
from perfstudio.session.settings import SettingsStore
from rigs.duet_relay import Relay, Way
from rigs.duet_terms import TERMS
from rigs.shortened import shortened
from rigs.take_bundles import STUDIO, TOKEN

pytest.importorskip("aiortc", reason="not for this machine")
C = ErrorCode


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as running:
        yield running.studio()


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meetings, "LOOK_S", 0.05)


def one_side(meeting: StudioMeeting, seen: list[tuple[str, ...]]) -> LineMeasured:
    return try_line(meeting, LineOrder(meeting.first, 1.5), LineHooks(words=seen.append), TERMS, threading.Event())


@contextmanager
def introduced(stop: threading.Event) -> Iterator[tuple[LineLink, LineLink]]:
    """Two processes of which each has heard how the other can be reached."""
    orders = LineOrder(first=True, seconds=60.0), LineOrder(first=False, seconds=60.0)
    with LineLink(orders[0], stop) as one, LineLink(orders[1], stop) as other:
        other.tell(one.described())
        one.tell(other.described())
        yield one, other


@pytest.mark.realtime
def test_two_find_each_other_see_the_same_words_and_measure_the_line(studio: Studio, stop: threading.Event) -> None:
    first: list[tuple[str, ...]] = []
    second: list[tuple[str, ...]] = []
    with (
        StudioMeeting(studio, TOKEN, None, stop) as ana,
        StudioMeeting(studio, TOKEN, ana.code, stop) as bo,
        ThreadPoolExecutor(1) as beside,
    ):
        ana.say()
        waits = beside.submit(one_side, ana, first)
        found = one_side(bo, second), waits.result()
    assert first == second
    assert len(first[0]) == 4
    for side in found:
        assert (side.problem, side.pings) == (None, 15)
        assert side.unanswered <= 3
        assert 0.0 < side.bound_s < 0.05, "one machine, one clock"
        assert side.round_trip_s < 0.05
    with pytest.raises(CallError) as over, StudioMeeting(studio, TOKEN, ana.code, stop) as late:
        late.say()
    assert over.value.code is C.DUET_OVER


def test_what_speaks_against_a_meeting_is_one_code_each(studio: Studio, stop: threading.Event) -> None:
    def asked(code: str, token: str | None = TOKEN, at: Studio = studio) -> ErrorCode:
        with pytest.raises((CallError, DeliveryError)) as problem, StudioMeeting(at, token, code, stop) as mine:
            mine.say()
        return problem.value.code

    with StudioMeeting(studio, TOKEN, None, stop) as ana, StudioMeeting(studio, TOKEN, ana.code, stop) as bo:
        assert (ana.first, bo.first) == (True, False)
        assert asked(ana.code) is C.DUET_TAKEN
        stop.set()
        with pytest.raises(CallError) as stopped:
            ana.wait()
        assert stopped.value.code is C.DUET_STOPPED
    assert asked(ana.code) is C.DUET_OVER
    assert asked("0" * 12) is C.DUET_CODE_UNKNOWN
    assert asked("0" * 12, "a wrong token of many letters") is C.TOKEN_WRONG
    assert asked("0" * 12, None) is C.TOKEN_MISSING
    plain = studio.model_copy(update={"base": None})
    with pytest.raises(CallError) as none:
        StudioMeeting(plain, TOKEN, None, stop)
    assert none.value.code is C.DUET_NO_MEETING


@pytest.mark.realtime
def test_a_partner_who_says_nonsense_or_dies_ends_the_line_and_nothing_else(stop: threading.Event) -> None:
    for first, nonsense in ((True, "v=0\r\nno such thing"), (False, "x" * 20_000)):
        with LineLink(LineOrder(first, 1.0), stop) as link:
            if first:
                link.described()
            link.tell(nonsense)
            with pytest.raises(CallError) as problem:
                link.described() if not first else link.wait_open()
            assert problem.value.code is C.DUET_NO_SENSE
    with introduced(stop) as (one, other):
        for side in (one, other):
            side.wait_open()
            side.all_said()
        process = one._process.pid
        assert process is not None
        os.kill(process, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        with pytest.raises(CallError) as died:
            one.measured()
        assert died.value.code is C.DUET_LINE_DIED
        stop.set()
        with pytest.raises(CallError) as stopped:
            other.measured()
        assert stopped.value.code is C.DUET_STOPPED


SAID = "v=0\r\na=fingerprint:sha-256 AA:BB\r\na=setup:actpass\r\n"


def test_the_words_are_those_of_every_fingerprint_and_of_nothing_else() -> None:
    other = SAID.replace("AA", "CC")
    four = line_words(SAID, other)
    assert len(four) == 4
    assert line_words(SAID.replace("AA:BB", "aa:bb").replace("actpass", "active"), other) == four
    for changed in (
        (other, SAID), (SAID, SAID), (SAID + "a=fingerprint:sha-256 DD:EE\r\n", other),
        (SAID.replace("v=0", "v=0\x0ba=fingerprint:sha-256 DD:EE"), other),
        (SAID.replace("v=0", "v=0\u2028a=FINGERPRINT:sha-256 DD:EE"), other),
    ):  # fmt: skip
        assert line_words(*changed) != four
    for none in ((SAID, "v=0"), ("", SAID)):
        with pytest.raises(ValueError, match="no fingerprint"):
            line_words(*none)


def test_a_code_is_read_as_it_is_typed() -> None:
    assert shown_code("0123456789ab") == "0123-4567-89ab"
    for typed in ("0123-4567-89AB", " 0123 4567 89ab", "o123456789ab", "0L23456789ab", "0i23-4567-89ab"):
        assert typed_code(typed) in ("0123456789ab",)
    for wrong in ("", "0123", "0123456789abc", "0123456789aé"):
        with pytest.raises(CallError):
            typed_code(wrong)
    DuetSaid(seat="x" * 16)


def relayed(delay_s: float, asymmetry_s: float, seed: int, seconds: float = 3.0) -> tuple[LineMeasured, LineMeasured]:
    """What both sides measure over a stretch of network with 20 ms of jitter that loses three of a hundred."""
    stop = threading.Event()
    ways = Way(delay_s + asymmetry_s, 0.02, 0.03), Way(delay_s, 0.02, 0.03)
    orders = LineOrder(first=True, seconds=seconds), LineOrder(first=False, seconds=seconds)
    with Relay(*ways, seed=seed) as relay, LineLink(orders[0], stop) as one, LineLink(orders[1], stop) as other:
        other.tell(relay.instead_of(one.described()))
        one.tell(relay.instead_of(other.described()))
        for side in (one, other):
            side.wait_open()
            side.all_said()
        return one.measured(), other.measured()


CALLS = [(0.02 + 0.13 * number / 19, 0.01 * (number % 2), number) for number in range(20)]


@pytest.mark.realtime
@pytest.mark.parametrize("call", shortened(CALLS, lambda number, _: number == 3))
def test_over_a_real_line_the_truth_lies_within_the_bound(call: tuple[float, float, int]) -> None:
    """Both processes read one clock of one machine: the truth is nought."""
    delay_s, asymmetry_s, seed = call
    sides = relayed(delay_s, asymmetry_s, seed)
    for side in sides:
        off_ms, bound_ms = side.offset_ns / 1e6, side.bound_s * 1e3
        print(f"{delay_s * 1e3:.0f}+{asymmetry_s * 1e3:.0f} ms: off {off_ms:+.2f} ms of {bound_ms:.1f}")
        assert side.problem is None
        assert abs(side.offset_ns) <= side.bound_s * 1e9
        assert 2 * delay_s + asymmetry_s <= side.round_trip_s <= 2 * delay_s + asymmetry_s + 0.05
        assert side.unanswered < side.pings / 3


@pytest.mark.realtime
@pytest.mark.parametrize(
    ("theirs", "code"),
    [
        (TERMS.model_copy(update={"adult": False}), C.DUET_PARTNER_AGE), (SceneDrawn(), C.DUET_NO_SENSE),
        (TERMS.model_copy(update={"draws": True}), C.DUET_ONE_NAMED),
        (TERMS.model_copy(update={"records": True}), C.DUET_ONE_RECORDS),
    ],
)  # fmt: skip
def test_a_partner_who_did_not_say_to_be_an_adult_or_says_nonsense_is_declined(
    theirs: Document, code: ErrorCode, stop: threading.Event
) -> None:
    with introduced(stop) as (one, other):
        other.wait_open()
        other.say(theirs)
        one.wait_open()
        with pytest.raises(CallError) as declined:
            exchange_terms(one, TERMS)
        assert declined.value.code is code


@pytest.mark.realtime
def test_a_partner_whose_program_says_nothing_is_not_waited_for_for_ever(
    stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    with introduced(stop) as (one, _other):
        one.wait_open()
        monkeypatch.setattr(line_link, "_WAIT_S", 0.4)
        with pytest.raises(CallError) as silent:
            exchange_terms(one, TERMS)
        assert silent.value.code is C.DUET_SILENT


def test_that_one_is_an_adult_is_said_once_and_its_moment_kept(tmp_path: Path) -> None:
    settings = SettingsStore(tmp_path / "settings.json")
    with pytest.raises(CallError) as unsaid:
        own_terms(settings.now)
    assert unsaid.value.code is C.DUET_AGE
    settings.state_adult()
    said_at = settings.now.adult_stated_at
    settings.state_adult()
    assert said_at is not None
    assert SettingsStore(tmp_path / "settings.json").now.adult_stated_at == said_at
    assert own_terms(settings.now) == DuetTerms(performer_id=settings.now.performer_id, adult=True)
