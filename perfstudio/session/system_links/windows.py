"""Windows: keys of this person's classes, as the registry has them for every kind of link and of file.

Who opens them is what the person has chosen in the system's settings (`UserChoice`), or else what stands in the classes
(learn.microsoft.com, "File Types and File Associations").
"""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.links import SCHEME
from perfstudio.model.opening import CLIP_SUFFIX, CLIP_TYPE, PACK_SUFFIX, PACK_TYPE
from perfstudio.session.system_links.states import LinkOwner, LinksState

_CLASSES = r"Software\Classes"
CLASS = rf"{_CLASSES}\{SCHEME}"
PACK_NAME, CLIP_NAME = f"{SCHEME}.pack", f"{SCHEME}.clip"
"""What its set-up calls the types of a pack and of a clip, too."""
_FILES = (
    (PACK_NAME, PACK_SUFFIX, PACK_TYPE, "Pack of prompts"), (CLIP_NAME, CLIP_SUFFIX, CLIP_TYPE, "Clip for a partner"),
)  # fmt: skip
_COMMAND = r"shell\open\command"
_PARTS = (_COMMAND, r"shell\open", "shell", "DefaultIcon", "")
"""Keys that are written, innermost first: one that holds others cannot be deleted."""
_CHOSEN_LINKS = rf"Software\Microsoft\Windows\Shell\Associations\UrlAssociations\{SCHEME}\UserChoice"
_CHOSEN_FILES = r"Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts"
_ASSOCIATIONS_CHANGED = 0x08000000
"""SHCNE_ASSOCCHANGED."""


class WindowsLinks:
    """`words` start the program."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._registry: Any = import_module("winreg")  # exists on Windows only

    def look(self) -> LinksState:
        """As the two branches come together: what a person has stands before what is there for all."""
        reg = self._registry
        command = self._opener(_CHOSEN_LINKS, SCHEME)
        packs, clips = map(self._file_owner, (PACK_SUFFIX, CLIP_SUFFIX))
        own = self._value(reg.HKEY_CURRENT_USER, rf"{CLASS}\{_COMMAND}")
        owner = self._owner(command)
        installed = owner is LinkOwner.THIS and not own
        return LinksState(owner, command, installed=installed, packs=packs, clips=clips)

    def register(self) -> None:
        """Write the keys, the command last: nothing is opened before it is whole."""
        icon = f'"{self._words[0]}",0'
        values = (
            (CLASS, "", "", f"URL:{SCHEME}"), (CLASS, "", "URL Protocol", ""), (CLASS, "DefaultIcon", "", icon),
            (CLASS, _COMMAND, "", self._command()), *self._file_values(icon),
        )  # fmt: skip
        reg = self._registry
        try:
            for branch, part, name, value in values:
                with reg.CreateKeyEx(reg.HKEY_CURRENT_USER, _key(branch, part), 0, reg.KEY_SET_VALUE) as key:
                    reg.SetValueEx(key, name, 0, reg.REG_SZ, value)
        except OSError as problem:
            raise LibraryError(ErrorCode.LINKS_REFUSED) from problem
        _tell_the_desktop()

    def remove(self) -> None:
        """Only while they are this program's: another one may have taken some of them over."""
        current = self._registry.HKEY_CURRENT_USER
        if self._is_mine(self._value(current, rf"{CLASS}\{_COMMAND}")):
            self._delete(CLASS, _PARTS)
        for name, suffix, _type, _words in _FILES:
            branch, ending = rf"{_CLASSES}\{name}", rf"{_CLASSES}\{suffix}"
            if self._is_mine(self._value(current, rf"{branch}\{_COMMAND}")):
                self._delete(branch, _PARTS)
                if self._value(current, ending) == name:
                    self._delete(ending, ("",))
        _tell_the_desktop()

    def _file_values(self, icon: str) -> list[tuple[str, str, str, str]]:
        """Of each kind of file its mark, its command, and last that files of this ending are of it."""
        values = []
        for name, suffix, media_type, words in _FILES:
            branch, ending = rf"{_CLASSES}\{name}", rf"{_CLASSES}\{suffix}"
            values += [
                (branch, "", "", words), (branch, "DefaultIcon", "", icon), (branch, _COMMAND, "", self._command()),
                (ending, "", "Content Type", media_type), (ending, "", "", name),
            ]  # fmt: skip
        return values

    def _file_owner(self, suffix: str) -> LinkOwner:
        otherwise = self._value(self._registry.HKEY_CLASSES_ROOT, suffix)
        return self._owner(self._opener(rf"{_CHOSEN_FILES}\{suffix}\UserChoice", otherwise))

    def _delete(self, branch: str, parts: Sequence[str]) -> None:
        for part in parts:
            try:
                self._registry.DeleteKey(self._registry.HKEY_CURRENT_USER, _key(branch, part))
            except FileNotFoundError:
                continue
            except OSError as problem:
                raise LibraryError(ErrorCode.LINKS_REFUSED) from problem

    def _opener(self, chosen: str, otherwise: str) -> str:
        """The command of what was chosen, or of what the classes name; empty where there is none."""
        reg = self._registry
        name = self._value(reg.HKEY_CURRENT_USER, chosen, "ProgId") or otherwise
        return self._value(reg.HKEY_CLASSES_ROOT, rf"{name}\{_COMMAND}") if name else ""

    def _command(self) -> str:
        """As installers write it, too: the program in quotation marks, whatever its path."""
        program, *words = self._words
        return " ".join(part for part in (f'"{program}"', subprocess.list2cmdline(words), '"%1"') if part)

    def _owner(self, command: str) -> LinkOwner:
        if not command:
            return LinkOwner.NONE
        return LinkOwner.THIS if self._is_mine(command) else LinkOwner.OTHER

    def _is_mine(self, command: str) -> bool:
        return command.casefold() == self._command().casefold()  # names of files have no case there

    def _value(self, branch: int, path: str, name: str = "") -> str:
        try:
            with self._registry.OpenKey(branch, path) as key:
                return str(self._registry.QueryValueEx(key, name)[0])
        except OSError:
            return ""


def _key(branch: str, part: str) -> str:
    return rf"{branch}\{part}" if part else branch


def _tell_the_desktop() -> None:
    """Explorer remembers types and their marks until it is told (SHChangeNotify, shlobj_core.h)."""
    with suppress(OSError, AttributeError):
        windll: Any = getattr(ctypes, "windll", None)  # exists on Windows only
        windll.shell32.SHChangeNotify(_ASSOCIATIONS_CHANGED, 0, None, None)
