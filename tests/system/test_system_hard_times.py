"""What happens around a take: recovery killed, clocks that jump, few file descriptors, a second start."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import EndReason
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.takes.recovery import recover_unsealed
from perfstudio.session.takes.verify_bundle import verify_bundle
from rigs.recovering import recover
from rigs.rolling_app import started
from rigs.verbs import Type
from rigs.waiting import stays, until

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static int (*real)(clockid_t, struct timespec *);
static time_t shift(void) {
    static time_t born;
    struct timespec now;
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    real(CLOCK_MONOTONIC, &now);
    if (!born) born = now.tv_sec;
    return now.tv_sec - born < atoi(getenv("SHIM_AFTER")) ? 0 : atol(getenv("SHIM_BY"));
}
int clock_gettime(clockid_t id, struct timespec *t) {
    time_t by = shift();
    int done = real(id, t);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) t->tv_sec += by;
    return done;
}
int gettimeofday(struct timeval *t, void *zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *t) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}
"""
TAKE = ("record", "the-letter", "--camera", "practice", "--microphone", "practice", "--size", "320x180", "--fps", "15",
        "--json")  # fmt: skip


@pytest.fixture
def shim(tmp_path: Path) -> Path:
    """A library that moves the wall clock, and nothing else, of the program it is loaded into."""
    source, built = tmp_path / "shim.c", tmp_path / "shim.so"
    source.write_text(SHIM)
    if sys.platform != "linux" or shutil.which("cc") is None:
        pytest.skip("no compiler for a clock that jumps")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(built), str(source), "-ldl"], check=True)
    return built


@pytest.mark.parametrize(("after", "by"), [(3, -7200), (3, 3 * 366 * 86400)], ids=["two hours back", "three years on"])
def test_a_wall_clock_that_jumps_in_a_take_moves_nothing(perfstudio: Type, shim: Path, after: int, by: int) -> None:
    """CLK-1, CLK-2: length and sync come from the one clock; every take is there before and after."""
    first = perfstudio(*TAKE, "--seconds", "1").json["take_id"]
    answer = perfstudio(*TAKE, "--seconds", "5", LD_PRELOAD=str(shim), SHIM_AFTER=str(after), SHIM_BY=str(by))
    assert answer.code in (0, 3), answer
    manifest = answer.json["manifest"]
    assert 5.0 < manifest["duration_s"] < 9.0
    assert manifest["audio"]["gaps"] == []
    assert abs(manifest["sync"]["drift_ms"]) < 5
    listed = perfstudio("takes", "list", "--json", LD_PRELOAD=str(shim), SHIM_AFTER="0", SHIM_BY=str(by)).json
    assert {row["take_id"] for row in listed} == {first, answer.json["take_id"]}


def test_a_dead_battery_clock_neither_doubles_nor_loses_a_take(perfstudio: Type, shim: Path, home: Path) -> None:
    """CLK-3: 1971, and then the right year again."""
    by = str(round(1.5 * 365 * 86400) - int(shim.stat().st_mtime))
    wrong = perfstudio(*TAKE, "--seconds", "1", LD_PRELOAD=str(shim), SHIM_AFTER="0", SHIM_BY=by)
    assert wrong.code in (0, 3), wrong
    assert wrong.json["manifest"]["started_utc"].startswith("1971")
    right = perfstudio(*TAKE, "--seconds", "1")
    numbers = [answer.json["manifest"]["slate"]["take_number"] for answer in (wrong, right)]
    assert numbers == [1, 2]
    for answer in (wrong, right):
        assert perfstudio("verify", home / "takes" / answer.json["take_id"]).code == 0


def test_recovery_that_is_killed_again_and_again_blocks_no_start(home: Path) -> None:
    """PRC-4: three tries cut short, then it is left alone and said; asked for by name it is made whole."""
    with started(home, 1.0) as app:
        os.killpg(app.pid, 9)
    (raw,) = (home / "takes").glob("*.part/raw")
    before = {path.name: path.read_bytes() for path in raw.iterdir()}
    for _ in range(3):
        process = multiprocessing.get_context("spawn").Process(target=recover, args=(home,))
        process.start()
        tried = len(before.get("recoveries", b""))
        tally = raw / "recoveries"
        until(lambda tally=tally, tried=tried: tally.exists() and tally.stat().st_size > tried, look_s=0.002)
        process.kill()
        process.join()
        before["recoveries"] = (raw / "recoveries").read_bytes()
        assert {path.name: path.read_bytes() for path in raw.iterdir()} == before, "raw files are never touched"
    with Home(AppPaths(home)) as again:
        told = recover_unsealed(again.library)
        assert [problem.code for _, problem in told.left] == [ErrorCode.TAKE_DAMAGED]
        (take_id,) = recover_unsealed(again.library, even_after_tries=True).recovered
        assert verify_bundle(again.library.folder(take_id)).problems == ()
        assert again.takes.manifest(take_id).ended is EndReason.RECOVERED


def test_few_file_descriptors(home: Path) -> None:
    """PRC-7: sixty-four in all are enough for a take."""
    limited(home, "ulimit -n 64")


def test_a_gigabyte_of_memory(home: Path) -> None:
    """PRC-5: a limit of one gigabyte on what the process may write to is enough for a take of 720p, with checks."""
    take = limited(home, "ulimit -d 1048576", "--size", "1280x720", "--fps", "30")
    assert take["video"]["dropped"] == 0
    assert take["ended"] == EndReason.CUT


def limited(home: Path, limit: str, *more: str) -> dict[str, Any]:
    """A take under a limit of the system; its manifest."""
    take = [sys.executable, "-m", "perfstudio", *TAKE, *more, "--seconds", "2"]
    env = {**os.environ, "PERFSTUDIO_HOME": str(home)}
    words = ["sh", "-c", f'{limit}; exec "$@"', "sh", *take]
    done = subprocess.run(words, capture_output=True, text=True, timeout=110, check=False, env=env)
    assert done.returncode in (0, 3), done.stderr
    assert "Traceback" not in done.stderr
    manifest: dict[str, Any] = json.loads(done.stdout)["manifest"]
    return manifest


def test_a_second_start_leaves_the_first_window_alone_and_a_dead_one_leaves_no_lock(home: Path) -> None:
    """PRC-6."""
    words = [sys.executable, "-m", "perfstudio", "--practice", "--home", str(home)]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as first:
        await_door(home, first)
        assert subprocess.run(words, timeout=60, check=False).returncode == 0, "it knocks and goes"
        assert first.poll() is None
        first.kill()
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as after:
        await_door(home, after)
        stays(lambda: after.poll() is None, 1.0, "the lock died with its holder")
        after.kill()


def await_door(home: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the window of this process holds the lock."""
    lock = home / "window.lock"

    def held() -> bool:
        assert process.poll() is None
        return lock.exists() and lock.read_text().splitlines()[:1] == [str(process.pid)]

    until(held, "the window's lock", 60)
    stays(lambda: process.poll() is None, 1.5, "the door opens right after")
