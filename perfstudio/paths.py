"""Where perfstudio keeps what belongs to the performer: one home folder, chosen once at the start."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from perfstudio.durable import disk_error, private_folder
from perfstudio.model.errors import LibraryError

HOME_VARIABLE = "PERFSTUDIO_HOME"


@dataclass(frozen=True, slots=True)
class AppPaths:
    """The home folder and the names in it. Making the value touches no disk; `prepare` makes the folders."""

    home: Path

    @classmethod
    def choose(cls, home: Path | None = None) -> AppPaths:
        """The folder given (`--home`), else PERFSTUDIO_HOME, else the system's place for a person's data."""
        named = os.environ.get(HOME_VARIABLE)
        if home is None and named:
            home = Path(named)
        if home is None:
            home = platformdirs.user_data_path("perfstudio", appauthor=False)
        return cls(home.expanduser().absolute())

    @property
    def library(self) -> Path:
        """The root of the library: the home itself."""
        return self.home

    @property
    def takes(self) -> Path:
        """The take folders: the truth."""
        return self.home / "takes"

    @property
    def index(self) -> Path:
        """The library's index, which can be made anew from the take folders."""
        return self.home / "index.sqlite"

    @property
    def packs(self) -> Path:
        """Imported packs, by hash."""
        return self.home / "packs"

    @property
    def keys(self) -> Path:
        """Signing keys for systems without a keyring."""
        return self.home / "keys"

    @property
    def logs(self) -> Path:
        """Logs: codes and numbers only."""
        return self.home / "logs"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.home / "settings.json"

    @property
    def rooms(self) -> Path:
        """What set-up checks measured."""
        return self.home / "rooms.json"

    @property
    def green_room(self) -> Path:
        """The recording of a set-up check, for as long as it can be played back."""
        return self.home / "green-room"

    @property
    def calibration(self) -> Path:
        """The measured offsets of camera-microphone pairs."""
        return self.home / "calibration.json"

    @property
    def calibrating(self) -> Path:
        """Where a recording for calibration lives until it is measured; then it is deleted."""
        return self.home / "calibrating"

    @property
    def outbox(self) -> Path:
        """The delivery queue, derivable from the take folders."""
        return self.home / "outbox.sqlite"

    def prepare(self) -> AppPaths:
        """Make the folders, 0700. Raises LibraryError(FOLDER_NOT_WRITABLE, DISK_FULL, DISK_WRITE)."""
        for folder in (self.home, self.takes, self.packs, self.keys, self.logs):
            try:
                private_folder(folder)
            except OSError as error:
                raise disk_error(error, folder, LibraryError) from error
        return self
