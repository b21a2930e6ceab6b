"""What a test left behind: threads, child processes, open files. Looked at before and after every test, so it has to
cost next to nothing: 0.1 ms a look; what was left is named only once something was."""

from __future__ import annotations

import contextlib
import gc
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator

import psutil
import pytest

from rigs import warm_root
from rigs.waiting import until

SETTLE_S = 30.0
"""How long a thread, a child or a socket may take to end by itself after its test."""

STANDARD_ERROR = 2
USUAL_MASK = 0o022
"""What is private is private by the program's own doing."""
os.umask(USUAL_MASK)

KINDS = (stat.S_IFREG, stat.S_IFSOCK, stat.S_IFDIR)
"""Descriptors that count: not pipes (the tracker of shared memory holds one), event handles, devices."""


@pytest.fixture(autouse=True)
def leaves_nothing_behind() -> Iterator[None]:
    """Fails the test after which a thread, a child process or an open file is still there."""
    before = [look() for look in LOOKS]
    yield
    os.umask(USUAL_MASK)  # a program that was begun in this process keeps what it writes to itself, for good
    for look, there in zip(LOOKS, before, strict=True):
        left = settled(look, there)
        assert not left, f"{LOOKS[look]} left behind: {sorted(map(named, left))}"


def settled(look: Callable[[], set[object]], before: set[object]) -> set[object]:
    """What is there beyond `before` once everything had its time to end."""
    left: set[object] = set()

    def gone() -> bool:
        nonlocal left
        left = {one for one in look() - before if counts(one)}
        if left:
            gc.collect()
            handle_events()
        return not left

    with contextlib.suppress(AssertionError):
        until(gone, limit_s=SETTLE_S, look_s=0.02)
    return left


def handle_events() -> None:
    """What Qt lets go with its next events."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.processEvents()


def threads() -> set[object]:
    """Python threads; those of AnyIO end with the loop they work for, whose own thread is among the others."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("AnyIO worker")}


def children() -> set[object]:
    """Child processes and theirs, by number; those of warm processes that were forked elsewhere count too.

    Linux lists the children of a thread. psutil asks every process of the machine for its parent: 1.7 ms.
    """
    if not sys.platform.startswith("linux"):
        return {child.pid for child in psutil.Process().children(recursive=True)}
    found: set[object] = set()
    waiting = [*warm_root.ASKED, *([os.getpid()] if has_children() else [])]
    while waiting:
        below = list(children_of(waiting.pop()))
        found.update(below)
        waiting += below
    return found


def has_children() -> bool:
    """Whether this process has any; the system says so at once, and mostly it has none."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def children_of(pid: int) -> Iterator[int]:
    """The children of each thread of a process."""
    try:
        threads_of_it = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208
    except OSError:  # it ended meanwhile
        return
    for thread in threads_of_it:
        try:
            listed = os.open(f"/proc/{pid}/task/{thread}/children", os.O_RDONLY)
            try:
                yield from map(int, os.read(listed, 65536).split())
            finally:
                os.close(listed)
        except OSError:
            continue


def lives(pid: int) -> bool:
    """Whether a process is one that was left: not a zombie, not the tracker of shared memory, which stays."""
    try:
        child = psutil.Process(pid)
        return child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(child.cmdline())
    except psutil.Error:
        return False


def open_files() -> set[object]:
    """Files and sockets by descriptor and by what it stands for (Linux). The three standard streams are not counted:
    pytest changes what they stand for, and a sound library that is silenced in a thread sets back what it found."""
    found: set[object] = set()
    if not sys.platform.startswith("linux"):
        return found
    descriptors = os.listdir("/proc/self/fd")  # noqa: PTH208
    for number in descriptors:
        if int(number) <= STANDARD_ERROR:
            continue
        try:
            file = os.fstat(int(number))
        except OSError:
            continue
        if stat.S_IFMT(file.st_mode) in KINDS:
            found.add((number, file.st_dev, file.st_ino))
    return found


def file_name(number: str) -> str:
    """What a descriptor stands for; empty for devices, memory without a name, or when it is closed."""
    try:
        name = os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115
    except OSError:
        return ""
    return "" if name.startswith(("/dev/", "/memfd:", "/proc/")) else name


LOOKS: dict[Callable[[], set[object]], str] = {threads: "threads", children: "children", open_files: "open files"}


def counts(left: object) -> bool:
    """Whether something that is there beyond what was there before is a fault; the dear questions are asked here."""
    if isinstance(left, int):
        return lives(left)
    return not isinstance(left, tuple) or bool(file_name(left[0]))


def named(left: object) -> str:
    """What was left, in words."""
    if isinstance(left, threading.Thread):
        return f"{left.name} ({left.ident})"
    if isinstance(left, tuple):
        return f"{left[0]} {file_name(left[0])}"
    try:
        return f"{left} {' '.join(psutil.Process(int(str(left))).cmdline())[:200]}"
    except psutil.Error:
        return str(left)
