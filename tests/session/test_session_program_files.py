"""An update under an open window: what runs goes on, and the performer is asked to open perfstudio again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import perfstudio
from perfstudio.model.errors import ErrorCode
from perfstudio.session.events import Trouble
from perfstudio.session.recorder.update_detection import ProgramFiles
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from rigs.stage import SOUND_ALONE, Thread, on_stage, recorder_process, roll


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the program that can be updated."""
    place = tmp_path / "perfstudio"
    shutil.copytree(Path(perfstudio.__file__).parent, place, ignore=shutil.ignore_patterns("__pycache__"))
    return place


def test_each_way_of_replacing_files_is_noticed(installed: Path) -> None:
    source = installed / "session" / "recorder_messages.py"
    before = ProgramFiles(installed)
    (installed / "__pycache__").mkdir()
    (installed / "__pycache__" / "app.pyc").touch()
    assert not before.replaced(), "what Python keeps for itself is no update"
    same = source.stat()
    source.write_bytes(source.read_bytes() + b"\n")
    os.utime(source, ns=(same.st_atime_ns, same.st_mtime_ns))
    assert before.replaced(), "another size"
    written = ProgramFiles(installed)
    os.utime(source)
    assert written.replaced(), "written anew"
    for change in (source.unlink, source.touch):
        now = ProgramFiles(installed)
        change()
        assert now.replaced()


def test_an_update_under_an_open_window_keeps_the_recorder_that_runs(
    session: Session, thread: Thread, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PRC-9: each take after it is made by the recorder that the window was started with."""
    monkeypatch.setattr(session, "_program", ProgramFiles(installed))
    told: list[Trouble] = []
    session.bus.subscribe(Trouble, told.append)
    sealed = on_stage(session, thread, SOUND_ALONE)

    def take() -> None:
        before = len(sealed)
        roll(session, thread, 0.2)
        session.director.cut()
        thread.until(lambda: len(sealed) > before and session.director.view.state is StageState.READY)

    def leave() -> None:
        session.director.leave()
        thread.until(lambda: session.director.view.state is StageState.CLOSED)

    def enter() -> None:
        session.director.open(SOUND_ALONE)
        thread.until(lambda: session.director.view.state is StageState.READY)

    first = recorder_process().pid
    take()
    leave()
    enter()
    renewed = recorder_process().pid
    assert renewed != first, "after a take its process is renewed"
    assert told == []
    shutil.rmtree(installed)
    take()
    leave()
    thread.until(lambda: bool(told))
    assert told[0].problem.code is ErrorCode.PROGRAM_REPLACED
    enter()
    take()
    assert recorder_process().pid == renewed
    assert len(sealed) == 3
