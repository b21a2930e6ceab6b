"""The three systems are told who we are, before the first window, or know it by files."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from perfstudio.systems import identity
from perfstudio.systems.identity import APP_ID, WindowsIdentity, for_system
from perfstudio.systems.screens import is_seen

SOURCE = Path(__file__).parents[2] / "perfstudio" / "app.py"


def test_windows_is_told_the_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """128 characters at the most, no spaces (learn.microsoft.com, "Application User Model IDs")."""
    told: list[str | None] = []

    def take(name: object, answer: int = 0) -> int:
        told.append(getattr(name, "value", None))
        return answer

    assert WindowsIdentity(SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=take)).take()
    assert told == [APP_ID]
    assert len(APP_ID) <= 128
    assert " " not in APP_ID
    refusing = SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=lambda name: take(name, -1))
    for shell in (refusing, SimpleNamespace()):
        assert WindowsIdentity(shell).take() is False, "a window works as well without it"


def test_the_open_window_may_come_to_the_front() -> None:
    """Windows lets only who was just pressed do so, and whom that one allows."""
    asked: list[int] = []
    assert WindowsIdentity(user=SimpleNamespace(AllowSetForegroundWindow=lambda who: asked.append(who) or 1)).give_way()
    assert asked == [-1]
    assert WindowsIdentity(user=SimpleNamespace()).give_way() is False
    assert for_system("linux").give_way() is False


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_no_system_minds(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "win32":
        monkeypatch.delattr(identity.ctypes, "WinDLL", raising=False)
    assert for_system(system).take() is (system == sys.platform == "win32")


def test_it_is_told_before_there_is_a_window() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    assert source.index("IDENTITY.take()") < source.index("WindowApplication(sys.argv")


@pytest.mark.parametrize(
    ("plugin", "display", "seen"),
    [("", ":0", True), ("", "", False), ("xcb", ":0", True), ("offscreen", ":0", False), ("minimal:x", ":0", False)],
)
def test_a_box_that_waits_is_for_where_somebody_sits(plugin: str, display: str, seen: bool) -> None:
    assert is_seen("linux", {"QT_QPA_PLATFORM": plugin, "DISPLAY": display}) is seen
