"""The rooms' profiles: one small JSON file in the home folder, replaced whole, set aside when it cannot be read."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from pydantic import ValidationError

from perfstudio.durable import disk_error, read_plain, write_durably
from perfstudio.model.errors import LibraryError
from perfstudio.model.room import RoomBook, RoomKey, RoomProfile
from perfstudio.session.set_aside import SetAside, SetAsideKind, Tell, lay_aside, untold

SITTING = timedelta(hours=3)
"""Checks closer together than this are one sitting: the newer takes the place of the older, and neither is compared
with the other."""
MOST_PROFILES = 60
_MOST_BYTES = 4_000_000


class RoomStore:
    """Reads the file at every question: it is small, and another window may have written it."""

    def __init__(self, file: Path, *, tell: Tell = untold) -> None:
        self._file = file
        self._tell = tell
        self.set_aside: Path | None = None
        """Where an unreadable file went; `tell` is told of it once."""

    def add(self, profile: RoomProfile) -> None:
        """Keep a profile. Raises LibraryError when the disk takes it not."""
        kept = [p for p in self._book().profiles if not _same_sitting(p, profile)]
        book = RoomBook(profiles=(*kept, profile)[-MOST_PROFILES:])
        try:
            write_durably(self._file, json.dumps(book.to_json(), indent=1).encode())
        except OSError as error:
            raise disk_error(error, self._file.parent, LibraryError, file=self._file.name) from error

    def before(self, profile: RoomProfile, character: str | None = None) -> RoomProfile | None:
        """The newest profile of the same devices from an earlier sitting; of one character when that is named."""
        earlier = [
            p
            for p in self._book().profiles
            if p.key == profile.key
            and profile.measured_utc - p.measured_utc > SITTING
            and (character is None or p.character == character)
        ]
        return max(earlier, key=lambda p: p.measured_utc, default=None)

    def newest(self, key: RoomKey | None = None) -> RoomProfile | None:
        """The newest profile, of these devices when they are named."""
        known = [p for p in self._book().profiles if key is None or p.key == key]
        return max(known, key=lambda p: p.measured_utc, default=None)

    def _book(self) -> RoomBook:
        try:
            return RoomBook.model_validate_json(read_plain(self._file, _MOST_BYTES))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, ValidationError):
            aside = lay_aside(self._file)
            if aside is not None:
                self.set_aside = aside
                self._tell(SetAside(SetAsideKind.ROOMS, aside))
        return RoomBook()


def _same_sitting(one: RoomProfile, other: RoomProfile) -> bool:
    return (
        one.key == other.key
        and one.character == other.character
        and abs(other.measured_utc - one.measured_utc) <= SITTING
    )
