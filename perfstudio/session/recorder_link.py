"""The window's end of the recorder process: starts it warm, hears it, watches its heart, replaces it when it dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from perfstudio.capture.messages import RecorderStatus
from perfstudio.capture.preview import PreviewReader
from perfstudio.model.checks import LiveReading
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Post
from perfstudio.session.losing import FRESH_S
from perfstudio.session.views import Pulse

HEART_STOPPED_S = 2.0
"""No heartbeat for this long: the process is killed and replaced."""
LOOK_S = 0.25
QUIT_S = 4.0
"""Time for a rolling take to be closed when the window ends."""


def _recorder(pipe: Connection, shared: str) -> None:
    """What the spawned process runs. Imported there, so that the window does not load what only the recorder needs."""
    from perfstudio.session.recorder_process import main  # noqa: PLC0415 - see above

    main(pipe, shared)


class RecorderLink:
    """Owns the process, its pipe, its shared picture, and the one thread that listens."""

    def __init__(self, post: Post, hear: Callable[[rm.Answer], None], died: Callable[[], None]) -> None:
        self._post = post
        self._hear = hear
        self._died = died
        self._context = multiprocessing.get_context("spawn")
        self._closing = False
        self._start()

    def send(self, command: rm.Command) -> None:
        """Ask the recorder. A dead process is noticed by the listener, not here."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, OSError):
            self._pipe.send(command)

    def pulse(self) -> Pulse:
        """The newest picture and numbers."""
        picture = self._preview.picture()
        reading, status = self._preview.facts()
        return Pulse(
            picture=picture.pixels if picture is not None else None,
            reading=reading or LiveReading(),
            elapsed_s=status.elapsed_s,
            frames=status.frames,
            bytes_on_disk=status.picture_bytes + status.sound_bytes,
            landing=_is_landing(status),
            disk_s=status.disk_s,
            dropped=status.dropped,
            sound_age_s=status.block_age_s,
            picture_age_s=status.frame_age_s,
            silent=not status.nonzero,
            battery_low=status.battery is not None,
        )

    def restart(self) -> None:
        """Replace a process that died or hangs."""
        self._stop()
        self._start()

    def close(self) -> None:
        """Let a rolling take be closed, then end the process."""
        self._closing = True
        self.send(rm.Quit())
        self._process.join(QUIT_S)
        self._stop()

    @property
    def pid(self) -> int | None:
        """The process's id, for tests that kill it."""
        return self._process.pid

    def _start(self) -> None:
        self._preview = PreviewReader()
        self._pipe, far = self._context.Pipe()
        self._process: BaseProcess = self._context.Process(
            target=_recorder, args=(far, self._preview.name), name="perfstudio-recorder", daemon=True
        )
        self._process.start()
        far.close()
        self._listener = threading.Thread(
            target=self._listen, args=(self._pipe, self._process, self._preview), name="recorder-link", daemon=True
        )
        self._listener.start()

    def _listen(self, pipe: Connection, process: BaseProcess, preview: PreviewReader) -> None:
        ready = False
        try:
            while True:
                if pipe.poll(LOOK_S):
                    answer = pipe.recv()
                    ready = ready or isinstance(answer, rm.Ready)
                    self._post(lambda answer=answer: self._hear(answer))  # type: ignore[misc]
                elif ready and (preview.beat_age_s() or 0.0) > HEART_STOPPED_S:
                    process.kill()
                    break
        except (EOFError, OSError):
            pass
        if not self._closing and process is self._process:
            self._post(self._died)

    def _stop(self) -> None:
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._listener.join()
        self._pipe.close()
        self._preview.close()


def _is_landing(status: RecorderStatus) -> bool:
    """Frames, sound that is not all zeros, and bytes on the disk have all arrived within the last second."""
    picture = status.frame_age_s is None or status.frame_age_s < FRESH_S
    sound = status.block_age_s is not None and status.block_age_s < FRESH_S and status.nonzero
    return status.rolling and picture and sound and status.sound_bytes > 0
