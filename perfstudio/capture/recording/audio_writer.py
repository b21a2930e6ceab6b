"""The sound of a rolling take: exact device samples into raw/sound.flac, every arrival into raw/blocks.bin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import av

from perfstudio.capture.devices.microphone import AudioBlock
from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.files.encoders import encoder_error
from perfstudio.capture.files.flac import FlacWriter
from perfstudio.capture.timing.timing_log import BLOCK_LOG, BLOCKS, BlockFlag, LogWriter
from perfstudio.model.device import MicrophoneGranted
from perfstudio.model.errors import CaptureError

SOUND_FILE: Final = "sound.flac"
# Plain numbers: a flag's own arithmetic costs more than the rest of a block's record.
_WRITTEN, _OVERFLOW, _ZERO = BlockFlag.WRITTEN.value, BlockFlag.OVERFLOW.value, BlockFlag.ZERO.value


class AudioWriter:
    """Writes on the thread that calls it. After a failed write it takes no more, and says so in `problem`."""

    def __init__(
        self,
        raw: Path,
        granted: MicrophoneGranted,
        relief: Callable[[], bool],
        before: Iterable[AudioBlock] = (),
        follow: Callable[[bytes, int], object] = lambda _, __: None,
    ) -> None:
        self.problem: CaptureError | None = None
        self.log = LogWriter(raw / BLOCK_LOG, BLOCKS, relief)
        self.file = DurableFile(raw / SOUND_FILE, relief)
        self._flac = FlacWriter(self.file, granted.rate_hz, granted.channels, granted.sample_format, follow)
        self._handed = 0
        for block in before:
            self.observe(block)

    @property
    def samples(self) -> int:
        """Samples per channel handed to the disk."""
        return self._flac.samples

    def observe(self, block: AudioBlock, flags: int = 0) -> None:
        """Log an arrival without keeping its sound: the ones before the take, and behind its end."""
        if block.overflow:
            flags |= _OVERFLOW
        adc = math.nan if block.adc_s is None else block.adc_s
        current = math.nan if block.current_s is None else block.current_s
        self.log.add((block.first_sample, block.host_ns, adc, current, block.frames, flags))

    def write(self, block: AudioBlock, zero: bool) -> None:
        """Keep a block until `hand_over`; behind a failed write the arrival is logged as not written."""
        flags = _ZERO if zero else 0
        if self.problem is None and self._guard(lambda: self._flac.take_delivered(block.data)):
            flags |= _WRITTEN
        self.observe(block, flags)

    def hand_over(self) -> None:
        """Give the system the frames that are complete, in one write, and their observations in another.

        Call it whenever nothing waits: on a disk that takes its time more goes over at once, and nothing is lost.
        Never raises: a failing disk shows in `problem`.
        """
        if self.problem is not None or self._flac.samples == self._handed:
            return
        self._handed = self._flac.samples
        for step in (self._flac.hand_over, self.log.flush):
            self._guard(step)

    def close(self) -> None:
        """Close both files; what fails shows in `problem`."""
        for close in (self._flac.close, self.log.close):
            self._guard(close)
        self.problem = self.problem or self.file.problem or self.log.file.problem

    def _guard(self, step: Callable[[], object]) -> bool:
        """Whether it went well."""
        try:
            step()
        except CaptureError as problem:
            self.problem = self.problem or problem
        except av.FFmpegError as problem:
            self.problem = self.problem or encoder_error(problem, SOUND_FILE)
        else:
            return True
        return False
