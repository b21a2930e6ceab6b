"""The stage with everything real behind it: recorder process, practice devices, library. Also when processes die."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from perfstudio.capture.recording.messages import PictureChanged
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import EndReason, FileRole, TakeManifest, TakeState
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.timing import MarkerName
from perfstudio.paths import AppPaths
from perfstudio.session.events import TakeNoted
from perfstudio.session.home import Home
from perfstudio.session.session import Session
from perfstudio.session.take_safety import LossKind
from perfstudio.session.takes.recovery import TALLY, recover_unsealed
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.session.views import StageState
from rigs.http_camera import HttpCamera
from rigs.rolling_app import started
from rigs.stage import PATIENCE_S, SOUND_ALONE, Thread, on_stage, recorder_process, roll
from rigs.waiting import stays


def test_a_take_from_roll_to_review(session: Session, thread: Thread) -> None:
    session.director.countdown_s = 1
    sealed = on_stage(session, thread)
    roll(session, thread, 2.5)
    assert session.director.pulse().status.frames > 0
    session.director.mark(MarkerName.BROKE)
    session.director.cut()
    thread.until(lambda: bool(sealed))
    manifest = session.home.takes.manifest(sealed[0].take_id)
    assert manifest.ended is EndReason.CUT
    assert {m.name for m in manifest.markers} >= {MarkerName.ROLL, MarkerName.GO, MarkerName.BROKE, MarkerName.CUT}
    assert manifest.practice
    assert manifest.file(FileRole.PICTURE) is not None
    assert manifest.checks
    counts_down_and_speaks(manifest)
    folder = session.home.library.folder(manifest.take_id)
    assert verify_bundle(folder).problems == ()
    assert not (folder / "raw").exists(), "each byte once: the finished files hold all that was recorded"
    assert manifest.file(FileRole.TIMING) is not None
    assert session.director.view.state is StageState.READY


def counts_down_and_speaks(manifest: TakeManifest) -> None:
    """The countdown of a second lies between the press and "go", its frames are in the film, and a voice is found."""
    assert isinstance(manifest, TakeManifest2)
    at = {marker.name: marker.at_s for marker in manifest.markers}
    span = manifest.countdown
    assert span is not None
    assert (span.asked_s, span.start_s, span.end_s) == (1, at[MarkerName.ROLL], at[MarkerName.GO])
    assert span.end_s is not None
    assert span.start_s is not None
    assert span.end_s - span.start_s >= 1.0
    assert manifest.trim.in_s == span.end_s
    assert manifest.duration_s is not None
    assert manifest.video is not None
    assert manifest.video.frames / manifest.video.measured_fps > manifest.duration_s - 0.5
    assert manifest.voice is not None
    assert manifest.voice.spans[-1].end_s <= manifest.duration_s
    assert manifest.played is not None
    assert manifest.played.language == "en"


@pytest.mark.realtime
@pytest.mark.parametrize(
    ("camera", "microphone", "loss"),
    [
        ("practice", "practice?zero=2:60", LossKind.MUTED),
        ("practice", "practice?stall=2:60", LossKind.NO_SOUND),
        ("practice?zero=2:60", "practice", LossKind.BLACK),
        ("practice?stall=2:60", "practice", LossKind.NO_PICTURE),
    ],
)
def test_a_take_that_is_being_lost_says_so_while_it_rolls_and_nothing_else_does(
    session: Session, thread: Thread, camera: str, microphone: str, loss: LossKind
) -> None:
    pair = DeviceSelection(
        camera=CameraRequest(id=camera, width=640, height=360, fps=10), microphone=MicrophoneRequest(id=microphone)
    )
    sealed = on_stage(session, thread, pair)
    said: list[LossKind] = []

    def told() -> bool:
        said.extend(loss.kind for loss in session.director.pulse().safety.losses)
        return bool(said)

    roll(session, thread, 0.3)
    thread.until(told)
    assert said == [loss]
    if loss in (LossKind.NO_SOUND, LossKind.NO_PICTURE):  # a device that stands still can be cut
        session.director.cut()
        thread.until(lambda: bool(sealed))


def test_a_picture_that_changes_its_size_is_told_and_costs_no_take(session: Session, thread: Thread) -> None:
    told: list[TakeNoted] = []
    session.bus.subscribe(TakeNoted, told.append)
    with HttpCamera(fps=15.0) as camera:
        pair = DeviceSelection(camera=CameraRequest(id=camera.url), microphone=MicrophoneRequest(id="practice"))
        sealed = on_stage(session, thread, pair)
        roll(session, thread, 1.0)
        camera.mode = "resize"
        thread.until(lambda: bool(told))
        assert told[0].note.notice == PictureChanged(320, 240, rolling=True)
        assert session.director.view.state is StageState.ROLLING
        session.director.cut()
        thread.until(lambda: bool(sealed) and session.director.view.state is StageState.READY)
        manifest = session.home.takes.manifest(sealed[0].take_id)
        assert manifest.ended is EndReason.CUT
        thread.until(lambda: told[-1].note.notice == PictureChanged(320, 240))
        assert camera_size(session) == (320, 240)


def camera_size(session: Session) -> tuple[int, int] | None:
    used = session.director.view.devices
    return None if used is None or used.camera is None else (used.camera.width, used.camera.height)


def test_a_killed_recorder_costs_neither_take_nor_window(session: Session, thread: Thread) -> None:
    """PRC-8, CAM-13: the process is replaced, its take is recovered, and the stage is ready again."""
    sealed = on_stage(session, thread)
    roll(session, thread, 1.5)
    recorder_process().kill()
    thread.until(lambda: bool(sealed))
    manifest = session.home.takes.manifest(sealed[0].take_id)
    assert manifest.ended is EndReason.RECORDER_DIED
    assert manifest.duration_s is not None
    assert manifest.duration_s > 1.0
    thread.until(lambda: session.director.view.state is StageState.READY)
    problem = session.director.view.problem
    assert problem is not None
    assert problem.code is ErrorCode.RECORDER_DIED


@pytest.mark.realtime
def test_a_recorder_that_is_held_up_goes_on_and_what_is_missing_is_said(session: Session, thread: Thread) -> None:
    """A computer that stops the process for seconds costs neither the take nor the process."""
    sealed = on_stage(session, thread)
    roll(session, thread, 0.7)
    held = recorder_process()
    held.suspend()
    thread.until(lambda: [loss.kind for loss in session.director.pulse().safety.losses] == [LossKind.UNHEARD])
    assert not session.director.pulse().safety.written
    stays(lambda: not session.director.pulse().safety.written, 1.0, "a process that stands writes nothing")
    held.resume()
    thread.until(lambda: session.director.pulse().safety.written)
    session.director.cut()
    thread.until(lambda: bool(sealed))
    assert recorder_process().pid == held.pid
    manifest = session.home.takes.manifest(sealed[0].take_id)
    assert manifest.ended is EndReason.CUT
    assert manifest.duration_s is not None
    assert manifest.duration_s > 3.0


def test_a_frozen_recorder_is_replaced(session: Session, thread: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    """CAM-13: a process that no longer answers is noticed by its heart."""
    sealed = on_stage(session, thread, SOUND_ALONE)
    roll(session, thread, 0.5)
    monkeypatch.setattr("perfstudio.session.recorder.link.HEART_STOPPED_S", 1.0)
    recorder_process().suspend()
    thread.until(lambda: bool(sealed))
    assert session.home.takes.manifest(sealed[0].take_id).ended is EndReason.RECORDER_DIED


def test_after_a_take_the_devices_are_closed_by_a_fresh_recorder_which_hears_what_was_asked_meanwhile(
    session: Session, thread: Thread
) -> None:
    sealed = on_stage(session, thread, SOUND_ALONE)
    session.director.leave()
    unused = recorder_process().pid
    on_stage(session, thread, SOUND_ALONE)
    assert recorder_process().pid == unused, "a recorder that has made nothing stays"
    for number in (1, 2):
        before = recorder_process().pid
        roll(session, thread, 0.3)
        session.director.cut()
        thread.until(lambda number=number: len(sealed) == number)
        session.director.leave()
        session.director.open(SOUND_ALONE)
        thread.until(lambda: session.director.view.state is StageState.READY)
        assert recorder_process().pid != before
    assert [session.home.takes.manifest(event.take_id).ended for event in sealed] == [EndReason.CUT] * 2


def test_a_recorder_that_dies_with_nothing_open_is_replaced(session: Session, thread: Thread) -> None:
    on_stage(session, thread, SOUND_ALONE)
    session.director.leave()
    dead = recorder_process()
    dead.kill()
    thread.until(lambda: recorder_process().pid not in {dead.pid, os.getpid()})
    session.director.open(SOUND_ALONE)
    thread.until(lambda: session.director.view.state is StageState.READY)


def test_a_killed_window_loses_nothing(tmp_path: Path) -> None:
    """PRC-1, PRC-4: the recorder closes the take when the window is gone; a later start seals it, once."""
    home = tmp_path / "home"
    with started(home, 2.0) as app:
        app.kill()
    _, alive = psutil.wait_procs([app.recorder], timeout=PATIENCE_S)
    assert not alive, "the recorder ends by itself"
    with Home(AppPaths(home)) as again:
        (tally,) = [take.folder / "raw" / TALLY for take in again.library.unsealed()]
        tally.write_bytes(b"...")
        skipped = recover_unsealed(again.library)
        assert skipped.recovered == (), "three recoveries were cut short: the start does not try for ever"
        assert [problem.code for _, problem in skipped.left] == [ErrorCode.TAKE_DAMAGED]
        first = recover_unsealed(again.library, even_after_tries=True)
        assert len(first.recovered) == 1
        assert first.left == ()
        assert recover_unsealed(again.library).recovered == ()
        manifest = again.takes.manifest(first.recovered[0])
        assert manifest.duration_s is not None
        assert manifest.duration_s > 1.5
        assert again.takes.line(manifest.take_id).state is TakeState.UNDECIDED
        assert verify_bundle(again.library.folder(manifest.take_id)).problems == ()
