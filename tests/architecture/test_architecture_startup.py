"""What a start loads: the first paint and the quick verbs wait for nothing that they do not use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "av", "babel", "cryptography", "cv2", "keyring", "numpy", "requests", "sounddevice", "soundfile", "starlette",
    "urllib3", "uvicorn",
)  # fmt: skip

FIRST_PAINT = """
import json, sys
from pathlib import Path
from perfstudio import app
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from perfstudio.ui.coordinator import Coordinator

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            print(json.dumps(sorted(sys.modules)), flush=True)
            QTimer.singleShot(0, watched.close)
        return False

if __name__ == "__main__":
    QApplication([])
    look, shown = FirstPaint(), Coordinator.show
    def show(window):
        window.main.installEventFilter(look)
        shown(window)
    Coordinator.show = show
    sys.exit(app.open_window(Path(sys.argv[1])))
"""


def test_the_first_paint_waits_for_no_library_that_is_not_on_it(tmp_path: Path) -> None:
    program = tmp_path / "first_paint.py"  # a file, for the recorder's process is spawned from it
    program.write_text(FIRST_PAINT)
    done = subprocess.run(
        [sys.executable, program, tmp_path / "home"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout.splitlines()[0])
    assert "perfstudio.ui.pages.scenes" in loaded
    assert [name for name in HEAVY if name in loaded] == [], "import it where it is first used"
    assert [name for name in loaded if name.startswith("perfstudio.ui.pages.") and not name.endswith("scenes")] == []


VERB = """
import sys
from perfstudio.cli.main import run
try:
    run(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("verb", "without"),
    [
        (["--help"], {"pydantic"}),
        (["takes", "--help"], set()),
        (["takes", "list"], {"requests"}),
        (["packs", "list"], {"requests"}),
    ],
    ids=lambda value: "-".join(sorted(value)) if value else "",
)
def test_a_quick_verb_waits_for_no_library_it_does_not_use(verb: list[str], without: set[str]) -> None:
    done = subprocess.run([sys.executable, "-c", VERB, *verb], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert loaded & {*HEAVY, *without} == set()
