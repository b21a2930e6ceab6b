"""Headphones whose clock runs apart from the microphone's, on a real sound server: a pipe that is read at its own pace.

What the server plays into the one pipe is read at the pace of a crystal that is so many millionths fast, brought to the
pace of the computer's clock, and written into the pipe that the server takes for a microphone. Sound, drivers and
buffers are the server's own; the air between ear and microphone is this thread.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator

import numpy as np

from rigs.pulse import PulseServer

RATE = 48000
PIECE_S = 0.003
"""How finely the pipes are read and written: what the server believes of its pipes is coarser by half of it."""
_PIPE_BYTES = 16384
_FRAME = 4
"""Two channels of 16 bits."""


@contextlib.contextmanager
def skewed_ears(server: PulseServer, ppm: float, name: str = "skewed") -> Iterator[tuple[str, str]]:
    """Headphones that run `ppm` fast and the microphone that hears them: both by id."""
    pipe = server.folder / f"{name}-out"
    server.control(
        "load-module", "module-pipe-sink", f"sink_name={name}", f"file={pipe}", f"rate={RATE}", "channels=2",
        "format=s16le",
    )  # fmt: skip
    server.add_source(f"{name}-mic", rate=RATE)
    ears = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    microphone = os.open(server.folder / f"{name}-mic", os.O_RDWR | os.O_NONBLOCK)
    fcntl.fcntl(ears, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    over = threading.Event()
    air = threading.Thread(target=_carry, args=(ears, microphone, ppm, over), name="air", daemon=True)
    air.start()
    try:
        yield f"pulse:{name}", f"pulse:{name}-mic"
    finally:
        over.set()
        air.join()
        os.close(ears)
        os.close(microphone)


def _carry(ears: int, microphone: int, ppm: float, over: threading.Event) -> None:
    """Samples of the microphone are taken where they lie among those of the headphones."""
    fast = 1 + ppm * 1e-6
    played, first, given = np.zeros(0), 0, 0
    begun = time.perf_counter()
    while not over.wait(max(0.0, begun + (given + RATE * PIECE_S) / RATE - time.perf_counter())):
        due = int((time.perf_counter() - begun) * RATE)
        wanted = int(due * fast) + 2 - first - len(played)
        played = np.concatenate([played, _read(ears, wanted)])
        at = np.arange(given, due) * fast - first
        heard = np.interp(at, np.arange(len(played)), played) if len(played) else np.zeros(len(at))
        with contextlib.suppress(BlockingIOError):
            os.write(microphone, heard.astype("<i2").tobytes())
        given = due
        gone = max(0, int(due * fast) - 1 - first)
        played, first = played[gone:], first + gone


def _read(ears: int, frames: int) -> np.ndarray:
    """So many frames, of one channel; silence where the server has none."""
    data = b""
    with contextlib.suppress(BlockingIOError):
        data = os.read(ears, max(0, frames) * _FRAME)
    found = np.frombuffer(data[: len(data) // _FRAME * _FRAME], "<i2")[::2].astype(np.float64)
    return np.concatenate([found, np.zeros(max(0, frames - len(found)))])
