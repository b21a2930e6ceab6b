"""The thread that runs ahead: order kept, failures passed on, nothing left running, never too far ahead."""

from __future__ import annotations

import threading
from collections.abc import Generator

import cv2
import pytest

from perfstudio.checks.decode_ahead import ahead, single_minded
from rigs.waiting import stays, until


def counting(made: list[int], closed: list[str], stop: int = 1000, fail_at: int = -1) -> Generator[int]:
    try:
        for index in range(stop):
            if index == fail_at:
                raise OSError("gone")
            made.append(index)
            yield index
    finally:
        closed.append(threading.current_thread().name)


def test_everything_comes_in_order_from_another_thread() -> None:
    made: list[int] = []
    closed: list[str] = []
    assert list(ahead(counting(made, closed, 500), 4)) == list(range(500))
    assert closed == ["checks-ahead"]


def test_it_runs_only_so_far_ahead() -> None:
    made: list[int] = []
    items = ahead(counting(made, []), 3)
    assert next(items) == 0
    until(lambda: len(made) >= 3)
    stays(lambda: len(made) <= 5, 0.2)
    items.close()  # type: ignore[attr-defined]


def test_a_failure_comes_through_after_what_was_made() -> None:
    items = ahead(counting([], [], fail_at=5), 3)
    assert [next(items) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(OSError, match="gone"):
        next(items)


def test_who_stops_early_leaves_no_thread_and_an_ended_source() -> None:
    closed: list[str] = []
    items = ahead(counting([], closed), 3)
    assert [next(items), next(items)] == [0, 1]
    items.close()  # type: ignore[attr-defined]
    assert closed
    assert not any(t.name == "checks-ahead" for t in threading.enumerate())


def test_opencv_has_its_threads_back_afterwards() -> None:
    before = cv2.getNumThreads()
    with single_minded():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == before
