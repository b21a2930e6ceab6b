"""A statement read aloud without a window: into memory alone, for nothing of it lies on a disk before it is signed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.microphone import AudioBlock, to_int32
from perfstudio.capture.recording.messages import Stream
from perfstudio.capture.recording.recorder import FIRST_SOUND_S
from perfstudio.capture.recording.slow_opening import SlowOpening
from perfstudio.checks.levels import dbfs
from perfstudio.model.clock import host_ns
from perfstudio.model.device import MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.loss_limits import MICROPHONE_GONE_S
from perfstudio.model.spoken import LONGEST_S
from perfstudio.session.spoken import cut_short

if TYPE_CHECKING:
    from perfstudio.model.device import MicrophoneGranted

GoesOn = Callable[[float, float], bool]
"""(seconds heard so far, peak since the last look in dBFS): whether to go on. It waits a moment before it answers."""
_FULL_SCALE: Final = 2.0**31


def listen(
    request: MicrophoneRequest, goes_on: GoesOn, slow: Callable[[Stream, bool], None] = lambda _, __: None
) -> tuple[NDArray[np.float32], int]:
    """What the microphone hears until `goes_on` says no, or for LONGEST_S: frames x channels (full scale 1.0), and the
    rate. The microphone is closed then, whatever happens; `slow` is told when it takes long to open.

    Raises DeviceError: what opening raises, and MICROPHONE_SILENT where nothing comes at all;
    ConsentError(SPOKEN_CUT_SHORT) where nothing more does.
    """
    microphone = SlowOpening(slow).microphone(request)
    ear = _Ear(microphone.granted)
    try:
        microphone.start(ear.blocks.append, ear.lost.append)
        while goes_on(ear.seconds, ear.level_dbfs()) and ear.seconds < LONGEST_S:
            ear.require_sound()
        ear.level_dbfs()
    finally:
        microphone.close()
    return ear.samples(), microphone.granted.rate_hz


class _Ear:
    """What came from one microphone. `blocks` and `lost` are filled on its thread, all else is asked on one other."""

    def __init__(self, granted: MicrophoneGranted) -> None:
        self.granted = granted
        self.blocks: deque[AudioBlock] = deque()
        self.lost: deque[DeviceError] = deque()
        self._heard: list[NDArray[np.float32]] = []
        self._frames = 0
        self._since_ns = host_ns()

    @property
    def seconds(self) -> float:
        """The length of what was looked at."""
        return self._frames / self.granted.rate_hz

    def level_dbfs(self) -> float:
        """The peak of what has come since the last look."""
        peak = 0.0
        while self.blocks:
            block = self.blocks.popleft()
            whole = to_int32(block.data, self.granted.channels, self.granted.sample_format)
            samples = (whole / _FULL_SCALE).astype(np.float32)
            self._heard.append(samples)
            self._frames += len(samples)
            self._since_ns = host_ns()
            peak = max(peak, float(np.abs(samples).max(initial=0.0)))
        return dbfs(peak)

    def require_sound(self) -> None:
        """Raises as `listen`."""
        if self.lost:
            raise cut_short(self.lost[0]) if self._frames else self.lost[0]
        waited_s = (host_ns() - self._since_ns) / 1e9
        limit_s = MICROPHONE_GONE_S if self._frames else FIRST_SOUND_S
        if waited_s > limit_s:
            silent = DeviceError(ErrorCode.MICROPHONE_SILENT, id=self.granted.id, seconds=round(limit_s))
            raise cut_short(silent) if self._frames else silent

    def samples(self) -> NDArray[np.float32]:
        """All of it, at most LONGEST_S."""
        if not self._heard:
            return np.zeros((0, self.granted.channels), np.float32)
        return np.concatenate(self._heard)[: round(LONGEST_S * self.granted.rate_hz)]
