"""The measured offset of a pair: kept, applied, told in the take, verified, and never guessed for another pair."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.capture.finishing.finish import picture_shift_us
from perfstudio.capture.finishing.raw_take import read_delivered
from perfstudio.capture.practice.readback import measure_sync
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.model.calibration import Measurement, Method
from perfstudio.model.device import CameraRequest, DeviceSelection, DevicesUsed, MicrophoneRequest
from perfstudio.model.take import FileRole
from perfstudio.model.take_reading import read_take, take_of
from perfstudio.paths import AppPaths
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.offset_store import UNCALIBRATED, Calibrations
from perfstudio.session.set_aside import SetAside
from perfstudio.session.takes.manifest_draft import draft
from perfstudio.session.takes.recovery import recover_unsealed
from perfstudio.session.takes.verify_bundle import verify_bundle
from rigs.systems import mode_of, private
from rigs.waiting import until

LATE_MS = 42.0
FOUND = Measurement(offset_ms=LATE_MS, sure_ms=1.5, spread_ms=2.0, count=9, method=Method.CLAP, source_sure_ms=0.0)


def pair(microphone: str = f"practice?offset={LATE_MS:g}", fps: float = 15.0) -> DeviceSelection:
    return DeviceSelection(
        camera=CameraRequest(id="practice", width=640, height=360, fps=fps), microphone=MicrophoneRequest(id=microphone)
    )


def granted(selection: DeviceSelection) -> DevicesUsed:
    recorder = Recorder(selection)
    try:
        return recorder.open()
    finally:
        recorder.close()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as made:
        yield made


def test_what_was_measured_is_kept_for_exactly_this_pair_and_mode(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    devices = granted(pair())
    kept = Calibrations(file).keep(devices, FOUND)
    again = Calibrations(file)
    assert again.of(devices) == kept
    assert again.for_devices(devices).offset_ms == LATE_MS
    assert again.for_devices(devices).used == kept.used
    assert again.for_devices(granted(pair("practice"))) == UNCALIBRATED
    assert again.for_devices(granted(pair(fps=25.0))) == UNCALIBRATED
    assert again.for_devices(devices.model_copy(update={"camera": None})) == UNCALIBRATED
    assert mode_of(file) == private(0o600)


def test_measuring_again_replaces_and_forgetting_removes(tmp_path: Path) -> None:
    store, devices = Calibrations(tmp_path / "calibration.json"), granted(pair())
    store.keep(devices, FOUND)
    store.keep(devices, FOUND.model_copy(update={"offset_ms": 7.0}))
    assert [line.used.offset_ms for line in store.pairs()] == [7.0]
    assert store.forget(devices)
    assert not store.forget(devices)
    assert store.for_devices(devices) == UNCALIBRATED


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": "other/1"}', b"\xff\xfe"])
def test_a_damaged_file_is_set_aside_and_means_not_calibrated(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "calibration.json"
    file.write_bytes(damage)
    told: list[SetAside] = []
    store = Calibrations(file, tell=told.append)
    assert store.pairs() == ()
    (aside,) = told
    assert aside.kept is not None
    assert aside.kept.read_bytes() == damage
    assert store.pairs() == ()
    assert len(told) == 1, "it is said once"
    store.keep(granted(pair()), FOUND)
    assert len(store.pairs()) == 1


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one take of a pair that was measured."""
    place = tmp_path_factory.mktemp("corrected") / "home"
    with Home(AppPaths(place), use_keyring=False) as home:
        home.calibrations.keep(granted(pair()), FOUND)
        record_take(home, "the-letter", pair(), 5.0, RecordingHooks(threading.Event()))
    return place


@pytest.fixture
def take(corrected: Path, tmp_path: Path) -> Path:
    """Its folder, in a copy."""
    (folder,) = (Path(shutil.copytree(corrected, tmp_path / "corrected")) / "takes").iterdir()
    return folder


def test_a_take_is_corrected_says_so_and_is_verified_with_its_offset(take: Path) -> None:
    manifest = read_take((take / "take.json").read_bytes())
    assert manifest.sync is not None
    assert (manifest.sync.offset_ms, manifest.sync.calibrated) == (LATE_MS, True)
    assert manifest.sync.calibration is not None
    assert (manifest.sync.calibration.count, manifest.sync.calibration.method) == (9, Method.CLAP)
    assert abs(measure_sync(take / "take.mp4", take / "audio.flac").median_ms) < 1.0
    assert verify_bundle(take).problems == ()
    assert picture_shift_us(read_delivered(take), 0.0) == pytest.approx(LATE_MS * 1000, abs=2)


def test_a_take_that_lies_about_its_offset_does_not_hold(take: Path) -> None:
    file = take / "take.json"
    facts = json.loads(file.read_bytes())
    facts["sync"]["offset_ms"] = 0.0
    lying = take_of(facts).sealed()
    file.write_text(json.dumps(lying.to_json()))
    problems = verify_bundle(take).problems
    assert [p.facts["problem"] for p in problems] == ["sync_differs"]


def test_a_pair_that_nobody_measured_is_not_calibrated(home: Home) -> None:
    manifest = record_take(home, "the-letter", pair("practice"), 0.6, RecordingHooks(threading.Event()))
    assert manifest.sync is not None
    assert (manifest.sync.offset_ms, manifest.sync.calibrated, manifest.sync.calibration) == (0.0, False, None)


def test_a_take_that_was_cut_short_is_recovered_with_its_own_pairs_offset(home: Home) -> None:
    home.calibrations.keep(granted(pair()), FOUND)
    home.calibrations.keep(granted(pair("practice")), FOUND.model_copy(update={"offset_ms": -30.0}))
    source, prompt = home.shelf.find_prompt("the-letter")
    recorder = Recorder(pair())
    devices = recorder.open()
    opened = home.library.create(draft(source, prompt, 1, devices=devices, performer_id="p", session_id="s"))
    try:
        recorder.roll(opened.folder)
        until(lambda: recorder.status().samples > 48000)
        recorder.cut()
    finally:
        recorder.close()
    home.library.release(opened.take_id)
    found = recover_unsealed(home.library, home.calibrations.for_devices)
    assert found.recovered == (opened.take_id,), found.left
    manifest = home.library.manifest(opened.take_id)
    assert manifest.sync is not None
    assert manifest.sync.offset_ms == LATE_MS
    assert manifest.file(FileRole.PICTURE) is not None
