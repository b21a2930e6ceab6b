"""Fixtures of the capture room."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator

import pytest
from raw_takes import raw_take, raw_takes  # noqa: F401 - fixtures of every test here

from rigs.pulse import PulseServer


@pytest.fixture
def pulse_server() -> Iterator[PulseServer]:
    """A private sound server with one microphone, "mic", that speaks and clicks; chosen for the test."""
    with PulseServer() as server, server.chosen():
        server.add_source("mic")
        server.play("mic")
        yield server
    assert not [t.name for t in threading.enumerate() if t.name.startswith(("microphone", "practice"))]


@pytest.fixture
def bus() -> Iterator[str]:
    """The address of a private session bus."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon")
    words = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.kill()
