"""What a process loads: the window's end of the session needs no media library, so it starts soon and stays small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from rigs.sources import nodes_of

MEDIA = ("cv2", "av", "sounddevice", "soundfile")


def test_the_session_loads_no_media_library() -> None:
    script = f"import sys, perfstudio.session.session; print([name for name in {MEDIA} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_window_takes_a_finished_take_from_the_pipe_without_media_libraries() -> None:
    """What the recorder process sends after a cut is a plain value: taking it in must not hold up the window."""
    made = (
        "import pickle, sys; from pathlib import Path; from perfstudio.session.takes.processing import develop;"
        "from perfstudio.capture.finishing.finished_take import FinishedTake; "
        "from perfstudio.session.takes.processed_take import ProcessedTake;"
        "from perfstudio.model.take import EndReason; from perfstudio.session import recorder_messages as rm;"
        "take = FinishedTake(1.0, EndReason.CUT, (), None, None, None, ());"
        "recording = rm.Recording(rm.Purpose.TAKE, Path('x'));"
        "sys.stdout.buffer.write(pickle.dumps(rm.TakeProcessed(recording, ProcessedTake(take, ()))))"
    )
    sent = subprocess.run([sys.executable, "-c", made], check=True, capture_output=True).stdout
    taken = f"import pickle, sys; pickle.loads({sent!r}); print([m for m in {MEDIA!r} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", taken], check=True, capture_output=True, text=True).stdout
    assert loaded.strip() == "[]"


def test_a_look_for_devices_loads_nothing_that_it_does_not_need() -> None:
    """It is a process of its own, and where no sign of a change is known one begins every few seconds."""
    script = "import sys, perfstudio.capture.devices.scan; print({'pydantic', 'numpy'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


ESSENTIALS = {"QtCore", "QtGui", "QtNetwork", "QtSvg", "QtTest", "QtWidgets"}
"""What is used of Qt, all of it in PySide6-Essentials."""


def test_nothing_needs_the_large_half_of_qt() -> None:
    """PySide6-Addons are 438 MB: films are played and PDFs are read without them."""
    top = Path(__file__).resolve().parents[2]
    used: set[str] = set()
    for nodes in nodes_of((*(top / "perfstudio").rglob("*.py"), *(top / "tests").rglob("*.py"))).values():
        for node in nodes:
            named = [node.module] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            used |= {name.split(".")[1] for name in named if name and name.startswith("PySide6.")}
    assert used <= ESSENTIALS
    for listed in ("pyproject.toml", "requirements.lock"):
        assert "addons" not in (top / listed).read_text(encoding="utf-8").lower()
