"""Keys of a terminal are read as they are pressed, and the terminal is given back as it was."""

from __future__ import annotations

import io
import os
from collections import deque
from collections.abc import Iterator

import pytest

from perfstudio.systems import key_presses
from perfstudio.systems.key_presses import ConsoleKeys, TerminalKeys
from rigs.systems import posix_only
from rigs.waiting import until


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """A terminal: the person's end, and the program's."""
    ends = os.openpty()
    yield ends
    for end in ends:
        os.close(end)


@posix_only("there a console gives its keys")
def test_a_key_comes_without_return_and_ctrl_c_stays_what_it_is(terminal: tuple[int, int]) -> None:
    import termios

    person, program = terminal
    before = termios.tcgetattr(program)
    with TerminalKeys(program) as keys:
        assert keys.pressed() == ""
        os.write(person, b"m")
        assert until(keys.pressed, "a key", 5) == "m"
        os.write(person, "Mü".encode())
        assert until(keys.pressed, "two keys", 5) == "Mü"
        assert termios.tcgetattr(program)[3] & termios.ISIG
        assert not termios.tcgetattr(program)[3] & termios.ECHO
    assert termios.tcgetattr(program) == before


def test_a_console_is_asked_until_it_has_no_more() -> None:
    typed = deque("mM")
    with ConsoleKeys(lambda: bool(typed), typed.popleft) as keys:
        assert (keys.pressed(), keys.pressed()) == ("mM", "")


def test_where_nobody_sits_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("m"))
    assert key_presses.for_system() is None
