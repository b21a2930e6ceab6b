"""The pictures of another film on the time of this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from perfstudio.capture.playing.film_pictures import FilmPictures, Shot
from perfstudio.model.heard_times import HeardTimes


@dataclass(frozen=True, slots=True)
class _LaidShot(Shot):
    """`at_s` and `until_s` are times of this film; `own` is the picture as it lies in the other."""

    own: Shot


class LaidPictures:
    """As FilmPictures, in seconds of the film beside which they are shown. In a hole the picture stands."""

    def __init__(self, pictures: FilmPictures, times: HeardTimes) -> None:
        self._pictures, self._times = pictures, times
        self.aspect = pictures.aspect

    @property
    def torn_s(self) -> float | None:
        """Where they end although the file tells of more."""
        torn_s = self._pictures.torn_s
        return self._times.take_at(torn_s) if torn_s is not None else None

    def at(self, seconds: float, changed: Callable[[], bool] = lambda: False) -> Shot | None:
        """The picture that is seen at a moment."""
        return self._laid(self._pictures.at(self._times.clip_at(seconds), changed))

    def after(self, shot: Shot, *, passing: bool = False) -> Shot | None:
        """The next picture; None at the end."""
        return self._laid(self._pictures.after(_own(shot), passing=passing))

    def before(self, shot: Shot) -> Shot | None:
        """The picture before; None at the beginning."""
        return self._laid(self._pictures.before(_own(shot)))

    def _laid(self, shot: Shot | None) -> Shot | None:
        if shot is None:
            return None
        take_at = self._times.take_at
        return _LaidShot(take_at(shot.at_s), take_at(shot.until_s), shot.frame, shot)


def _own(shot: Shot) -> Shot:
    return shot.own if isinstance(shot, _LaidShot) else shot
