"""The settings in force, and the store that keeps them on the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from perfstudio.durable import disk_error
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import LibraryError, PerfstudioError
from perfstudio.session.set_aside import Tell, untold
from perfstudio.session.settings_file import LoadedSettings, SettingsFile
from perfstudio.session.settings_values import TEXT_SIZES, Settings, SetUp, ThemeChoice

__all__ = ["TEXT_SIZES", "SetUp", "Settings", "SettingsStore", "ThemeChoice"]


def nobody() -> str | None:
    """The performer that a home without takes remembers."""
    return None


class SettingsStore:
    """The settings in force. From any thread, and beside other programs on the same file."""

    def __init__(self, file: Path, *, remembered: Callable[[], str | None] = nobody, tell: Tell = untold) -> None:
        """`remembered` finds the performer's id where the file and its copy have lost it; `tell` is told once of
        what could not be read.
        """
        self._file = file
        self._disk = SettingsFile(file, remembered)
        self._lock = threading.Lock()
        self._tell = tell
        self._heard: list[Callable[[Settings], None]] = []
        self.trouble: Callable[[PerfstudioError], None] = lambda _: None
        """Told when the disk does not take a change, which holds all the same until the program ends."""
        self._unsaved: dict[str, object] = {}
        with self._disk.held():
            opened = self._disk.open()
        self.now = opened.settings
        self._say(opened)

    def change(self, **values: object) -> Settings:
        """Replace some values, and nothing else, in the file; those who listen are told. Never raises for the disk."""
        asked = Settings.model_validate({**self.now.model_dump(), **values}).to_json()
        problem: PerfstudioError | None = None
        written: LoadedSettings | None = None
        with self._lock:
            self._unsaved |= {name: asked[name] for name in values}
            try:
                with self._disk.held():
                    written = self._disk.write(self._unsaved, self.now)
                self.now = written.settings
                self._unsaved.clear()
            except OSError as error:
                self.now = Settings.model_validate({**self.now.to_json(), **self._unsaved})
                problem = disk_error(error, self._file.parent, LibraryError, file=self._file.name)
        if written is not None:
            self._say(written)
        if problem is not None:
            self.trouble(problem)
        for hear in tuple(self._heard):
            hear(self.now)
        return self.now

    def state_adult(self) -> None:
        """The performer says to be 18 or older; the moment is that of the first time."""
        if not self.now.adult_stated:
            self.change(adult_stated=True, adult_stated_at=utc_now())

    def on_change(self, hear: Callable[[Settings], None]) -> None:
        """Call `hear` with the new settings after every change."""
        self._heard.append(hear)

    def checkpoint(self) -> Callable[[], None]:
        """The answer ends every `on_change` that is made from now on."""
        before = tuple(self._heard)

        def end() -> None:
            self._heard[:] = [hear for hear in self._heard if hear in before]

        return end

    def _say(self, opened: LoadedSettings) -> None:
        for aside in opened.asides:
            self._tell(aside)
