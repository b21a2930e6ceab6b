"""Linux and its like: a desktop entry of this person, and the list of what opens what (freedesktop.org).

An installed program has the entry `perfstudio.desktop`. This person's own has another name: one of the same name would
stand before it in menus, too, also when what it starts is long gone. 0.1.0 wrote it under that name.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from perfstudio.durable import disk_error, is_there, remove, write_durably
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.links import SCHEME
from perfstudio.session.system_links import entry_text
from perfstudio.session.system_links.entry_text import OURS, TYPES, TYPES_XML
from perfstudio.session.system_links.mime_apps import with_default, without
from perfstudio.session.system_links.states import LinkOwner, LinksState

INSTALLED_ENTRY, ENTRY = f"{SCHEME}.desktop", f"{SCHEME}-links.desktop"
LAUNCHER = f"{SCHEME}-links"
PATIENCE_S = 10.0
"""For a program of the system that is asked."""
_LARGEST = 1 << 20
_RUN = 0o700


class LinuxLinks:
    """`words` start the program. Every place is read from the environment when it is asked for."""

    def __init__(self, words: Sequence[str], icon: str) -> None:
        self._words, self._icon = tuple(words), icon

    def look(self) -> LinksState:
        """By `xdg-mime` where there is one: desktops have lists of their own."""
        links, packs, clips = map(self._look, TYPES)
        return replace(links, packs=packs.owner, clips=clips.owner)

    def register(self) -> None:
        """An entry that an installer has laid is enough; else one of this person's is written."""
        own = _own_folder() / ENTRY
        if is_there(own) and not _is_ours(own):
            raise LibraryError(ErrorCode.LINKS_ENTRY_FOREIGN, file=str(own))
        earlier = _own_folder() / INSTALLED_ENTRY
        if _is_ours(earlier):
            _change(earlier, None)
        enough = any(entry_text.opens(_text(file)) and not _is_ours(file) for file in _entries(INSTALLED_ENTRY))
        if enough:
            self._clear()
        else:
            launcher = self._launcher()
            _change(launcher, entry_text.launcher(self._words) if self._needs(launcher) else None, _RUN)
            _change(_file_types(), TYPES_XML)
            _change(own, entry_text.entry(self._words[0], self._exec(), self._icon))
        text = _text(_list())
        for mime_type in TYPES:
            text = with_default(text, mime_type, INSTALLED_ENTRY if enough else ENTRY)
        _change(_list(), text)
        _tell_the_desktop()

    def remove(self) -> None:
        """The entry that starts this program, and its name in this person's list; not what others have put there."""
        own = _own_folder() / ENTRY
        if is_there(own) and not self._is_mine(own):
            return
        earlier = _own_folder() / INSTALLED_ENTRY
        names = [ENTRY, INSTALLED_ENTRY] if self._is_mine(earlier) else [ENTRY]
        if len(names) > 1:
            _change(earlier, None)
        self._clear()
        text = _text(_list())
        for mime_type in TYPES:
            for name in names:
                text = without(text, mime_type, name)
        if text:
            _change(_list(), text)
        _tell_the_desktop()

    def _look(self, mime_type: str) -> LinksState:
        handler = _said_by("xdg-mime", "query", "default", mime_type).partition("\n")[0].strip() or _listed(mime_type)
        files = _entries(handler) if handler else []
        if not files:
            return LinksState(LinkOwner.NONE)
        if handler not in (INSTALLED_ENTRY, ENTRY):
            return LinksState(LinkOwner.OTHER, handler)
        file = files[0]  # as desktops do: this person's stands before all others of its name
        if not _is_ours(file):
            if handler == ENTRY:
                return LinksState(LinkOwner.OTHER, str(file))
            there = _starts_something(file)
            return LinksState(LinkOwner.THIS if there else LinkOwner.NONE, str(file), installed=there)
        beside = [other for other in _entries(INSTALLED_ENTRY) if not _is_ours(other)]
        owner = LinkOwner.THIS if self._is_mine(file) else LinkOwner.OTHER
        return LinksState(owner, str(file), beside=str(beside[0]) if beside else "")

    def _is_mine(self, file: Path) -> bool:
        """Whether an entry of this person starts these very words."""
        lines = _text(file).splitlines()
        if OURS not in lines:
            return False
        launcher = self._launcher()
        if entry_text.exec_line((str(launcher),)) in lines:
            return _text(launcher) == entry_text.launcher(self._words)
        direct = entry_text.exec_line(self._words)
        return direct in lines or direct.removesuffix("%U") + "%u" in lines  # as 0.1.0 wrote it

    def _exec(self) -> str:
        launcher = self._launcher()
        return entry_text.exec_line((str(launcher),) if self._needs(launcher) else self._words)

    def _needs(self, launcher: Path) -> bool:
        """Words with odd letters are read rightly by all programs from a launcher, where that has none in its path."""
        return not all(map(entry_text.is_plain, self._words)) and entry_text.is_plain(str(launcher))

    @staticmethod
    def _launcher() -> Path:
        return _own_folder() / LAUNCHER

    def _clear(self) -> None:
        for file in (_own_folder() / ENTRY, self._launcher(), _file_types()):
            _change(file, None)


def _listed(mime_type: str) -> str:
    found = re.search(rf"^{re.escape(mime_type)}=([^;\n]+)", _text(_list()), re.MULTILINE)
    return found[1] if found else ""


def _entries(name: str) -> list[Path]:
    """The entries of this name that there are, in the order in which they count."""
    return [folder / name for folder in _folders() if (folder / name).is_file()]


def _starts_something(file: Path) -> bool:
    """Whether the program of an entry is there: one that is gone leaves the entry of an earlier version behind."""
    program = entry_text.program_of(_text(file))
    return bool(program) and shutil.which(program) is not None


def _own_folder() -> Path:
    return _place("XDG_DATA_HOME", ".local/share") / "applications"


def _list() -> Path:
    return _place("XDG_CONFIG_HOME", ".config") / "mimeapps.list"


def _folders() -> list[Path]:
    """Where entries lie: this person's first."""
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [_own_folder(), *(Path(one) / "applications" for one in shared.split(":") if one.startswith("/"))]


def _file_types() -> Path:
    return _place("XDG_DATA_HOME", ".local/share") / "mime" / "packages" / f"{SCHEME}-links.xml"


def _is_ours(file: Path) -> bool:
    return OURS in _text(file).splitlines()


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


def _change(file: Path, text: str | None, mode: int | None = None) -> None:
    """Put a text there, or nothing. A link to the file of a person's dotfiles is followed, not replaced."""
    try:
        real = file.resolve() if file.is_symlink() else file
        if text is None:
            remove(file)
        elif text != _text(real):
            real.parent.mkdir(parents=True, exist_ok=True)
            write_durably(real, text.encode("utf-8", "surrogateescape"))
        if text is not None and mode is not None:
            real.chmod(mode)
    except OSError as problem:
        raise disk_error(problem, file.parent, LibraryError, file=file.name) from problem


def _tell_the_desktop() -> None:
    if _own_folder().is_dir():
        _said_by("update-desktop-database", str(_own_folder()))
    if (types := _file_types().parents[1]).is_dir():
        _said_by("update-mime-database", str(types))


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
