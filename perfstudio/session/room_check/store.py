"""The rooms' profiles: one small JSON file in the home folder, replaced whole, set aside when it cannot be read."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from perfstudio.durable import disk_error, write_durably
from perfstudio.model.errors import LibraryError
from perfstudio.model.room import RoomBook, RoomKey, RoomProfile
from perfstudio.session.home_document import read_or_lay_aside
from perfstudio.session.set_aside import SetAsideKind, Tell, untold

SITTING = timedelta(hours=3)
"""Checks closer together than this are one sitting: the newer takes the place of the older, and neither is compared
with the other."""
MOST_PROFILES = 60


class RoomStore:
    """Reads the file at every question: it is small, and another window may have written it."""

    def __init__(self, file: Path, *, tell: Tell = untold) -> None:
        self._file = file
        self._tell = tell

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
        return read_or_lay_aside(self._file, RoomBook, SetAsideKind.ROOMS, self._tell) or RoomBook()


def _same_sitting(one: RoomProfile, other: RoomProfile) -> bool:
    return (
        one.key == other.key
        and one.character == other.character
        and abs(other.measured_utc - one.measured_utc) <= SITTING
    )
