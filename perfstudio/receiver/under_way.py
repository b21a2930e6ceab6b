"""Takes that were announced and have not come whole: the room they need, and whose they are.

An announcement books its room, so that what was let in also fits; the room of one that has not moved for a day is given
to others. One performer's takes never book more than half of what is left, except a single one.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import AnnouncedFile
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout, moved_at_s

BOOKED_S = 86_400
"""A take that has not moved for so long has no room of its own any more."""
SHARE = 0.5
"""Of the room that is left, for all takes of one performer that are under way."""


@dataclass(frozen=True, slots=True)
class _Expected:
    performer: str
    files: tuple[AnnouncedFile, ...]


class UnderWay:
    """Not thread-safe: its owner holds a lock. Sizes are read from the disk each time; nothing is counted twice."""

    def __init__(self, layout: ReceiverLayout, *, keep_free: int, most_of_one: int) -> None:
        self._layout = layout
        self._keep_free = keep_free
        self._most_of_one = most_of_one
        self._expected: dict[str, _Expected] = {}

    def expect(self, take_id: str, performer: str, files: tuple[AnnouncedFile, ...]) -> None:
        """This is to come; what was said of the take before no longer holds."""
        self._expected[take_id] = _Expected(performer, files)

    def require_room(self, take_id: str, performer: str, files: tuple[AnnouncedFile, ...]) -> None:
        """All of it fits beside the others. Raises RefusedError: 507 no room, 429 too many takes of one performer."""
        for over in [known for known in self._expected if self._is_over(known)]:
            del self._expected[over]
        others = {other: self._to_come(other) for other in self._expected if other != take_id}
        theirs = [other for other in others if self._expected[other].performer == performer]
        if len(theirs) >= self._most_of_one:
            raise RefusedError(429, "too many takes of this performer are under way at once")
        size = _missing(self._layout, take_id, files)
        free = shutil.disk_usage(self._layout.folder).free - self._keep_free
        if free < size:
            raise RefusedError(507, "the receiver's disk is full")
        if free < size + sum(others.values()):
            raise RefusedError(507, "the receiver's disk is full once what is under way has come")
        of_one = sum(others[other] for other in theirs)
        if theirs and free * SHARE < size + of_one:
            raise RefusedError(507, "the receiver has no room for so many takes of one performer at once")

    def _is_over(self, take_id: str) -> bool:
        """Accepted, rejected, or taken back: nothing more of it is to come."""
        places = self._layout
        ended = places.receipt(take_id).exists() or places.rejected(take_id).exists()
        return ended or not places.announcement(take_id).exists()

    def _to_come(self, take_id: str) -> int:
        folder = self._layout.coming(take_id)
        try:
            newest_s = moved_at_s(folder)
        except OSError:  # it moved at this moment
            return 0
        if utc_now().timestamp() - newest_s > BOOKED_S:
            return 0
        return _missing(self._layout, take_id, self._expected[take_id].files)


def _missing(layout: ReceiverLayout, take_id: str, files: tuple[AnnouncedFile, ...]) -> int:
    return sum(file.size - come(layout, take_id, file) for file in files)


def come(layout: ReceiverLayout, take_id: str, file: AnnouncedFile) -> int:
    """Bytes of an announced file that are on the disk."""
    part = layout.coming(take_id) / f"{file.file_id}.part"
    for place in (layout.verified(take_id) / file.filename, part):
        if place.is_file():
            return min(place.stat().st_size, file.size)
    return 0
