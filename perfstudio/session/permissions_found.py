"""What the system says of cameras and microphones, for who only looks (doctor, devices). Nothing is opened."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.capture.devices.permission_problems import read, refusal
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.session.device_access import settings_page
from perfstudio.systems.permissions import Guarded, PermissionState


@dataclass(frozen=True, slots=True)
class FoundPermission:
    """Of one kind: `state` is a `PermissionState`; the problem that it is, or None; the page that changes it."""

    state: str
    problem: DeviceError | None
    page: str

    def to_json(self) -> dict[str, str]:
        """For the verbs' documents."""
        return {"state": self.state, "settings": self.page}


def look(kind: Guarded, *, there: bool) -> FoundPermission:
    """As it is now; `there` where some of the kind were found.

    A sound server opens microphones itself and lists those that it gives, whoever may open their nodes.
    """
    said = read(kind)
    problem = refusal(kind, said)
    if there and problem is not None and problem.code is ErrorCode.MICROPHONE_NO_RIGHT:
        return FoundPermission(PermissionState.UNKNOWN.value, None, "")
    return FoundPermission(said.state.value, problem, settings_page(problem))
