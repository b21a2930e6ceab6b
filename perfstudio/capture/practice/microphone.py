"""The practice microphone: a voice and clicks, sampled by a clock of its own."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.camera import LostCall
from perfstudio.capture.devices.device_thread import DeviceThread
from perfstudio.capture.devices.microphone import AudioBlock, BlockSink
from perfstudio.capture.practice.offered import MICROPHONE
from perfstudio.capture.practice.plan import to_host_ns, to_practice_s
from perfstudio.capture.practice.script import inside, parse_script
from perfstudio.capture.practice.sound import PracticeSound
from perfstudio.capture.practice.voice import LOOP_RATE
from perfstudio.model.clock import host_ns
from perfstudio.model.device import PRACTICE, DeviceKind, MicrophoneGranted, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode


class PracticeMicrophone:
    """A microphone source with known sound at known times (see `script`, `plan`).

    Sample n was captured at start + n / (rate * (1 + drift)); a block arrives when its last sample was captured.
    """

    def __init__(self, request: MicrophoneRequest) -> None:
        script = parse_script(request.id)
        if script is None:
            raise DeviceError(ErrorCode.MICROPHONE_UNKNOWN, id=request.id, known=PRACTICE)
        if script.fail == "busy":
            raise DeviceError(ErrorCode.MICROPHONE_BUSY, id=request.id)
        if script.fail:
            raise DeviceError(ErrorCode.MICROPHONE_REFUSED, id=request.id, detail="practice")
        self._script = script
        self._rate = script.rate_hz or request.rate_hz or LOOP_RATE
        self._block = max(1, round(self._rate / 100))
        self._sound = PracticeSound(script)
        self._thread = DeviceThread("practice-microphone")
        self._stop = self._thread.stopping
        self._granted = MicrophoneGranted(
            id=request.id,
            name=MICROPHONE.name,
            kind=DeviceKind.PRACTICE,
            host_api="practice",
            rate_hz=self._rate,
            channels=request.channels or script.channels,
            sample_format="int24" if script.bits == 24 else "int16",
            block_frames=self._block,
            latency_s=self._block / self._rate,
            auto_gain="off",
            noise_suppression="off",
        )

    @property
    def granted(self) -> MicrophoneGranted:
        """What is delivered: blocks of 10 ms."""
        return self._granted

    def start(self, sink: BlockSink, lost: LostCall) -> None:
        """Begin to deliver on a thread of its own."""
        self._thread.start(lambda: self._run(sink, lost))

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop; the thread ends after the block in hand."""
        self._thread.stop(deadline_s)

    def _run(self, sink: BlockSink, lost: LostCall) -> None:
        script = self._script
        dice = random.Random(f"microphone {script.seed}")  # noqa: S311 - faults, not secrets
        true_rate = self._rate * (1 + script.drift_ppm * 1e-6)
        started = to_practice_s(host_ns())
        taken = given = 0
        while not self._stop.is_set():
            since = taken / true_rate
            if script.lost_s is not None and since >= script.lost_s:
                lost(DeviceError(ErrorCode.MICROPHONE_LOST, id=self._granted.id))
                return
            count = self._to_next_edge(taken, true_rate)
            first, taken = taken, taken + count
            if self._is_missing(since, dice):
                continue
            data = self._samples(started, first, count, true_rate)
            due = started + taken / true_rate + self._delay(since, dice)
            if self._stop.wait(max(0.0, due - to_practice_s(host_ns()))):
                return
            captured_s = to_host_ns(started + first / true_rate) / 1e9
            now = host_ns()
            sink(AudioBlock(data, count, given, now, captured_s, now / 1e9))
            given += count

    def _to_next_edge(self, taken: int, true_rate: float) -> int:
        """Length of the next block: 10 ms, shorter where a gap or a silence begins or ends, so that these are exact."""
        windows = (*self._script.gaps, *self._script.zeros)
        edges = [round(at * true_rate) - taken for start, length in windows for at in (start, start + length)]
        return min([self._block, *(edge for edge in edges if edge > 0)])

    def _is_missing(self, since: float, dice: random.Random) -> bool:
        script = self._script
        dropped = script.drop_share > 0 and dice.random() < script.drop_share
        return dropped or since < script.late_s or inside(since + 0.5 / self._rate, script.gaps) is not None

    def _delay(self, since: float, dice: random.Random) -> float:
        jitter = dice.expovariate(1000 / self._script.jitter_ms) if self._script.jitter_ms > 0 else 0.0
        stall = inside(since, self._script.stalls)
        return max(jitter, stall[0] + stall[1] - since) if stall else jitter

    def _samples(self, started: float, first: int, count: int, true_rate: float) -> bytes:
        """Samples first .. first + count as the device delivers them."""
        script = self._script
        channels = self._granted.channels
        if script.signal == "counter":
            numbers = ((np.arange(first, first + count) & 0xFFFF) - 32768).astype("<i2")
            return _packed(numbers.astype(np.int32) << 16, channels, script.bits)
        if script.signal == "silence" or inside((first + 0.5) / true_rate, script.zeros):
            return bytes(count * channels * script.bits // 8)
        at = started + np.arange(first, first + count) / true_rate
        return _packed((self._sound.at(at) * (1 << 31)).astype(np.int32), channels, script.bits)


def _packed(wide: NDArray[np.int32], channels: int, bits: int) -> bytes:
    """Left-justified 32-bit mono as interleaved little-endian int16 or packed int24."""
    spread = np.repeat(wide, channels)
    if bits == 16:
        return (spread >> 16).astype("<i2").tobytes()
    return spread.astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()
