"""Waiting for something to be so: the one place of the tests that sleeps."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")

LIMIT_S = 90.0
"""What a machine that does ten other things may take; a test that waits in vain fails then."""

LOOK_S = 0.005


def until(condition: Callable[[], T], what: str = "", limit_s: float = LIMIT_S, look_s: float = LOOK_S) -> T:
    """The first answer of `condition` that is true. Fails after `limit_s`, and names what did not come."""
    end = time.monotonic() + limit_s
    while not (answer := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {limit_s:g} s: {what or condition}")
        time.sleep(look_s)
    return answer


def stays(so: Callable[[], bool], seconds: float, what: str = "") -> None:
    """That something does not happen can only be seen for a while: it is `so` at every look, and fails at the first
    at which it is not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert so(), what
        time.sleep(min(LOOK_S, seconds / 4))


def random_moment(chance: np.random.Generator | random.Random, longest_s: float) -> None:
    """Let chance pick the moment at which something is killed or taken away."""
    time.sleep(float(chance.uniform(0.0, longest_s)))


def be_slow(seconds: float) -> None:
    """For what stands in for a slow disk, line, program or person: how slow it is, is what is tried."""
    time.sleep(seconds)
