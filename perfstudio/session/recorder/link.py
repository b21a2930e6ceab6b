"""The window's end of the recorder process: starts it warm, hears it, watches its heart, replaces it when it dies.

A process that dies is replaced at once, whoever asked it for whatever; one that dies before it listens is replaced when
something is asked the next time, so that a program that cannot start does not try for ever.

It is replaced too when its devices are closed after a take: codecs and checks leave some 20 MB with their process,
which the next take could not use. The new one is warm before the review has been watched. Where the program's files
were replaced meanwhile it stays: a newer recorder would not know this window.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from enum import Enum, auto
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from perfstudio.capture.recording.preview import PreviewReader
from perfstudio.model.checks import LiveReading
from perfstudio.model.loss_limits import ARRIVING_S
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import RunOnOwner
from perfstudio.session.child_process import has_spoken
from perfstudio.session.views import Pulse

HEART_STOPPED_S = 15.0
"""No heartbeat in so many seconds of looking: the process is killed and replaced. A slow disk at the first start or a
computer out of memory holds a healthy process up for seconds, and must not cost it the take: that nothing arrives is
said long before."""
POLL_S = 0.25
QUIT_S = 4.0
"""Time for a rolling take to be closed when the window ends."""


def _recorder(pipe: Connection, shared: str) -> None:
    """What the spawned process runs. Imported there, so that the window does not load what only the recorder needs."""
    from perfstudio.session.recorder.process import main  # noqa: PLC0415 - see above

    main(pipe, shared)


class _Life(Enum):
    """Where the process is in its life."""

    FRESH = auto()  # started; it has made nothing
    WORN = auto()  # it has made a take
    RETIRING = auto()  # it lets its devices go and ends; what is asked meanwhile waits for the next one
    ABSENT = auto()  # it died before it listened; what is asked next starts another
    CLOSED = auto()


class RecorderLink:
    """Owns the process, its pipe, its shared picture, and the one thread that listens."""

    _life: _Life
    _waiting: list[rm.Command]

    def __init__(
        self,
        post: RunOnOwner,
        hear: Callable[[rm.Answer], None],
        died: Callable[[], None],
        may_renew: Callable[[], bool],
    ) -> None:
        self._post = post
        self._hear = hear
        self._died = died
        self._may_renew = may_renew
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def send(self, command: rm.Command) -> None:
        """Ask the recorder. A dead process is noticed by the listener, not here."""
        if self._life is _Life.ABSENT:
            self._restart()
        if self._life is _Life.RETIRING:
            self._waiting.append(command)
        elif isinstance(command, rm.Shut) and self._life is _Life.WORN and self._may_renew():
            self._life = _Life.RETIRING
            self._tell(rm.Quit())
        else:
            self._tell(command)

    def pulse(self) -> Pulse:
        """The newest picture and numbers."""
        picture = self._preview.picture()
        reading, status = self._preview.facts()
        return Pulse(picture.pixels if picture is not None else None, reading or LiveReading(), status)

    def close(self) -> None:
        """Let a rolling take be closed, then end the process."""
        self._life = _Life.CLOSED
        self._tell(rm.Quit())
        self._process.join(QUIT_S)
        self._stop()

    def _tell(self, command: rm.Command) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, OSError):
            self._pipe.send(command)

    def _heard(self, answer: rm.Answer) -> None:
        if isinstance(answer, rm.TakeProcessed) and self._life is _Life.FRESH:
            self._life = _Life.WORN
        self._hear(answer)

    def _ended(self, *, was_ready: bool) -> None:
        """The process is gone, and everything it said has been heard."""
        match self._life:
            case _Life.CLOSED:
                pass
            case _Life.RETIRING:  # the new one hears what was asked meanwhile
                waiting = self._waiting
                self._restart()
                for command in waiting:
                    self.send(command)
            case _:
                if was_ready:
                    self._restart()
                else:
                    self._life = _Life.ABSENT
                self._died()

    def _restart(self) -> None:
        self._stop()
        self._start()

    def _start(self) -> None:
        self._life = _Life.FRESH
        self._waiting = []
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
        still = 0  # looks in a row, not seconds: a window that is held up itself, or slept, looks less often
        try:
            while still * POLL_S < HEART_STOPPED_S:
                if has_spoken(pipe, process, POLL_S):
                    answer = pipe.recv()
                    ready = ready or isinstance(answer, rm.Ready)
                    self._post(lambda answer=answer: self._heard(answer))  # type: ignore[misc]
                still = still + 1 if ready and (preview.beat_age_s() or 0.0) > ARRIVING_S else 0
            process.kill()
        except (EOFError, OSError):
            pass
        self._post(lambda: self._ended(was_ready=ready))

    def _stop(self) -> None:
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._listener.join()
        self._pipe.close()
        self._preview.close()
