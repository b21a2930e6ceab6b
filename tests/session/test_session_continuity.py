"""Continuity from the library to the sealed take: which take is the reference, what is said, and what never is."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.model.checks import CheckCode, CheckResult, Verdict, worst
from perfstudio.model.take import TakeManifest
from perfstudio.paths import AppPaths
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.takes.continuity import Reference, continuity, differences, find_reference, with_continuity
from perfstudio.session.takes.verify_bundle import verify_bundle
from rigs.stage import SMALL_PAIR

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the first take of a scene."""
    place = tmp_path_factory.mktemp("first") / "home"
    with Home(AppPaths(place), use_keyring=False) as made:
        record(made)
    return place


@pytest.fixture
def home(recorded: Path, tmp_path: Path) -> Iterator[Home]:
    """Its copy."""
    with Home(AppPaths(Path(shutil.copytree(recorded, tmp_path / "home"))), use_keyring=False) as made:
        yield made


@pytest.fixture
def first(home: Home) -> TakeManifest:
    (line,) = home.takes.lines()
    return home.takes.manifest(line.take_id)


def record(home: Home, prompt: str = "the-letter") -> TakeManifest:
    return record_take(home, prompt, SMALL_PAIR, 0.4, RecordingHooks(threading.Event()))


def found(manifest: TakeManifest) -> CheckResult | None:
    return next((c for c in manifest.checks if c.code is CheckCode.CONTINUITY), None)


def result(code: CheckCode, value: float, **facts: float | int | str) -> CheckResult:
    return CheckResult(code=code, verdict=Verdict.GOOD, value=value, facts=facts)


BEFORE = (
    result(CheckCode.FACE_SIZE, 0.30),
    result(CheckCode.CENTRING, 0.02, direction="left"),
    result(CheckCode.BRIGHTNESS, 120, where="face"),
    result(CheckCode.SNR, 30, speech_dbfs=-24.0, noise_dbfs=-54.0),
    result(CheckCode.NOISE_FLOOR, -54.0),
)
NOW = (
    result(CheckCode.FACE_SIZE, 0.42),
    result(CheckCode.CENTRING, 0.03, direction="left"),
    result(CheckCode.BRIGHTNESS, 80, where="face"),
    result(CheckCode.SNR, 60, speech_dbfs=-14.0, noise_dbfs=-74.0),
    result(CheckCode.NOISE_FLOOR, -74.0),
)
REFERENCE = Reference("01REFERENCE", "The letter", 2, circled=True, checks=BEFORE)


def test_a_take_says_in_one_result_what_differs_from_its_reference() -> None:
    told = continuity(REFERENCE, NOW)
    assert told is not None
    assert told.verdict is Verdict.LOOK
    assert told.facts["distance"] == "closer"
    assert told.facts["light"] == "darker"
    assert 20 <= int(told.facts["cm"]) <= 30
    assert told.facts["reference"] == "01REFERENCE"
    assert "place" not in told.facts, "hardly moved"
    assert "level" not in told.facts, "how loud a voice is belongs to the scene"
    assert "room" not in told.facts, "a quieter room is nothing to undo"


def test_the_same_set_up_is_good() -> None:
    told = continuity(REFERENCE, BEFORE)
    assert told is not None
    assert told.verdict is Verdict.GOOD
    assert "distance" not in told.facts


def test_between_two_checks_the_voice_is_compared_as_well() -> None:
    what = {c.facts["what"]: c for c in differences(BEFORE, NOW, with_voice=True)}
    assert what["level"].facts["direction"] == "louder"
    assert what["room"].verdict is Verdict.GOOD
    assert "level" not in {c.facts["what"] for c in differences(BEFORE, NOW, with_voice=False)}


def test_nothing_measured_in_both_says_nothing() -> None:
    assert continuity(REFERENCE, ()) is None


def test_being_unlike_another_take_is_no_fault_of_a_take() -> None:
    told = continuity(REFERENCE, NOW)
    assert told is not None
    assert worst((told,)) is Verdict.GOOD


def test_the_newest_circled_take_is_the_reference_else_the_newest_kept(home: Home, first: TakeManifest) -> None:
    assert found(first) is None, "nothing to compare with"
    second = record(home)
    assert found(second) is None, "an undecided take is no reference"
    pack, name = first.slate.pack_id, first.prompt.brief.name

    def reference() -> str | None:
        chosen = find_reference(home.library, pack, name, practice=True)
        return chosen.take_id if chosen else None

    home.takes.keep(second.take_id)
    assert reference() == second.take_id
    home.takes.circle(first.take_id)
    assert reference() == first.take_id, "circled comes before kept, though it is older"
    third = record(home)
    told = found(third)
    assert told is not None
    assert told.verdict is Verdict.GOOD, "the practice performer sits still"
    assert told.facts["reference"] == first.take_id
    assert told.facts["take"] == first.slate.take_number
    assert verify_bundle(home.library.folder(third.take_id)).problems == ()
    home.takes.bin(first.take_id)
    assert reference() == second.take_id, "what lies in the bin is no reference"
    assert find_reference(home.library, pack, name, practice=False) is None
    assert find_reference(home.library, pack, "Somebody else", practice=True) is None


def test_a_reference_that_cannot_be_read_keeps_no_take_from_being_sealed(
    home: Home, first: TakeManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.takes.circle(first.take_id)
    (home.library.folder(first.take_id) / "take.json").write_text("{")
    second = record(home)
    assert second.seal_sha256
    assert found(second) is None

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("perfstudio.session.takes.continuity.find_reference", broken)
    assert with_continuity(home.library, second) is second
