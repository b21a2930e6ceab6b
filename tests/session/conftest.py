"""What every test of the session may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rigs.stage import Thread


@pytest.fixture
def thread() -> Iterator[Thread]:
    """The owner's thread, whose turns the test takes."""
    made = Thread()
    yield made
    made.close()
