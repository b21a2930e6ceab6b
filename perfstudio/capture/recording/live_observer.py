"""Eyes and ears beside the recording: live checks and preview, on a thread that may skip and never queues."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.camera import Image
from perfstudio.capture.devices.jpeg import JpegDecoder
from perfstudio.capture.devices.microphone import AudioBlock, to_int32
from perfstudio.capture.devices.picture import Picture
from perfstudio.capture.devices.yuv420 import shrunk, to_image
from perfstudio.capture.recording.preview import PreviewWriter
from perfstudio.model.checks import LiveReading
from perfstudio.model.clock import host_ns
from perfstudio.model.device import MicrophoneGranted

PREVIEW_HZ: Final = 30.0
ROLLING_HZ: Final = 15.0
"""Pictures and numbers shown a second while a take rolls: the machine belongs to the recording."""
FRAME_TAP_HZ: Final = 5.0
WRITTEN_HZ: Final = 4.0
"""How often the taps hear what was written: what they make of it is wanted after the cut."""
SMALL_WIDTH: Final = 320
_HELD_BLOCKS: Final = 200

_log = logging.getLogger(__name__)


class LiveTaps(Protocol):
    """What measures while rolling. Called on the observer thread; a slow tap delays itself and nothing else."""

    def block(self, samples: NDArray[np.float32], rate_hz: int, at_s: float) -> None:
        """Sound as it arrived: samples x channels, full scale 1.0; `at_s` host seconds of its arrival."""
        ...

    def written(self, samples: NDArray[np.float32], rate_hz: int) -> None:
        """What was written of the rolling take's sound: from its first sample to its last, each once, in order."""
        ...

    def frame(self, bgr_small: Image, at_s: float, whole: Callable[[], Image]) -> None:
        """At most five pictures a second, BGR: 320 wide, and in full size for who asks for it at once."""
        ...

    def reading(self) -> LiveReading:
        """What the preview shows now."""
        ...


class LiveObserver:
    """Shows the latest picture and feeds the taps. `picture`, `block` and `written` return at once."""

    def __init__(
        self,
        microphone: MicrophoneGranted,
        taps: LiveTaps | None,
        preview: PreviewWriter | None,
        rolls: Callable[[], bool],
    ) -> None:
        self._microphone = microphone
        self._taps = taps
        self._preview = preview
        self._rolls = rolls
        self._latest: tuple[Picture, JpegDecoder] | None = None
        self._blocks: deque[AudioBlock] = deque(maxlen=_HELD_BLOCKS)
        self._written: deque[AudioBlock | threading.Event] = deque()
        self._wake, self._hurry = threading.Event(), threading.Event()
        self._ending = False
        self._tapped_ns = self._followed_ns = 0
        self._broken = False
        cv2.setNumThreads(1)  # its helpers would spin between pictures, on a core that encodes
        self._thread = threading.Thread(target=self._run, name="perfstudio-observer", daemon=True)
        self._thread.start()

    def picture(self, picture: Picture, decoder: JpegDecoder) -> None:
        """The newest frame and what decodes it; an older one that was not looked at is forgotten."""
        self._latest = picture, decoder
        self._wake.set()

    def block(self, block: AudioBlock) -> None:
        """Take the newest block of sound."""
        self._blocks.append(block)

    def written(self, block: AudioBlock) -> None:
        """The newest sound that went into the take; unlike the others none is ever forgotten."""
        self._written.append(block)

    def settle(self, patience_s: float = 0.5) -> None:
        """Return when the taps have heard all that was written, or when the patience is over."""
        heard = threading.Event()
        self._written.append(heard)
        self._look_now()
        heard.wait(patience_s)

    def close(self) -> None:
        """End the thread."""
        self._ending = True
        self._look_now()
        self._thread.join(5.0)

    def _look_now(self) -> None:
        """Without the rest of its pause, and without a new picture."""
        self._hurry.set()
        self._wake.set()

    def _run(self) -> None:
        while not self._ending:
            self._wake.wait(1.0 / PREVIEW_HZ)
            self._wake.clear()
            started = host_ns()
            rolling = self._look_and_listen()
            # Half a picture early: every second one of thirty is shown, whatever their jitter.
            pace_s = 1.0 / ROLLING_HZ - 0.5 / PREVIEW_HZ if rolling else 1.0 / PREVIEW_HZ
            spare = pace_s - (host_ns() - started) * 1e-9
            if spare > 0 and not self._ending:
                self._hurry.wait(spare)
            if rolling and not self._hurry.is_set():
                self._wake.clear()  # the next one to come, not the one that was left out
            self._hurry.clear()

    def _look_and_listen(self) -> bool:
        """Everything once; whether a take rolls."""
        rolling = False
        try:
            rolling = self._rolls()
            self._follow()
            self._hear()
            self._see()
            if self._preview is not None:
                self._preview.reading(None if self._taps is None else self._taps.reading())
        except Exception:  # noqa: BLE001 - see below
            # A tap that fails costs its readings, never the recording; said once.
            if not self._broken:
                _log.exception("a live check failed")
            self._broken = True
        return rolling

    def _hear(self) -> None:
        blocks = [self._blocks.popleft() for _ in range(len(self._blocks))]
        if self._taps is not None and blocks:
            self._taps.block(self._samples(blocks), self._microphone.rate_hz, blocks[-1].host_ns * 1e-9)

    def _follow(self) -> None:
        now, waited = host_ns(), any(isinstance(item, threading.Event) for item in tuple(self._written))
        if not waited and now - self._followed_ns < 1e9 / WRITTEN_HZ:
            return
        self._followed_ns = now
        items = [self._written.popleft() for _ in range(len(self._written))]
        try:
            blocks = [item for item in items if not isinstance(item, threading.Event)]
            if self._taps is not None and blocks:
                self._taps.written(self._samples(blocks), self._microphone.rate_hz)
        finally:
            for item in items:
                if isinstance(item, threading.Event):
                    item.set()

    def _samples(self, blocks: list[AudioBlock]) -> NDArray[np.float32]:
        data = b"".join(block.data for block in blocks)
        wide = to_int32(data, self._microphone.channels, self._microphone.sample_format)
        return wide.astype(np.float32) / np.float32(2**31)

    def _see(self) -> None:
        latest, self._latest = self._latest, None
        now = host_ns()
        due = self._taps is not None and now - self._tapped_ns >= 1e9 / FRAME_TAP_HZ
        if latest is None or not (self._preview is not None or due):
            return
        picture, decoder = latest
        planar = picture.as_planar(decoder)
        if planar is None:
            return
        if self._preview is not None:
            self._preview.picture(planar, picture.time_ns)
        if due and self._taps is not None:
            self._tapped_ns = now
            height, width = planar.shape[0] * 2 // 3, planar.shape[1]
            small_height = max(2, round(height * SMALL_WIDTH / width) & ~1)
            small = to_image(shrunk(planar, SMALL_WIDTH, small_height, cv2.INTER_AREA))
            self._taps.frame(small, picture.time_ns * 1e-9, lambda: to_image(planar))
