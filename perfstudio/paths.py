"""Where perfstudio keeps what belongs to the performer: one home folder, chosen once at the start."""

from __future__ import annotations

import contextlib
import errno
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from perfstudio.durable import disk_error, private_folder
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.systems.full_paths import full_path
from perfstudio.systems.path_lengths import longest_path

HOME_VARIABLE = "PERFSTUDIO_HOME"
LONGEST_HOME = 440
"""Bytes. SQLite takes paths of 512 on Unix, with the name of the database and of the files beside it."""
_LONGEST_BELOW = 147
"""Letters: what a pack's picture is kept as, packs/HASH/media/HASH.webm."""
_NO_PLACE = frozenset(
    {errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.EILSEQ, errno.ENOENT}
)
"""Errors that say: no folder can be there."""


def usual_home() -> Path:
    """The system's place for a person's data."""
    return platformdirs.user_data_path("perfstudio", appauthor=False)


def leads_to(path: Path) -> Path:
    """Where a path leads, links followed as far as this account may look; links that lead to themselves stay as they
    are. Raises nothing.
    """
    with contextlib.suppress(OSError, ValueError):
        return Path(os.path.realpath(path))
    return path.absolute()


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
            home = usual_home()
        with contextlib.suppress(RuntimeError):  # "~somebody" of whom the system knows nothing is a name like any other
            home = home.expanduser()
        return cls(full_path(home))

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
    def skips(self) -> Path:
        """The scenes that the performer skipped, and why."""
        return self.home / "skips.json"

    @property
    def time_spent(self) -> Path:
        """The performer's own record of their time, a document a month."""
        return self.home / "time"

    @property
    def blocked(self) -> Path:
        """Partners with whom the performer does not play again."""
        return self.home / "blocked-partners.json"

    @property
    def played_files(self) -> Path:
        """Which files of this computer takes were last played to."""
        return self.home / "played-files.json"

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
    def loopback(self) -> Path:
        """The measured constants of headphones and microphones."""
        return self.home / "loopback.json"

    @property
    def reading_aloud(self) -> Path:
        """The recording of a statement that is read aloud, until it is kept with a consent or given up."""
        return self.home / "reading-aloud"

    @property
    def calibrating(self) -> Path:
        """Where a recording for calibration lives until it is measured; then it is deleted."""
        return self.home / "calibrating"

    @property
    def clips(self) -> Path:
        """Clips of colleagues, each in a folder that is called by a hash, and where clips are made."""
        return self.home / "clips"

    @property
    def clicking(self) -> Path:
        """Where clicks from headphones to a microphone are recorded, until they are measured or given up."""
        return self.home / "clicking"

    @property
    def outbox(self) -> Path:
        """The delivery queue, derivable from the take folders."""
        return self.home / "outbox.sqlite"

    def prepare(self) -> AppPaths:
        """Make the folders, 0700. Raises LibraryError(FOLDER_UNUSABLE, FOLDER_NOT_WRITABLE, DISK_FULL, DISK_WRITE)."""
        longest = longest_path()
        limited = longest is not None and len(str(self.home)) + _LONGEST_BELOW > longest
        if limited or len(os.fsencode(self.home)) > LONGEST_HOME:
            raise LibraryError(ErrorCode.FOLDER_UNUSABLE, folder=str(self.home), reason="path_too_long")
        for folder in (self.home, self.takes, self.packs, self.keys, self.logs):
            try:
                private_folder(folder)
            except ValueError as error:
                raise LibraryError(ErrorCode.FOLDER_UNUSABLE, folder=str(folder), reason="EINVAL") from error
            except OSError as error:
                if error.errno in _NO_PLACE:
                    reason = errno.errorcode[error.errno]
                    raise LibraryError(ErrorCode.FOLDER_UNUSABLE, folder=str(folder), reason=reason) from error
                raise disk_error(error, folder, LibraryError) from error
        return self
