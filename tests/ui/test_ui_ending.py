"""The system ends the program: signals wake Qt's loop, and the end of a session waits until the take is safe."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from perfstudio.systems.ending_signals import ENDING
from perfstudio.ui import ending
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.ending import EndingBySignal, hold_until_safe


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


@pytest.mark.parametrize("number", ENDING, ids=[number.name for number in ENDING])
def test_a_signal_is_heard_in_the_loop_once_and_means_afterwards_what_it_meant(
    qtbot: QtBot, bridge: Bridge, number: int
) -> None:
    before = signal.getsignal(number)
    ended: list[str] = []
    by_signal = EndingBySignal(bridge, lambda: ended.append("end"), lambda: ended.append("leave"))
    try:
        signal.raise_signal(number)
        qtbot.waitUntil(lambda: bool(ended))
        signal.raise_signal(number)
        heard: list[int] = []
        bridge.after(0, lambda: heard.append(1))
        qtbot.waitUntil(lambda: bool(heard))
    finally:
        by_signal.close()
    assert ended == ["end"]
    assert signal.getsignal(number) is before


def test_an_end_that_does_not_come_is_not_waited_for(
    qtbot: QtBot, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "ENDS_WITHIN_S", 0.0)
    ended: list[str] = []
    by_signal = EndingBySignal(bridge, lambda: ended.append("end"), lambda: ended.append("leave"))
    try:
        signal.raise_signal(signal.SIGTERM)
        qtbot.waitUntil(lambda: ended == ["end", "leave"])
    finally:
        by_signal.close()


class SessionManager(QObject):
    """What asks, as QGuiApplication does: nobody makes a QSessionManager but Qt."""

    commitDataRequest = Signal(object)  # noqa: N815 - Qt's name


def test_the_end_of_a_session_is_held_up_until_the_take_is_safe(bridge: Bridge) -> None:
    asks = SessionManager()
    done: list[str] = []

    def save() -> None:
        done.append("cut")
        bridge.after(0, lambda: done.append("closed"))

    hold_until_safe(asks, save, lambda: "closed" in done)  # type: ignore[arg-type]
    asks.commitDataRequest.emit(None)
    assert done == ["cut", "closed"]


def test_the_end_of_a_session_is_not_held_up_for_ever(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "SAFE_WITHIN_S", 0.0)
    asks = SessionManager()
    looked: list[int] = []
    hold_until_safe(asks, lambda: None, lambda: bool(looked.append(1)))  # type: ignore[arg-type,func-returns-value]
    asks.commitDataRequest.emit(None)
    assert looked
