"""Callables come home to the GUI thread, in order, and never after closing."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QTimer

from perfstudio.ui.bridge import Bridge


@pytest.fixture
def bridge(qapp):
    made = Bridge()
    yield made
    made.close()


def let_pass(qtbot, milliseconds: int) -> None:
    """Qt's own clock goes on so far, and with it everything that was due."""
    rung: list[bool] = []
    QTimer.singleShot(milliseconds, lambda: rung.append(True))
    qtbot.waitUntil(lambda: bool(rung))


def test_posts_from_many_threads_run_on_the_gui_thread_in_order(qtbot, bridge: Bridge) -> None:
    home = threading.get_ident()
    seen: list[tuple[int, int, int]] = []

    def send(who: int) -> None:
        for number in range(200):
            bridge.post(lambda number=number: seen.append((who, number, threading.get_ident())))

    threads = [threading.Thread(target=send, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 800)
    assert {ident for _, _, ident in seen} == {home}
    for who in range(4):
        assert [n for w, n, _ in seen if w == who] == list(range(200))


def test_background_answers_exactly_once(qtbot, bridge: Bridge) -> None:
    home, answers = threading.get_ident(), []
    bridge.run_in_background(
        threading.get_ident, lambda there: answers.append(("done", there != home)), lambda e: answers.append(("no", e))
    )
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers == [("done", True)]

    def fail() -> None:
        raise OSError("disk")

    bridge.run_in_background(fail, lambda _: answers.append("done"), lambda e: answers.append(type(e)))
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers[1] is OSError


def test_after_rings_once_and_can_be_cancelled(qtbot, bridge: Bridge) -> None:
    rung: list[str] = []
    bridge.after(0.02, lambda: rung.append("first"))
    cancel = bridge.after(0.02, lambda: rung.append("cancelled"))
    cancel()
    bridge.after(0.06, lambda: rung.append("last"))
    qtbot.waitUntil(lambda: "last" in rung)
    assert rung == ["first", "last"]
    cancel()


def test_nothing_is_delivered_after_closing(qtbot, bridge: Bridge) -> None:
    seen: list[int] = []
    bridge.post(lambda: seen.append(1))
    bridge.close()
    bridge.post(lambda: seen.append(2))
    let_pass(qtbot, 20)
    assert seen == []


def test_a_timer_does_not_ring_after_the_end(qtbot) -> None:
    bridge, rung = Bridge(), []
    bridge.after(0.02, lambda: rung.append("late"))
    bridge.close()
    let_pass(qtbot, 120)
    assert rung == []


def test_a_closed_bridge_has_no_timer_left_and_cancels_nothing(qtbot) -> None:
    """A timer that the collector of garbage met on another thread would end there, while this one uses it."""
    bridge = Bridge()
    rung: list[bool] = []
    cancel = bridge.after(0, lambda: rung.append(True))
    bridge.close()
    assert not bridge.findChildren(QTimer)
    cancel()
    let_pass(qtbot, 5)
    assert not rung
