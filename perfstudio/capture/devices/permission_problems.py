"""A device that the system does not let be used, in our own codes: it is told apart from one that is busy or gone.

A camera that is refused does not open, so it is tried, and what was read says why it did not. A microphone that is
refused may open all the same and give silence (macOS does): where the answer is sure, it is not tried.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.systems import permissions
from perfstudio.systems.permissions import Guarded, Permission, PermissionState

if TYPE_CHECKING:
    from perfstudio.capture.devices.microphone import MicrophoneSource

Source = TypeVar("Source", bound="MicrophoneSource")

NOT_LET: Final = {
    ErrorCode.CAMERA_DENIED: (Guarded.CAMERA, PermissionState.REFUSED),
    ErrorCode.CAMERA_UNASKED: (Guarded.CAMERA, PermissionState.UNASKED),
    ErrorCode.CAMERA_POLICY: (Guarded.CAMERA, PermissionState.POLICY),
    ErrorCode.CAMERA_NO_RIGHT: (Guarded.CAMERA, PermissionState.REFUSED),
    ErrorCode.MICROPHONE_DENIED: (Guarded.MICROPHONE, PermissionState.REFUSED),
    ErrorCode.MICROPHONE_UNASKED: (Guarded.MICROPHONE, PermissionState.UNASKED),
    ErrorCode.MICROPHONE_POLICY: (Guarded.MICROPHONE, PermissionState.POLICY),
    ErrorCode.MICROPHONE_NO_RIGHT: (Guarded.MICROPHONE, PermissionState.REFUSED),
}
"""What each code says of which kind of device."""
_OF_THE_ACCOUNT: Final = frozenset({ErrorCode.CAMERA_NO_RIGHT, ErrorCode.MICROPHONE_NO_RIGHT})
"""The account may not, whatever the program: nothing is to be switched on."""


def read(kind: Guarded, node: str = "") -> Permission:
    """What this system says now."""
    return permissions.PERMISSIONS.read(kind, node)


def refusal(kind: Guarded, said: Permission, device_id: str = "") -> DeviceError | None:
    """The problem that an answer is; None when it is none."""
    account = "group" in said.facts
    codes = (code for code, means in NOT_LET.items() if means == (kind, said.state))
    code = next((code for code in codes if (code in _OF_THE_ACCOUNT) is account), None)
    if code is None:
        return None
    facts = {name: value for name, value in {"id": device_id, **said.facts}.items() if value}
    return DeviceError(code, **facts)


def open_let(device_id: str, make: Callable[[], Source], *, served: bool) -> Source:
    """Open a microphone as far as the system lets it be heard; `served` where a sound server decides by its own rules.

    Where nobody has decided yet, opening it makes the system ask. Until somebody answers it would give silence, so it
    is closed again. Raises DeviceError.
    """
    before = read(Guarded.MICROPHONE)
    refused = None if served else refusal(Guarded.MICROPHONE, before, device_id)
    unasked = before.state is PermissionState.UNASKED
    if refused is not None and before.certain and not unasked:
        raise refused
    try:
        opened = make()
    except DeviceError as problem:
        raise (refused or problem) from problem.__cause__
    if refused is not None and before.certain:
        now = refusal(Guarded.MICROPHONE, read(Guarded.MICROPHONE), device_id)
        if now is not None:
            opened.close()
            raise now
    return opened


def silenced(device_id: str, *, served: bool) -> DeviceError:
    """Why an open microphone gives no more: it may not, since this moment, or it went away."""
    refused = None if served else refusal(Guarded.MICROPHONE, read(Guarded.MICROPHONE), device_id)
    return refused or DeviceError(ErrorCode.MICROPHONE_LOST, id=device_id)
