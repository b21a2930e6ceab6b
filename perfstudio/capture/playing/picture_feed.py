"""Brings the pictures of a film to whoever watches, each at its own stamp."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from perfstudio.capture.playing.film_pictures import FilmPictures, PictureFitter, Shot, ShownPicture
from perfstudio.capture.playing.laid_pictures import LaidPictures

_AHEAD = 3
"""Pictures that are ready to be shown before their time."""
_MOST_LATE = 8
"""Pictures that are passed over in one go, when decoding is late; between them the sound gets its turn."""
_FAR_BEHIND_S = 1.0
"""So far behind, decoding begins anew at the next key picture, of which takes have one a second."""
_AT_ONCE_S = 0.002
"""A picture that is due this soon is shown now; the wait for it would not be shorter."""


class PictureFeed:
    """`show` gets every picture when it is to be seen."""

    def __init__(self, pictures: FilmPictures | LaidPictures, show: Callable[[ShownPicture], None]) -> None:
        self._pictures, self._show = pictures, show
        self._fitter = PictureFitter()
        self._fitter.aspect = pictures.aspect
        self._ahead: deque[ShownPicture] = deque()
        self._last: Shot | None = None
        """The newest one that was decoded for showing."""
        self._shown: Shot | None = None

    @property
    def torn_s(self) -> float | None:
        """Where the pictures end although the file tells of more."""
        return self._pictures.torn_s

    def fit(self, room: tuple[int, int]) -> None:
        """Another size; what is seen is made anew."""
        self._fitter.room = room
        if self._shown is not None:
            self._show(self._fitter.fitted(self._shown))

    def show_at(self, seconds: float, changed: Callable[[], bool]) -> Shot | None:
        """Show what is seen at a moment, or what was reached when it `changed`. None: nothing can be shown."""
        return self._give(self._pictures.at(seconds, changed))

    def step(self, seconds: float, count: int) -> Shot | None:
        """Show the picture so many after (before) the one of a moment, or the last one on that way."""
        shot = self._pictures.at(seconds)
        for _ in range(abs(count)):
            further = shot and (self._pictures.after(shot) if count > 0 else self._pictures.before(shot))
            shot = further or shot
        return self._give(shot)

    def follow(self, position_s: float) -> float | None:
        """Show what is due, and make ready what comes; the stamp of the next one, None when there is none."""
        self._prepare(position_s)
        due = None
        while self._ahead and self._ahead[0].at_s <= position_s + _AT_ONCE_S:
            due = self._ahead.popleft()
        if due is not None:
            self._show(due)
            self._prepare(position_s)
        return self._ahead[0].at_s if self._ahead else None

    def _prepare(self, position_s: float) -> None:
        late = 0
        if self._last is not None and self._last.until_s < position_s - _FAR_BEHIND_S and not self._ahead:
            self._last = self._pictures.at(position_s) or self._last
        while self._last is not None and len(self._ahead) < _AHEAD and late < _MOST_LATE:
            shot = self._pictures.after(self._last, passing=True)
            if shot is None:
                return
            self._last = self._shown = shot
            if shot.at_s < shot.until_s <= position_s:
                late += 1
            else:
                self._ahead.append(self._fitter.fitted(shot))

    def _give(self, shot: Shot | None) -> Shot | None:
        self._ahead.clear()
        if shot is not None:
            self._last = self._shown = shot
            self._show(self._fitter.fitted(shot))
        return shot
