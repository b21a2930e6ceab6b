"""The recorded partner while takes roll: a clip in memory, headphones that stay open, and a log of all they were given.

Nothing of it can end a take. What goes wrong is said once, and the take goes on without a partner.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from perfstudio.capture.devices.headphones import Headphones, PlayedBlock, open_headphones
from perfstudio.capture.files.durable_file import write_saved
from perfstudio.capture.playing.partner_sound import PartnerSound, read_partner
from perfstudio.capture.timing.timing_log import DRY, PLAYED, PLAYED_LOG, LogWriter
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode, PerfstudioError
from perfstudio.model.partner import PARTNER_FILE, PartnerBegun, PartnerReady, PartnerWish, seem_wireless

RING: Final = 2000
"""Blocks that are remembered before a take: 20 s of 10 ms make the headphones' clock firm from the first word."""
FLUSH_S: Final = 0.5
WAKE_S: Final = 5.0
"""How long headphones may take to begin to play, in seconds."""
_LOOK_S: Final = 0.02

_log = logging.getLogger(__name__)


class PartnerPlayer:
    """`prepare` and `close` from one thread, the one that rolls and cuts. `lost` is called on a thread of its own."""

    def __init__(self, lost: Callable[[PerfstudioError], None] = lambda _: None) -> None:
        self._lost = lost
        self._wish: PartnerWish | None = None
        self._headphones: Headphones | None = None
        self._sound: PartnerSound | None = None
        self._ring: deque[tuple[Any, ...]] = deque(maxlen=RING)
        self._lock = threading.Lock()
        self._log: LogWriter | None = None
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    def prepare(self, wish: PartnerWish) -> PartnerReady:
        """Decode the clip and open the headphones; what is ready already stays so.

        Raises MediaError for the clip and DeviceError for the headphones; then nothing stays open.
        """
        if self._wish == wish and self._sound and self._headphones and not self._headphones.gone:
            return self._ready(self._sound, self._headphones)
        self.close()
        self._stop = threading.Event()
        try:
            headphones = self._headphones = open_headphones(wish.headphones, self._given, wish.called)
            sound = self._sound = read_partner(wish.clip, headphones.rate_hz)
            self._wake(headphones)
        except PerfstudioError:
            self.close()
            raise
        headphones.load(sound.samples)
        self._wish = wish
        self._watcher = threading.Thread(
            target=self._watch, args=(headphones, self._stop), name="perfstudio-partner", daemon=True
        )
        self._watcher.start()
        return self._ready(sound, headphones)

    def begin(self, raw: Path) -> None:
        """A take has begun to roll in `raw`: from here on it is written down what is given to the headphones. Without
        anything prepared nothing happens. Raises CaptureError where the disk does not take it.
        """
        if self._wish is None or self._headphones is None or self._sound is None:
            return
        self._headphones.load(self._sound.samples)
        write_saved(
            raw / PARTNER_FILE, self._begun(self._wish, self._headphones, self._sound).model_dump_json().encode()
        )
        log = LogWriter(raw / PLAYED_LOG, PLAYED)
        with self._lock:
            for record in self._ring:
                log.add(record)
            self._log = log

    def start(self) -> None:
        """The clip is heard from now on, in a take that has begun."""
        if self._log is not None and self._headphones is not None:
            self._headphones.play()

    def end(self) -> None:
        """The take is cut: silence, and the log is closed. May be called at any time."""
        if self._headphones is not None:
            self._headphones.hush()
        with self._lock:
            log, self._log = self._log, None
        if log is not None:
            with contextlib.suppress(CaptureError):  # what is missing in it is missing in the take's partner alone
                log.close()

    def close(self) -> None:
        """Let the headphones go, and the clip."""
        self.end()
        self._stop.set()
        headphones, self._headphones = self._headphones, None
        self._wish = self._sound = None
        if headphones is not None:
            headphones.close()
        if self._watcher is not None and self._watcher is not threading.current_thread():
            self._watcher.join(2.0)
        self._watcher = None
        self._ring.clear()

    def _wake(self, headphones: Headphones) -> None:
        """Until they play; what they asked for before says nothing of their clock."""
        until_ns = host_ns() + round(WAKE_S * 1e9)
        while not headphones.is_awake():
            if host_ns() > until_ns or not headphones.is_well:
                raise DeviceError(ErrorCode.HEADPHONES_REFUSED, id=headphones.output.name)
            self._stop.wait(_LOOK_S)
        with self._lock:
            self._ring.clear()

    def _given(self, block: PlayedBlock) -> None:
        """On PortAudio's thread."""
        record = (
            block.first_sample, block.host_ns, block.dac_s, block.current_s, block.clip_sample, block.frames,
            DRY if block.underflow else 0,
        )  # fmt: skip
        with self._lock:
            self._ring.append(record)
            if self._log is not None:
                self._log.add(record)

    def _watch(self, headphones: Headphones, stop: threading.Event) -> None:
        while not stop.wait(FLUSH_S):
            log = self._log
            if log is not None:
                try:
                    log.flush()
                except (CaptureError, OSError, ValueError):
                    _log.warning("what the headphones are given could not be written down", exc_info=True)
            if not headphones.is_well:
                headphones.give_up()
                self._lost(DeviceError(ErrorCode.HEADPHONES_LOST, id=headphones.output.name))
                return

    def _ready(self, sound: PartnerSound, headphones: Headphones) -> PartnerReady:
        return PartnerReady(sound.frames / sound.rate_hz, headphones.output.name)

    def _begun(self, wish: PartnerWish, headphones: Headphones, sound: PartnerSound) -> PartnerBegun:
        clip, output = wish.clip, headphones.output
        return PartnerBegun(
            sha256=sound.sha256,
            media=clip.media,
            take_id=clip.take_id,
            seal_sha256=clip.seal_sha256,
            role=clip.role,
            performer_id=clip.performer_id,
            take_sample=clip.take_sample,
            from_s=sound.from_s,
            clip_rate_hz=sound.file_rate_hz,
            clip_samples=sound.frames,
            rate_hz=headphones.rate_hz,
            headphones=output.name[:300],
            latency_s=headphones.latency_s,
            wireless=seem_wireless(output.id, output.name),
            loopback=wish.loopback,
        )
