"""What could not be read in the home, and was laid beside what took its place: kept, and said once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfstudio.durable import rename_durably, write_new


class SetAsideKind(StrEnum):
    """Which document was set aside."""

    SETTINGS = "settings"  # the whole file
    SETTINGS_MISSING = "settings_missing"  # there was none, in a home that had one
    VALUES = "values"  # single settings; `keys` names them
    CALIBRATION = "calibration"
    ROOMS = "rooms"
    SKIPS = "skips"
    BLOCKED = "blocked"
    OUTBOX = "outbox"
    TIME = "time"  # of one month


class RestoredFrom(StrEnum):
    """Where the performer of damaged settings was found again."""

    FILE = "file"  # in what was left of the file, or
    COPY = "copy"  # in the copy beside it, or
    TAKES = "takes"  # in their takes: name, devices and look have to be chosen anew
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One thing that was laid aside."""

    what: SetAsideKind
    kept: Path | None = None
    """Where the old file lies; None where the disk could not keep it, or there was none."""
    keys: tuple[str, ...] = ()
    found: RestoredFrom = RestoredFrom.NOWHERE


Tell = Callable[[SetAside], None]


def untold(_: SetAside) -> None:
    """For those who have nobody to tell."""


class SetAsideLog:
    """Collects while nobody listens; `hear` gets what was collected, and from then on each as it comes."""

    def __init__(self) -> None:
        self._waiting: list[SetAside] = []
        self._hear: Tell | None = None

    def add(self, aside: SetAside) -> None:
        """Something was laid aside, on whichever thread."""
        if self._hear is None:
            self._waiting.append(aside)
        else:
            self._hear(aside)

    def tell(self, hear: Tell) -> None:
        """From now on `hear` is told, beginning with what waits."""
        self._hear = hear
        while self._waiting:
            hear(self._waiting.pop(0))


def free_name(file: Path) -> Path:
    """A name beside `file` that nothing has: name.unreadable.json, name.unreadable-2.json and so on."""
    number, name = 1, file.with_suffix(f".unreadable{file.suffix}")
    while name.is_symlink() or name.exists():
        number += 1
        name = file.with_suffix(f".unreadable-{number}{file.suffix}")
    return name


def lay_aside(file: Path) -> Path | None:
    """Give an unreadable file another name; None when that cannot be done, and it stays."""
    aside = free_name(file)
    try:
        rename_durably(file, aside)
    except OSError:
        return None
    return aside


def copy_aside(file: Path, data: bytes) -> Path | None:
    """Keep what a file holds under another name; None when the disk does not take it."""
    while True:
        aside = free_name(file)
        try:
            write_new(aside, data)
        except FileExistsError:
            continue  # another perfstudio took the name
        except OSError:
            return None
        return aside
