"""Two takes that were played live at two machines: laid on each other by whoever holds both folders."""

from __future__ import annotations

import hashlib
import re
import threading
from pathlib import Path

import pytest

from perfstudio.capture.finishing.finish import fit
from perfstudio.capture.finishing.raw_take import read_delivered
from perfstudio.language import catalogue
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.duet_pings import PingEvent, PingsFile, PingsHeader, PingStamp, stamps_of
from perfstudio.model.pair import ClocksProblem, LiveAlignment, PairProblem
from perfstudio.model.take import FileEntry, FileRole
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import Duet
from perfstudio.paths import AppPaths
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.takes.pair_held import pair_as_held
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.session.takes.verify_pair import verify_pair
from perfstudio.texts import pair_verified
from rigs.duet_line import SimulatedClock, SimulatedLine
from rigs.pair_takes import DUET_ID, Played, live_sides, play

LINE = SimulatedLine(delay_s=0.03, a=SimulatedClock(1000.0, 80.0), b=SimulatedClock(77.0, -120.0))
"""Both count take time on a sound clock that is their own: second 0 and the length of a second are the same for both
only in truth."""


def laid(one: Played, other: Played) -> LiveAlignment:
    found = verify_pair(one.folder, other.folder).live
    assert found is not None
    return found


def test_two_live_takes_lie_on_one_time_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = live_sides(tmp_path, LINE)
    for sides in ((one, other), (other, one)):
        found = laid(*sides)
        assert (found.of_take_id, found.in_take_id) == (one.take_id, other.take_id), "whichever is named first"
        assert abs(found.offset_s) < 0.002, "both begin at true second 0"
        assert found.stretch_ppm == pytest.approx(0.0, abs=20.0)
        assert 0.029 < found.bound_s < 0.05
        assert found.begun_apart_s == pytest.approx(0.0, abs=0.002)
        assert 0 < found.lost < found.pings
    report = verify_pair(one.folder, other.folder)
    document = pair_as_held(report, (one.folder, other.folder))
    assert document is not None
    assert (document.live_alignment, document.alignment) == (report.live, None)
    said = " ".join(pair_verified.holds(report))
    assert "are a pair." in said
    assert "plus or minus" in said
    assert pair_verified.does_not_hold(report) == []
    monkeypatch.setattr(catalogue._spoken, "language", "de")
    assert re.findall(r"[0-9]\.[0-9]", " ".join(pair_verified.holds(report))) == [], "a decimal point in German"


def test_stamps_that_tell_nothing_leave_a_pair_and_one_sentence(tmp_path: Path) -> None:
    jumped = SimulatedLine(delay_s=0.03, b=SimulatedClock(jumps_at_s=20.0, jump_s=600.0))
    one, other = live_sides(tmp_path / "jumped", jumped)
    tell(one, other, ClocksProblem.JUMPED, "one computer's clock jumped")
    one, other = live_sides(tmp_path / "silent", SimulatedLine(loss=1.0))
    tell(one, other, ClocksProblem.TOO_FEW, "too few pings")
    one, other = live_sides(tmp_path / "whole", LINE)
    pings = other.folder / "duet-pings.bin"
    pings.write_bytes(pings.read_bytes()[:-16])
    tell(one, other, ClocksProblem.UNREADABLE, "sealed with")
    pings.unlink()
    tell(one, other, ClocksProblem.NO_STAMPS, "without the times")


def tell(one: Played, other: Played, problem: ClocksProblem, words: str) -> None:
    report = verify_pair(one.folder, other.folder)
    assert (report.live, report.unaligned, report.problems) == (None, problem, ())
    (said,) = pair_verified.does_not_hold(report)
    assert words in said
    document = pair_as_held(report, (one.folder, other.folder))
    assert document is not None
    assert document.live_alignment is None


def test_takes_of_two_duets_are_not_laid_on_each_other(tmp_path: Path) -> None:
    one, _ = live_sides(tmp_path / "first", LINE)
    lone = play(tmp_path, "b")
    report = verify_pair(one.folder, lone.folder)
    assert report.live is None
    assert PairProblem.TAKE_DIFFERS in report.problems


def test_stamps_that_lie_elsewhere_than_the_take_does_not_hold(tmp_path: Path) -> None:
    alone = DeviceSelection(camera=None, microphone=MicrophoneRequest(id="practice"))
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        manifest = record_take(home, "the-letter", alone, 0.6, RecordingHooks(threading.Event()))
        folder = home.library.folder(manifest.take_id)
    assert isinstance(manifest, TakeManifest2)
    timeline = fit(read_delivered(folder))
    header = PingsHeader(
        duet_id=DUET_ID,
        duet_take=1,
        zero_ns=str(timeline.clock.zero_ns),
        ns_per_s=timeline.clock.ns_per_sample * timeline.rate_hz,
    )
    told = Duet(duet_id=DUET_ID, duet_take=1, role="a", peer="q" * 32, pings=1, start_s=0.2)
    for changes, found in (
        ({}, []),
        ({"zero_ns": str(timeline.clock.zero_ns + 2_000_000)}, ["pings_differ"]),
        ({"ns_per_s": header.ns_per_s * 1.00001}, ["pings_differ"]),
        ({"duet_take": 2}, ["pings_differ"]),
        ({"left_out": 1}, []),
    ):
        write_pings(folder, manifest.model_copy(update={"duet": told}), header.model_copy(update=changes))
        assert [problem.facts["problem"] for problem in verify_bundle(folder).problems] == found, changes
    write_pings(folder, manifest.model_copy(update={"duet": told.model_copy(update={"pings": 2})}), header)
    assert [problem.facts["problem"] for problem in verify_bundle(folder).problems] == ["pings_differ"]


def write_pings(folder: Path, manifest: TakeManifest2, header: PingsHeader) -> None:
    data = PingsFile(header, stamps_of([PingStamp(5, 0, PingEvent.PING_SENT)])).to_bytes()
    (folder / "duet-pings.bin").write_bytes(data)
    entry = FileEntry(
        role=FileRole.DUET_PINGS, name="duet-pings.bin", size=len(data), sha256=hashlib.sha256(data).hexdigest()
    )
    sealed = manifest.model_copy(update={"files": (*manifest.files, entry)}).sealed()
    (folder / "take.json").write_bytes(sealed.canonical())
