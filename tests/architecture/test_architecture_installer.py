"""The set-up script and the lock: standard library only, complete, hashed, and the wheel carries what it needs."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import signal
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
INSTALLER = TOP / "installer"
sys.path.insert(0, str(INSTALLER))

import bootstrap  # noqa: E402
import environment  # noqa: E402
import needs  # noqa: E402
import system  # noqa: E402
from perfstudio import __version__  # noqa: E402

PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(part: str) -> dict[str, list[str]]:
    """Every requirement of a part of the lock, by name, with its text."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"(?m)^(?=[A-Za-z0-9])", part):
        if "==" in block:
            found.setdefault(canonical(block.partition("==")[0]), []).append(block)
    return found


def wanted(requirements: Sequence[str]) -> set[str]:
    return {canonical(re.split(r"[<>=!~;\[ ]", line)[0]) for line in requirements}


def test_the_installer_needs_the_standard_library_only() -> None:
    own = {path.stem for path in INSTALLER.glob("*.py")}
    for path in INSTALLER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in (n.partition(".")[0] for n in names):
                assert name in sys.stdlib_module_names | own, (path.name, name)


def test_the_lock_pins_everything_by_hash_and_names_no_host() -> None:
    text = environment.LOCK.read_text()
    runtime, testing = map(pinned, environment.split_lock(text))
    assert wanted(PROJECT["project"]["dependencies"]) <= set(runtime)
    assert "setuptools" in runtime
    assert wanted(PROJECT["project"]["optional-dependencies"]["test"]) <= set(runtime) | set(testing)
    assert not set(runtime) & set(testing)
    for name, blocks in (runtime | testing).items():
        for block in blocks:
            assert "--hash=sha256:" in block, name
    assert not re.search(r"https?:|file:|index-url|find-links", text)


def test_the_lock_is_the_only_thing_installed_and_nothing_is_built() -> None:
    source = (INSTALLER / "environment.py").read_text()
    assert source.count('pip("install"') == 2
    for option in ("--require-hashes", "--only-binary", "--no-build-isolation", "--no-index"):
        assert f'"{option}"' in source


def test_a_damaged_lock_is_told() -> None:
    with pytest.raises(system.SetupError, match="damaged"):
        environment.split_lock("numpy==1")


DEBIAN_12 = {name for need in needs.LINUX for name in need.apt if not name.endswith("t64")}
DEBIAN_13 = (DEBIAN_12 - {"libasound2", "libglib2.0-0"}) | {"libasound2t64", "libglib2.0-0t64"}


@pytest.mark.parametrize("release", [DEBIAN_12, DEBIAN_13], ids=["debian-12", "debian-13-ubuntu-24.04"])
def test_apt_is_asked_by_the_names_of_its_release(release: set[str]) -> None:
    names = system.apt_names(needs.LINUX, release.__contains__)
    assert set(names) <= release
    assert len(names) == len(set(names))
    assert {"libportaudio2", "libxcb-cursor0", "libegl1", "xvfb", "pulseaudio", "gnome-keyring"} <= set(names)


def test_apts_lists_are_fetched_only_when_they_do_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "privileges", lambda names: [])
    portaudio = [need for need in needs.LINUX if need.what == "PortAudio"]
    done: list[str] = []

    def act(command: Sequence[str]) -> int:
        done.append(command[1])
        return 0

    system.install_with_apt(portaudio, lambda name: True, act)
    assert done == ["install"]
    done.clear()
    system.install_with_apt(portaudio, lambda name: "update" in done, act)
    assert done == ["update", "install"]


def test_what_apt_cannot_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "privileges", lambda names: [])
    with pytest.raises(system.SetupError, match="libportaudio2"):
        system.install_with_apt(needs.LINUX[:1], lambda name: True, lambda command: 100)


@pytest.mark.skipif(os.name != "posix", reason="root")
def test_who_may_not_install_gets_the_exact_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    with pytest.raises(system.SetupError, match=r"apt-get install libportaudio2"):
        system.install_with_apt(needs.LINUX[:1], lambda name: True, lambda command: 0)


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("dnf", "sudo dnf install portaudio alsa-lib alsa-plugins-pulseaudio"),
        ("pacman", "sudo pacman -S --needed portaudio alsa-lib alsa-plugins"),
        ("brew", "brew install ffmpeg espeak-ng"),
        ("winget", "winget install Gyan.FFmpeg"),
    ],
)
def test_other_systems_get_the_exact_command(monkeypatch: pytest.MonkeyPatch, manager: str, command: str) -> None:
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/bin/{name}" if name == manager else None)
    assert command in system.how_to(needs.LINUX)


def test_macos_and_windows_need_nothing_to_run() -> None:
    for platform in ("darwin", "win32"):
        assert all(need.for_tests for need in needs.needs(platform))


def test_a_need_is_seen_by_what_it_does() -> None:
    assert needs.Need("C", ("libc6",), library="libc.so.6").is_there() is sys.platform.startswith("linux")
    assert not needs.Need("none", ("none",), library="libnowhere.so.99").is_there()
    assert needs.Need("python", ("python3",), program=sys.executable).is_there()
    assert not needs.Need("none", ("none",), file=("nowhere/*/none",)).is_there()


WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("here")
label.show()
print(app.platformName(), label.isVisible())
"""


@pytest.mark.skipif(not os.environ.get("DISPLAY"), reason="the set-up script brings a virtual screen")
def test_a_real_window_opens_with_what_was_installed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WINDOW],
        env=os.environ | {"QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("xcb True", 0), done.stderr


def test_wrong_usage_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main([]) == 2
    assert bootstrap.main(["fly"]) == 2
    assert bootstrap.main(["--help"]) == 0
    assert "bootstrap.py run" in capsys.readouterr().out


@pytest.mark.parametrize(("cores", "processes"), [(1, "4"), (2, "8"), (16, "12"), (None, "4")])
def test_the_suite_runs_in_parallel_and_what_is_asked_for_as_asked(
    monkeypatch: pytest.MonkeyPatch, cores: int | None, processes: str
) -> None:
    asked: list[Sequence[str]] = []
    monkeypatch.setattr(bootstrap, "virtual_screen", contextlib.nullcontext)
    monkeypatch.setattr(bootstrap, "run", lambda command: asked.append(command[3:]) or 0)
    monkeypatch.setattr(bootstrap.os, "cpu_count", lambda: cores)
    assert bootstrap.test_it([]) == bootstrap.test_it(["-m", "bench", "-s"]) == 0
    assert asked == [["-n", processes, "--durations", "10"], ["-m", "bench", "-s"]]


def test_an_old_python_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (4, 0))
    monkeypatch.setattr(bootstrap, "NEWEST", (4, 0))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    assert bootstrap.main(["setup"]) == 1
    assert capsys.readouterr().err.startswith("perfstudio needs Python 4.0 to 4.0; this is ")


def test_the_project_lists_every_package() -> None:
    """A package that is not listed would be missing from the wheel."""
    there = {".".join(p.parent.relative_to(TOP).parts) for p in (TOP / "perfstudio").rglob("__init__.py")}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == there | {"perfstudio.assets"}


BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
"""As pip asks the backend that the project names."""
ASK = "import sys; sys.path.insert(0, sys.argv[1]); from perfstudio.resources import assets; print(assets())"


@pytest.mark.timeout(300)
def test_the_wheel_carries_the_assets_and_finds_them(tmp_path: Path) -> None:
    source = tmp_path / "source"
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP, capture_output=True, text=True, check=True
    )
    for name in tracked.stdout.splitlines():
        if name.startswith("tests/") or not (TOP / name).is_file():
            continue
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((TOP / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", BUILD, tmp_path], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("perfstudio-*.whl")
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    shipped = {p.relative_to(place / "perfstudio/assets") for p in (place / "perfstudio/assets").rglob("*")}
    there = {p.relative_to(source / "assets") for p in (source / "assets").rglob("*")}
    assert shipped == {p for p in there if p.parts[0] != "pictures"}, "all but the pictures of the README"
    there = {p.relative_to(source) for p in (source / "perfstudio").rglob("*") if p.is_file()}
    assert {p for p in there if not (place / p).is_file()} == set()
    command = [sys.executable, "-I", "-c", ASK, place]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()
    assert Path(found) == place / "perfstudio" / "assets"
    papers = place / f"perfstudio-{__version__}.dist-info"
    entries = (papers / "entry_points.txt").read_text()
    assert "[gui_scripts]\nperfstudio-window = perfstudio.__main__:main" in entries
    assert {"LICENSE", "NOTICE", "OFL.txt"} <= {p.name for p in (papers / "licenses").rglob("*")}


SLOW_TO_END = """
import signal, sys, threading
def end(*_):
    threading.Event().wait(1.0)
    print("ended well", flush=True)
    sys.exit(2)
signal.signal(signal.SIGINT, end)
print("ready", flush=True)
signal.pause()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt")
def test_what_is_stopped_ends_in_its_own_time() -> None:
    """Ctrl-C reaches the set-up script and what it runs; pytest takes a moment for its last lines."""
    heeds = (
        "import signal, sys, system; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a job may ignore it
    )
    words = [sys.executable, "-c", f"{heeds}; sys.exit(system.run([sys.executable, '-c', {SLOW_TO_END!r}]))"]
    env = os.environ | {"PYTHONPATH": str(Path(bootstrap.__file__).parent)}
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        os.killpg(running.pid, signal.SIGINT)
        assert running.stdout.read() == "ended well\n"
        assert running.wait(60) == 2
