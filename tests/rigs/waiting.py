"""Waiting for something to be so: the one place of the tests that sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LIMIT_S = 30.0
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
