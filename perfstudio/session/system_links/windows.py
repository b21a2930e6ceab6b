"""Windows: a key of this person's classes, as the registry has one for every kind of link."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.links import SCHEME
from perfstudio.session.system_links.states import LinkOwner, LinksState

CLASS = rf"Software\Classes\{SCHEME}"
_COMMAND = r"shell\open\command"
_PARTS = (_COMMAND, r"shell\open", "shell", "DefaultIcon", "")
"""Keys that are written, innermost first: one that holds others cannot be deleted."""


class WindowsLinks:
    """`words` start the program."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._registry: Any = import_module("winreg")  # exists on Windows only

    def look(self) -> LinksState:
        """As the two branches come together: what a person has stands before what is there for all."""
        reg = self._registry
        command = self._value(reg.HKEY_CLASSES_ROOT, rf"{SCHEME}\{_COMMAND}")
        own = self._value(reg.HKEY_CURRENT_USER, rf"{CLASS}\{_COMMAND}")
        if not command:
            return LinksState(LinkOwner.NONE)
        if self._is_mine(command):
            return LinksState(LinkOwner.THIS, command, installed=not own)
        return LinksState(LinkOwner.OTHER, command)

    def register(self) -> None:
        """Write the key, the command last: a link opens nothing before it is whole."""
        icon = f'"{self._words[0]}",0'
        values = (("", "", f"URL:{SCHEME}"), ("", "URL Protocol", ""), ("DefaultIcon", "", icon))
        reg = self._registry
        try:
            for part, name, value in (*values, (_COMMAND, "", self._command())):
                with reg.CreateKeyEx(reg.HKEY_CURRENT_USER, _key(part), 0, reg.KEY_SET_VALUE) as key:
                    reg.SetValueEx(key, name, 0, reg.REG_SZ, value)
        except OSError as problem:
            raise LibraryError(ErrorCode.LINKS_REFUSED) from problem

    def remove(self) -> None:
        """Only while it is this program's: another one may have taken the links over."""
        reg = self._registry
        if not self._is_mine(self._value(reg.HKEY_CURRENT_USER, rf"{CLASS}\{_COMMAND}")):
            return
        for part in _PARTS:
            try:
                reg.DeleteKey(reg.HKEY_CURRENT_USER, _key(part))
            except FileNotFoundError:
                continue
            except OSError as problem:
                raise LibraryError(ErrorCode.LINKS_REFUSED) from problem

    def _command(self) -> str:
        """As installers write it, too: the program in quotation marks, whatever its path."""
        program, *words = self._words
        return " ".join(part for part in (f'"{program}"', subprocess.list2cmdline(words), '"%1"') if part)

    def _is_mine(self, command: str) -> bool:
        return command.casefold() == self._command().casefold()  # names of files have no case there

    def _value(self, branch: int, path: str) -> str:
        try:
            with self._registry.OpenKey(branch, path) as key:
                return str(self._registry.QueryValueEx(key, "")[0])
        except OSError:
            return ""


def _key(part: str) -> str:
    return rf"{CLASS}\{part}" if part else CLASS
