"""A line that replaces itself, on terminals that know how and on others; how long a path may be."""

from __future__ import annotations

import ctypes
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO, cast

import pytest

from perfstudio import paths
from perfstudio.cli import output
from perfstudio.cli.output import Output
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.paths import AppPaths
from perfstudio.systems.consoles import clears_lines, is_terminal
from perfstudio.systems.path_lengths import longest_path
from perfstudio.texts.errors import sentence


def kernel(*, console: bool, knows: int = 0, learns: bool = True) -> Any:
    """kernel32, as far as it is asked."""
    asked: list[int] = []

    def mode(handle: Any, found: Any) -> bool:
        ctypes.cast(found, ctypes.POINTER(ctypes.c_uint32))[0] = 3 | knows
        return console

    def set_mode(handle: Any, wanted: int) -> bool:
        asked.append(wanted)
        return learns

    return SimpleNamespace(GetStdHandle=lambda which: which, GetConsoleMode=mode, SetConsoleMode=set_mode, asked=asked)


def test_a_console_of_windows_is_asked_to_know_the_signs() -> None:
    assert clears_lines("linux")
    assert clears_lines("darwin")
    assert not clears_lines("win32", kernel(console=False))
    knows, learns = kernel(console=True, knows=4), kernel(console=True)
    assert clears_lines("win32", knows)
    assert not knows.asked
    assert clears_lines("win32", learns)
    assert learns.asked == [7]
    assert not clears_lines("win32", kernel(console=True, learns=False)), "before Windows 10"


def test_nobody_sits_at_what_leads_nowhere(tmp_path: Path) -> None:
    """NUL, which a job that runs by itself has as its input: a verb that asked there would wait for ever."""
    assert not is_terminal(None)
    with Path(os.devnull).open() as nowhere, (tmp_path / "file").open("w") as file:
        assert not is_terminal(nowhere)
        assert not is_terminal(file)
    assert not is_terminal(file), "closed"
    for is_console in (True, False):
        with Path(os.devnull).open() as stream:
            device = SimpleNamespace(isatty=lambda: True, fileno=stream.fileno)
            asked = cast("TextIO", device)
            assert is_terminal(asked, "win32", kernel(console=is_console), lambda number: number) is is_console
            assert is_terminal(asked, "linux")


@pytest.mark.parametrize(
    ("knows", "told"),
    [(True, "\r\x1b[2Klonger\r\x1b[2Kline\r\x1b[2K"), (False, "\r\rlonger\r      \rline\r    \r")],
    ids=["signs", "blanks"],
)
def test_a_line_replaces_the_one_before_it(monkeypatch: pytest.MonkeyPatch, *, knows: bool, told: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(output, "clears_lines", lambda: knows)
    out = Output(as_json=False)
    out.progress("longer")
    out.progress("line")
    out.progress_done()
    assert terminal.getvalue() == told


def test_paths_are_short_on_windows_unless_it_was_told_otherwise() -> None:
    assert longest_path("linux") is None
    assert longest_path("win32", SimpleNamespace(RtlAreLongPathsEnabled=lambda: 0)) == 259
    assert longest_path("win32", SimpleNamespace(RtlAreLongPathsEnabled=lambda: 0x7F01)) is None, "a byte is told"
    assert longest_path("win32", SimpleNamespace()) == 259, "before Windows 10"
    assert longest_path("win32", SimpleNamespace(wine_get_version=lambda: b"8.0")) is None


def test_a_home_where_a_pack_would_not_fit_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    fits = len(str(home / "packs" / ("0" * 64) / "media" / f"{'0' * 64}.webm"))
    monkeypatch.setattr(paths, "longest_path", lambda: fits - 1)
    with pytest.raises(LibraryError) as refused:
        AppPaths(home).prepare()
    assert refused.value.code is ErrorCode.FOLDER_UNUSABLE
    assert "its path is too long" in sentence(refused.value)
    assert not home.exists()
    monkeypatch.setattr(paths, "longest_path", lambda: fits)
    assert AppPaths(home).prepare().takes.is_dir()
