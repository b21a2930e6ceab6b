"""A verb and a window that both record for calibration: neither deletes what the other one is making."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from perfstudio.session.scratch_beside import is_in_use, scratch_beside
from perfstudio.session.scratch_recording import ScratchRecording

AT_ONCE: Any = SimpleNamespace(run=lambda work, done, failed: work())


def test_each_deletes_its_own_and_what_the_dead_left(tmp_path: Path) -> None:
    shared = tmp_path / "calibrating"
    of_window = shared / "01WINDOW"
    of_window.mkdir(parents=True)
    (of_window / "picture").write_bytes(b"face")
    killed = shared / "verb-01KILLED"
    killed.mkdir()
    (killed / "lock").write_bytes(b"")
    with scratch_beside(shared) as folder:
        assert folder.parent == shared
        assert not killed.exists(), "what a killed verb left goes"
        (folder / "picture").write_bytes(b"face")
        with scratch_beside(shared) as second:
            assert second != folder
        assert folder.is_dir(), "another verb leaves it"
        ScratchRecording(AT_ONCE, AT_ONCE, shared)
        assert (folder / "picture").is_file(), "a window that starts leaves it"
        assert not of_window.exists(), "and sweeps what an earlier window left"
        of_window.mkdir()
        (of_window / "picture").write_bytes(b"face")
    assert not folder.exists()
    assert (of_window / "picture").is_file(), "the window is still calibrating"


def test_nothing_is_left_when_nobody_else_records(tmp_path: Path) -> None:
    with scratch_beside(tmp_path / "calibrating") as folder:
        assert is_in_use(folder)
    assert not (tmp_path / "calibrating").exists()
    assert not is_in_use(folder)
