"""A camera on loopback that sends multipart MJPEG, in good and bad ways, for tests through the real OpenCV back end.

    with HttpCamera() as camera:                    # the practice figure, on this process's practice clock
        cv2.VideoCapture(camera.url)
        camera.mode = "stall"                       # takes effect at once

Modes: ok · stall (nothing comes, the line stays open) · reset (connection reset) · reset_once · close ·
never_answers · not_found · truncated (half of every JPEG) · garbage · black · same (one picture for ever) ·
resize (another size) · slow (7 pictures a second) · burst (nothing for `hold_s`, then all of it at once).
`after` pictures are sent in good order before a mode given at the start sets in.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from perfstudio.capture.practice.picture import PracticePicture
from perfstudio.capture.practice.plan import to_practice_s
from perfstudio.capture.practice.script import PracticeScript, parse_script
from perfstudio.model.clock import host_ns

_BOUNDARY = b"rigframe"
_REFUSING = ("never_answers", "not_found")


class HttpCamera:
    """One server on a free port of 127.0.0.1; every connection gets the same pictures on a thread of its own."""

    def __init__(
        self,
        mode: str = "ok",
        *,
        size: tuple[int, int] = (640, 360),
        fps: float = 30.0,
        after: int = 20,
        hold_s: float = 3.0,
        practice_id: str = "practice",
        folder: Path | None = None,
        quality: int = 90,
    ) -> None:
        self.mode = "ok" if mode not in _REFUSING and after else mode
        self._later = mode
        self._after = after
        self._hold_s = hold_s
        self._fps = fps
        self.sent: deque[tuple[int, int, float]] = deque(maxlen=100_000)
        """Number, host_ns and practice time of every picture sent in good order, of all connections."""
        self.halves = 0
        """How many of them were cut off in the middle."""
        self._jpegs = _Jpegs(size, practice_id, folder, quality)
        self._over = threading.Event()
        self._lines: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, name="http-camera", daemon=True).start()

    def __enter__(self) -> HttpCamera:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The camera's address."""
        return f"http://127.0.0.1:{self._port}/camera.mjpg"

    def stop(self) -> None:
        """End every connection and the server."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # closing alone does not wake a thread that accepts
        self._server.close()
        for line in tuple(self._lines):
            _reset(line)

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            self._lines.add(line)
            threading.Thread(target=self._serve, args=(line,), name="http-camera-line", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            line.recv(4096)
            self._stream(line)
        except OSError:
            return
        finally:
            self._lines.discard(line)
            line.close()

    def _stream(self, line: socket.socket) -> None:
        if self.mode == "never_answers":
            self._over.wait()
            return
        if self.mode == "not_found":
            line.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        line.sendall(
            b"HTTP/1.0 200 OK\r\nCache-Control: no-cache\r\n"
            b"Content-Type: multipart/x-mixed-replace; boundary=" + _BOUNDARY + b"\r\n\r\n"
        )
        held: list[bytes] = []
        hold_until = 0.0
        count, number = 0, int(to_practice_s(host_ns()) * self._fps) + 2
        while not self._over.is_set():
            if count == self._after and self._later != "ok":
                self.mode, self._later = self._later, "ok"
            mode = self.mode
            if mode in ("stall", "reset", "reset_once", "close"):
                self._fail(line, mode)
                return
            at = number / self._fps
            jpeg = self._jpegs.at(at, mode)
            number += round(self._fps / 7) if mode == "slow" else 1
            if self._over.wait(max(0.0, at - to_practice_s(host_ns()))):
                return
            part = b"--" + _BOUNDARY + b"\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
            held.append(part + jpeg + b"\r\n")
            if mode == "burst":
                hold_until = hold_until or at + self._hold_s
                if at < hold_until:
                    continue
                self.mode = "ok"
            hold_until = 0.0
            line.sendall(b"".join(held))
            held.clear()
            self.sent.append((count, host_ns(), at))
            self.halves += mode == "truncated"
            count += 1

    def _fail(self, line: socket.socket, mode: str) -> None:
        if mode == "stall":
            self._over.wait()
        elif mode == "reset_once":
            self.mode = "ok"
        if mode in ("reset", "reset_once"):
            _reset(line)


class _Jpegs:
    """Makes the pictures: the practice figure at a time, or the files of a folder in turn."""

    def __init__(self, size: tuple[int, int], practice_id: str, folder: Path | None, quality: int) -> None:
        script = parse_script(practice_id) or PracticeScript()
        self._size = size
        self._files: Sequence[bytes] = [p.read_bytes() for p in sorted(folder.glob("*.jp*g"))] if folder else []
        self._picture = PracticePicture(*size, script) if not self._files else None
        self._quality = [cv2.IMWRITE_JPEG_QUALITY, quality]
        self._kept: bytes | None = None
        self._count = 0
        self._lock = threading.Lock()
        self._spoil: dict[str, Callable[[bytes], bytes]] = {
            "truncated": lambda jpeg: jpeg[: len(jpeg) // 2],
            "garbage": lambda jpeg: np.random.default_rng(1).bytes(len(jpeg)),
        }

    def at(self, at_s: float, mode: str) -> bytes:
        """The picture of a practice time, in a mode."""
        with self._lock:
            if mode == "black":
                return self._encode(np.zeros((self._size[1], self._size[0], 3), np.uint8))
            if mode == "same":
                self._kept = self._kept or self._good(at_s)
                return self._kept
            if mode == "resize":
                return self._encode(np.full((240, 320, 3), 90, np.uint8))
            return self._spoil.get(mode, bytes)(self._good(at_s))

    def _good(self, at_s: float) -> bytes:
        if self._picture is not None:
            return self._encode(self._picture.draw(at_s))
        self._count += 1
        return self._files[self._count % len(self._files)]

    def _encode(self, image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
        return cv2.imencode(".jpg", image, self._quality)[1].tobytes()


def _reset(line: socket.socket) -> None:
    """Close with a reset, as a pulled plug looks like."""
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RD)
        line.close()
    except OSError:
        return
