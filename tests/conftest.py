"""What every test gets: a home of its own, no way to the real keyring, a screen, a look at what it left behind."""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

import perfstudio  # noqa: F401 - first: it says what libraries read while they are imported
from rigs import last_watch
from rigs.no_keyring import no_keyring
from rigs.quick_keys import quick_keys
from rigs.warm_processes import warm_processes

pytest_plugins = ["rigs.systems", "rigs.leaks", "rigs.lanes", "rigs.second_tries", "rigs.quiet_end"]

ORDINARY = ("bench", "soak")
"""Marks that ask for their own command: `pytest -m bench`."""

FOLDERS = count()

last_watch.begin()
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, not by each worker and each process of a test: half of
sys.dont_write_bytecode = False  # what it costs to collect the tests
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # no window manager is needed there to give a window the focus
os.environ.pop("WAYLAND_DISPLAY", None)
os.environ["PERFSTUDIO_LANGUAGE"] = "en"  # sentences are compared, whatever the system speaks
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background: programs that tests start would not
    signal.signal(signal.SIGINT, signal.default_int_handler)  # hear Ctrl-C either
os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={os.devnull}"
for _variable in ("PYTHON_KEYRING_BACKEND", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(_variable, None)
if not sys.platform.startswith("linux"):  # where the keyring is reached by no address that could lead nowhere
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The bench is not even read, unless it was asked for by its mark."""
    return True if collection_path.name == "bench" and "bench" not in config.getoption("-m") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what measures for minutes, unless it was asked for by its mark."""
    asked = config.getoption("-m")
    left_out = [i for i in items if any(i.get_closest_marker(m) and m not in asked for m in ORDINARY)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def pytest_collection_finish() -> None:
    """What was collected stays: nothing looks through thousands of tests for garbage again. What the tests themselves
    leave is looked for ten times less often than by default."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(7000, 10, 10)


@pytest.fixture(autouse=True, scope="session")
def children_start_warm() -> Iterator[None]:
    """A recorder that a test starts has its imports behind it (`rigs.warm_processes`)."""
    if not sys.platform.startswith("linux"):
        yield
        return
    with warm_processes():
        yield


@pytest.fixture(autouse=True)
def short_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is stretched as little as the format allows, and once however many keys are locked under it. What is
    written by default is asked of a program (test_consent_keys)."""
    quick_keys(monkeypatch.setattr)


@pytest.fixture(autouse=True)
def keyring_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test keeps it keeps in its home, or in a keyring of its own."""
    no_keyring(monkeypatch.setattr)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As pytest's own, without its link to the last folder of each name, which costs more than the folder."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    folder = tmp_path_factory.getbasetemp() / f"{name}-{next(FOLDERS)}"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """PERFSTUDIO_HOME, not made yet, for this test alone. A test that has no use for files costs no folder."""
    if "tmp_path" in request.fixturenames:
        folder: Path = request.getfixturevalue("tmp_path") / "perfstudio-home"
    else:
        folder = tmp_path_factory.getbasetemp() / f"perfstudio-home-{next(FOLDERS)}"
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):  # a desktop's places, where a verb may write, too
        monkeypatch.setenv(name, f"{folder}-{name}")
    monkeypatch.setenv("PERFSTUDIO_HOME", str(folder))
    return folder
