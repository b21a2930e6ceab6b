"""Linux and its like: a desktop entry of this person, and the list of what opens what (freedesktop.org)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from perfstudio.durable import disk_error, is_there, remove, write_durably
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.links import SCHEME
from perfstudio.session.system_links.mime_apps import with_default, without
from perfstudio.session.system_links.states import LinkOwner, LinksState

ENTRY = f"{SCHEME}.desktop"
MIME_TYPE = f"x-scheme-handler/{SCHEME}"
PATIENCE_S = 10.0
"""For a program of the system that is asked."""
_OURS = "X-Perfstudio-Links=user"
_LARGEST = 1 << 20
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
"""What makes a word of Exec one to be quoted (Desktop Entry Specification)."""


class LinuxLinks:
    """`words` start the program. Every place is read from the environment when it is asked for."""

    def __init__(self, words: Sequence[str], icon: str) -> None:
        self._words, self._icon = tuple(words), icon

    def look(self) -> LinksState:
        """By `xdg-mime` where there is one: desktops have lists of their own."""
        handler = self._asked() or self._listed()
        file = next((folder / handler for folder in _folders() if handler and (folder / handler).is_file()), None)
        if file is None:
            return LinksState(LinkOwner.NONE)
        if handler != ENTRY:
            return LinksState(LinkOwner.OTHER, handler)
        if not _is_ours(file):
            return LinksState(LinkOwner.THIS, str(file), installed=True)
        mine = self._exec() in _text(file).splitlines()
        return LinksState(LinkOwner.THIS if mine else LinkOwner.OTHER, str(file))

    def register(self) -> None:
        """An entry that an installer has laid is enough; else one of this person's is written."""
        own = _own_folder() / ENTRY
        if is_there(own) and not (_is_ours(own) or _opens_links(own)):
            raise LibraryError(ErrorCode.LINKS_ENTRY_FOREIGN, file=str(own))
        installed = (folder / ENTRY for folder in _folders())
        if not any(_opens_links(file) and not _is_ours(file) for file in installed):
            _change(own, self._entry())
        elif _is_ours(own):
            _change(own, None)
        _change(_list(), with_default(_text(_list()), MIME_TYPE, ENTRY))
        _tell_the_desktop()

    def remove(self) -> None:
        """The entry that starts this program, and its name in this person's list; not what others have put there."""
        own = _own_folder() / ENTRY
        if is_there(own) and not (_is_ours(own) and self._exec() in _text(own).splitlines()):
            return
        _change(own, None)
        if _text(_list()):
            _change(_list(), without(_text(_list()), MIME_TYPE, ENTRY))
        _tell_the_desktop()

    def _exec(self) -> str:
        return "Exec=" + _escaped(" ".join((*map(_exec_word, self._words), "%u")))

    def _entry(self) -> str:
        lines = (
            "[Desktop Entry]", "Type=Application", "Name=perfstudio", f"Icon={_escaped(self._icon)}",
            f"TryExec={_escaped(self._words[0])}", self._exec(), f"MimeType={MIME_TYPE};", "Terminal=false",
            "NoDisplay=true", _OURS,
        )  # fmt: skip
        return "\n".join(lines) + "\n"

    @staticmethod
    def _asked() -> str:
        return _said_by("xdg-mime", "query", "default", MIME_TYPE).partition("\n")[0].strip()

    @staticmethod
    def _listed() -> str:
        found = re.search(rf"^{re.escape(MIME_TYPE)}=([^;\n]+)", _text(_list()), re.MULTILINE)
        return found[1] if found else ""


def _own_folder() -> Path:
    return _place("XDG_DATA_HOME", ".local/share") / "applications"


def _list() -> Path:
    return _place("XDG_CONFIG_HOME", ".config") / "mimeapps.list"


def _folders() -> list[Path]:
    """Where entries lie: this person's first."""
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [_own_folder(), *(Path(one) / "applications" for one in shared.split(":") if one.startswith("/"))]


def _is_ours(file: Path) -> bool:
    return _OURS in _text(file).splitlines()


def _opens_links(file: Path) -> bool:
    return any(line.startswith("MimeType=") and MIME_TYPE in line for line in _text(file).splitlines())


def _place(variable: str, usual: str) -> Path:
    """A relative path in such a variable is to be ignored (XDG Base Directory Specification)."""
    named = os.environ.get(variable, "")
    return Path(named) if named.startswith("/") else Path.home() / usual


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="surrogateescape") as read:
            return read.read(_LARGEST)
    except OSError:
        return ""


def _change(file: Path, text: str | None) -> None:
    """Put a text there, or nothing. A link to the file of a person's dotfiles is followed, not replaced."""
    try:
        real = file.resolve() if file.is_symlink() else file
        if text is None:
            remove(file)
        elif text != _text(real):
            real.parent.mkdir(parents=True, exist_ok=True)
            write_durably(real, text.encode("utf-8", "surrogateescape"))
    except OSError as problem:
        raise disk_error(problem, file.parent, LibraryError, file=file.name) from problem


def _tell_the_desktop() -> None:
    if _own_folder().is_dir():
        _said_by("update-desktop-database", str(_own_folder()))


def _said_by(*command: str) -> str:
    """What a program of the system prints; nothing where it is missing, fails or hangs."""
    program = shutil.which(command[0])
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *command[1:]], capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _exec_word(word: str) -> str:
    word = word.replace("%", "%%")
    if not word or _RESERVED.search(word):
        word = '"' + re.sub(r'(["`$\\])', r"\\\1", word) + '"'
    return word


def _escaped(value: str) -> str:
    """A value of a desktop entry."""
    for letter, written in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        value = value.replace(letter, written)
    return value
