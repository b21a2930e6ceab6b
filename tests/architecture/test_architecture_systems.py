"""What other systems have or lack: every module can be imported there, and OpenCV is told before it is loaded."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "perfstudio"
POSIX_ONLY = (
    "fcntl", "termios", "pwd", "grp", "resource", "posix", "pty", "tty", "syslog", "crypt", "spwd", "nis", "readline",
    "curses", "_curses", "ossaudiodev", "_posixsubprocess", "_posixshmem",
)  # fmt: skip
"""Modules of the standard library that Windows has not (docs.python.org, "Unix-specific services")."""

EVERYTHING = """
import importlib, pkgutil, re, sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

def import_all():
    import perfstudio
    found = pkgutil.walk_packages(perfstudio.__path__, "perfstudio.")
    names = [module.name for module in found if not module.name.endswith("__main__")]
    for name in names:
        importlib.import_module(name)
    return names

def forget(ours=lambda module: True):
    for name in [name for name in sys.modules if name.partition(".")[0] == "perfstudio" and ours(sys.modules[name])]:
        del sys.modules[name]

def asks_the_system(module):
    with open(module.__file__, encoding="utf-8") as source:
        return not WORDS.isdisjoint(re.findall(r"\\w+", source.read()))

def refuse():
    for name in REFUSED:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Refusing())
"""

WITHOUT = """
import_all()  # once as it is: the libraries of others stay, for they are other files elsewhere
refuse()
installer = sys.argv[1:]
sys.path.insert(0, "installer")
WORDS = {"platform", *REFUSED}  # who names none of them is the same file everywhere
for platform in ("darwin", "win32"):
    before = set(sys.modules)
    forget(asks_the_system)
    sys.platform = platform
    print(platform, len(before - set(sys.modules)), len(import_all()))
    for name in installer:
        sys.modules.pop(name, None)
    for name in installer:
        importlib.import_module(name)
"""

LOCKED_AS_ON_WINDOWS = """
import fcntl, os, sys, types
from pathlib import Path

import pytest
import perfstudio.library.locks, perfstudio.receiver.serve

forget()

windows = types.ModuleType("msvcrt")
windows.LK_LOCK, windows.LK_NBLCK = 1, 2
windows.locking = lambda descriptor, mode, count: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
sys.modules["msvcrt"] = windows
sys.platform = "win32"
from perfstudio.library.locks import Locks
refuse()
one, other = Locks(Path(sys.argv[1])), Locks(Path(sys.argv[1]))
print(one.claim("take"), other.claim("take"), other.is_claimed("take"))
one.release("take")
print(other.claim("take"))
other.release("take")
from perfstudio.receiver import serve
serve._lock_folder(Path(sys.argv[1]) / "receiver").close()
print(sorted(set(REFUSED) & set(sys.modules)))
"""


def run(program: str, *words: str | Path) -> str:
    text = f"REFUSED = {POSIX_ONLY!r}\n{EVERYTHING}\n{program}"
    command = [sys.executable, "-c", text, *map(str, words)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_is_imported_where_there_is_no_posix() -> None:
    """On macOS and on Windows, by their names; and so is what sets it up."""
    installer = [path.stem for path in (TOP / "installer").glob("*.py")]
    assert "bootstrap" in installer
    rows = [line.split() for line in run(WITHOUT, *installer).splitlines()]
    assert [platform for platform, _, _ in rows] == ["darwin", "win32"]
    assert all(int(anew) > 25 and int(modules) > 200 for _, anew, modules in rows)


def test_locks_hold_by_what_windows_has(tmp_path: Path) -> None:
    assert run(LOCKED_AS_ON_WINDOWS, tmp_path).splitlines() == ["True False True", "True", "[]"]


OF_LINUX_ALONE = {
    "capture/devices/pulseaudio_connection.py",
    "capture/devices/v4l2.py",
    "capture/system/sleep_detector.py",  # its clocks of Linux and macOS
}
"""Nobody calls these elsewhere."""


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_the_standard_library_of_others_has_what_is_called(system: str, tmp_path: Path) -> None:
    """By the types of the standard library there; what no other system has is asked for behind its name."""
    command = [sys.executable, "-m", "mypy", "--platform", system, "--no-warn-unreachable", "--cache-dir", tmp_path]
    done = subprocess.run([*command, "perfstudio"], cwd=TOP, capture_output=True, text=True, check=False)
    wrong = {line.partition(":")[0] for line in done.stdout.splitlines() if ": error:" in line}
    assert wrong <= {f"perfstudio/{file}" for file in OF_LINUX_ALONE}, done.stdout
    assert done.stdout.rstrip().endswith("source files)") or "no issues" in done.stdout, done.stderr


FIRST_OF_OPENCV = """
import importlib, os, sys

class Looking:
    def find_spec(self, name, path=None, target=None):
        if name in ("cv2", "cv2_enumerate_cameras"):
            seen.append(os.environ.get("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"))
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Looking())
for name in sys.argv[1:]:
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == "perfstudio"]:
        del sys.modules[loaded]
    os.environ.pop("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", None)
    seen = []
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        pass
    print(name, seen[0] if seen else os.environ.get("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"))
"""


def imports_opencv(path: Path) -> bool:
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)) if "cv2" in text else ():
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(name.partition(".")[0] in ("cv2", "cv2_enumerate_cameras") for name in names):
            return True
    return False


def test_opencv_is_told_before_it_is_loaded_wherever_that_is() -> None:
    """Media Foundation opens a camera in a second and a half with this, in a minute and a half without."""
    paths = [path for path in PACKAGE.rglob("*.py") if imports_opencv(path)]
    names = [".".join(path.relative_to(TOP).with_suffix("").parts) for path in paths]
    assert len(names) > 15
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENCV")}
    command = [sys.executable, "-c", FIRST_OF_OPENCV, *names]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines() == [f"{name} 0" for name in names]


def test_whether_somebody_sits_at_a_stream_is_asked_in_one_place() -> None:
    """NUL of Windows says that it is a terminal."""
    ask = {str(file.relative_to(PACKAGE)) for file in PACKAGE.rglob("*.py") if ".isatty(" in file.read_text("utf-8")}
    assert ask == {str(Path("systems/consoles.py"))}
