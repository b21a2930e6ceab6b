"""What every test gets: a home of its own, no way to the real keyring, a screen, a look at what it left behind."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from rigs.warm_processes import warm_processes

SETTLE_S = 5.0
"""How long a thread, a child or a socket may take to end by itself after its test."""

ORDINARY = ("bench", "soak")
"""Marks that ask for their own command: `pytest -m bench`."""

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # no window manager is needed there to give a window the focus
os.environ.pop("WAYLAND_DISPLAY", None)
os.umask(0o022)  # the usual one: what is private is private by the program's own doing
os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={os.devnull}"
for _variable in ("PYTHON_KEYRING_BACKEND", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(_variable, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what measures for minutes, unless it was asked for by its mark."""
    asked = config.getoption("-m")
    left_out = [i for i in items if any(i.get_closest_marker(m) and m not in asked for m in ORDINARY)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True, scope="session")
def children_start_warm() -> Iterator[None]:
    """A recorder that a test starts has its imports behind it (`rigs.warm_processes`)."""
    if not sys.platform.startswith("linux"):
        yield
        return
    with warm_processes():
        yield


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PERFSTUDIO_HOME, empty, for this test alone."""
    folder = tmp_path / "perfstudio-home"
    monkeypatch.setenv("PERFSTUDIO_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def leaves_nothing_behind() -> Iterator[None]:
    """Fails the test after which a thread, a child process or an open file is still there."""
    looks: dict[str, Callable[[], set[str]]] = {"threads": threads, "children": children, "open files": open_files}
    before = {what: look() for what, look in looks.items()}
    yield
    for what, look in looks.items():
        left = settled(look, before[what])
        assert not left, f"{what} left behind: {sorted(left)}"


def settled(look: Callable[[], set[str]], before: set[str]) -> set[str]:
    """What is there beyond `before` once everything had its time to end."""
    until = time.monotonic() + SETTLE_S
    while left := look() - before:
        if time.monotonic() > until:
            return left
        gc.collect()
        handle_events()
        time.sleep(0.02)
    return set()


def handle_events() -> None:
    """Qt lets a file go that was still being loaded when its player closed; it does so with its next events."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.processEvents()


def threads() -> set[str]:
    """Python threads, by name and number."""
    return {f"{thread.name} ({thread.ident})" for thread in threading.enumerate()}


def children() -> set[str]:
    """Child processes and theirs; Python's own tracker of shared memory stays for the life of the process."""
    found = set()
    for child in descendants():
        try:
            line = " ".join(child.cmdline())
            if child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in line:
                found.add(f"{child.pid} {line[:200]}")
        except psutil.NoSuchProcess:
            continue
    return found


def descendants() -> Iterator[psutil.Process]:
    """Every process below this one. Linux lists a thread's children; psutil asks every process of the machine for
    its parent, which costs 1.7 ms twice a test."""
    if not Path("/proc/self/task").is_dir():
        yield from psutil.Process().children(recursive=True)
        return
    waiting = [os.getpid()]
    while waiting:
        for listed in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            with contextlib.suppress(OSError, psutil.NoSuchProcess):  # a thread or a child that ends meanwhile
                for pid in map(int, listed.read_text().split()):
                    waiting.append(pid)
                    yield psutil.Process(pid)


def open_files() -> set[str]:
    """Files and sockets by descriptor (Linux). Devices, event handles and memory without a name do not count,
    nor do pipes: the tracker of shared memory holds one."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return set()
    found = set()
    for entry in folder.iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if not target.startswith(("anon_inode:", "pipe:", "/dev/", "/memfd:", "/proc/")):
            found.add(f"{entry.name} {target}")
    return found
