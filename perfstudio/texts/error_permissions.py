"""What is said of a device that the system does not let be used. Part of the table in `errors`."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages, _
from perfstudio.model.errors import ErrorCode
from perfstudio.systems.permissions import ANY_TERMINAL

_E = ErrorCode
PERMISSIONS: Messages[dict[ErrorCode, str]] = {
    _E.CAMERA_DENIED: "The system does not let [{listed}, which started perfstudio,|perfstudio] use the camera[ "
    "“{id}”]. Allow it in the system's settings, under privacy and camera[: {switch} is off].",
    _E.CAMERA_UNASKED: "The system has not yet been told whether [{listed}, which started perfstudio,|perfstudio] may "
    "use the camera[ “{id}”]. It asks when the camera is opened; your answer is kept in its settings, under privacy "
    "and camera.",
    _E.CAMERA_POLICY: "A rule on this computer does not let programs use the camera[ “{id}”]. Its administrator can "
    "change that; the system's settings show it, under privacy and camera.",
    _E.CAMERA_NO_RIGHT: "Your account may not use the camera[ “{id}”]. [Add it to the group “{group}” with `sudo "
    "usermod -aG {group} $USER`, then sign in to the computer again|Ask this computer's administrator to allow it].",
    _E.MICROPHONE_DENIED: "The system does not let [{listed}, which started perfstudio,|perfstudio] use the "
    "microphone[ “{id}”]. Allow it in the system's settings, under privacy and microphone[: {switch} is off].",
    _E.MICROPHONE_UNASKED: "The system has not yet been told whether [{listed}, which started perfstudio,|perfstudio] "
    "may use the microphone[ “{id}”]. It asks when the microphone is opened; your answer is kept in its settings, "
    "under privacy and microphone.",
    _E.MICROPHONE_POLICY: "A rule on this computer does not let programs use the microphone[ “{id}”]. Its "
    "administrator can change that; the system's settings show it, under privacy and microphone.",
    _E.MICROPHONE_NO_RIGHT: "Your account may not use the microphone[ “{id}”]. [Add it to the group “{group}” with "
    "`sudo usermod -aG {group} $USER`, then sign in to the computer again|Ask this computer's administrator to "
    "allow it].",
}
_SWITCHES: Messages[dict[str, str]] = {
    "computer": "the switch for this computer",
    "apps": "the switch for apps",
    "desktop": "the switch for desktop apps",
    "program": "the switch for perfstudio",
}


def switch(code: str) -> str:
    """One of Windows' switches."""
    return _(_SWITCHES[code]) if code in _SWITCHES else ""


def listed(name: str) -> str:
    """The program that the system's list names in perfstudio's place."""
    return _("the terminal") if name == ANY_TERMINAL else name


def in_settings(page: str) -> str:
    """Where the settings are, for who cannot press a button; empty without a page."""
    return _("Their page is {page}.", page=page) if page else ""
