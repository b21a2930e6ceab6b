"""Clips whose every click is known, a rig of headphones that are the microphone, and the clicks that came back."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.finishing.finish import finish
from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.capture.recording.partner_player import PartnerPlayer
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.capture.timing.timing_log import FrameFate
from perfstudio.model.device import DeviceSelection
from perfstudio.model.partner import PartnerWish
from rigs.pulse import PulseServer
from rigs.waiting import until

CLICK_S = 0.75
"""A click at the first second and a half of this, and every so often from then on."""


def click_times(seconds: float) -> NDArray[np.float64]:
    """Where a clip of so many seconds clicks."""
    return np.arange(CLICK_S / 2, seconds - 0.05, CLICK_S)


def click_clip(path: Path, seconds: float = 4.0, rate: int = 48000, channels: int = 1) -> Path:
    """A 16-bit WAV with a short click at each of `click_times`."""
    sound = np.zeros((round(seconds * rate), channels))
    click = np.hanning(max(16, rate // 1000)) * 0.7
    for at in click_times(seconds):
        first = round(at * rate) - len(click) // 2
        sound[first : first + len(click)] += click[:, None]
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


def add_ears(server: PulseServer, name: str = "ears", rate: int = 48000) -> str:
    """Headphones whose sound is what the microphone "pulse:NAME.monitor" hears; returns their id."""
    server.control("load-module", "module-null-sink", f"sink_name={name}", f"rate={rate}")
    return f"pulse:{name}"


def clicks_heard(samples: NDArray[np.int32], rate: int = 48000) -> NDArray[np.float64]:
    """The middle of every click in a take's sound (left-justified int32), in seconds."""
    level = np.abs(samples.astype(np.float64) / 2**31)
    loud = np.flatnonzero(level > 0.2)
    if not len(loud):
        return np.zeros(0)
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > rate // 10) + 1)
    return np.array([float((group * level[group]).sum() / level[group].sum()) / rate for group in groups])


def pictures_lost(folder: Path) -> int:
    """Pictures of the camera that are not in a take, by the numbers that it gave them."""
    frames = read_raw(folder).frames
    sent = int(frames["index"].max() - frames["index"].min() + 1)
    return sent - int((frames["fate"] == FrameFate.WRITTEN).sum())


def take_with_partner(
    selection: DeviceSelection,
    folder: Path,
    seconds: float,
    wish: PartnerWish | None,
    patience_s: float = 30.0,
    *,
    tap: str | None = None,
) -> FinishedTake:
    """One take of so many seconds, in which the clip begins at once where there is one; `tap`: through this ring the
    microphone is heard elsewhere, too."""
    recorder, player = Recorder(selection, reserve_bytes=0), PartnerPlayer()
    try:
        recorder.open()
        recorder.tap_sound(tap)
        if wish is not None:
            player.prepare(wish)
        recorder.roll(folder)
        if wish is not None:
            player.begin(folder / "raw")
            player.start()
        until(lambda: recorder.status().elapsed_s >= seconds, "a take", seconds + patience_s)
        recorder.cut()
        player.end()
    finally:
        player.close()
        recorder.close()
    return finish(folder)
