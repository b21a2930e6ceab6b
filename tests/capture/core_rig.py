"""Scripted devices: a microphone whose every sample names itself, a camera whose every frame shows its own time."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.camera import Frame, FrameSink, LostCall
from perfstudio.capture.devices.microphone import AudioBlock, BlockSink
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.model.clock import host_ns
from perfstudio.model.device import (
    CameraGranted,
    CameraRequest,
    DeviceKind,
    DeviceSelection,
    Encode,
    MicrophoneGranted,
    MicrophoneRequest,
)
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.take import TakeManifest
from rigs.systems import installed
from rigs.waiting import until

RATE = 48000
CELL = 16
BITS = 32


def counter_samples(first: int, count: int, sample_format: str, channels: int = 1) -> bytes:
    """Samples that hold their own number (modulo the format), never zero."""
    numbers = np.repeat(np.arange(first, first + count, dtype=np.int64) + 1, channels)
    if sample_format == "int16":
        return ((numbers % 65535) - 32767).astype("<i2").tobytes()
    wide = ((numbers % 16777213) - 8388600).astype("<i4").view(np.uint8).reshape(-1, 4)
    return wide[:, :3].tobytes()


def counter_values(first: int, count: int, sample_format: str) -> NDArray[np.int32]:
    """The same, as left-justified int32."""
    numbers = np.arange(first, first + count, dtype=np.int64) + 1
    if sample_format == "int16":
        return (((numbers % 65535) - 32767).astype(np.int32)) << 16
    return (((numbers % 16777213) - 8388600).astype(np.int32)) << 8


class ScriptedMicrophone:
    """Runs at RATE * (1 + ppm) on the real clock. `gaps`: (seconds after start, seconds lost); zero_from_s mutes."""

    def __init__(
        self,
        request: MicrophoneRequest,
        *,
        ppm: float = 0.0,
        sample_format: str = "int16",
        channels: int = 1,
        block: int = 480,
        gaps: Iterable[tuple[float, float]] = (),
        zero_from_s: float | None = None,
        lost_at_s: float | None = None,
        silent: bool = False,
    ) -> None:
        self.granted = MicrophoneGranted(
            id=request.id, name="Scripted", kind=DeviceKind.LOCAL, host_api="test", rate_hz=RATE, channels=channels,
            sample_format=sample_format, block_frames=block, latency_s=0.01,
        )  # fmt: skip
        self.rate = RATE * (1 + ppm * 1e-6)
        self.gaps = list(gaps)
        self.zero_from_s, self.lost_at_s = zero_from_s, lost_at_s
        self.paused = threading.Event()
        if silent:
            self.paused.set()
        self.started_ns = 0
        self.made_s = 0.0
        self.lost_samples: list[tuple[int, int]] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: BlockSink, lost: LostCall) -> None:
        self.started_ns = host_ns()
        self._thread = threading.Thread(target=self._run, args=(sink, lost), daemon=True)
        self._thread.start()

    def true_ns(self, delivered: int) -> int:
        """When delivered sample `delivered` was really taken."""
        taken = delivered + sum(count for at, count in self.lost_samples if at <= delivered)
        return self.started_ns + round(taken / self.rate * 1e9)

    def _run(self, sink: BlockSink, lost: LostCall) -> None:
        block, made, delivered = self.granted.block_frames, 0, 0
        form, channels = self.granted.sample_format, self.granted.channels
        while not self._stop.is_set():
            due = self.started_ns + round((made + block) / self.rate * 1e9)
            while (wait := (due - host_ns()) * 1e-9) > 0 and not self._stop.wait(wait):
                pass
            seconds = made / RATE
            if self.gaps and seconds >= self.gaps[0][0]:
                count = round(self.gaps.pop(0)[1] * RATE)
                self.lost_samples.append((delivered, count))
                made += count
                continue
            if self.lost_at_s is not None and seconds >= self.lost_at_s:
                lost(DeviceError(ErrorCode.MICROPHONE_LOST, id=self.granted.id))
                return
            if not self.paused.is_set():
                zero = self.zero_from_s is not None and seconds >= self.zero_from_s
                data = counter_samples(delivered, block, form, channels)
                sink(AudioBlock(bytes(len(data)) if zero else data, block, delivered, host_ns()))
                delivered += block
            made += block
            self.made_s = made / RATE

    def close(self, deadline_s: float = 2.0) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(deadline_s)


def time_picture(at_us: int, width: int, height: int) -> NDArray[np.uint8]:
    """A picture whose top rows show a 32-bit microsecond counter as cells of black and white, on a moving ground."""
    image = np.full((height, width, 3), 60 + at_us // 5000 % 120, np.uint8)
    for bit in range(BITS):
        x, y = bit % (width // CELL) * CELL, bit // (width // CELL) * CELL
        image[y : y + CELL, x : x + CELL] = 235 if at_us >> bit & 1 else 16
    return image


def read_picture_time(grey: NDArray[np.uint8]) -> int:
    """The counter of `time_picture` from a decoded luma plane."""
    value, columns = 0, grey.shape[1] // CELL
    for bit in range(BITS):
        x, y = bit % columns * CELL + CELL // 2, bit // columns * CELL + CELL // 2
        value |= int(grey[y - 2 : y + 2, x - 2 : x + 2].mean() > 125) << bit
    return value


class ScriptedCamera:
    """Shows its own time (µs since `started_ns`). `schedule(i)` gives the due time in s of frame i, or None to end."""

    def __init__(
        self,
        request: CameraRequest,
        *,
        fps: float = 30.0,
        jpeg: bool = False,
        late_s: Callable[[int], float] = lambda _: 0.0,
        skip: Callable[[int], bool] = lambda _: False,
        device_stamps: bool = False,
        lost_at_s: float | None = None,
        resize_at_s: float | None = None,
        still_from_s: float | None = None,
        fast: bool = False,
    ) -> None:
        self.width, self.height = request.width, request.height
        self.granted = CameraGranted(
            id=request.id, name="Scripted", kind=DeviceKind.LOCAL, backend="test", width=request.width,
            height=request.height, fps=fps, pixel_format="MJPG" if jpeg else "BGR3",
            frame_clock="driver" if device_stamps else "arrival",
        )  # fmt: skip
        self.fps, self.jpeg, self.late_s, self.skip = fps, jpeg, late_s, skip
        self.device_stamps, self.lost_at_s = device_stamps, lost_at_s
        self.resize_at_s, self.still_from_s = resize_at_s, still_from_s
        self.paused = threading.Event()
        self.started_ns = 0
        self.delivered = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: FrameSink, lost: LostCall) -> None:
        self.started_ns = host_ns()
        self._thread = threading.Thread(target=self._run, args=(sink, lost), daemon=True)
        self._thread.start()

    def _run(self, sink: FrameSink, lost: LostCall) -> None:
        index = 0
        while not self._stop.is_set():
            at_s = index / self.fps
            taken_ns = self.started_ns + round(at_s * 1e9)
            while (wait := (taken_ns - host_ns()) * 1e-9 + self.late_s(index)) > 0 and not self._stop.wait(wait):
                pass
            if self.lost_at_s is not None and at_s >= self.lost_at_s:
                lost(DeviceError(ErrorCode.CAMERA_LOST, id=self.granted.id))
                return
            if not self.skip(index) and not self.paused.is_set():
                sink(self._frame(index, at_s, taken_ns))
                self.delivered += 1
            index += 1

    def _frame(self, index: int, at_s: float, taken_ns: int) -> Frame:
        width, height = self.width, self.height
        if self.resize_at_s is not None and at_s >= self.resize_at_s:
            width, height = width // 2, height // 2
        shown_us = round((self.still_from_s if self.still_from_s and at_s > self.still_from_s else at_s) * 1e6)
        if not self.device_stamps and not self.late_s(index):
            now = host_ns()
            shown_us = shown_us if self.still_from_s else (now - self.started_ns) // 1000
        else:
            now = host_ns()
        image = time_picture(shown_us, width, height)
        stamp = taken_ns if self.device_stamps else None
        if self.jpeg:
            data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
            return Frame(index, now, stamp, None, data)
        return Frame(index, now, stamp, image)

    def close(self, deadline_s: float = 2.0) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(deadline_s)


def make_recorder(
    camera: dict[str, object] | None = None,
    microphone: dict[str, object] | None = None,
    size: tuple[int, int] = (320, 240),
    encode: Encode = Encode.LIVE,
    **options: object,
) -> Recorder:
    """A recorder on scripted devices; `recorder.devices` are the devices once it is open. `camera` None: sound only."""
    asked = None if camera is None else CameraRequest(id="scripted", width=size[0], height=size[1], encode=encode)
    made: dict[str, object] = {}

    def open_camera(request: CameraRequest) -> ScriptedCamera:
        made["camera"] = ScriptedCamera(request, **(camera or {}))  # type: ignore[arg-type]
        return made["camera"]  # type: ignore[return-value]

    def open_microphone(request: MicrophoneRequest) -> ScriptedMicrophone:
        made["microphone"] = ScriptedMicrophone(request, **(microphone or {}))  # type: ignore[arg-type]
        return made["microphone"]  # type: ignore[return-value]

    options.setdefault("reserve_bytes", 0)
    recorder = Recorder(
        DeviceSelection(camera=asked, microphone=MicrophoneRequest(id="scripted")),
        open_camera=open_camera, open_microphone=open_microphone, **options,  # type: ignore[arg-type]
    )  # fmt: skip
    recorder.devices = made  # type: ignore[attr-defined]
    return recorder


def devices(recorder: Recorder) -> tuple[ScriptedCamera, ScriptedMicrophone]:
    """Of a recorder that `make_recorder` made and that is open."""
    made = recorder.devices  # type: ignore[attr-defined]
    return made.get("camera"), made["microphone"]


def go_on(recorder: Recorder, seconds: float) -> None:
    """Until the microphone has lived through so much more; it does so while it is mute, too."""
    _, microphone = devices(recorder)
    end_s = microphone.made_s + seconds
    until(lambda: microphone.made_s >= end_s, f"{seconds} s of sound")


def begin(recorder: Recorder, folder: Path, before_s: float = 0.5) -> None:
    """Open the devices, and roll when something has come from them."""
    recorder.open()
    go_on(recorder, before_s)
    recorder.roll(folder)


def record(recorder: Recorder, folder: Path, seconds: float, before_s: float = 0.5) -> None:
    """One take from opening to closing."""
    begin(recorder, folder, before_s)
    go_on(recorder, seconds)
    recorder.cut()
    recorder.close()


def take_folder(tmp_path: Path, name: str = "take") -> Path:
    """A folder as the library makes it."""
    folder = tmp_path / "takes" / f"{name}.part"
    folder.mkdir(parents=True, mode=0o700)
    return folder


def probe(path: Path, entries: str) -> list[list[str]]:
    """What another program reads from a file."""
    command = [installed("ffprobe"), "-v", "error", "-show_entries", entries, "-of", "csv=p=0", str(path)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split(",") for line in out.split()]


def read_sound(path: Path, stream: str = "audio") -> NDArray[np.int32]:
    """First channel of all samples, left-justified int32."""
    out = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            data = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)[:, 0]
            out.append(data.astype(np.int32) << 16 if data.dtype == np.int16 else data)
    return np.concatenate(out)


def read_times(path: Path) -> list[tuple[float, int]]:
    """(presentation time s, counter shown µs) of every frame of a movie."""
    out = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            out.append((float(frame.pts * frame.time_base), read_picture_time(luma(frame))))
    return out


def luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """The brightness of a decoded picture, as it lies there: nothing is converted."""
    plane = frame.planes[0]
    assert frame.format.name.startswith("yuv")
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def first_sample(folder: Path) -> int:
    return int(json.loads((folder / "raw" / "capture.json").read_text())["first_sample"])


def holds_all_of(take: TakeManifest, written: NDArray[np.int64]) -> bool:
    """Whether the film shows every picture `written` (times in microseconds) up to the end of the sound.

    The sound ends with a block; a picture that begins behind it is left out. A millisecond is left for the clock map.
    """
    assert take.video is not None
    end_us = 1e6 * (take.duration_s or 0.0)
    return bool((written < end_us - 1000).sum() <= take.video.frames <= (written < end_us + 1000).sum())


def sync_error_ms(folder: Path, camera: ScriptedCamera, microphone: ScriptedMicrophone) -> NDArray[np.float64]:
    """For each frame in take.mp4: where it is shown, less where the sound of its moment is."""
    first = first_sample(folder)
    out = []
    for pts_s, shown_us in read_times(folder / "take.mp4"):
        true_ns = camera.started_ns + shown_us * 1000
        sample = (true_ns - microphone.started_ns) * 1e-9 * microphone.rate - first
        out.append((pts_s - sample / RATE) * 1e3)
    return np.array(out)
