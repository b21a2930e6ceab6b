"""The raw files of a long take without waiting for it: ten seconds of picture again and again, scripted arrivals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import av
import numpy as np

from capture.core_scripts import ORIGIN_NS, RATE, Script, play
from perfstudio.capture.files.durable_file import DurableFile
from perfstudio.capture.files.flac import FlacWriter
from perfstudio.capture.files.live_mp4 import LiveMp4
from perfstudio.capture.files.raw_video_files import _MOVIE_OPTIONS
from perfstudio.capture.files.video_encoder import MICROSECOND, new_encoder, picture_frame, set_up
from perfstudio.capture.timing.timing_log import BLOCKS, FRAMES, NO_STAMP, LogWriter
from perfstudio.model.device import (
    CameraGranted,
    CameraRequest,
    DeviceKind,
    DeviceSelection,
    DevicesUsed,
    MicrophoneGranted,
    MicrophoneRequest,
)

FPS = 30
LOOP_S = 10


def make_raw(
    folder: Path,
    minutes: float,
    *,
    size: tuple[int, int] = (1280, 720),
    grain: int = 6,
    movie: LiveMp4 | None = None,
) -> int:
    """Write folder/raw as a cut leaves it; returns its bytes.

    `grain` (noise of the picture) sets the bit rate. `movie` is given all that it would have been given while rolling.
    """
    raw = folder / "raw"
    raw.mkdir(parents=True, mode=0o700)
    frames = round(minutes * 60 * FPS)
    _picture(raw / "picture.mp4", size, frames, grain, movie)
    _log(raw, frames)
    _sound(raw, minutes, movie)
    if movie is not None:
        movie.close()
    facts = {"devices": _devices(size).to_json(), "first_sample": 0, "base_ns": ORIGIN_NS}
    (raw / "capture.json").write_text(json.dumps(facts))
    (raw / "events.jsonl").write_text(json.dumps({"event": "end", "host_ns": ORIGIN_NS, "reason": "cut"}) + "\n")
    return sum(file.stat().st_size for file in raw.iterdir())


def _packets(size: tuple[int, int], grain: int) -> list[tuple[bytes, bool]]:
    width, height = size
    rng = np.random.default_rng(1)
    noise = rng.normal(0, grain, (8, height, width)).astype(np.int16)
    encoder = new_encoder(width, height, FPS, 0)
    ramp = (np.arange(width) * 0.1).astype(np.int16)[None, :] + 60
    packets = []
    for index in range(FPS * LOOP_S):
        planar = np.full((height * 3 // 2, width), 128, np.uint8)
        planar[:height] = np.clip(np.roll(ramp, index, axis=1) + noise[index % 8], 16, 235)
        packets += encoder.encode(picture_frame(planar, index, index % FPS == 0))
    packets += encoder.encode(None)
    return [(bytes(packet), packet.is_keyframe) for packet in packets]


def _picture(path: Path, size: tuple[int, int], frames: int, grain: int, movie: LiveMp4 | None) -> None:
    packets = _packets(size, grain)
    file = DurableFile(path)
    with av.open(cast(Any, file), "w", format="mp4", options=_MOVIE_OPTIONS) as out:
        stream = out.add_stream("libx264", rate=FPS)
        set_up(stream.codec_context, *size, FPS, 0)
        stream.time_base = MICROSECOND
        stream.codec_context.open()
        for index in range(frames):
            data, key = packets[index % len(packets)]
            packet = av.Packet(data)
            packet.pts = packet.dts = index * 1_000_000 // FPS
            if movie is not None:
                movie.picture(data, packet.pts, key)
            packet.time_base, packet.stream, packet.is_keyframe = MICROSECOND, stream, key
            out.mux(packet)
    file.close()


def _log(raw: Path, frames: int) -> None:
    log = LogWriter(raw / "frames.bin", FRAMES)
    for index in range(frames):
        pts = index * 1_000_000 // FPS
        log.add((index, ORIGIN_NS + pts * 1000, NO_STAMP, pts, index, 0, 90, 2))
    log.close()


def _sound(raw: Path, minutes: float, movie: LiveMp4 | None) -> None:
    log = LogWriter(raw / "blocks.bin", BLOCKS)
    blocks = play(Script(minutes, 60.0)).blocks
    blocks["adc_s"] = np.nan
    log.file.write(blocks.tobytes())
    log.close()
    flac = FlacWriter(DurableFile(raw / "sound.flac"), RATE, 1, "int24", movie.sound if movie else lambda _, __: None)
    rng = np.random.default_rng(2)
    second = (rng.normal(0, 2**11, (RATE, 1)).astype(np.int32)) << 8
    for _ in range(round(minutes * 60)):
        flac.write(second)
    flac.close()


def _devices(size: tuple[int, int]) -> DevicesUsed:
    camera = CameraGranted(
        id="made", name="Made", kind=DeviceKind.LOCAL, backend="test", width=size[0], height=size[1], fps=FPS,
        pixel_format="BGR3",
    )  # fmt: skip
    microphone = MicrophoneGranted(
        id="made", name="Made", kind=DeviceKind.LOCAL, host_api="test", rate_hz=RATE, channels=1,
        sample_format="int24", block_frames=480, latency_s=0.01,
    )  # fmt: skip
    asked = DeviceSelection(camera=CameraRequest(id="made"), microphone=MicrophoneRequest(id="made"))
    return DevicesUsed(asked=asked, camera=camera, microphone=microphone)
