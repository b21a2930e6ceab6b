"""Fixtures of the capture room."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from rigs.pulse import PulseServer


@pytest.fixture
def pulse_server() -> Iterator[PulseServer]:
    """A private sound server with one microphone, "mic", that speaks and clicks; chosen for the test."""
    with PulseServer() as server, server.chosen():
        server.add_source("mic")
        server.play("mic")
        yield server
    assert not [t.name for t in threading.enumerate() if t.name.startswith(("microphone", "practice"))]
