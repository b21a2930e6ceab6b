"""Set perfstudio up on this machine, and run it or test it. Standard library only; Python 3.11 to 3.14.

    python3 installer/bootstrap.py run [ARGUMENTS]    everything set up, then perfstudio
    python3 installer/bootstrap.py test [ARGUMENTS]   everything set up, then the test suite, on a virtual screen
    python3 installer/bootstrap.py setup              everything set up, and no more

On Windows: py instead of python3.
What is missing from the system is installed with apt (as root, or with sudo); for other systems the exact command is
printed. Python packages go into `.venv`, from `requirements.lock`, checked by hash. A second call takes seconds.
`run` opens the window; on a machine without a screen it plays the demo and prints where the take lies.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from environment import NEWEST, OLDEST, TOP, provide_environment, python
from needs import missing
from system import SetupError, provide, run, say, show, speak_plainly


def main(arguments: list[str]) -> int:
    """Do what is asked; the exit code of what was run."""
    speak_plainly()
    verbs: dict[str, Callable[[list[str]], int]] = {"run": run_it, "test": test_it, "setup": lambda rest: 0}
    if not arguments or arguments[0] not in verbs:
        show(__doc__ or "")
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    verb, rest = arguments[0], arguments[1:]
    try:
        another_python(arguments)
        tests = verb == "test"
        provide(missing(tests))
        provide_environment(tests)
        return verbs[verb](rest)
    except SetupError as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        return 130


def run_it(rest: list[str]) -> int:
    """The window, or the demo where there is no screen; with arguments, whatever they ask of perfstudio."""
    program = [str(python()), "-m", "perfstudio"]
    if rest or has_screen():
        return run([*program, *rest])
    say("There is no screen here: perfstudio plays its demo instead.")
    return run([*program, "demo"])


PER_CORE, MOST = 4, 12
"""Processes of tests for each core, and in all: most of the time each of them waits, one for real time to pass
(tests/rigs/lanes.py)."""


def whole() -> list[str]:
    """What pytest is asked for the whole suite. The ten slowest tests are named at the end, and the second tries."""
    return ["-n", str(min(MOST, PER_CORE * (os.cpu_count() or 1))), "--durations", "10"]


def test_it(rest: list[str]) -> int:
    """The tests, on a screen of their own: the whole suite in parallel, or what the arguments ask of pytest."""
    os.chdir(TOP)
    began = time.monotonic()
    with virtual_screen():
        code = run([str(python()), "-m", "pytest", *(rest or whole())])
    say(f"The tests took {time.monotonic() - began:.0f} s.")
    return code


def another_python(arguments: list[str]) -> None:
    """Go on with a Python that fits, when this one does not and there is one."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            sys.exit(run([found, str(Path(__file__).resolve()), *arguments]))
    oldest, newest = (".".join(map(str, version)) for version in (OLDEST, NEWEST))
    raise SetupError(f"perfstudio needs Python {oldest} to {newest}; this is {sys.version.split()[0]}.")


def has_screen() -> bool:
    """Whether a window can be opened here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextlib.contextmanager
def virtual_screen() -> Iterator[None]:
    """An X server in memory while the block runs (Linux); nothing appears on a screen that is in use."""
    if not sys.platform.startswith("linux"):
        yield
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise SetupError("The virtual screen (Xvfb) did not start.")
        os.environ["DISPLAY"] = f":{number}"
        os.environ.pop("WAYLAND_DISPLAY", None)
        yield
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
