"""Where the whole suite runs, the warm processes of all its workers (`rigs.warm_processes`, `rigs.verb_server`) are
forked from one that has imported the program and nothing of the tests: its imports are paid once, and what is forked
from it shares them. Linux only."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
from collections.abc import Iterable
from pathlib import Path

AT = "PERFSTUDIO_TESTS_WARM_ROOT"
"""The variable that names its door."""

ASKED: list[int] = []
"""The processes that this one asked for. They are not its children, and nor is what they begin."""

REHEARSED = "rigs.rehearsed"
"""Comes last: it builds what all others define."""
MOST_DESCRIPTORS = 8
STREAMS = 3


def forked(function: str, words: list[str], descriptors: list[int]) -> bool:
    """Have `module:function(*words, *descriptors)` run in a fork of the warm root, if there is one. The first three
    descriptors become its standard streams; the rest it gets by number."""
    if AT not in os.environ:
        return False
    order = json.dumps({"function": function, "words": words, "folder": str(Path.cwd())})
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.connect(os.environ[AT])
        socket.send_fds(line, [order.encode()], descriptors)
        ASKED.append(int(line.recv(64)))
    return True


def begin(address: str, modules: Iterable[str], not_its: int) -> None:
    """Leave a fork of this process behind that has imported `modules`, and waits for orders until standard input ends.
    This process has imported them too; it must have one thread, and keeps the descriptor `not_its` for itself."""
    for name in (*(name for name in modules if name != REHEARSED), REHEARSED):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(address)
        door.listen()
        os.environ[AT] = address
        if not os.fork():
            os.close(not_its)
            try:
                _serve(door)
            finally:
                os._exit(0)


def _serve(door: socket.socket) -> None:
    """A fork for each order."""
    import gc
    import select

    gc.collect()
    gc.freeze()  # what is inherited stays, and stays shared: nothing looks through it for garbage
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    while door in select.select([door, 0], [], [])[0]:
        line, _ = door.accept()
        with line:
            order, descriptors, _, _ = socket.recv_fds(line, 1 << 16, MOST_DESCRIPTORS)
            pid = os.fork()
            if not pid:
                _become(json.loads(order), descriptors, (door, line))
            line.sendall(str(pid).encode())
            for descriptor in descriptors:
                os.close(descriptor)


def _become(order: dict[str, str], descriptors: list[int], ours: tuple[socket.socket, ...]) -> None:
    """In the fork: what was asked for, to its end."""
    code = 1
    try:
        for line in ours:
            line.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        del os.environ[AT]
        for place, descriptor in enumerate(descriptors[:STREAMS]):
            os.dup2(descriptor, place)
            os.close(descriptor)
        os.chdir(order["folder"])
        module, _, name = order["function"].partition(":")
        getattr(importlib.import_module(module), name)(*order["words"], *descriptors[STREAMS:])
        code = 0
    finally:
        os._exit(code)
