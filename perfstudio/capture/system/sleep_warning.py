"""A word before the computer sleeps, and a moment to close the take in.

    Linux     logind's delay lock and its signal PrepareForSleep (org.freedesktop.login1(5)): some seconds, by its rules
    macOS     IORegisterForSystemPower and IOAllowPowerChange (Apple, QA1340): up to 30 seconds. Not run: from there.
    Windows   PowerRegisterSuspendResumeNotification with a callback (learn.microsoft.com, powerbase.h): about two
              seconds. Tried against a library of the same form; Wine's registers, and never sleeps.

Each returns when it is over, or once it has called; each may raise anything where the system offers no such word: then
a sleep is found afterwards (`sleep_detector`).
"""

from __future__ import annotations

import ctypes
import ctypes.util
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_POLL_S: Final = 0.5
_ANSWER_S: Final = 5.0
_LINUX_S: Final = 5.0
_MAC_S: Final = 20.0
_WINDOWS_S: Final = 1.5

_BUS_NAME: Final = "org.freedesktop.login1"
_PATH: Final = "/org/freedesktop/login1"
_INTERFACE: Final = "org.freedesktop.login1.Manager"

_CALLBACK, _SUSPENDS = 2, 4
"""DEVICE_NOTIFY_CALLBACK of winuser.h, PBT_APMSUSPEND."""

_MAY_SLEEP, _WILL_SLEEP = 0xE0000270, 0xE0000280
"""kIOMessageCanSystemSleep, kIOMessageSystemWillSleep of IOMessage.h."""
_UTF8: Final = 0x08000100
"""kCFStringEncodingUTF8."""


@dataclass(frozen=True, slots=True)
class SleepCall:
    """What a system's way is given: `over` ends the wait, `active` is set once the system has agreed, `called` closes
    the take."""

    over: threading.Event
    active: threading.Event
    called: Callable[[], None]

    def close(self, within_s: float) -> None:
        """The computer is about to sleep: returns once the take is closed, or the time is over."""
        self.called()
        self.over.wait(within_s)


Warn = Callable[[SleepCall], None]


def on_linux(call: SleepCall) -> None:
    """While logind's lock is held, sleep waits."""
    from jeepney import DBusAddress, MatchRule, message_bus, new_method_call  # noqa: PLC0415 - Linux only
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415 - as above

    manager = DBusAddress(_PATH, bus_name=_BUS_NAME, interface=_INTERFACE)
    rule = MatchRule(type="signal", interface=_INTERFACE, member="PrepareForSleep", path=_PATH)
    with open_dbus_connection("SYSTEM", enable_fds=True) as bus, bus.filter(rule) as signals:
        bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=_ANSWER_S)
        reasons = ("sleep", "perfstudio", "A take is being closed.", "delay")
        asked = new_method_call(manager, "Inhibit", "ssss", reasons)
        (lock,) = bus.send_and_get_reply(asked, timeout=_ANSWER_S).body
        with lock:
            call.active.set()
            while not call.over.is_set():
                if _goes_to_sleep(bus, signals):
                    call.close(_LINUX_S)
                    return


def _goes_to_sleep(bus: Any, signals: Any) -> bool:
    try:
        (begins,) = bus.recv_until_filtered(signals, timeout=_POLL_S).body
    except TimeoutError:
        return False
    return bool(begins)


class SuspendSubscription(ctypes.Structure):
    """What Windows is given: DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS."""

    _fields_ = (("callback", ctypes.c_void_p), ("context", ctypes.c_void_p))


def on_windows(call: SleepCall, library: Any = None) -> None:
    """Sleep waits while the callback works. `library` stands in for powrprof.dll in tests."""
    powrprof: Any = library or ctypes.WinDLL("powrprof")  # type: ignore[attr-defined,unused-ignore]
    form = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)

    def told(context: int, kind: int, setting: int) -> int:
        if kind == _SUSPENDS:
            call.close(_WINDOWS_S)
        return 0

    callback = form(ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p)(told)
    recipient = SuspendSubscription(ctypes.cast(callback, ctypes.c_void_p), None)
    handle = ctypes.c_void_p()
    if powrprof.PowerRegisterSuspendResumeNotification(_CALLBACK, ctypes.byref(recipient), ctypes.byref(handle)):
        return
    try:
        call.active.set()
        call.over.wait()
    finally:
        powrprof.PowerUnregisterSuspendResumeNotification(handle)


def on_mac(call: SleepCall, libraries: tuple[Any, Any] | None = None) -> None:
    """Sleep waits until it is allowed. `libraries` stands in for IOKit and CoreFoundation in tests."""
    kit, core = libraries or _frameworks()
    root = 0

    def told(context: int, service: int, kind: int, argument: int) -> None:
        if kind == _WILL_SLEEP:
            call.close(_MAC_S)
        if kind in (_WILL_SLEEP, _MAY_SLEEP):
            kit.IOAllowPowerChange(root, argument)

    form = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p)
    callback, port, notifier = form(told), ctypes.c_void_p(), ctypes.c_uint32()
    root = kit.IORegisterForSystemPower(None, ctypes.byref(port), callback, ctypes.byref(notifier))
    if not root:
        return
    mode = core.CFStringCreateWithCString(None, b"kCFRunLoopDefaultMode", _UTF8)
    try:
        core.CFRunLoopAddSource(core.CFRunLoopGetCurrent(), kit.IONotificationPortGetRunLoopSource(port), mode)
        call.active.set()
        while not call.over.is_set():
            core.CFRunLoopRunInMode(mode, _POLL_S, 0)
    finally:
        kit.IODeregisterForSystemPower(ctypes.byref(notifier))
        kit.IOServiceClose(root)
        kit.IONotificationPortDestroy(port)
        core.CFRelease(mode)


def _frameworks() -> tuple[Any, Any]:
    kit: Any = ctypes.CDLL(ctypes.util.find_library("IOKit"))
    core: Any = ctypes.CDLL(ctypes.util.find_library("CoreFoundation"))
    pointer, number = ctypes.c_void_p, ctypes.c_uint32
    kit.IORegisterForSystemPower.restype = number
    kit.IORegisterForSystemPower.argtypes = (pointer, pointer, pointer, pointer)
    kit.IOAllowPowerChange.argtypes = (number, ctypes.c_long)
    kit.IONotificationPortGetRunLoopSource.restype = pointer
    kit.IONotificationPortGetRunLoopSource.argtypes = (pointer,)
    kit.IONotificationPortDestroy.argtypes = (pointer,)
    kit.IOServiceClose.argtypes = (number,)
    core.CFStringCreateWithCString.restype = pointer
    core.CFStringCreateWithCString.argtypes = (pointer, ctypes.c_char_p, number)
    core.CFRunLoopGetCurrent.restype = pointer
    core.CFRunLoopAddSource.argtypes = (pointer, pointer, pointer)
    core.CFRunLoopRunInMode.argtypes = (pointer, ctypes.c_double, ctypes.c_ubyte)
    core.CFRelease.argtypes = (pointer,)
    return kit, core


def for_system(system: str) -> Warn:
    """The way of a system, by its `sys.platform`."""
    return {"win32": on_windows, "darwin": on_mac}.get(system, on_linux)
