"""The whole window, made only as far as it is asked for; that everything is made soon, and that devices are looked for,
is tried by `test_ui_flows`, by the tests with a real recorder, and by the take from its scene to the receiver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from perfstudio.model.device import (
    PRACTICE,
    CameraInfo,
    CameraRequest,
    DeviceSelection,
    MicrophoneInfo,
    MicrophoneRequest,
)
from perfstudio.paths import AppPaths
from perfstudio.session.devices import with_practice
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from perfstudio.ui import coordinator
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.flows import device_choosing

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
    monkeypatch.setattr(device_choosing, "list_devices", lambda: with_practice(cameras, microphones))


def as_it_is(session: Session) -> None:
    """Nothing is set up before the window is made."""


@contextmanager
def new_window(
    qapp: QApplication, home: Path, before: Callable[[Session], object] = as_it_is, *, practice: bool = False
) -> Iterator[Coordinator]:
    """The window of a home, with a session of its own on a recorder that records nothing; `before` sets it up."""
    bridge = Bridge()
    session = Session(AppPaths(home).prepare(), bridge.post, bridge, practice=practice, recorder=FakeRecorder)
    before(session)
    with shown_window(qapp, session, bridge) as made:
        yield made
    session.close()
    bridge.close()


@contextmanager
def shown_window(
    qapp: QApplication, session: Session, bridge: Bridge, size: QSize | None = None
) -> Iterator[Coordinator]:
    """The window of a session, which is its maker's to close."""
    made = Coordinator(qapp, session, bridge)
    if size is not None:
        made.main.resize(size)
    made.show()
    yield made
    made.main.may_close = lambda: True
    made.main.close()
    made.close()
    made.main.deleteLater()
