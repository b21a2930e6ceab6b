"""Whether a take may leave: read once, and seen at once when it changes, here or in another process."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "library"))

from library_papers import consent_of, receipt_of, withdrawn
from library_takes import sealed_take

from perfstudio.library import folder
from perfstudio.library.library import Library
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.take import Labels
from perfstudio.session.delivery.permits import SETTLED_NS, Permits
from perfstudio.session.known_time import KnownTime
from rigs.other_programs import bin_take
from rigs.warm_program import Program


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def take_id(library: Library) -> str:
    """Kept, labelled and signed."""
    made = sealed_take(library)
    library.keep(made)
    library.label(made, Labels(meant=("grief",)))
    library.write_consent(made, consent_of(library.manifest(made)))
    return made


@pytest.fixture
def permits(library: Library) -> Permits:
    """A while later: what was just written is not relied on."""
    return Permits(library, KnownTime(library.root, library), lambda: time.time_ns() + 2 * SETTLED_NS)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are read, by name."""
    seen: list[str] = []
    read = folder.read_plain

    def noted(path: Path, limit: int) -> bytes:
        seen.append(path.name)
        return read(path, limit)

    monkeypatch.setattr(folder, "read_plain", noted)
    return seen


def test_nothing_is_read_again_while_nothing_changes(permits: Permits, take_id: str, reads: list[str]) -> None:
    assert permits.may_send(take_id)
    once = len(reads)
    assert once > 0
    assert all(permits.may_send(take_id) for _ in range(100))
    assert len(reads) == once


def judged(permits: Permits, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The takes that are looked at wholly, again and again."""
    seen: list[str] = []
    judge = permits._judged

    def noted(take_id: str) -> ConsentRecord:
        seen.append(take_id)
        return judge(take_id)

    monkeypatch.setattr(permits, "_judged", noted)
    return seen


def test_what_has_just_been_written_is_read_every_time_and_judged_when_it_is_another(
    library: Library, take_id: str, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two changes within one tick of the disk's clock may leave the same time."""
    now = [0]
    permits = Permits(library, KnownTime(library.root, library), lambda: now[0])
    looked = judged(permits, monkeypatch)
    library.note(take_id, "once more")
    assert permits.may_send(take_id)
    once = len(reads)
    for _ in range(16):
        permits.require(take_id)
    assert len(reads) > once
    assert looked == [take_id]
    still = library.stamp(take_id)
    monkeypatch.setattr(library, "stamp", lambda _: still)
    paper = library.folder(take_id) / "consent.json"
    whole = paper.read_bytes()
    for moment in (0, time.time_ns() + 2 * SETTLED_NS):  # at once, and when nobody would look any more
        assert permits.may_send(take_id)
        now[0] = moment
        spoil("consent.json")(library, take_id)
        assert not permits.may_send(take_id)
        paper.write_bytes(whole)
    assert permits.may_send(take_id)
    once = len(reads)
    assert permits.may_send(take_id)
    assert len(reads) == once, "it has settled"


def spoil(name: str) -> Callable[[Library, str], object]:
    """One byte is another one; size and name stay."""

    def change(library: Library, take_id: str) -> None:
        path = library.folder(take_id) / name
        data = path.read_bytes()
        with path.open("r+b") as file:
            file.seek(len(data) // 2)
            file.write(bytes([data[len(data) // 2] ^ 1]))

    return change


ENDS: dict[str, Callable[[Library, str], object]] = {
    "binned": lambda library, take_id: library.bin(take_id),
    "no longer kept": lambda library, take_id: library.unkeep(take_id),
    "taken back": lambda library, take_id: library.write_consent(take_id, withdrawn(_consent(library, take_id))),
    "consent is gone": lambda library, take_id: (library.folder(take_id) / "consent.json").unlink(),
    "consent was changed": spoil("consent.json"),
    "take was changed": spoil("take.json"),
    "take is gone": lambda library, take_id: library.folder(take_id).rename(library.root / "elsewhere"),
}


def _consent(library: Library, take_id: str) -> ConsentRecord:
    record = library.consent(take_id)
    assert record is not None
    return record


@pytest.mark.parametrize("how", ENDS)
def test_an_end_is_seen_at_the_next_question(how: str, library: Library, permits: Permits, take_id: str) -> None:
    assert permits.may_send(take_id)
    ENDS[how](library, take_id)
    assert not permits.may_send(take_id)


def test_an_end_in_another_process_is_seen_at_the_next_question(
    library: Library, permits: Permits, take_id: str
) -> None:
    assert permits.may_send(take_id)
    with Program(bin_take, library.root, take_id) as other:
        assert other.wait() == 0
    assert not permits.may_send(take_id)


def test_a_no_is_never_remembered(library: Library, permits: Permits, take_id: str) -> None:
    library.unkeep(take_id)
    assert not permits.may_send(take_id)
    library.keep(take_id)
    assert permits.may_send(take_id)


def test_a_changed_label_and_a_receipt_are_read(
    library: Library, permits: Permits, take_id: str, reads: list[str]
) -> None:
    for change in (
        lambda: library.label(take_id, Labels(meant=("anger",))),
        lambda: library.write_receipt(take_id, receipt_of(library.manifest(take_id))),
    ):
        assert permits.may_send(take_id)
        change()
        del reads[:]
        assert permits.may_send(take_id)
        assert "take.json" in reads


def test_a_term_that_runs_out_meanwhile_ends_it(
    permits: Permits, take_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert permits.may_send(take_id)
    later = utc_now() + timedelta(days=3 * 366)
    monkeypatch.setattr(permits._known, "_clock", lambda: later)
    assert not permits.may_send(take_id)
