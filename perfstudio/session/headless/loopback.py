"""The constant of headphones and a microphone without a window: clicks are played, recorded, measured, and deleted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.capture.calibration.loopback import measure_loopback, write_clicks
from perfstudio.capture.recording.partner_player import PartnerPlayer
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.capture.recording.rolling_take import RAW
from perfstudio.durable import disk_error, private_folder
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import CaptureError
from perfstudio.model.ids import new_id
from perfstudio.model.loopback import AFTER_S, LoopbackFound, LoopbackRefusal
from perfstudio.model.partner import ClipToPlay, PartnerWish

POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class LoopbackMeasured:
    """What came out, and of which devices: id and name of each."""

    outcome: LoopbackFound | LoopbackRefusal
    headphones: tuple[str, str]
    microphone: tuple[str, str]


def measure_pair(
    headphones: str,
    microphone: str,
    scratch: Path,
    stop: threading.Event,
    status: Callable[[float, float], None] = lambda _, __: None,
) -> LoopbackMeasured:
    """Play the clicks in the headphones and hear them with the microphone, both by id; `status` hears how many seconds
    of how many are over. The caller deletes `scratch`. Raises DeviceError, CaptureError, MediaError.
    """
    try:
        folder = private_folder(scratch / new_id())
        clip = folder / "clicks.wav"
        seconds = write_clicks(clip) + AFTER_S
    except OSError as error:
        raise disk_error(error, scratch, CaptureError) from error
    selection = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=microphone))
    recorder, player = Recorder(selection), PartnerPlayer()
    try:
        used = recorder.open().microphone
        ready = player.prepare(PartnerWish(ClipToPlay(clip), headphones))
        recorder.roll(folder)
        player.begin(folder / RAW)
        player.start()
        while not stop.wait(POLL_S) and (elapsed_s := recorder.status().elapsed_s) < seconds:
            status(elapsed_s, seconds)
        recorder.cut()
    finally:
        player.close()
        recorder.close()
    heard = (used.id, used.name) if used is not None else (microphone, "")
    return LoopbackMeasured(measure_loopback(folder), (headphones, ready.headphones), heard)
