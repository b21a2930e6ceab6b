"""A frozen app, as packers make them, for tests: one file that is program and Python in one and knows no `-m` or `-c`.

app = frozen_app(folder)
subprocess.run([app, "devices"])                        # the command line
subprocess.run([app, "script", "print('inside')"])      # code of a test, run inside the app
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rigs.systems import WINDOWS

APP = """#!{python}
import sys
sys.path[:0] = {path!r}
sys.frozen, sys.executable = True, __file__
sys._base_executable = __file__
from perfstudio.__main__ import main
if __name__ == "__main__":
    if sys.argv[1:2] == ["script"]:
        exec(compile(sys.argv[2], "script", "exec"))
    else:
        sys.exit(main())
"""


def frozen_app(folder: Path) -> Path:
    """The app's one file; the test is skipped on Windows, where a script is no program."""
    if WINDOWS:
        pytest.skip("not on Windows: a script is no program; `installer/try_windows.py` tries the frozen one")
    file = folder / "perfstudio-app"
    tests = Path(__file__).resolve().parents[1]
    file.write_text(APP.format(python=sys.executable, path=[str(tests.parent), str(tests)]), encoding="utf-8")
    file.chmod(0o755)
    return file
