"""A device that the system does not let be used: told apart from one that is busy, gone, or does not say."""

from __future__ import annotations

import errno
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from perfstudio.capture.devices import local_cameras, opencv_camera, v4l2
from perfstudio.capture.devices.local_cameras import LocalCamera
from perfstudio.capture.devices.opencv_camera import OpencvCamera
from perfstudio.capture.devices.permission_problems import open_let, silenced
from perfstudio.model.device import CameraRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.systems.permissions import UNKNOWN, Guarded, Permission, PermissionState
from rigs.permissions import SaidPermissions, said_permissions
from rigs.systems import posix_only
from rigs.waiting import until

E, S = ErrorCode, PermissionState


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> SaidPermissions:
    return said_permissions(monkeypatch)


class ShutCapture:
    """`cv2.VideoCapture` of a camera that does not open; `meanwhile` is done while it is tried."""

    def __init__(self, meanwhile: Any) -> None:
        self._meanwhile = meanwhile

    def __call__(self, *_: object) -> ShutCapture:
        self._meanwhile()
        return self

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return False


def opened(monkeypatch: pytest.MonkeyPatch, backend: str, meanwhile: Any = lambda: None) -> DeviceError:
    monkeypatch.setattr(opencv_camera.cv2, "VideoCapture", ShutCapture(meanwhile))
    monkeypatch.setattr(opencv_camera.cv2, f"CAP_{backend}", 0, raising=False)
    address = "/dev/video9" if backend == "V4L2" else 0
    camera = LocalCamera("usb:brio", "Brio", address, backend)
    with pytest.raises(DeviceError) as told:
        OpencvCamera(camera, CameraRequest(id=camera.id))
    return told.value


@pytest.mark.parametrize("backend", ["MSMF", "AVFOUNDATION"])
@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Permission(S.REFUSED, facts={"switch": "desktop"}), E.CAMERA_DENIED),
        (Permission(S.REFUSED, certain=True, facts={"listed": "iTerm"}), E.CAMERA_DENIED),
        (Permission(S.UNASKED), E.CAMERA_UNASKED),
        (Permission(S.POLICY), E.CAMERA_POLICY),
        (Permission(S.ALLOWED), E.CAMERA_BUSY),
        (UNKNOWN, E.CAMERA_REFUSED),  # nothing was read: nobody is blamed
    ],
)
def test_a_camera_that_does_not_open_elsewhere(
    monkeypatch: pytest.MonkeyPatch, system: SaidPermissions, backend: str, said: Permission, code: ErrorCode
) -> None:
    system.says[Guarded.CAMERA] = said
    system.say(Guarded.MICROPHONE, S.REFUSED)  # is no matter of the camera's
    problem = opened(monkeypatch, backend)
    assert problem.code is code
    assert problem.facts == {"id": "usb:brio", **said.facts}


def test_what_is_answered_while_it_opens_is_no_other_program(
    monkeypatch: pytest.MonkeyPatch, system: SaidPermissions
) -> None:
    system.say(Guarded.CAMERA, S.UNASKED)
    assert opened(monkeypatch, "AVFOUNDATION", lambda: system.say(Guarded.CAMERA, S.ALLOWED)).code is E.CAMERA_UNASKED
    system.say(Guarded.CAMERA, S.UNASKED)
    assert opened(monkeypatch, "AVFOUNDATION", lambda: system.say(Guarded.CAMERA, S.REFUSED)).code is E.CAMERA_DENIED


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EBUSY, E.CAMERA_BUSY),
        (errno.EACCES, E.CAMERA_NO_RIGHT),  # by more than its mode: a container, a sandbox
        (errno.EPERM, E.CAMERA_NO_RIGHT),
        (errno.ENOENT, E.CAMERA_LOST),
        (errno.ENODEV, E.CAMERA_LOST),
        (errno.EIO, E.CAMERA_REFUSED),
    ],
)
def test_a_camera_that_does_not_open_on_linux(
    monkeypatch: pytest.MonkeyPatch, system: SaidPermissions, number: int, code: ErrorCode
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, "")

    monkeypatch.setattr(v4l2, "os", SimpleNamespace(open=refuse, O_RDWR=0, O_NONBLOCK=0, O_CLOEXEC=0))
    assert opened(monkeypatch, "V4L2").code is code


@posix_only("no camera is a file")
def test_a_node_that_the_account_may_not_open_names_who_may(
    monkeypatch: pytest.MonkeyPatch, system: SaidPermissions
) -> None:
    system.says[Guarded.CAMERA] = Permission(S.REFUSED, facts={"group": "video"})
    problem = opened(monkeypatch, "V4L2")
    assert (problem.code, problem.facts["group"]) == (E.CAMERA_NO_RIGHT, "video")
    system.says[Guarded.CAMERA] = Permission(S.REFUSED, facts={"group": ""})
    problem = opened(monkeypatch, "V4L2")
    assert (problem.code, problem.facts) == (E.CAMERA_NO_RIGHT, {"id": "usb:brio"})


class Heard:
    """A microphone source that was opened."""

    def __init__(self) -> None:
        self.closed = False

    def close(self, deadline_s: float = 2.0) -> None:
        self.closed = True


def listen(meanwhile: Any = lambda: None, *, served: bool = False, fails: bool = False) -> tuple[ErrorCode | None, Any]:
    made: list[Heard] = []

    def make() -> Any:
        made.append(Heard())
        meanwhile()
        if fails:
            raise DeviceError(E.MICROPHONE_BUSY, id="mic")
        return made[0]

    try:
        assert open_let("mic", make, served=served) is made[0]
    except DeviceError as problem:
        return problem.code if problem.facts["id"] == "mic" else None, made
    return None, made


@pytest.mark.parametrize(
    ("said", "works", "served", "came"),
    [
        (Permission(S.ALLOWED, True), True, False, (None, True)),
        (Permission(S.UNKNOWN, False), True, False, (None, True)),
        (Permission(S.REFUSED, True), True, False, (E.MICROPHONE_DENIED, False)),  # it would give silence
        (Permission(S.POLICY, True), True, False, (E.MICROPHONE_POLICY, False)),
        (Permission(S.REFUSED, False), True, False, (None, True)),  # it works: what was read does not hold
        (Permission(S.REFUSED, False), False, False, (E.MICROPHONE_DENIED, True)),
        (Permission(S.POLICY, False), False, False, (E.MICROPHONE_POLICY, True)),
        (Permission(S.UNASKED, False), False, False, (E.MICROPHONE_UNASKED, True)),
        (Permission(S.UNASKED, False), True, False, (None, True)),
        (Permission(S.ALLOWED, True), False, False, (E.MICROPHONE_BUSY, True)),
        (Permission(S.UNKNOWN, False), False, False, (E.MICROPHONE_BUSY, True)),
        (Permission(S.REFUSED, False), False, True, (E.MICROPHONE_BUSY, True)),  # the node says nothing of a server
    ],
)
def test_a_microphone_is_heard_as_far_as_the_system_lets_it(
    system: SaidPermissions, said: Permission, works: bool, served: bool, came: tuple[ErrorCode | None, bool]
) -> None:
    system.says[Guarded.MICROPHONE] = said
    found, made = listen(served=served, fails=not works)
    assert (found, bool(made)) == came


@pytest.mark.parametrize(
    ("answer", "code"), [(S.ALLOWED, None), (S.REFUSED, E.MICROPHONE_DENIED), (S.UNASKED, E.MICROPHONE_UNASKED)]
)
def test_a_microphone_that_nobody_decided_about_gives_no_silent_take(
    system: SaidPermissions, answer: PermissionState, code: ErrorCode | None
) -> None:
    """To open it makes the system ask; what comes before somebody has answered is no sound."""
    system.say(Guarded.MICROPHONE, S.UNASKED)
    found, made = listen(lambda: system.say(Guarded.MICROPHONE, answer))
    assert found is code
    assert made[0].closed is (code is not None)


class FadingCapture:
    """`cv2.VideoCapture` of a camera that gives its first pictures and then none."""

    def __init__(self, *_: object) -> None:
        self.left = 10

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's names
        return True

    def set(self, *_: object) -> bool:
        return True

    def get(self, *_: object) -> float:
        return 0.0

    def grab(self) -> bool:
        self.left -= 1
        return self.left >= 0

    def retrieve(self) -> tuple[bool, Any]:
        return True, np.full((4, 4, 3), 90, np.uint8)

    def release(self) -> None:
        pass


@pytest.mark.parametrize(
    ("listed", "state", "code"),
    [
        (True, S.ALLOWED, E.CAMERA_STOPPED),
        (True, S.REFUSED, E.CAMERA_DENIED),
        (True, S.POLICY, E.CAMERA_POLICY),
        (False, S.REFUSED, E.CAMERA_LOST),
    ],
)
def test_a_camera_that_is_switched_off_in_the_middle_is_not_broken(
    monkeypatch: pytest.MonkeyPatch, system: SaidPermissions, listed: bool, state: PermissionState, code: ErrorCode
) -> None:
    monkeypatch.setattr(opencv_camera.cv2, "VideoCapture", FadingCapture)
    camera = LocalCamera("usb:brio", "Brio", 0, "MSMF")
    monkeypatch.setattr(local_cameras, "find", lambda _: camera if listed else None)
    opened = OpencvCamera(camera, CameraRequest(id=camera.id))
    system.say(Guarded.CAMERA, state)
    lost: list[DeviceError] = []
    opened.start(lambda _: None, lost.append)
    until(lambda: bool(lost))
    opened.close()
    assert [problem.code for problem in lost] == [code]


def test_a_microphone_that_is_switched_off_in_the_middle_did_not_go_away(system: SaidPermissions) -> None:
    assert silenced("mic", served=False).code is E.MICROPHONE_LOST
    system.say(Guarded.MICROPHONE, S.REFUSED)
    assert silenced("mic", served=False).code is E.MICROPHONE_DENIED
    assert silenced("mic", served=True).code is E.MICROPHONE_LOST
