"""The whole window, made only as far as it is asked for; that everything is made soon, and that devices are looked for,
is tried by `test_ui_flows`, by the tests with a real recorder, and by the take from its scene to the receiver."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from perfstudio.model.device import (
    PRACTICE,
    CameraInfo,
    CameraRequest,
    DeviceSelection,
    MicrophoneInfo,
    MicrophoneRequest,
)
from perfstudio.session.devices import with_practice
from perfstudio.ui import coordinator
from perfstudio.ui.flows import settings_flow

NEVER_S = 3600.0
SLOW_PAIR = DeviceSelection(
    camera=CameraRequest(id=PRACTICE, width=640, height=360, fps=5), microphone=MicrophoneRequest(id=PRACTICE)
)
"""For a real recorder of which nobody counts the pictures."""


def nothing_ahead(monkeypatch: pytest.MonkeyPatch, *, watched: bool = False) -> None:
    """A flow is made when it is asked for. Devices that come and go are watched from the first moment, or never."""
    monkeypatch.setattr(coordinator, "MAKE_AFTER_S", NEVER_S)
    monkeypatch.setattr(coordinator, "WATCH_AFTER_S", 0.0 if watched else NEVER_S)


def look_finds(
    monkeypatch: pytest.MonkeyPatch, cameras: Sequence[CameraInfo] = (), microphones: Sequence[MicrophoneInfo] = ()
) -> None:
    """What a look for devices finds beside the practice pair, at once and on every machine."""
    monkeypatch.setattr(settings_flow, "list_devices", lambda: with_practice(cameras, microphones))
