"""What happens around a take: recovery killed, clocks that jump, few file descriptors, a second start."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import pytest

from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode
from perfstudio.model.take import EndReason, TakeState
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.takes.recovery import recover_unsealed
from perfstudio.session.takes.verify_bundle import verify_bundle
from rigs import practice_window
from rigs.limited_verb import limited
from rigs.recovering import recover
from rigs.rolling_app import started
from rigs.systems import posix_only
from rigs.verb_server import VerbServer
from rigs.verbs import Type, typist
from rigs.waiting import until
from rigs.warm_program import Program

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static int (*real)(clockid_t, struct timespec *);
static time_t shift(void) {
    const char *at = getenv("SHIM_AT");
    struct timespec now;
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    if (!at) return 0;
    real(CLOCK_MONOTONIC, &now);
    return now.tv_sec < atol(at) ? 0 : atol(getenv("SHIM_BY"));
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


@pytest.fixture(scope="module")
def jumping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VerbServer]:
    """Verbs with a library that moves the wall clock, and nothing else, once `SHIM_AT` has come."""
    folder = tmp_path_factory.mktemp("shim")
    source, built = folder / "shim.c", folder / "shim.so"
    source.write_text(SHIM)
    if sys.platform != "linux" or shutil.which("cc") is None:
        pytest.skip("no compiler for a clock that jumps")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(built), str(source), "-ldl"], check=True)
    with pytest.MonkeyPatch.context() as loaded:
        loaded.setenv("LD_PRELOAD", str(built))
        server = VerbServer(folder, anew=True)
    yield server
    server.close()


@pytest.fixture
def perfstudio(home: Path, jumping: VerbServer) -> Type:
    """Types verbs; the clock jumps for those that are given a jump."""
    return typist(home, jumping)


def jump(after: int, by: int) -> dict[str, str]:
    """In so many seconds, by so many."""
    return {"SHIM_AT": str(int(time.monotonic()) + 1 + after if after else 0), "SHIM_BY": str(by)}


@pytest.mark.parametrize(("after", "by"), [(2, -7200), (2, 3 * 366 * 86400)], ids=["two hours back", "three years on"])
def test_a_wall_clock_that_jumps_in_a_take_moves_nothing(perfstudio: Type, after: int, by: int) -> None:
    """CLK-1, CLK-2: length and sync come from the one clock; every take is there before and after."""
    first = perfstudio(*TAKE, "--seconds", "0.5").json["take_id"]
    answer = perfstudio(*TAKE, "--seconds", "4", **jump(after, by))
    assert answer.code in (0, 3), answer
    manifest = answer.json["manifest"]
    assert 4.0 < manifest["duration_s"] < 8.0
    assert manifest["audio"]["gaps"] == []
    assert abs(manifest["sync"]["drift_ms"]) < 5
    listed = perfstudio("takes", "list", "--json", **jump(0, by)).json
    assert {row["take_id"] for row in listed} == {first, answer.json["take_id"]}


def test_a_dead_battery_clock_neither_doubles_nor_loses_a_take(perfstudio: Type, home: Path) -> None:
    """CLK-3: 1971, and then the right year again."""
    wrong = perfstudio(*TAKE, "--seconds", "0.5", **jump(0, round(1.5 * 365 * 86400 - utc_now().timestamp())))
    assert wrong.code in (0, 3), wrong
    assert wrong.json["manifest"]["started_utc"].startswith("1971")
    right = perfstudio(*TAKE, "--seconds", "0.5")
    numbers = [answer.json["manifest"]["slate"]["take_number"] for answer in (wrong, right)]
    assert numbers == [1, 2]
    for answer in (wrong, right):
        assert perfstudio("verify", home / "takes" / answer.json["take_id"]).code == 0


def test_recovery_that_is_killed_again_and_again_blocks_no_start(home: Path) -> None:
    """PRC-4: three tries cut short, then it is left alone and said; asked for by name it is made whole."""
    with started(home, 1.0) as app:
        app.recorder.kill()
        app.kill()
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


def test_few_file_descriptors(tmp_path: Path) -> None:
    """PRC-7: sixty-four in all are enough for a take."""
    pytest.importorskip("resource")
    limited("NOFILE", 64, tmp_path, *TAKE, "--seconds", "1")


def test_a_gigabyte_of_memory(tmp_path: Path) -> None:
    """PRC-5: a limit of one gigabyte on what the process may write to is enough for a take of 720p, with checks."""
    pytest.importorskip("resource")
    words = (*TAKE, "--size", "1280x720", "--fps", "30", "--seconds", "1")
    take = limited("DATA", 1 << 30, tmp_path, *words)["manifest"]
    assert take["video"]["dropped"] == 0
    assert take["ended"] == EndReason.CUT
    assert take["checks"]


def test_a_second_start_leaves_the_first_window_alone_and_a_dead_one_leaves_no_lock(home: Path) -> None:
    """PRC-6."""
    lock = home / "window.lock"
    with Program(practice_window.main, home) as first:
        assert first.hear() == "open"
        assert lock.read_text().splitlines()[0] == str(first.pid)
        with Program(practice_window.main, home) as second:
            assert second.hear() == 0, "it knocks and goes"
        assert first.hear() == "front"
        assert first.runs()
    with Program(practice_window.main, home) as after:
        assert after.hear() == "open", "the lock died with its holder"
        assert lock.read_text().splitlines()[0] == str(after.pid)


@posix_only("a signal of another program ends it at once")
def test_a_signal_ends_the_window_and_keeps_what_rolls(home: Path) -> None:
    """As a logout does: nothing is asked, the take is here, and no shared memory stays."""
    with Program(practice_window.rolling, home) as window:
        assert window.hear() == "open"
        shared = window.hear()
        SharedMemory(shared).close()
        assert window.hear() == "rolling"
        window.send_signal(signal.SIGTERM)
        assert window.hear() == 0
    with pytest.raises(FileNotFoundError):
        SharedMemory(shared)
    lines = Home(AppPaths(home).prepare()).takes.lines()
    assert [line.state for line in lines] == [TakeState.UNDECIDED]
