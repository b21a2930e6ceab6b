"""Work in a process that ends with its answer: what codecs load and leave behind does not stay with the window, and
what brings that process down does not bring the window down."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeVar

from perfstudio.model.errors import PerfstudioError

T = TypeVar("T")


def run_in_child_process(name: str, work: Callable[..., T], *args: object) -> T:
    """What `work(*args)` returns or raises as PerfstudioError; EOFError when its process ended without an answer.

    `work` is a function of a module that both processes import; what is heavy it imports itself. It is handed over when
    the process has said that it is there: what is given to one at its start is written to a pipe of which we keep the
    other end until it reads, and one that ends before would leave us writing for ever.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there,), name=f"perfstudio-{name}", daemon=True)
    process.start()
    there.close()
    try:
        has_spoken(here, process)
        here.recv()
        here.send((work, args))
        has_spoken(here, process)
        answer: T | PerfstudioError = here.recv()
    except ConnectionError:
        raise EOFError from None
    finally:
        here.close()
        process.join()
    if isinstance(answer, PerfstudioError):
        raise answer
    return answer


def has_spoken(pipe: Connection, process: BaseProcess, limit_s: float | None = None) -> bool:
    """Wait until there is something to receive, or so many seconds (False). EOFError when the process is gone and has
    left nothing: on Windows one that ends before it takes its end of the pipe leaves it with us, and the pipe open."""
    told = wait([pipe, process.sentinel], limit_s)
    if told and pipe not in told:
        raise EOFError
    return bool(told)


def _work(pipe: Connection) -> None:
    os.umask(0o077)
    try:
        pipe.send(None)
        work, args = pipe.recv()
    except (EOFError, OSError):
        os._exit(1)
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    answer: object
    try:
        answer = work(*args)
    except PerfstudioError as problem:
        answer = problem
    pipe.send(answer)


def _end_with(pipe: Connection) -> None:
    """Nobody waits any more: whoever begins the work again must be alone with its files."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        os._exit(1)
