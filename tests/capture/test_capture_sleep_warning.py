"""The word before sleep on Windows and macOS, said by libraries of the same form as theirs (PWR-3)."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from perfstudio.capture.system.sleep_warning import (
    SleepCall,
    SuspendSubscription,
    for_system,
    on_linux,
    on_mac,
    on_windows,
)
from rigs.waiting import until


class PowrProf:
    """powrprof.dll: calls back when it is told to, and notes what it is asked."""

    def __init__(self, refuses: int = 0) -> None:
        self.refuses = refuses
        self.asked: list[str] = []
        self.call: Callable[[int], int] = lambda kind: -1

    def PowerRegisterSuspendResumeNotification(self, flags: int, recipient: Any, handle: Any) -> int:  # noqa: N802
        assert flags == 2
        row = ctypes.cast(recipient, ctypes.POINTER(SuspendSubscription))[0]
        form = ctypes.CFUNCTYPE(ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p)
        function = form(row.callback)
        self.call = lambda kind: function(None, kind, None)
        self.asked.append("register")
        return self.refuses

    def PowerUnregisterSuspendResumeNotification(self, handle: Any) -> int:  # noqa: N802
        self.asked.append("unregister")
        return 0


class IOKit:
    """The half of it that is called here; its run loop says that the computer sleeps when it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says: SimpleQueue[int] = SimpleQueue()
        self.told: Any = None

    def IORegisterForSystemPower(self, context: Any, port: Any, told: Any, notifier: Any) -> int:  # noqa: N802
        self.told = told
        return 7

    def IOAllowPowerChange(self, root: int, argument: int) -> None:  # noqa: N802
        self.asked.append(f"allow {root} {argument}")

    def __getattr__(self, name: str) -> Any:
        def noted(*words: Any) -> int:
            self.asked.append(name)
            return 1

        return noted

    def CFRunLoopRunInMode(self, mode: Any, seconds: float, once: int) -> None:  # noqa: N802
        with suppress(Empty):
            self.told(None, 0, self.says.get(timeout=seconds), 42)


@pytest.fixture
def warned() -> SleepCall:
    over, closed = threading.Event(), []

    def close() -> None:
        closed.append(1)
        over.set()  # the take is closed, and what held the request gives it back

    return SleepCall(over, threading.Event(), close)


def on_a_thread(work: Callable[[], None], active: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    until(active.is_set, "the system has agreed")
    return thread


def test_windows_waits_for_the_take(warned: SleepCall) -> None:
    library = PowrProf()
    thread = on_a_thread(lambda: on_windows(warned, library), warned.active)
    assert library.call(18) == 0  # PBT_APMRESUMEAUTOMATIC: nothing is closed
    assert not warned.over.is_set()
    assert library.call(4) == 0
    assert warned.over.is_set()
    thread.join()
    assert library.asked == ["register", "unregister"]


def test_windows_that_refuses_is_no_trouble(warned: SleepCall) -> None:
    library = PowrProf(refuses=5)
    on_windows(warned, library)
    assert not warned.active.is_set()
    assert library.asked == ["register"]


def test_macos_waits_for_the_take_and_is_then_allowed(warned: SleepCall) -> None:
    kit = IOKit()
    thread = on_a_thread(lambda: on_mac(warned, (kit, kit)), warned.active)
    for kind in (0xE0000270, 0xE0000300, 0xE0000280):  # may it, it woke, it will
        kit.says.put(kind)
    until(warned.over.is_set, "the take is closed")
    thread.join()
    assert [word for word in kit.asked if word.startswith("allow")] == ["allow 7 42"] * 2
    assert {"IODeregisterForSystemPower", "IOServiceClose", "IONotificationPortDestroy"} <= set(kit.asked)


def test_each_system_has_its_way() -> None:
    assert [for_system(system) for system in ("linux", "win32", "darwin")] == [on_linux, on_windows, on_mac]
