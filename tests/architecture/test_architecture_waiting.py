"""Nobody waits for a time to pass: waiting is for a condition, with a limit (`rigs/waiting.py`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rigs.sources import no_garbage

TOP = Path(__file__).resolve().parents[2]

SLEEPS = {
    "perfstudio/cli/receive_withdrawals.py": "another process deletes what was confirmed here",
    "perfstudio/receiver/app.py": "a person decides in another process, which leaves nothing but a file",
    "tests/rigs/waiting.py": "the one place of the tests that sleeps, between two looks",
    "tests/rigs/playing_film.py": "a loudspeaker takes ten milliseconds of sound in ten milliseconds",
    "perfstudio/durable.py": "another process holds the file for a moment; tried again, with a limit",
    "perfstudio/library/locks.py": "another process holds the lock; looked at again, with a limit",
    "perfstudio/systems/locks.py": "Windows: another process holds the lock; who waits for it looks again",
    "perfstudio/delivery/outbox_file.py": "another process makes the file; tried again, with a limit",
    "perfstudio/call/voice_out.py": "the pace at which a ring in shared memory is looked at, which tells of nothing",
    "perfstudio/capture/devices/opencv_camera.py": "a driver that gave no picture is asked again, with a limit",
    "perfstudio/capture/recording/recorder.py": "a tail is a time; the first sound is looked for, with a limit",
    "perfstudio/capture/recording/sound_intake.py": "the pace at which waiting sound is handed on",
    "perfstudio/receiver/duets_call.py": "who guesses codes is answered later each time, with a limit",
    "perfstudio/receiver/auth.py": "who guesses tokens is answered later each time, with a limit",
    "perfstudio/session/guarded_child.py": "the pace at which a watchdog looks",
    "perfstudio/cli/enter_key.py": "Windows tells of a key to who asks again and again; with a limit",
    "perfstudio/cli/sending.py": "the pauses between two tries to deliver",
}
"""Who calls a sleep, and why."""

SLOW = {
    "tests/rigs/throttled_line.py": "a line that is no quicker than a line",
    "tests/rigs/fault_server.py": "a line that is slow",
    "tests/capture/test_capture_core_disk.py": "a disk that is slow",
    "tests/capture/test_capture_network_answers.py": "cameras that send in their own pace, or hesitate",
    "tests/library/test_library_locks.py": "a program that is interrupted in the middle",
    "tests/capture/test_capture_device_pulse.py": "a program that is busy for a moment",
}
"""Who stands in for something slow (`be_slow`)."""

IN_TEXT = re.compile(r"\bsleep\(\s*[\d.]+\s*\)|\bqWait\(")
"""In a program that a test runs from a text."""


MAY_SLEEP = re.compile("sleep|slow|[wW]ait")
"""In every file that lets a time pass; others need not be parsed."""


def sleeps(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and kind of everything that lets a time pass."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (kind := of_call(node)):
            yield node.lineno, kind
        elif isinstance(node, ast.List | ast.Tuple) and len(node.elts) == 2 and is_text(node.elts[0], "sleep"):
            yield node.lineno, "the program sleep"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_TEXT.search(node.value):
            yield node.lineno, "a program in a text"


def of_call(call: ast.Call) -> str:
    """What kind of sleep a call is; empty for anything else."""
    match call.func:
        case (
            ast.Name("sleep" | "be_slow" as name) | ast.Attribute(attr="sleep" | "be_slow" | "qWait" | "qSleep" as name)
        ):
            return name
        case ast.Attribute(ast.Name("qtbot"), "wait"):
            return "qtbot.wait"
        case ast.Attribute(ast.Call(ast.Attribute(attr="Event") | ast.Name("Event")), "wait"):
            return "an event that nobody sets"
    return ""


def is_text(node: ast.expr, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def found(folder: str) -> dict[str, set[str]]:
    """The kinds of sleep in each file that has one."""
    kinds: dict[str, set[str]] = {}
    for path in sorted((TOP / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not MAY_SLEEP.search(text):
            continue
        with no_garbage():
            tree = ast.parse(text)
        if said := {kind for _, kind in sleeps(tree)}:
            kinds[path.relative_to(TOP).as_posix()] = said
    return kinds


def test_nothing_sleeps_without_a_reason() -> None:
    here = {name: kinds for folder in ("tests", "perfstudio") for name, kinds in found(folder).items()}
    here.pop(Path(__file__).resolve().relative_to(TOP).as_posix(), None)
    unexplained = {
        name: kinds
        for name, kinds in here.items()
        if not kinds <= ({"sleep"} if name in SLEEPS else set()) | ({"be_slow"} if name in SLOW else set())
    }
    assert not unexplained, "wait for a condition: rigs.waiting.until"
    assert SLEEPS.keys() | SLOW.keys() <= here.keys(), "these sleep no longer: take the line out"


@pytest.mark.parametrize(
    "line",
    [
        "time.sleep(1)",
        "sleep(0.2)",
        "await asyncio.sleep(1)",
        "qtbot.wait(20)",
        "QTest.qWait(5)",
        "threading.Event().wait(3)",
        "run(['sleep', '60'])",
        "run([python, '-c', 'import time; time.sleep(60)'])",
        "be_slow(1)",
    ],
)
def test_each_way_to_sleep_is_seen(line: str) -> None:
    assert MAY_SLEEP.search(line)
    assert list(sleeps(ast.parse(f"async def test():\n    {line}")))


@pytest.mark.parametrize("line", ["stop.wait(3)", "qtbot.waitUntil(so)", "until(so)", "process.wait(60)", "'sleep'"])
def test_waiting_for_something_is_no_sleep(line: str) -> None:
    assert not list(sleeps(ast.parse(line)))
