"""One take without a window: the same recorder, in this process. What `perfstudio record` and `demo` run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from perfstudio.capture.recording.messages import Notice, RecorderStatus, TakeEnded
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.checks.limits import limits_for
from perfstudio.checks.live import LiveChecks
from perfstudio.model.device import DeviceSelection
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.ids import new_id
from perfstudio.model.take import TakeManifest
from perfstudio.model.timing import MarkerName
from perfstudio.session.home import Home
from perfstudio.session.takes.face_detector import open_finder, wanted
from perfstudio.session.takes.manifest_draft import draft
from perfstudio.session.takes.processing import develop
from perfstudio.session.takes.take_lifecycle import seal_take

POLL_S = 0.2


@dataclass(slots=True)
class RecordingHooks:
    """How the outside takes part: `stop` cuts, `told` hears notices, `status` sees progress five times a second.

    `made` hears how much of a film that is made after the cut is done, 0..1.
    """

    stop: threading.Event
    told: Callable[[Notice], None] = lambda _: None
    status: Callable[[RecorderStatus], None] = lambda _: None
    made: Callable[[float], None] = lambda _: None


def record_take(
    home: Home,
    reference: str,
    selection: DeviceSelection,
    seconds: float,
    watch: RecordingHooks,
) -> TakeManifest:
    """Record, develop and seal one take of `seconds` (or until stopped, or until a device or the disk gives up).

    Raises PackError, DeviceError, CaptureError, LibraryError. Whatever was recorded before a failure stays in the
    take's folder, where recovery finds it.
    """
    source, prompt = home.shelf.find_prompt(reference)

    def hear(notice: Notice) -> None:
        watch.told(notice)
        if isinstance(notice, TakeEnded):
            watch.stop.set()

    limits = limits_for(source.pack.limits, source.pack.title)
    model = wanted(home.settings.now.face_model)
    live = LiveChecks(open_finder(model)[0], limits)
    recorder = Recorder(selection, taps=live, notify=hear)
    try:
        devices = recorder.open()
        number = home.library.next_take_number(source.pack.id, prompt.id)
        performer = home.settings.now.performer_id
        devices = recorder.used or devices
        begun = draft(source, prompt, number, devices=devices, performer_id=performer, session_id=new_id())
        opened = home.library.create(begun)
        before = opened.manifest or begun
        try:
            live.begin_take()
            recorder.roll(opened.folder)
        except PerfstudioError:
            home.library.drop_empty(opened.take_id)
            raise
        recorder.mark(MarkerName.GO)
        _wait(recorder, seconds, watch)
        recorder.cut()
    finally:
        recorder.close()
    calibration, seen = home.calibrations.for_devices(devices), live.end_take()
    developed = develop(
        opened.folder, devices, calibration=calibration, live=seen, limits=limits, face_model=model,
        movie=recorder.movie, progress=watch.made,
    )  # fmt: skip
    return seal_take(home.library, before, developed)


def _wait(recorder: Recorder, seconds: float, watch: RecordingHooks) -> None:
    """Until `seconds` of the take have really been recorded after "go"."""
    while not watch.stop.wait(POLL_S):
        status = recorder.status()
        watch.status(status)
        if status.elapsed_s >= seconds:
            return
