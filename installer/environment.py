"""The virtual environment in `.venv`: made once, filled from the lock, and left alone while nothing changed.

`requirements.lock` pins every package of every system and Python with its hashes; nothing else is ever installed, and
nothing is built but perfstudio itself (with the locked setuptools, not one fetched for the occasion).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from machines import this_machine, why_not
from needs import Need
from system import SetupError, provide, run, say

TOP = Path(__file__).resolve().parent.parent
VENV = TOP / ".venv"
LOCK = TOP / "requirements.lock"
STAMP = VENV / "perfstudio.stamp"
DIVIDER = "# ---- tests ----"
OLDEST, NEWEST = (3, 11), (3, 14)


def python() -> Path:
    """The interpreter of the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def provide_environment(tests: bool) -> None:
    """Make the environment fit the lock. Quick when it does already. Raises SetupError."""
    if stamp_fits(tests):
        return
    if reason := why_not(this_machine()):
        raise SetupError(reason)
    if not works():
        make()
    runtime, testing = split_lock(LOCK.read_text(encoding="utf-8"))
    say("Installing perfstudio's packages" + (" and those of its tests" if tests else "") + " into .venv ...")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(runtime + (testing if tests else ""), encoding="utf-8")
        pip("install", "--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", str(wanted))
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(TOP))
    run([str(python()), "-m", "compileall", "-q", str(TOP / "perfstudio")])  # the first start is as quick as the next
    STAMP.write_text(stamp(tests), encoding="utf-8")


def stamp(tests: bool) -> str:
    """What an environment was made from."""
    made_of = LOCK.read_bytes() + (TOP / "pyproject.toml").read_bytes()
    return f"{'tests' if tests else 'run'} {hashlib.sha256(made_of).hexdigest()}\n"


def stamp_fits(tests: bool) -> bool:
    """Whether the environment was made from what is there now; one for tests is good for running too."""
    if not STAMP.is_file() or not works():
        return False
    return STAMP.read_text(encoding="utf-8") in {stamp(tests), stamp(True)}


def split_lock(text: str) -> tuple[str, str]:
    """The runtime part and the tests' part of the lock."""
    runtime, divider, testing = text.partition(DIVIDER)
    if not divider:
        raise SetupError(f"{LOCK.name} is damaged: it has no line {DIVIDER!r}.")
    return runtime, testing


def works() -> bool:
    """Whether `.venv` has a running interpreter that fits, and pip."""
    if not python().exists():
        return False
    check = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return subprocess.run([python(), "-c", check], capture_output=True, check=False).returncode == 0


def make() -> None:
    """A new environment with pip in it, also where Debian keeps `ensurepip` in a package of its own."""
    if VENV.exists():
        shutil.rmtree(VENV)
    if importlib.util.find_spec("ensurepip") is None:
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        ensurepip = Path(os.__file__).parent / "ensurepip"
        provide([Need("Python's venv", (version, "python3-venv"), file=(str(ensurepip.relative_to("/")),))])
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode or not works():
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(f"{sys.executable} -m venv failed; is this Python complete?")


def pip(*arguments: str) -> None:
    """Run the environment's pip. Raises SetupError."""
    command = [str(python()), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    if subprocess.run(command, check=False, cwd=TOP).returncode:
        raise SetupError("The packages could not be installed; what pip said stands above.")
