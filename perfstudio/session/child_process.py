"""Work in a process that ends with its answer: what codecs load and leave behind does not stay with the window, and
what brings that process down does not bring the window down."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from perfstudio.model.errors import PerfstudioError

T = TypeVar("T")


def run_in_child_process(name: str, work: Callable[..., T], *args: object) -> T:
    """What `work(*args)` returns or raises as PerfstudioError; EOFError when its process ended without an answer.

    `work` is a function of a module that both processes import; what is heavy it imports itself.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there, work, args), name=f"perfstudio-{name}", daemon=True)
    process.start()
    there.close()
    try:
        answer: T | PerfstudioError = here.recv()
    finally:
        here.close()
        process.join()
    if isinstance(answer, PerfstudioError):
        raise answer
    return answer


def _work(pipe: Connection, work: Callable[..., Any], args: tuple[object, ...]) -> None:
    os.umask(0o077)
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
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
