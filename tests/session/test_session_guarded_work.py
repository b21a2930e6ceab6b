"""The process that plays files of strangers: it hangs, dies, babbles or grows, and is ended; it has nothing of ours."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from perfstudio.model.media_claim import MediaClaim, MediaForm, Unfit
from perfstudio.session.guarded_work import GuardLimits, MediaGuard
from rigs import small_media
from rigs.waiting import until

CLAIM = MediaClaim("/nowhere", MediaForm.FLAC)
LIMITS = GuardLimits(cpu_s=20.0, wall_s=60.0)


def guard(program: str) -> MediaGuard:
    return MediaGuard((sys.executable, "-c", program))


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("import threading; threading.Event().wait()", (Unfit.TOO_COSTLY,)),
        ("print(); import sys, threading; sys.stdout.flush(); threading.Event().wait()", (None, Unfit.TOO_COSTLY)),
        ("import os; os.abort()", (Unfit.BREAKS_PLAYER,)),
        ("print(flush=True); import os; os.kill(os.getpid(), 9)", (None, Unfit.BREAKS_PLAYER)),
        ("while True: print('cut_short ' * 100)", (Unfit.BREAKS_PLAYER,)),
        ("print('all is well')", (Unfit.BREAKS_PLAYER,)),
        ("print('cut_short', end='')", (Unfit.BREAKS_PLAYER,)),
        ("print('cut_short'); print()", (Unfit.CUT_SHORT, None)),
    ],
)
def test_whatever_it_does_is_an_answer(program: str, found: tuple[Unfit | None, ...]) -> None:
    limits = GuardLimits(wall_s=1.0) if Unfit.TOO_COSTLY in found else LIMITS
    assert guard(program).look([CLAIM, CLAIM], limits) == found


def test_its_limits_are_those_of_the_system(tmp_path: Path) -> None:
    """It is told to keep to them before it looks at anything, and has nothing of our surroundings."""
    pytest.importorskip("resource", reason="Windows has no such limits")
    told = tmp_path / "told.json"
    program = (
        "import json, os, resource, sys\n"
        "from perfstudio.own_process import confine\n"
        "order = json.loads(sys.stdin.readline())\n"
        f"told = os.open({str(told)!r}, os.O_WRONLY | os.O_CREAT)\n"
        "said = {'environment': dict(os.environ)}\n"
        "confine(memory_bytes=order['memory_bytes'], cpu_s=order['cpu_s'])\n"
        "for name in ('CORE', 'AS', 'CPU', 'FSIZE'):\n"
        "    said[name] = resource.getrlimit(getattr(resource, 'RLIMIT_' + name))\n"
        "try:\n"
        "    os.write(told, b'x')\n"
        "    said['wrote'] = True\n"
        "except OSError:\n"
        "    said['wrote'] = False\n"
        "sys.stdout.write('\\n')\n"
        "assert said['CORE'] == (0, 0) and said['FSIZE'] == (0, 0) and not said['wrote'], said\n"
        "assert said['AS'] == (order['memory_bytes'],) * 2 and said['CPU'][1] <= order['cpu_s'] + 1, said\n"
        "assert 'HOME' not in said['environment'] and 'PERFSTUDIO_HOME' not in said['environment'], said\n"
        "sys.stdout.write('\\n')\n"
    )
    assert guard(program).look([CLAIM, CLAIM], LIMITS) == (None, None)


def test_it_ends_over_memory_and_time(tmp_path: Path) -> None:
    claim = MediaClaim(str(small_media.film(tmp_path / "take.mp4")), MediaForm.FILM)
    assert MediaGuard().look([claim], LIMITS) == (None,)
    assert MediaGuard().look([claim], GuardLimits(memory_bytes=64 << 20)) != (None,)
    assert MediaGuard().look([claim], GuardLimits(cpu_s=0.01)) == (Unfit.TOO_COSTLY,)


def test_the_watchdog_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on systems that have no limit of memory or time."""
    monkeypatch.setenv("PERFSTUDIO_HOME", "/never/seen")
    program = (
        "import sys, threading\n"
        "from perfstudio.session import guarded_child\n"
        "guarded_child.confine = lambda **limits: None\n"
        "guarded_child.json = type('J', (), {'loads': lambda text: "
        "{'memory_bytes': MEMORY, 'cpu_s': CPU, 'claims': Endless()}})\n"
        "class Endless:\n"
        "    def __iter__(self):\n"
        "        held = []\n"
        "        while True:\n"
        "            held.append(bytearray(b'x' * 1_000_000)) if GROWS else None\n"
        "guarded_child.main()\n"
    )
    for memory, cpu, grows in ((300 << 20, 30.0, True), (8 << 30, 0.5, False)):
        text = program.replace("MEMORY", str(memory)).replace("CPU", str(cpu)).replace("GROWS", str(grows))
        assert guard(text).look([CLAIM], LIMITS) == (Unfit.TOO_COSTLY,)


def test_what_is_stopped_says_nothing_of_the_file(tmp_path: Path) -> None:
    running = tmp_path / "running"
    slow = guard(f"open({str(running)!r}, 'w').close(); import threading; threading.Event().wait()")
    ended: list[type[BaseException]] = []

    def look() -> None:
        try:
            slow.look([CLAIM], LIMITS)
        except OSError as stopped:
            ended.append(type(stopped))

    thread = threading.Thread(target=look)
    thread.start()
    until(running.exists)
    slow.stop()
    thread.join(20)
    assert ended == [InterruptedError]


def test_a_program_that_is_not_there_says_nothing_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MediaGuard((str(tmp_path / "nowhere"),)).look([CLAIM], LIMITS)


def test_the_real_one_speaks_for_each_file(tmp_path: Path) -> None:
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(os.urandom(5000))
    good = small_media.flac(tmp_path / "ü ok.flac", 0.5)
    claims = [MediaClaim(str(file), form) for file, form in ((noise, MediaForm.FILM), (good, MediaForm.FLAC))]
    assert MediaGuard().look(claims, LIMITS) == (Unfit.OTHER_KIND, None)
