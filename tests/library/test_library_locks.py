"""Locks that die with their holder, take turns fairly enough, and never leave a take reserved by nobody."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from perfstudio.library.locks import Locks
from perfstudio.model.errors import ErrorCode, LibraryError
from rigs.waiting import be_slow

HOLD = """
import sys
from pathlib import Path
from perfstudio.library.locks import Locks
locks = Locks(Path(sys.argv[1]))
with locks.hold("take", "a"):
    print(locks.claim("b"), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def locks(tmp_path: Path) -> Locks:
    return Locks(tmp_path / "locks")


def test_prc_6_a_lock_ends_with_kill_9(locks: Locks, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "locks")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "True\n"
        with pytest.raises(LibraryError) as caught, locks.hold("take", "a", patience_s=0.1):
            pytest.fail("two hold one lock")
        assert caught.value.code is ErrorCode.LIBRARY_IN_USE
        assert locks.is_claimed("b")
        assert locks.any_claimed()
        assert not locks.claim("b")
        with locks.hold("take", "another", patience_s=0.1):
            pass
        child.kill()
    with locks.hold("take", "a", patience_s=0.1):
        assert not locks.any_claimed(), "what a kill has left behind is no take that rolls"
        assert not locks.is_claimed("b")
        assert locks.claim("b")
    locks.close()


def test_threads_wait_for_each_other(locks: Locks) -> None:
    count = 0

    def work() -> None:
        nonlocal count
        for _ in range(50):
            with locks.hold("take", "a"):
                seen = count
                be_slow(0.0001)
                count = seen + 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count == 200


def test_claims_leave_no_files(locks: Locks, tmp_path: Path) -> None:
    other = Locks(tmp_path / "locks")
    assert not other.is_claimed("x")
    assert locks.claim("x")
    assert not locks.claim("x")
    assert other.is_claimed("x")
    locks.release("x")
    locks.release("x")
    assert other.claim("x")
    other.release("x")
    assert not list((tmp_path / "locks").glob("*.open"))


def test_the_folder_of_locks_stays_small(locks: Locks, tmp_path: Path) -> None:
    for number in range(300):
        with locks.hold("take", str(number)):
            pass
    assert len(list((tmp_path / "locks").iterdir())) <= 32
