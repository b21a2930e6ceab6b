"""What every test of the session may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sent_takes import kept, take

from perfstudio.paths import AppPaths
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.session import Session
from rigs.clip_studio import clip_home, studio
from rigs.fake_stage import SteppedThread
from rigs.stage import Thread

__all__ = ["clip_home", "kept", "studio", "take"]


@pytest.fixture
def thread() -> Iterator[Thread]:
    """The owner's thread, whose turns the test takes."""
    made = Thread()
    yield made
    made.close()


@pytest.fixture
def session(tmp_path: Path, thread: Thread) -> Iterator[Session]:
    """A session in a home of its own, without a countdown."""
    made = Session(AppPaths(tmp_path / "home").prepare(), thread.post, thread)
    made.director.countdown_s = 0
    yield made
    made.close()


@pytest.fixture
def stepped() -> SteppedThread:
    """The owner's thread of a session whose timer is stepped."""
    return SteppedThread()


@pytest.fixture
def fake_session(tmp_path: Path, stepped: SteppedThread) -> Iterator[Session]:
    """A session on the fake recorder: everything else is real."""
    home = AppPaths(tmp_path / "home").prepare()
    made = Session(home, stepped.post, stepped.timer, recorder=FakeRecorder)
    yield made
    made.close()


@pytest.fixture
def fake(fake_session: Session) -> FakeRecorder:
    """Its recorder."""
    recorder = fake_session._recorder
    assert isinstance(recorder, FakeRecorder)
    return recorder
