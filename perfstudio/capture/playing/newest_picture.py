"""The newest picture of a film, put down by its thread and taken by whoever paints it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfstudio.capture.playing.film_pictures import ShownPicture


class NewestPicture:
    """Holds one; an older one that nobody took is forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._picture: ShownPicture | None = None

    def put(self, picture: ShownPicture) -> bool:
        """Whether nobody knows yet that there is one."""
        with self._lock:
            is_first, self._picture = self._picture is None, picture
            return is_first

    def take(self) -> ShownPicture | None:
        """The newest picture, once."""
        with self._lock:
            taken, self._picture = self._picture, None
            return taken
