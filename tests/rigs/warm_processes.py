"""Child processes of the program from a process that has imported what they need, so that a test does not pay a second
for each recorder. They stay processes of their own; only their start differs. Linux only."""

from __future__ import annotations

import gc
import multiprocessing
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import connection, forkserver, resource_tracker
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rigs import warm_root

if TYPE_CHECKING:
    import pytest

WARM: WarmContext | None = None
"""What "spawn" means now, where it means another thing."""
LOADED = [
    "numpy.ma", "av.subtitles.stream", "wakepy.modes", "wakepy.dbus_adapters.jeepney",
    "perfstudio.capture.open_device", "perfstudio.capture.practice.camera", "perfstudio.capture.practice.microphone",
    "perfstudio.session.recorder.process", "perfstudio.session.takes.processing", "perfstudio.session.session",
    "soundfile", "rigs.warm_program", "rigs.rehearsed",
]  # fmt: skip
_get_context = multiprocessing.get_context


class WarmContext:
    """In the place of the "spawn" context: what the program asks of it."""

    def __init__(self) -> None:
        self._context: Any = _get_context("forkserver")
        self.Pipe = self._context.Pipe
        self._begun: list[BaseProcess] = []

    def Process(self, *, target: Callable[..., object], args: tuple[Any, ...], **more: Any) -> BaseProcess:  # noqa: N802
        """As `multiprocessing.Process`; the child has the environment and folder of this moment, as a spawned one."""
        begun: BaseProcess = self._context.Process(
            target=begin, args=(dict(os.environ), str(Path.cwd()), target, args), **more
        )
        self._begun[:] = [p for p in self._begun if p.is_alive() or p.pid is None]
        self._begun.append(begun)
        return begun

    def running(self, name: str) -> Iterator[int]:
        """Process ids of what was begun under a name and still runs."""
        yield from (p.pid for p in self._begun if p.name == name and p.is_alive() and p.pid is not None)


def begin(env: dict[str, str], folder: str, target: Callable[..., object], args: tuple[Any, ...]) -> None:
    """In the child: what a spawned one would have inherited."""
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    gc.freeze()  # what is inherited stays, and stays shared: nothing looks through it for garbage
    target(*args)


@contextmanager
def warm_processes() -> Iterator[None]:
    """While it lasts, "spawn" means a fork of the warm process, which is started at once."""
    multiprocessing.set_forkserver_preload(LOADED)
    import pytest  # here: a child that unpickles `begin` does without

    global WARM
    with pytest.MonkeyPatch.context() as one_for_all:
        if not _forked_from_the_root(one_for_all):
            one_for_all.setenv("PYTHONPATH", os.pathsep.join(sys.path))
            forkserver.ensure_running()
        _spawn_is_warm()
        try:
            yield
        finally:
            multiprocessing.get_context, WARM = _get_context, None


def _forked_from_the_root(patch: pytest.MonkeyPatch) -> bool:
    """Have the warm process forked where there is a warm root, and make it known in the place of one that this process
    would start."""
    ours, alive = forkserver._forkserver, os.pipe()  # type: ignore[attr-defined]
    address = connection.arbitrary_address("AF_UNIX")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        streams = [os.open(os.devnull, os.O_RDONLY), 1, 2]
        forked = warm_root.forked(f"{__name__}:serve", [], [*streams, door.fileno(), alive[0]])
        for descriptor in (streams[0], alive[0]):
            os.close(descriptor)
    if not forked:
        os.close(alive[1])
        return False
    for name, value in {"_address": address, "_alive_fd": alive[1]}.items():
        patch.setattr(ours, f"_forkserver{name}", value)
    patch.setattr(ours, "ensure_running", lambda: None)
    return True


def serve(door: int, alive: int) -> None:
    """In the warm process: it ends with the last one who holds the other end of `alive`."""
    forkserver.main(door, alive, [])


def stay_warm() -> None:
    """In a child of the warm process that stands for a program: what it begins is forked from the warm process too.

    Python would start a second one. What it shares it cleans up itself, as a program does.
    """
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[attr-defined]
    resource_tracker._resource_tracker._fd = None  # type: ignore[attr-defined]
    resource_tracker.ensure_running()
    _spawn_is_warm()


def _spawn_is_warm() -> None:
    global WARM  # noqa: PLW0603 - of this process, as the context
    WARM = warm = WarmContext()

    def context(method: str | None = None) -> BaseContext | WarmContext:
        return warm if method == "spawn" else _get_context(method)

    multiprocessing.get_context = context  # type: ignore[assignment]
