"""The recorder: devices stay open, a take only taps them; pressing record is never late and cutting loses no breath.

Threads: the devices' own; `frames` and `sound` (intake), `picture` (encoder), `observer` (preview, checks), `watch`
(ten looks a second) and `sync` (the disk, each second). None waits for another.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from perfstudio.capture.devices.addresses import without_secrets
from perfstudio.capture.devices.camera import CameraSource
from perfstudio.capture.devices.microphone import MicrophoneSource
from perfstudio.capture.files.live_mp4 import LiveMp4
from perfstudio.capture.files.raw_video_files import AS_SENT
from perfstudio.capture.recording.live_observer import LiveObserver, LiveTaps
from perfstudio.capture.recording.messages import (
    Backlog,
    BatteryLow,
    DeviceLost,
    DiskFull,
    DiskLow,
    Notice,
    RecorderStatus,
    Stream,
    TakeEnded,
    TakeEnding,
)
from perfstudio.capture.recording.picture_intake import PictureIntake
from perfstudio.capture.recording.preview import PreviewWriter
from perfstudio.capture.recording.rolling_take import RollingTake
from perfstudio.capture.recording.sightings import age_s, sighting
from perfstudio.capture.recording.sound_intake import SoundIntake
from perfstudio.capture.recording.watchdogs import Watchdogs
from perfstudio.capture.system.battery import low_battery
from perfstudio.capture.system.sleep_detector import SleepDetector
from perfstudio.capture.system.sleep_inhibitor import SleepInhibitor
from perfstudio.capture.system.wake_lock import WakeLock
from perfstudio.model.clock import host_ns
from perfstudio.model.device import NO_CAMERA, CameraRequest, DeviceSelection, DevicesUsed, Encode, MicrophoneRequest
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode, PerfstudioError
from perfstudio.model.loss_limits import DISK_LOW_S, MICROPHONE_GONE_S
from perfstudio.model.take import EndReason
from perfstudio.model.timing import Marker, MarkerName

RESERVE_BYTES: Final = 64 * 2**20
"""Kept free on the disk at all times, besides the room for the finished copy."""
FIRST_SOUND_S: Final = 3.0
"""How long `roll` waits for a microphone that was opened this moment (a sound server may take two seconds)."""
TAIL_S: Final = 0.5
"""A take goes on so long after the cut: the end of a breath, of a movement."""
POLL_S: Final = 0.1
PICTURE_SIZE: Final = "picture_size"
"""The event of a take in which the pictures changed their size."""
BATTERY_POLL_S: Final = 20.0
_WHY: Final = {ErrorCode.DISK_FULL: EndReason.DISK_FULL, ErrorCode.ENCODER_FAILED: EndReason.ENCODER_FAILED}

OpenCamera = Callable[[CameraRequest], CameraSource]
OpenMicrophone = Callable[[MicrophoneRequest], MicrophoneSource]

_log = logging.getLogger(__name__)


def _open_camera(request: CameraRequest) -> CameraSource:
    from perfstudio.capture import open_device  # noqa: PLC0415 - device libraries load when a device is opened

    return open_device.open_camera(request)


def _open_microphone(request: MicrophoneRequest) -> MicrophoneSource:
    from perfstudio.capture import open_device  # noqa: PLC0415 - as above

    return open_device.open_microphone(request)


class Recorder:
    """Open once, roll and cut many times. `notify` is called on the recorder's threads and must return soon."""

    def __init__(
        self,
        selection: DeviceSelection,
        *,
        taps: LiveTaps | None = None,
        preview: PreviewWriter | None = None,
        notify: Callable[[Notice], None] = lambda _: None,
        open_camera: OpenCamera = _open_camera,
        open_microphone: OpenMicrophone = _open_microphone,
        reserve_bytes: int = RESERVE_BYTES,
        ring_s: float = 1.5,
        sleep: SleepDetector | None = None,
        battery: Callable[[], float | None] = low_battery,
    ) -> None:
        self._selection = selection
        self._taps, self._preview, self._notify = taps, preview, notify
        self._open_camera, self._open_microphone = open_camera, open_microphone
        self._reserve, self._ring_s = reserve_bytes, ring_s
        self._camera: CameraSource | None = None
        self._microphone: MicrophoneSource | None = None
        self._pictures: PictureIntake | None = None
        self._sound: SoundIntake | None = None
        self._observer: LiveObserver | None = None
        self._used: DevicesUsed | None = None
        self._take: RollingTake | None = None
        self._end_reason: tuple[EndReason, PerfstudioError] | None = None
        """Why the rolling take has to end."""
        self._lost_device: tuple[EndReason, PerfstudioError] | None = None
        """The device that is gone for good: nothing rolls until it is opened anew."""
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self.awake = WakeLock()
        self.bedtime = SleepInhibitor(self._suspended)
        self._sleep = sleep or SleepDetector()
        self._watchdogs = Watchdogs()
        self._read_battery = battery
        self._battery: float | None = None
        self._disk_s: float | None = None
        self._low_told = self._speed = 0
        self.movie: LiveMp4 | None = None
        """Of the take that was cut last, for `finish`."""

    def open(self) -> DevicesUsed:
        """Open both devices and keep them open. Raises DeviceError; then nothing stays open."""
        request = self._selection.camera
        try:
            if request is not None and request.id != NO_CAMERA:
                self._camera = self._open_camera(request)
            self._microphone = self._open_microphone(self._selection.microphone)
        except PerfstudioError:
            self.close()
            raise
        heard = self._microphone.granted
        used = DevicesUsed(
            asked=without_secrets(self._selection),  # this goes into the take
            camera=None if self._camera is None else self._camera.granted,
            microphone=heard,
        )
        self._used = used
        self._sound = SoundIntake(heard, lambda: self._observer)
        if used.camera is not None:
            self._pictures = PictureIntake(used.camera, lambda: self._observer, self._ring_s)
        if self._taps is not None or self._preview is not None:
            self._observer = LiveObserver(heard, self._taps, self._preview, lambda: self._take is not None)
        if self._camera is not None and self._pictures is not None:
            self._camera.start(self._pictures.sink, lambda problem: self._lost(Stream.PICTURE, problem))
        self._microphone.start(self._sound.sink, lambda problem: self._lost(Stream.SOUND, problem))
        for name, work in (("watch", self._watch), ("sync", self._sync)):
            thread = threading.Thread(target=work, name=f"perfstudio-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)
        return used

    def tap_sound(self, name: str | None) -> None:
        """The microphone for another process, too (`SoundIntake.tap_into`), until the devices are closed."""
        if self._sound is not None:
            self._sound.tap_into(name)

    @property
    def used(self) -> DevicesUsed | None:
        """What the devices give now; None when they are not open."""
        return self._used

    def roll(self, folder: Path, pre_roll_s: float = 1.0) -> None:
        """Start a take in `folder/raw`, beginning `pre_roll_s` ago as far as that is still held.

        Raises CaptureError (disk, folder, rolling already, recorder not open) or DeviceError (no sound arrives).
        """
        pressed_ns = host_ns()
        with self._lock:
            if self._take is not None or self._sound is None or self._used is None:
                raise CaptureError(ErrorCode.RECORDER_STUCK, seconds=0)
            if self._lost_device is not None:
                raise self._lost_device[1]
            self._end_reason = None
            self._await_sound()
            gc.disable()
            if self._pictures is not None:
                self._used = self._used.model_copy(update={"camera": self._pictures.fix()})
            try:
                self._take = RollingTake(
                    folder,
                    self._used,
                    self._sound,
                    self._pictures,
                    roll_ns=pressed_ns,
                    pre_roll_s=pre_roll_s,
                    speed=self._first_step(),
                    reserve_bytes=self._reserve,
                    notify=self._tell,
                )
            except BaseException:
                self._ease()
                raise
            self._low_told, self._disk_s = 0, None
            self.awake.hold()
            self.bedtime.hold()

    def mark(self, name: MarkerName, note: str = "") -> Marker:
        """Mark this moment. Raises CaptureError when nothing rolls or the disk took it no more."""
        now = host_ns()
        take = self._take
        if take is None:
            raise CaptureError(ErrorCode.NOTHING_RECORDED)
        return take.marker(name, now, note)

    def cut(self, reason: EndReason = EndReason.CUT, tail_s: float = TAIL_S) -> None:
        """Keep `tail_s` more, close the raw files, return. Does nothing when nothing rolls."""
        now = host_ns()
        with self._lock:
            take = self._take
            if take is None:
                return
            with contextlib.suppress(CaptureError):
                take.note(MarkerName.CUT, now)
            if tail_s > 0:
                time.sleep(tail_s)
            take.close(reason, now + round(tail_s * 1e9), patience_s=1.0 if tail_s > 0 else 0.3)
            if self._observer is not None:
                self._observer.settle()
            if take.video is not None:
                self._speed = take.video.speed
            self.movie = take.movie
            self._take = None
            self.awake.release()
            self.bedtime.release()
            self._ease()

    def status(self) -> RecorderStatus:
        """How things are, read back from files and clocks."""
        now = host_ns()
        take, sound, pictures = self._take, self._sound, self._pictures
        age = RecorderStatus(
            frame_age_s=age_s(now, pictures.arrived_ns if pictures else None),
            block_age_s=age_s(now, sound.arrived_ns if sound else None),
            nonzero=bool(sound and sound.nonzero_ns and now - sound.nonzero_ns < 1e9),
            battery=self._battery,
            drift_ppm=sound.live.clock.rate_ppm(sound.granted.rate_hz) if sound and sound.live.clock else None,
            read_ns=now,
        )
        if take is None:
            return age
        video = take.video
        return replace(
            age,
            rolling=True,
            elapsed_s=(now - take.roll_ns) * 1e-9,
            frames=video.frames if video else 0,
            dropped=video.dropped if video else 0,
            samples=take.audio.samples,
            picture_bytes=video.written_bytes() if video else 0,
            sound_bytes=take.audio.file.size(),
            backlog_s=video.backlog_s if video else 0.0,
            preset=video.preset if video else "",
            disk_s=self._disk_s,
        )

    def close(self) -> None:
        """Cut what rolls, let the devices go, end the threads; may be called twice."""
        self.cut(EndReason.APP_CLOSED, tail_s=0.0)
        self._closing.set()
        for device in (self._camera, self._microphone):
            if device is not None:
                device.close()
        for part in (self._pictures, self._sound, self._observer):
            if part is not None:
                part.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(5.0)
        self._camera = self._microphone = self._pictures = self._sound = self._observer = None
        self._threads.clear()

    # inside

    def _first_step(self) -> int:
        """Where the encoder begins: where the take before ended, yet every take tries to be made live."""
        asked = self._selection.camera
        if asked is not None and asked.encode is Encode.AFTER and self._pictures and self._pictures.sends_jpeg():
            return AS_SENT
        return min(self._speed, AS_SENT - 1)

    def _await_sound(self) -> None:
        assert self._sound is not None  # noqa: S101 - roll has looked
        until = host_ns() + round(FIRST_SOUND_S * 1e9)
        while self._sound.live.clock is None:
            if host_ns() > until:
                identity = self._selection.microphone.id
                raise DeviceError(ErrorCode.MICROPHONE_SILENT, id=identity, seconds=round(FIRST_SOUND_S))
            time.sleep(0.01)

    def _ease(self) -> None:
        if self._pictures is not None:
            self._pictures.loosen()
        gc.enable()
        gc.collect()

    def _tell(self, notice: Notice | Backlog) -> None:
        try:
            self._notify(notice)
        except Exception:  # noqa: BLE001 - whatever a listener does, the recording goes on
            _log.exception("a listener failed on a notice")

    def _lost(self, stream: Stream, problem: DeviceError) -> None:
        if self._sleep.slept_s():  # devices go with a sleep, and are not what ended the take
            self._suspended()
        reason = EndReason.CAMERA_LOST if stream is Stream.PICTURE else EndReason.MICROPHONE_LOST
        self._lost_device = self._lost_device or (reason, problem)
        self._tell(DeviceLost(stream, problem))

    def _suspended(self) -> None:
        self._end_reason = self._end_reason or (EndReason.SUSPENDED, CaptureError(ErrorCode.COMPUTER_SLEPT))

    def _watch(self) -> None:
        while not self._closing.wait(POLL_S):
            slept = self._sleep.slept_s()
            for notice in self._watchdogs.look(sighting(self._sound, self._pictures)):
                self._tell(notice)
            self._publish()
            self._heed_size()
            take = self._take
            if take is None or take.closing:
                continue
            if slept:
                self._suspended()
            self._listen_for_the_end(take)
            if (end_reason := self._end_reason or self._lost_device) is not None:
                self._end_by_itself(*end_reason)
        self._publish()

    def _publish(self) -> None:
        if self._preview is not None:
            self._preview.status(self.status())

    def _listen_for_the_end(self, take: RollingTake) -> None:
        """Everything that ends a take by itself, beside devices that report their own loss."""
        if (problem := take.problem) is not None:
            self._writing_ends(problem)
        elif self._disk_s is not None and self._disk_s <= 0:
            self._writing_ends(take.full())
        silent_s = age_s(host_ns(), self._sound.arrived_ns) if self._sound is not None else None
        if silent_s is not None and silent_s > MICROPHONE_GONE_S:
            name, seconds = self._selection.microphone.id, round(MICROPHONE_GONE_S)
            self._lost(Stream.SOUND, DeviceError(ErrorCode.MICROPHONE_STOPPED, id=name, seconds=seconds))

    def _heed_size(self) -> None:
        """Say that the pictures have changed their size."""
        pictures, take = self._pictures, self._take
        if pictures is None or (change := pictures.change) is None:
            return
        if take is None and change.rolling:
            return  # its files are just being made: it is noted there once they are
        pictures.change = None
        if take is None:
            self._used = None if self._used is None else self._used.model_copy(update={"camera": pictures.granted})
        elif change.rolling:
            with contextlib.suppress(CaptureError):
                take.note(PICTURE_SIZE, host_ns(), width=change.width, height=change.height)
        self._tell(change)

    def _writing_ends(self, problem: CaptureError) -> None:
        reason = _WHY.get(problem.code, EndReason.DISK_FAILED)
        self._end_reason = self._end_reason or (reason, problem)
        if reason is not EndReason.ENCODER_FAILED:
            self._tell(DiskFull(problem))

    def _end_by_itself(self, reason: EndReason, problem: PerfstudioError) -> None:
        with self._lock:  # a cut that is under way comes first
            if self._take is None:
                return
        self._tell(TakeEnding(reason, problem))
        self.cut(reason, tail_s=0.0)
        self._tell(TakeEnded(reason))

    def _sync(self) -> None:
        looked_ns = 0
        while not self._closing.wait(1.0):
            if host_ns() - looked_ns > BATTERY_POLL_S * 1e9:
                looked_ns = host_ns()
                self._poll_battery()
            take = self._take
            if take is None:
                continue
            take.sync()
            left_s = self._disk_s = take.seconds_left((host_ns() - take.roll_ns) * 1e-9)
            if left_s is not None and self._low_told < len(DISK_LOW_S) and left_s < DISK_LOW_S[self._low_told]:
                self._low_told += 1
                self._tell(DiskLow(left_s))

    def _poll_battery(self) -> None:
        was_well, self._battery = self._battery is None, self._read_battery()
        if was_well and self._battery is not None:
            self._tell(BatteryLow(self._battery))
