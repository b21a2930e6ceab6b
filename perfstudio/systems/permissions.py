"""Whether this system lets its programs use cameras and microphones, and the page of its settings that changes it.

Linux     a device is for who may open its node; its group is named (video4linux.txt, udev's 50-udev-default.rules).
          No page is opened: none says it. Sound servers ask nobody.
macOS     AVCaptureDevice authorizationStatusForMediaType (developer.apple.com, AVAuthorizationStatus). It is the
          answer for the program that the system holds responsible: our bundle, or the terminal that started Python.
          Asked by the Objective-C runtime, for Qt answers in a bundle alone. Not run: tried on a library of that form.
Windows   the switches of Settings, Privacy & security (support.microsoft.com, "Manage app permissions for a camera in
          Windows": for the computer, for apps, for desktop apps). They lie in CapabilityAccessManager\\ConsentStore,
          as what is written of the registry agrees; Microsoft documents no call for programs without a package. And
          the policies LetAppsAccessCamera, LetAppsAccessMicrophone (Policy CSP - Privacy: 1 force allow, 2 force
          deny) and AllowCamera (Policy CSP - Camera: 0). Run under Wine, with values that were written there.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol


class Guarded(StrEnum):
    """What a system guards."""

    CAMERA = "camera"
    MICROPHONE = "microphone"


class PermissionState(StrEnum):
    """What the system says. ALLOWED only where it was read."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    UNASKED = "unasked"  # nobody has decided yet
    POLICY = "policy"  # whoever administers the computer decided, and the person cannot change it
    UNKNOWN = "unknown"  # the system does not say


@dataclass(frozen=True, slots=True)
class Permission:
    """The answer for one kind of device."""

    state: PermissionState
    certain: bool = False
    """Whether it is sure to hold for this program, so that a device need not be tried."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """For a sentence: `group` of a node, `listed` (the program that the system knows us by), `switch` that is off
    (computer, apps, desktop, program)."""


UNKNOWN: Final = Permission(PermissionState.UNKNOWN)


class Permissions(Protocol):
    """How one system tells. Nothing is opened, nothing is raised, nobody is asked."""

    @property
    def window_asks(self) -> bool:
        """Whether the window has to make the system ask, before a device is opened."""

    def read(self, kind: Guarded, node: str = "") -> Permission:
        """As it is now; on Linux of one node, where it is given."""

    def page(self, kind: Guarded) -> str:
        """The address of the settings page; empty where there is none."""


class LinuxPermissions:
    """And whatever else is neither macOS nor Windows."""

    window_asks = False

    def __init__(self, devices: Path = Path("/dev"), may_open: Callable[[Path], bool] | None = None) -> None:
        """`devices` and `may_open` stand in for the system in tests: root may open everything."""
        self._devices = devices
        self._may_open = may_open or (lambda node: os.access(node, os.R_OK | os.W_OK))

    def read(self, kind: Guarded, node: str = "") -> Permission:
        pattern = "video*" if kind is Guarded.CAMERA else "snd/pcm*c"
        try:
            nodes = [Path(node)] if node else sorted(self._devices.glob(pattern))
            there = [one for one in nodes if one.exists()]
            if not there:
                return UNKNOWN
            if any(map(self._may_open, there)):
                return Permission(PermissionState.ALLOWED)
            return Permission(PermissionState.REFUSED, facts={"group": _group(there[0])})
        except OSError:
            return UNKNOWN

    def page(self, kind: Guarded) -> str:
        return ""


_MAC_STATES: Final = {
    0: PermissionState.UNASKED, 1: PermissionState.POLICY, 2: PermissionState.REFUSED, 3: PermissionState.ALLOWED,
}  # fmt: skip
"""AVAuthorizationStatus: not determined, restricted, denied, authorized."""
_MEDIA: Final = {Guarded.CAMERA: "AVMediaTypeVideo", Guarded.MICROPHONE: "AVMediaTypeAudio"}
_MAC_PAGES: Final = {Guarded.CAMERA: "Privacy_Camera", Guarded.MICROPHONE: "Privacy_Microphone"}
_OBJC: Final = "/usr/lib/libobjc.A.dylib"
_AVFOUNDATION: Final = "/System/Library/Frameworks/AVFoundation.framework/AVFoundation"
_TERMINAL: Final = "TERM_PROGRAM"
_TERMINALS: Final = {"Apple_Terminal": "Terminal", "iTerm.app": "iTerm", "vscode": "Visual Studio Code"}
ANY_TERMINAL: Final = "terminal"
"""`listed` of a terminal that gives no name."""
_Status = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
"""objc_msgSend as it is called here: (class, selector, object) to NSInteger."""


class MacPermissions:
    """What Apple calls restricted is a policy."""

    def __init__(
        self,
        load: Callable[[str], Any] = ctypes.CDLL,
        in_bundle: bool = bool(getattr(sys, "frozen", False)) and ".app/Contents/MacOS/" in sys.executable,
        variables: Mapping[str, str] = os.environ,
    ) -> None:
        """`load` stands in for the dynamic loader in tests. Python itself may be a bundle; ours is a frozen one."""
        self._load = load
        self._in_bundle = in_bundle
        self._variables = variables

    @property
    def window_asks(self) -> bool:
        """In a bundle, whose words the system shows with its question; elsewhere it asks about the terminal, when a
        device is opened."""
        return self._in_bundle

    def read(self, kind: Guarded, node: str = "") -> Permission:
        try:
            state = _MAC_STATES[self._status(_MEDIA[kind])]
        except (OSError, AttributeError, KeyError):
            return UNKNOWN
        return Permission(state, certain=True, facts={"listed": self._listed()})

    def page(self, kind: Guarded) -> str:
        return f"x-apple.systempreferences:com.apple.preference.security?{_MAC_PAGES[kind]}"

    def _status(self, media: str) -> int:
        runtime, framework = self._load(_OBJC), self._load(_AVFOUNDATION)
        for function in (runtime.objc_getClass, runtime.sel_registerName):
            function.restype, function.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
        kind = ctypes.cast(getattr(framework, media), ctypes.POINTER(ctypes.c_void_p))[0]
        ask = ctypes.cast(runtime.objc_msgSend, _Status)
        selector = runtime.sel_registerName(b"authorizationStatusForMediaType:")
        return int(ask(runtime.objc_getClass(b"AVCaptureDevice"), selector, kind))

    def _listed(self) -> str:
        """Whom the system's list names in our place; empty where it names us."""
        terminal = self._variables.get(_TERMINAL, "")
        if not terminal and self._in_bundle:
            return ""
        return _TERMINALS.get(terminal, terminal) or ANY_TERMINAL


_STORE: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
_APP_POLICIES: Final = r"SOFTWARE\Policies\Microsoft\Windows\AppPrivacy"
_CAMERA_POLICY: Final = r"SOFTWARE\Policies\Microsoft\Camera"
_STORED: Final = {Guarded.CAMERA: "webcam", Guarded.MICROPHONE: "microphone"}
_POLICY: Final = {Guarded.CAMERA: "LetAppsAccessCamera", Guarded.MICROPHONE: "LetAppsAccessMicrophone"}
_FORCE_ALLOW, _FORCE_DENY = 1, 2


class WindowsPermissions:
    """A switch that was never touched may have no value: then nothing is known of it, and nothing is called allowed."""

    window_asks = False

    def __init__(self, registry: Any = None, program: str = sys.executable) -> None:
        """`registry` stands in for the module `winreg` in tests."""
        self._registry, self._program = registry, program

    def read(self, kind: Guarded, node: str = "") -> Permission:
        try:
            return self._read(kind)
        except (OSError, ImportError):
            return UNKNOWN

    def page(self, kind: Guarded) -> str:
        return f"ms-settings:privacy-{_STORED[kind]}"

    def _read(self, kind: Guarded) -> Permission:
        policy = self._value(_APP_POLICIES, _POLICY[kind])
        if kind is Guarded.CAMERA and self._value(_CAMERA_POLICY, "AllowCamera") == 0:
            return Permission(PermissionState.POLICY, certain=True)
        if policy == _FORCE_DENY:  # written of apps; it is not said whether it holds for desktop programs
            return Permission(PermissionState.POLICY)
        switches = self._switches(kind)
        for switch, value in switches.items():
            if value == "Deny":
                certain = switch != "apps" and policy != _FORCE_ALLOW
                return Permission(PermissionState.REFUSED, certain, {"switch": switch})
        if "Prompt" in switches.values():
            return Permission(PermissionState.UNASKED)
        if switches["computer"] == switches["desktop"] == "Allow":
            return Permission(PermissionState.ALLOWED)
        return UNKNOWN

    def _switches(self, kind: Guarded) -> dict[str, Any]:
        """The widest first: the one that has to be changed before the others count."""
        store = rf"{_STORE}\{_STORED[kind]}"
        desktop = rf"{store}\NonPackaged"
        return {
            "computer": self._value(store, "Value"),
            "apps": self._value(store, "Value", own=True),
            "desktop": self._value(desktop, "Value", own=True),
            "program": self._value(rf"{desktop}\{self._program.replace(chr(92), '#')}", "Value", own=True),
        }

    def _value(self, path: str, name: str, *, own: bool = False) -> Any:
        """Of the computer, or of the person's `own` part of the registry; None where there is none."""
        if self._registry is None:
            import winreg  # noqa: PLC0415 - only there

            self._registry = winreg
        registry = self._registry
        root = registry.HKEY_CURRENT_USER if own else registry.HKEY_LOCAL_MACHINE
        access = registry.KEY_READ | registry.KEY_WOW64_64KEY
        try:
            with registry.OpenKey(root, path, 0, access) as key:
                return registry.QueryValueEx(key, name)[0]
        except FileNotFoundError:
            return None


def for_system(system: str) -> Permissions:
    """The version of a system, by its `sys.platform`."""
    if system == "win32":
        return WindowsPermissions()
    return MacPermissions() if system == "darwin" else LinuxPermissions()


def _group(node: Path) -> str:
    """The group whose members may open a node; empty where its mode lets no group, or the group has no name."""
    found = node.stat()
    both = stat.S_IRGRP | stat.S_IWGRP
    if found.st_mode & both != both:
        return ""
    try:
        import grp  # noqa: PLC0415 - Windows has none

        return grp.getgrgid(found.st_gid).gr_name
    except (ImportError, KeyError):
        return ""


PERMISSIONS: Final = for_system(sys.platform)
"""Of this system."""
