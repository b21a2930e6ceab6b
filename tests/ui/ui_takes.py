"""A home with real practice takes for the pages about takes: recorded once, copied for every test."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from rigs.played_to import two_takes

SOUND = MicrophoneRequest(id=PRACTICE)
PICTURE = CameraRequest(id=PRACTICE, width=320, height=180)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two takes: "The letter" with picture and sound, and with sound alone."""
    folder = tmp_path_factory.mktemp("recorded") / "home"
    with Home(AppPaths(folder)) as made:
        for camera, seconds in ((PICTURE, 1.6), (None, 1.2)):
            pair = DeviceSelection(camera=camera, microphone=SOUND)
            record_take(made, "the-letter", pair, seconds, RecordingHooks(threading.Event()))
    return folder


@pytest.fixture
def taken(recorded: Path, home: Path) -> Iterator[Home]:
    """A home of this test's own with the recorded takes; `newest` of its takes is the one of sound alone."""
    shutil.copytree(recorded, home)
    with Home(AppPaths(home)) as opened:
        yield opened


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, str, str]]:
    """A home with two takes of a scene for two, the second of which was played to the first; and their ids."""
    place = tmp_path_factory.mktemp("answered")
    with Home(AppPaths(place / "home").prepare(), use_keyring=False) as made:
        yield made, *two_takes(made, place / "pack")


def take_ids(home: Home) -> tuple[str, str]:
    """(with picture, sound alone)."""
    newest, oldest = home.takes.lines()
    return oldest.take_id, newest.take_id


class Told:
    """Remembers what a page asked for."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    def __call__(self, *what: object) -> None:
        self.calls.append(what[0] if len(what) == 1 else what)


class WaitingWorker:
    """Keeps work until `go`, so that a test can look at a page meanwhile."""

    def __init__(self) -> None:
        self._waiting: list[tuple[object, object, object]] = []

    def run(self, work: object, done: object, failed: object) -> None:
        """Later."""
        self._waiting.append((work, done, failed))

    def go(self) -> None:
        """Now."""
        waiting, self._waiting = self._waiting, []
        for work, done, failed in waiting:
            try:
                result = work()  # type: ignore[operator]
            except PerfstudioError as problem:
                failed(problem)  # type: ignore[operator]
            else:
                done(result)  # type: ignore[operator]
