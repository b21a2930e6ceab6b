"""A face model in the recorder process: what looks is told with the take; what cannot look is said once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.model.checks import CheckCode, CheckResult
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session.events import Trouble
from perfstudio.session.session import Session
from perfstudio.session.takes.face_detector import VARIABLE, read_face_model
from perfstudio.session.views import StageState
from rigs.onnx_model import write_bright_finder
from rigs.stage import SMALL_PAIR, Thread, on_stage, roll


@pytest.fixture
def session(tmp_path: Path, thread: Thread, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.delenv(VARIABLE, raising=False)
    made = Session(AppPaths(tmp_path / "home").prepare(), thread.post, thread)
    made.director.countdown_s = 0
    yield made
    made.close()


def face_of_a_take(session: Session, thread: Thread) -> CheckResult:
    sealed = on_stage(session, thread)
    roll(session, thread, 0.5)
    session.director.cut()
    thread.until(lambda: bool(sealed))
    checks = session.home.takes.manifest(sealed[0].take_id).checks
    return next(c for c in checks if c.code is CheckCode.FACE)


def test_the_chosen_model_looks_live_and_in_the_report(session: Session, thread: Thread, tmp_path: Path) -> None:
    model = read_face_model(write_bright_finder(tmp_path / "bright.onnx"), "MIT")
    session.settings.change(face_model=model)
    face = face_of_a_take(session, thread)
    assert face.facts == {"finder": "yunet", "finder_sha256": model.sha256}
    assert str(tmp_path) not in str(face.to_json())


def test_a_model_that_went_away_is_said_once_and_the_take_is_checked_all_the_same(
    session: Session, thread: Thread, tmp_path: Path
) -> None:
    file = write_bright_finder(tmp_path / "bright.onnx")
    session.settings.change(face_model=read_face_model(file))
    file.unlink()
    said: list[PerfstudioError] = []
    session.bus.subscribe(Trouble, lambda event: said.append(event.problem))
    assert face_of_a_take(session, thread).facts == {"finder": "haar"}
    session.director.open(SMALL_PAIR)
    thread.until(lambda: session.director.view.state is StageState.OPENING)
    thread.until(lambda: session.director.view.state is StageState.READY)
    (problem,) = said
    assert problem.code is ErrorCode.FACE_MODEL
    assert problem.facts == {"file": "bright.onnx", "reason": "missing"}
