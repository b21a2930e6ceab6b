"""From the tree to one folder that needs no Python: frozen, made slim, tried. It is not used unless it passes its own
self-test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import goals
import icons
import opencv
import slim_linux
import slim_windows
from build_environment import Bench, locked_names
from environment import TOP
from system import SetupError, say

HERE = Path(__file__).resolve().parent
SLIM = {"linux": slim_linux.slim, "win32": slim_windows.slim}


def freeze(bench: Bench) -> Path:
    """The folder with the program and its papers. Raises SetupError where it cannot be made or does not work."""
    folder = bench.work / "frozen" / "perfstudio"
    drawn = bench.work / "icons"
    icons.write(bench.python, drawn)
    say("Freezing: a few minutes ...")
    spec = ["-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    places = ["--distpath", str(folder.parent), "--workpath", str(bench.work / "pyinstaller")]
    kind = {"win32": "ico", "darwin": "icns"}.get(bench.system)
    environment = bench.environment() | {"PERFSTUDIO_ICON": str(drawn / f"perfstudio.{kind}") if kind else ""}
    _run([*bench.python, *spec, *places, str(HERE / "perfstudio.spec")], environment)
    if bench.system == "linux":
        opencv.put(folder, bench)
    if bench.system in SLIM:
        SLIM[bench.system](folder)
    names = locked_names()
    _run([*bench.python, str(HERE / "papers.py"), str(folder / "licences"), *names], bench.environment())
    for paper in ("LICENSE", "NOTICE"):
        shutil.copyfile(TOP / paper, folder / paper)
    try_it([*bench.front, str(program(folder))])
    goals.hold_installed(folder, bench.system)
    return folder


def program(folder: Path) -> Path:
    """The program in a frozen folder."""
    windows = folder / "perfstudio.exe"
    return windows if windows.exists() else folder / "perfstudio"


def try_it(command: list[str]) -> None:
    """Its own self-test, with the window, in a home and a folder of its own, and without this machine's Python.

    Raises SetupError with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="perfstudio-try-") as home:
        bare = {
            name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "DISPLAY") if name in os.environ
        }
        bare |= {"HOME": home, "USERPROFILE": home, "PERFSTUDIO_HOME": str(Path(home) / "takes"), "LC_ALL": "C.UTF-8"}
        bare |= {"QT_QPA_PLATFORM": "offscreen"} if sys.platform == "linux" else {}
        words = [*command, "self-test", "--window"]
        done = subprocess.run(
            words, cwd=home, env=bare, capture_output=True, encoding="utf-8", errors="replace", check=False
        )  # a console of Windows speaks another encoding
    if done.returncode:
        raise SetupError(f"The frozen program fails its self-test:\n{done.stdout}{done.stderr}")
    say(done.stdout.strip().splitlines()[-1])


def _run(command: list[str], environment: dict[str, str]) -> None:
    if subprocess.run(command, cwd=TOP, env=environment, check=False).returncode:
        raise SetupError(f"This did not work: {' '.join(command[:4])} ... What it said stands above.")
