"""A recorded take's sound is measured once, while it is written: the report finds the closed file to hold just that."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from perfstudio.checks import report
from perfstudio.model.checks import CheckCode
from perfstudio.model.device import NO_CAMERA, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.paths import AppPaths
from perfstudio.session.headless.check import check_path
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home


def test_the_report_tells_what_was_heard_while_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = []
    real = report._holds
    monkeypatch.setattr(report, "_holds", lambda *given: held.append(real(*given)) or held[-1])  # type: ignore[func-returns-value]
    selection = DeviceSelection(camera=CameraRequest(id=NO_CAMERA), microphone=MicrophoneRequest(id="practice"))
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        prompt = next(f"{p.pack.id}/{p.pack.prompts[0].id}" for p in home.shelf.packs())
        take = record_take(home, prompt, selection, 3.0, RecordingHooks(threading.Event()))
        again = {r.code: r.value for r in check_path(home.library.folder(take.take_id))}
    assert held == [True]
    told = {r.code: r.value for r in take.checks}
    for code in (CheckCode.LOUDNESS, CheckCode.TRUE_PEAK, CheckCode.SPEECH, CheckCode.DROPOUTS):
        assert told[code] == again[code]
    assert told.get(CheckCode.NOISE_FLOOR) == again.get(CheckCode.NOISE_FLOOR), "told where the voice paused"
