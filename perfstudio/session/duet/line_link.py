"""The process of a line, seen from whoever started it."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self, TypeVar

from perfstudio.call.messages import (
    BY_HAND_S,
    LINGER_S,
    AllSaid,
    Described,
    Failed,
    LineMeasured,
    LineOpen,
    LineOrder,
    PaperCame,
    PeerSaid,
    PlayOrder,
    SayPaper,
)
from perfstudio.call.papers import MOST_PAPER
from perfstudio.model.base import Document
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.session.child_process import has_spoken

_WAIT_S: Final = 60.0
"""Longer than the process waits for anything itself."""
_LOOK_S: Final = 0.2
_END_S: Final = 5.0
Said = TypeVar("Said", bound=Document)
M = TypeVar("M", Described, LineOpen, LineMeasured, PaperCame)


def _line(pipe: Connection) -> None:
    """What the spawned process runs; imported there, so that nobody else loads what only it needs."""
    from perfstudio.session.duet.line_media import run_line_here  # noqa: PLC0415 - see above

    run_line_here(pipe)


class LineLink:
    """A context manager; the process ends with it. Raises CallError from every wait, and DUET_STOPPED once `stop` is
    set."""

    def __init__(self, order: LineOrder | PlayOrder, stop: threading.Event) -> None:
        self._order = order
        self._stop = stop
        context = multiprocessing.get_context("spawn")
        self._pipe, there = context.Pipe()
        self._process = context.Process(target=_line, args=(there,), name="perfstudio-line", daemon=True)
        self._process.start()
        there.close()

    def __enter__(self) -> Self:
        self.send(self._order)
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        self._pipe.close()
        self._process.join(_END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    @property
    def tap(self) -> str | None:
        """The ring that this side's voice is read from; None: the line carries no voice."""
        media = self._order.media if isinstance(self._order, PlayOrder) else None
        return media.microphone if media is not None else None

    def described(self) -> str:
        """How this side can be reached."""
        return self._next(Described).text

    def tell(self, text: str) -> None:
        """How the other side can be reached."""
        self.send(PeerSaid(text))

    def wait_open(self) -> None:
        """Until the line stands."""
        self._next(LineOpen, BY_HAND_S if self._order.by_hand else 0.0)

    def say(self, paper: Document) -> None:
        """A document that the other side is to hear, before the line is used."""
        self.send(SayPaper(paper.canonical()))

    def said(self, kind: type[Said]) -> Said:
        """The document of this kind that the other side says. Raises CallError: DUET_NO_SENSE for another one,
        DUET_SILENT where none comes."""
        try:
            return read_document(self._next(PaperCame, late=ErrorCode.DUET_SILENT).text, kind, limit=MOST_PAPER)
        except JsonProblemError:
            raise CallError(ErrorCode.DUET_NO_SENSE) from None

    def all_said(self) -> None:
        """Nothing more is to be agreed on."""
        self.send(AllSaid())

    def measured(self) -> LineMeasured:
        """What the line is like."""
        seconds = self._order.seconds if isinstance(self._order, LineOrder) else 0.0
        return self._next(LineMeasured, seconds + LINGER_S)

    def heard(self) -> object | None:
        """Whatever the process tells next; None: it has ended, or the line is let go. From one thread."""
        try:
            has_spoken(self._pipe, self._process)
            told: object = self._pipe.recv()
        except (EOFError, OSError, ValueError):
            return None
        return told

    def send_if_there(self, message: object) -> None:
        """Tell the process; nothing when it is gone."""
        with contextlib.suppress(CallError):
            self.send(message)

    def send(self, message: object) -> None:
        """Tell the process. Raises CallError(DUET_LINE_DIED)."""
        try:
            self._pipe.send(message)
        except OSError:
            raise CallError(ErrorCode.DUET_LINE_DIED) from None

    def _wait(self, limit_s: float, late: ErrorCode) -> None:
        for _ in range(round(limit_s / _LOOK_S)):
            if has_spoken(self._pipe, self._process, _LOOK_S):
                return
            if self._stop.is_set():
                raise CallError(ErrorCode.DUET_STOPPED)
        raise CallError(late)

    def _next(self, kind: type[M], more_s: float = 0.0, late: ErrorCode = ErrorCode.DUET_LINE_DIED) -> M:
        try:
            self._wait(_WAIT_S + more_s, late)
            told = self._pipe.recv()
        except (EOFError, OSError):
            raise CallError(ErrorCode.DUET_LINE_DIED) from None
        if isinstance(told, Failed):
            raise told.problem
        if not isinstance(told, kind):
            raise CallError(ErrorCode.DUET_LINE_DIED)
        return told
