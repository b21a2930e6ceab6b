"""Who has a file open: asked of a Restart Manager that stands in for Windows' own, in the form that it has there."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from perfstudio import durable
from perfstudio.durable import disk_error, remove, remove_tree, rename_durably, write_durably
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.systems import open_files
from perfstudio.systems.open_files import HolderRow, WindowsHolders, nobody
from perfstudio.texts.errors import sentence
from rigs.held_names import hold_names


class RestartManager:
    """rstrtmgr.dll, as far as it is called. `held` names the programs by the file."""

    def __init__(self, held: dict[str, tuple[str, ...]], said: int = 0) -> None:
        self.held, self.said = held, said
        self.asked: list[str] = []
        self.sessions = 0

    def RmStartSession(self, session: Any, flags: int, key: Any) -> int:  # noqa: N802 - Windows' own names
        assert len(key) == 33
        self.sessions += 1
        return 0

    def RmRegisterResources(self, session: Any, count: int, names: Any, *others: Any) -> int:  # noqa: N802
        assert (count, others) == (1, (0, None, 0, None))
        self.asked.append(Path(names[0]).name)
        return 0

    def RmGetList(self, session: Any, needed: Any, room: Any, rows: Any, reasons: Any) -> int:  # noqa: N802
        programs = self.held.get(self.asked[-1], ())
        ctypes.cast(room, ctypes.POINTER(ctypes.c_uint32))[0] = len(programs)
        for row, name in zip(rows, programs, strict=False):
            row.name = name
        return self.said

    def RmEndSession(self, session: Any) -> int:  # noqa: N802
        self.sessions -= 1
        return 0


def test_the_programs_are_named_and_each_session_is_ended(tmp_path: Path) -> None:
    manager = RestartManager({"take.mp4": ("VLC media player", "Windows Search", "VLC media player")})
    (tmp_path / "raw").mkdir()
    for name in ("audio.flac", "raw/sound.flac", "take.mp4"):
        (tmp_path / name).touch()
    assert WindowsHolders(manager)(tmp_path / "take.mp4") == ("VLC media player", "Windows Search")
    assert WindowsHolders(manager)(tmp_path) == ("VLC media player", "Windows Search"), "a folder's files, one by one"
    assert set(manager.asked) <= {"take.mp4", "audio.flac", "sound.flac"}
    assert WindowsHolders(manager)(tmp_path / "raw") == ()
    assert manager.sessions == 0


def test_a_manager_that_does_not_tell_is_no_fault(tmp_path: Path) -> None:
    assert WindowsHolders(RestartManager({"a": ("x",)}, said=5))(tmp_path / "a") == ()
    assert WindowsHolders(RestartManager({"a": ("x",)}, said=234))(tmp_path / "a") == ("x",), (
        "more than there was room for"
    )
    assert WindowsHolders(object())(tmp_path / "a") == ()
    assert nobody(tmp_path) == ()


def test_a_large_folder_is_not_asked_about_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_files, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / str(number)).touch()
    manager = RestartManager({})
    assert WindowsHolders(manager)(tmp_path) == ()
    assert len(manager.asked) == 3


@pytest.mark.skipif(sys.platform != "win32", reason="the size that Windows gives the row")
def test_the_row_is_as_long_as_in_windows() -> None:
    assert ctypes.sizeof(HolderRow) == 668


# what durable makes of it


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> RestartManager:
    """As on Windows, with a Restart Manager that knows who has the film open."""
    manager = RestartManager({"take.mp4": ("VLC media player",)})
    hold_names(monkeypatch)
    monkeypatch.setattr(durable, "programs_holding", WindowsHolders(manager))
    return manager


class Held:
    """A call of the system that another program makes fail so many times."""

    def __init__(self, call: Any, times: int) -> None:
        self.call, self.left = call, times

    def __get__(self, path: Any, kind: Any) -> Any:
        return lambda *words, **more: self(path, *words, **more)

    def __call__(self, *words: Any, **more: Any) -> Any:
        if self.left:
            self.left -= 1
            raise PermissionError(13, "in use", str(words[0]))
        return self.call(*words, **more)


def test_what_another_program_holds_is_waited_for_up_to_a_limit(
    windows: RestartManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    file.touch()
    monkeypatch.setattr(Path, "unlink", Held(Path.unlink, 3))
    remove(file)
    assert not file.exists()
    file.touch()
    monkeypatch.setattr(Path, "unlink", Held(Path.unlink, 9))
    with pytest.raises(PermissionError):
        remove(file)
    assert file.exists()


def test_names_are_waited_for_too(windows: RestartManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable.DURABILITY, "replace", Held(os.replace, 3))
    write_durably(tmp_path / "a", b"one")
    monkeypatch.setattr(durable.DURABILITY, "rename", Held(os.rename, 3))
    rename_durably(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"one"
    (tmp_path / "take").mkdir()
    (tmp_path / "take" / "film").touch()
    monkeypatch.setattr(os, "rmdir", Held(os.rmdir, 2))
    assert remove_tree(tmp_path / "take")


def said_of(problem: OSError, folder: Path, file: str = "") -> LibraryError:
    return disk_error(problem, folder, LibraryError, file=file)


def test_an_open_file_is_never_a_missing_permission(windows: RestartManager, tmp_path: Path) -> None:
    """Windows says "access denied" of both; by its number, or by the C library's alone."""
    (tmp_path / "take.mp4").touch()
    (tmp_path / "audio.flac").touch()
    for number in (5, 32, None):
        for name, by in (("take.mp4", "VLC media player"), ("audio.flac", "another program")):
            problem = PermissionError(13, "denied", str(tmp_path / name))
            if number is not None:
                problem.winerror = number  # type: ignore[attr-defined,unused-ignore]
            told = said_of(problem, tmp_path)
            assert told.code is ErrorCode.FILE_IN_USE
            assert sentence(told) == f"“{name}” is open in {by}. Close it there and try again."


def test_a_folder_is_held_by_what_is_open_in_it(windows: RestartManager, tmp_path: Path) -> None:
    (tmp_path / "T.part").mkdir()
    (tmp_path / "T.part" / "take.mp4").touch()
    told = said_of(PermissionError(13, "denied", str(tmp_path / "T.part"), 5, str(tmp_path / "T")), tmp_path)
    assert (told.code, told.facts["programs"]) == (ErrorCode.FILE_IN_USE, "VLC media player")


def test_a_missing_permission_is_still_one(windows: RestartManager, tmp_path: Path) -> None:
    """Nothing can be made beside the file either, or the file may only be read."""
    beside_nothing = PermissionError(13, "denied", str(tmp_path / "gone" / "a"))
    assert said_of(beside_nothing, tmp_path / "gone").code is ErrorCode.FOLDER_NOT_WRITABLE
    assert [path.name for path in tmp_path.iterdir()] == []


def test_nothing_is_tried_where_no_place_is_known(
    windows: RestartManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "takes").mkdir()
    problem = PermissionError(13, "denied")
    assert disk_error(problem, None, LibraryError).code is ErrorCode.FOLDER_NOT_WRITABLE
    assert said_of(problem, tmp_path / "takes").code is ErrorCode.FILE_IN_USE, "files can be made there"
    assert [path.name for path in tmp_path.rglob("*")] == ["takes"]


def test_the_probe_leaves_nothing(windows: RestartManager, tmp_path: Path) -> None:
    said_of(PermissionError(13, "denied", str(tmp_path / "a")), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "win32", reason="only there an open file keeps its name")
def test_a_file_that_is_really_open_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; f = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()",
         str(tmp_path / "a")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(PermissionError) as raised:
            remove(tmp_path / "a")
        assert said_of(raised.value, tmp_path).code is ErrorCode.FILE_IN_USE
        holder.kill()
    remove(tmp_path / "a")
    assert not (tmp_path / "a").exists()
