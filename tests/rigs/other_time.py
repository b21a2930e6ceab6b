"""The performer's clock says another time; the receiver, in the same process, has its own."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from perfstudio.model import clock

THEIRS = ("perfstudio.receiver", "perfstudio.session.delivery.admission")


@contextlib.contextmanager
def clock_off(by: timedelta) -> Iterator[None]:
    """While it lasts, the performer's clock is ahead by so much; behind, where it is negative."""
    real = clock.utc_now

    def now() -> datetime:
        return real() + by

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            mine = name.startswith("perfstudio.") and not name.startswith(THEIRS)
            if mine and getattr(module, "utc_now", None) is real:
                patch.setattr(module, "utc_now", now)
        yield
