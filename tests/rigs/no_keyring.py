"""No way from a test to the keyring of whoever runs it. On Linux its address leads nowhere (`tests/conftest.py`); other
systems have no address for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from perfstudio.consent import vault


def no_keyring(put: Callable[[Any, str, Any], None]) -> None:
    """From now on. `put` is `setattr`, or that of a `MonkeyPatch`."""
    if not sys.platform.startswith("linux"):
        put(vault, "REAL_BACKENDS", ())
