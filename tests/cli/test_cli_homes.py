"""Homes that are long, strange, locked, full, gone or no folder at all: they work, or one plain line says why not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_wrong import Said, plainness, typed

from library.library_takes import sealed_take
from perfstudio.library.library import Library
from perfstudio.model.errors import PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from rigs.small_disk import disk_of
from rigs.systems import WINDOWS, no_wine, posix_only

VERBS = (
    ["takes", "list"], ["packs", "list"], ["deliver"], ["rebuild"], ["takes", "recover"], ["calibrate", "--list"],
    ["devices"], ["doctor"], ["takes", "show", "the-letter"], ["check", "."],
)  # fmt: skip


def plain(said: Said) -> Said:
    assert plainness(said) == "", said
    return said


def strange(folder: Path) -> dict[str, tuple[str, bool]]:
    """Homes by what is strange about them: the path, and whether it works."""
    (folder / "file").write_bytes(b"x")
    (folder / "real").mkdir()
    if not WINDOWS:
        (folder / "dangling").symlink_to(folder / "nowhere")
        (folder / "circle").symlink_to(folder / "circle")
    return {
        "600 characters": ("/".join((str(folder), *["d" * 100] * 6)), False),
        "a long name": (f"{folder}/{'l' * 60}", True),
        "a name of 300": (str(folder / ("x" * 300)), False),
        "newline": (f"{folder}/a\nb", not WINDOWS),
        "escape": (f"{folder}/\x1b[31mred", not WINDOWS),
        "undecodable": (f"{folder}/na\udcefve", True),
        "composed": (f"{folder}/" + unicodedata.normalize("NFC", "Éva Übung"), True),
        "decomposed": (f"{folder}/" + unicodedata.normalize("NFD", "Éva Übung"), True),
        "emoji": (f"{folder}/😀", True),
        "spaces": (f"{folder}/ a  b ", True),
        "variable": (f"{folder}/$HOME", True),
        "tilde inside": (f"{folder}/~x", True),
        "steps up": (f"{folder}/real/../up", True),
        "slash": (f"{folder}/real/", True),
        "dot": (f"{folder}/./real/.", True),
        "percent": (f"{folder}/%s%n{{}};x=1#y", True),
        "question": (f"{folder}/a?b", not WINDOWS),
        "a file": (f"{folder}/file", False),
        "below a file": (f"{folder}/file/home", False),
        "leads nowhere": (f"{folder}/dangling", False),
        "circle": (f"{folder}/circle", False),
        "device": ("/dev/null", False),
        "proc": ("/proc/self/home", False),
        "nobody's": ("~nobody-of-that-name", True),
        "no drive": ("Q:\\nothing", False),
        "no share": ("\\\\nobody\\share\\home", False),
        "stream": (f"{folder}\\file:home", False),
        "both slashes": (f"{folder}\\a/b", True),
        "dot at its end": (f"{folder}\\home.", True),
    }


EVERYWHERE = (
    "600 characters", "a long name", "a name of 300", "newline", "escape", "undecodable", "composed", "decomposed",
    "emoji", "spaces", "variable", "tilde inside", "steps up", "slash", "dot", "percent", "question", "a file",
    "below a file", "nobody's",
)  # fmt: skip
OF_POSIX = ("leads nowhere", "circle", "device", "proc")
OF_WINDOWS = ("no drive", "no share", "stream", "both slashes", "dot at its end")
NAMES = (*EVERYWHERE, *(OF_WINDOWS if WINDOWS else OF_POSIX))
NOT_WINES = {
    "undecodable": no_wine("a file's name is UTF-8 there, and half a letter is none"),
    "stream": no_wine("a colon is a sign like any other there, and begins no stream of a file"),
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=NOT_WINES.get(name, ())) for name in NAMES])
def test_strange_homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    for variable, value in {"USERPROFILE": str(tmp_path / "them"), "USERNAME": "them"}.items():
        monkeypatch.setenv(variable, value)  # whose neighbour "~somebody" is taken for on Windows
    path, works = strange(tmp_path)[name]
    first = NAMES.index(name)
    for words in (VERBS[(first + step) % len(VERBS)] for step in (0, 3, 7)):
        plain(typed([*words, "--home", path]))
    assert plain(typed(["takes", "list", "--home", path])).code == (0 if works else 1)
    monkeypatch.setenv("PERFSTUDIO_HOME", path)
    assert plain(typed(["takes", "list"])).code == (0 if works else 1)
    if works:
        with Library(AppPaths.choose(None).home) as library:
            sealed_take(library)
        assert plain(typed(["takes", "list", "--json"])).out.count("take_id") == 1
        assert plain(typed(["deliver"])).code == 1


@pytest.fixture
def ours(home: Path) -> Path:
    with Library(AppPaths(home).prepare().home) as library:
        sealed_take(library)
    return home


SOMEBODY_ELSE = """
import json, os, sys
from dataclasses import asdict
from cli_wrong import typed
from perfstudio.cli import net
from perfstudio.cli.verbs import check, deliver, packs, rebuild, takes, verify
from perfstudio.texts import errors

os.seteuid(65534)
json.dump([asdict(typed(words)) for words in json.loads(sys.argv[1])], sys.stdout)
"""


def as_somebody_else(*verbs: list[str]) -> list[Said]:
    """Verbs as another user types them, to whom nothing is permitted."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("to be another user one has to be root")
    done = subprocess.run(
        [sys.executable, "-c", SOMEBODY_ELSE, json.dumps(verbs)], capture_output=True, text=True, check=False,
        timeout=100, stdin=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [plain(Said(**said)) for said in json.loads(done.stdout)]


def test_homes_and_files_of_somebody_else(ours: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o700)
    (locked / "a.perfpack").write_bytes(b"x")
    verbs = [[*words, "--home", str(ours)] for words in (["takes", "list"], ["deliver"])]
    verbs += [["rebuild", "--home", str(locked / "home")]]
    for words in (["packs", "validate"], ["verify"]):
        verbs += [[*words, str(locked / "a.perfpack"), "--home", str(locked)]]
    assert [said.code for said in as_somebody_else(*verbs)] == [1] * 5


def test_a_home_that_can_only_be_read(ours: Path) -> None:
    for path in (ours.parent, *ours.parent.parents):
        path.chmod(path.stat().st_mode | 0o055) if path.stat().st_uid == 0 and path != Path("/") else None
    for path in (ours, *ours.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    verbs = (["takes", "list"], ["deliver"], ["takes", "keep", "the-letter"])
    assert len(as_somebody_else(*([*words, "--home", str(ours)] for words in verbs))) == 3


@posix_only("a home that is open cannot be removed")
def test_a_home_that_vanishes_while_it_is_open(ours: Path) -> None:
    """Every step says so as an error of the house, or does without; nothing is made anew where the home was."""
    with Home(AppPaths(ours)) as home:
        take_id = home.takes.find("the-letter")
        delivery_service = DeliveryService(home.library, home.paths)
        shutil.rmtree(ours)
        steps: list[Callable[[], object]] = [
            lambda: home.takes.lines(None), lambda: home.takes.line(take_id), lambda: home.takes.manifest(take_id),
            lambda: home.takes.keep(take_id), lambda: home.takes.note(take_id, "x"), home.scenes.packs,
            lambda: home.consents.offer(take_id), delivery_service.ready, delivery_service.studios.all,
            home.calibrations.pairs, home.library.rebuild, home.library.report_now,
            home.library.empty_bin, home.library.unsealed, home.takes.storage_bytes,
            home.takes.free_bytes, delivery_service.outbox.untold, lambda: home.takes.find("the-letter"),
        ]  # fmt: skip
        for step in steps:
            try:
                step()
            except PerfstudioError:
                continue
        delivery_service.close()
    assert not (ours / "takes").exists()


def test_a_full_disk(tmp_path: Path) -> None:
    with disk_of(tmp_path / "small", 2**16) as small:
        (small / "fill").write_bytes(b"x" * 40_000)
        for words in VERBS:
            plain(typed([*words, "--home", str(small / "home")]))
        with pytest.raises(OSError, match="No space"):
            (small / "rest").write_bytes(b"x" * 100_000)
        for words in (*VERBS, ["packs", "import", "."]):
            plain(typed([*words, "--home", str(small / "home")]))
            plain(typed([*words, "--home", str(small / "another")]))


VARIABLES = {"PERFSTUDIO_PASSPHRASE_FILE": [
    "consent", "sign", "the-letter", "--adult", "--uses", "store_review", "--name", "A"],
             "PERFSTUDIO_FACE_MODEL": ["check", "."]}  # fmt: skip


@pytest.mark.parametrize("variable", VARIABLES)
def test_files_that_the_environment_names(
    ours: Path, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    (tmp_path / "empty").write_bytes(b"")
    names = [
        "gone",
        "binary",
        "empty",
        ".",
        "/dev/null",
        "x" * 300,
        "~nobody-of-that-name",
        "a\nb",
        "na\udcefve",
        "/" * 5000,
    ]
    for name in names:
        monkeypatch.setenv(variable, name)
        assert plain(typed(VARIABLES[variable])).code == 1
