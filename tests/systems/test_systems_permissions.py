"""Whether camera and microphone may be used, as each system tells it: its own answers, and one contract for all."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from perfstudio.systems import permissions
from perfstudio.systems.permissions import (
    Guarded,
    LinuxPermissions,
    MacPermissions,
    Permission,
    Permissions,
    PermissionState,
    WindowsPermissions,
    for_system,
)

CAMERA, MICROPHONE = Guarded.CAMERA, Guarded.MICROPHONE
ALLOWED, REFUSED, UNASKED, POLICY, UNKNOWN = PermissionState


# macOS


MEDIA = {"AVMediaTypeVideo": 0x71, "AVMediaTypeAudio": 0x72}
"""Addresses of constant texts."""


class AvFoundation:
    """The Objective-C runtime and AVFoundation, as far as they are called, in the form that they have there."""

    def __init__(self, **status: int) -> None:
        self.names: list[bytes] = []
        self._held = {name: ctypes.pointer(ctypes.c_void_p(value)) for name, value in MEDIA.items()}
        name = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_char_p)
        self.objc_getClass = self.sel_registerName = name(self._register)
        send = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
        by_media = {0x71: status.get("camera", 0), 0x72: status.get("microphone", 0)}

        def answer(receiver: int, selector: int, media: int) -> int:
            told = self.names[receiver - 1], self.names[selector - 1]
            assert told == (b"AVCaptureDevice", b"authorizationStatusForMediaType:")
            return by_media[media]

        self.objc_msgSend = send(answer)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._held[name]
        except KeyError:
            raise AttributeError(name) from None

    def _register(self, name: bytes) -> int:
        self.names.append(name)
        return len(self.names)


def mac(*, in_bundle: bool = True, terminal: str = "", **status: int) -> MacPermissions:
    library = AvFoundation(**status)
    variables = {"TERM_PROGRAM": terminal} if terminal else {}
    return MacPermissions(lambda _: library, in_bundle, variables)


@pytest.mark.parametrize(("status", "state"), [(0, UNASKED), (1, POLICY), (2, REFUSED), (3, ALLOWED), (9, UNKNOWN)])
def test_what_macos_says_of_each_kind(status: int, state: PermissionState) -> None:
    for kind, other in ((CAMERA, MICROPHONE), (MICROPHONE, CAMERA)):
        system = mac(**{kind.value: status, other.value: 3})
        assert system.read(kind).state is state
        assert system.read(other).state is ALLOWED


@pytest.mark.parametrize(
    ("in_bundle", "terminal", "listed"),
    [
        (True, "", ""),
        (True, "Apple_Terminal", "Terminal"),  # its executable was called in a terminal: that is who is asked about
        (False, "iTerm.app", "iTerm"),
        (False, "WezTerm", "WezTerm"),
        (False, "", permissions.ANY_TERMINAL),
    ],
)
def test_whom_macos_lists_in_our_place(in_bundle: bool, terminal: str, listed: str) -> None:
    system = mac(in_bundle=in_bundle, terminal=terminal, camera=2)
    assert system.read(CAMERA).facts == {"listed": listed}
    assert system.window_asks is in_bundle


def test_a_mac_without_the_call_is_no_trouble() -> None:
    def nothing_there(name: str) -> Any:
        raise OSError(name)

    assert MacPermissions(nothing_there).read(CAMERA) == permissions.UNKNOWN
    assert MacPermissions(lambda _: object()).read(CAMERA) == permissions.UNKNOWN


# Windows

STORE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
PRIVACY, RULE = r"SOFTWARE\Policies\Microsoft\Windows\AppPrivacy", r"SOFTWARE\Policies\Microsoft\Camera"
PROGRAM = r"C:\Programs\perfstudio\perfstudio.exe"
COMPUTER, APPS = ("machine", rf"{STORE}\webcam", "Value"), ("own", rf"{STORE}\webcam", "Value")
DESKTOP = ("own", rf"{STORE}\webcam\NonPackaged", "Value")
OURS = ("own", rf"{STORE}\webcam\NonPackaged\C:#Programs#perfstudio#perfstudio.exe", "Value")
LET_APPS, LET_ANY = ("machine", PRIVACY, "LetAppsAccessCamera"), ("machine", RULE, "AllowCamera")


class Registry:
    """The module `winreg`, as far as it is called."""

    HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER = "machine", "own"
    KEY_READ, KEY_WOW64_64KEY = 0x20019, 0x100

    def __init__(self, values: dict[tuple[str, str, str], Any], problem: OSError | None = None) -> None:
        self._values, self._problem = values, problem
        self._key: tuple[str, str] = ("", "")

    def OpenKey(self, root: str, path: str, reserved: int, access: int) -> Registry:  # noqa: N802 - Windows' own names
        assert (reserved, access) == (0, 0x20119)
        if self._problem is not None:
            raise self._problem
        if not any(key[:2] == (root, path) for key in self._values):
            raise FileNotFoundError(path)
        self._key = root, path
        return self

    def QueryValueEx(self, key: Registry, name: str) -> tuple[Any, int]:  # noqa: N802
        try:
            return self._values[(*key._key, name)], 1
        except KeyError:
            raise FileNotFoundError(name) from None

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_: object) -> None:
        pass


ON = {COMPUTER: "Allow", APPS: "Allow", DESKTOP: "Allow"}


@pytest.mark.parametrize(
    ("values", "state", "certain", "switch"),
    [
        (ON, ALLOWED, False, None),
        ({COMPUTER: "Allow", DESKTOP: "Allow"}, ALLOWED, False, None),
        ({}, UNKNOWN, False, None),  # never touched: nothing was read, so nothing is called allowed
        ({APPS: "Allow"}, UNKNOWN, False, None),
        ({COMPUTER: "Allow", APPS: "Allow"}, UNKNOWN, False, None),
        ({DESKTOP: "Allow"}, UNKNOWN, False, None),
        (ON | {COMPUTER: "Deny"}, REFUSED, True, "computer"),
        (ON | {APPS: "Deny"}, REFUSED, False, "apps"),  # by its words it holds for apps of the store
        (ON | {DESKTOP: "Deny"}, REFUSED, True, "desktop"),
        (ON | {OURS: "Deny"}, REFUSED, True, "program"),
        ({DESKTOP: "Deny"}, REFUSED, True, "desktop"),
        (ON | {COMPUTER: "Deny", DESKTOP: "Deny"}, REFUSED, True, "computer"),
        (ON | {OURS: "Prompt"}, UNASKED, False, None),
        (ON | {OURS: "Prompt", COMPUTER: "Deny"}, REFUSED, True, "computer"),
        (ON | {LET_APPS: 2}, POLICY, False, None),
        (ON | {LET_ANY: 0}, POLICY, True, None),
        (ON | {LET_ANY: 1, LET_APPS: 0}, ALLOWED, False, None),
        (ON | {LET_APPS: 1, DESKTOP: "Deny"}, REFUSED, False, "desktop"),  # the policy may stand above the switch
        (ON | {DESKTOP: "Something new"}, UNKNOWN, False, None),
    ],
)
def test_what_the_switches_of_windows_say(
    values: dict[tuple[str, str, str], Any], state: PermissionState, certain: bool, switch: str | None
) -> None:
    said = WindowsPermissions(Registry(values), PROGRAM).read(CAMERA)
    assert said == Permission(state, certain, {"switch": switch} if switch else {})
    assert WindowsPermissions(Registry(values), PROGRAM).read(MICROPHONE) == permissions.UNKNOWN, "a camera's alone"


def test_a_microphone_has_switches_of_its_own() -> None:
    desktop = ("own", rf"{STORE}\microphone\NonPackaged", "Value")
    assert WindowsPermissions(Registry({desktop: "Deny"})).read(MICROPHONE).facts == {"switch": "desktop"}
    policy = ("machine", PRIVACY, "LetAppsAccessMicrophone")
    assert WindowsPermissions(Registry({policy: 2})).read(MICROPHONE).state is POLICY
    assert WindowsPermissions(Registry({LET_ANY: 0})).read(MICROPHONE).state is UNKNOWN


def test_a_registry_that_does_not_tell_is_no_trouble() -> None:
    assert WindowsPermissions(Registry({}, PermissionError(5, "denied"))).read(CAMERA) == permissions.UNKNOWN


# Linux


@pytest.mark.skipif(sys.platform == "win32", reason="groups")
def test_a_node_that_may_not_be_opened_names_its_group(tmp_path: Path) -> None:
    import grp

    (tmp_path / "snd").mkdir()
    nodes = [tmp_path / "video0", tmp_path / "video1", tmp_path / "snd" / "pcmC0D0c"]
    for node in nodes:
        node.touch(0o660)
        node.chmod(0o660)
    group = grp.getgrgid(nodes[0].stat().st_gid).gr_name
    shut = LinuxPermissions(tmp_path, lambda _: False)
    for kind in Guarded:
        assert shut.read(kind) == Permission(REFUSED, facts={"group": group})
    nodes[0].chmod(0o600)
    assert shut.read(CAMERA).facts == {"group": ""}, "its group may not either"
    one = LinuxPermissions(tmp_path, lambda node: node.name == "video1")
    assert one.read(CAMERA).state is ALLOWED, "one of them may be used"
    assert one.read(CAMERA, str(nodes[0])).state is REFUSED
    assert one.read(CAMERA, str(nodes[1])).state is ALLOWED
    assert LinuxPermissions(tmp_path).read(CAMERA, str(nodes[1])).state is ALLOWED, "as the system itself says"
    assert one.read(CAMERA, str(tmp_path / "video9")) == permissions.UNKNOWN
    assert LinuxPermissions(tmp_path / "none").read(CAMERA) == permissions.UNKNOWN


# all


def linux(state: PermissionState, folder: Path) -> Permissions:
    for name in ("video0", "snd/pcmC0D0c") if state is not UNKNOWN else ():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    return LinuxPermissions(folder, lambda _: state is ALLOWED)


def windows(state: PermissionState, folder: Path) -> Permissions:
    if state is UNKNOWN:
        return WindowsPermissions(Registry({}))
    values: dict[tuple[str, str, str], Any] = {}
    for name, policy in (("webcam", "LetAppsAccessCamera"), ("microphone", "LetAppsAccessMicrophone")):
        word = {REFUSED: "Deny", UNASKED: "Prompt"}.get(state, "Allow")
        values |= {("machine", rf"{STORE}\{name}", "Value"): "Allow"}
        values |= {("own", rf"{STORE}\{name}\NonPackaged", "Value"): word}
        values |= {("machine", PRIVACY, policy): 2 if state is POLICY else 0}
    return WindowsPermissions(Registry(values))


def macos(state: PermissionState, folder: Path) -> Permissions:
    status = {UNASKED: 0, POLICY: 1, REFUSED: 2, ALLOWED: 3, UNKNOWN: 4}[state]
    return mac(camera=status, microphone=status)


SAYS: list[tuple[Callable[[PermissionState, Path], Permissions], str, tuple[PermissionState, ...]]] = [
    (linux, "", (ALLOWED, REFUSED, UNKNOWN)),  # it asks nobody, and has no policy of this kind
    (windows, "ms-settings:privacy-", tuple(PermissionState)),
    (macos, "x-apple.systempreferences:", tuple(PermissionState)),
]


@pytest.mark.parametrize(
    ("make", "page", "state"), [(make, page, state) for make, page, states in SAYS for state in states]
)
def test_every_system_answers_in_the_same_words(
    make: Callable[[PermissionState, Path], Permissions], page: str, state: PermissionState, tmp_path: Path
) -> None:
    system = make(state, tmp_path)
    for kind in Guarded:
        assert system.read(kind).state is state
        assert system.page(kind).startswith(page)
        assert bool(system.page(kind)) is bool(page)
    assert not page or system.page(CAMERA) != system.page(MICROPHONE)


def test_this_system_is_asked_without_trouble() -> None:
    system = for_system(sys.platform)
    for kind in Guarded:
        assert isinstance(system.read(kind), Permission)
    assert {type(for_system(name)) for name in ("linux", "darwin", "win32", "freebsd14")} == {
        LinuxPermissions,
        MacPermissions,
        WindowsPermissions,
    }
