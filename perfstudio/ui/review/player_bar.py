"""The line under the timeline: the takes before and after, in and out points, loop, speed and volume, each with its
key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.takes.review import TakeReview
from perfstudio.session.takes.same_scene import SceneTake
from perfstudio.texts import playing
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.review.volume import STEP, VolumeSlider
from perfstudio.ui.widgets import FlowLayout, KeyHint, announce

SPEEDS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""As fast as recorded in the middle; what `Playback.set_speed` can do at the ends."""


@dataclass(frozen=True, slots=True)
class PlayerActs:
    """What the line asks of others: a point ("in_s", "out_s") is here, another take is to be shown, or played beside
    this one; so loud (0 to 100) takes are played from now on."""

    mark_point: Callable[[str], object]
    show_take: Callable[[str], object]
    compare: Callable[[], object]
    keep_volume: Callable[[int], object]


class PlayerBar(QWidget):
    """Every button does what its key does. Speed and loop hold for the takes that follow."""

    def __init__(self, playback: Playback, acts: PlayerActs, volume: int) -> None:
        super().__init__()
        self.setAccessibleName(_("How it is played"))
        self._playback, self._acts = playback, acts
        self._earlier: SceneTake | None = None
        self._later: SceneTake | None = None
        self._speed = SPEEDS.index(1.0)
        self.earlier = self._hint("P", " ", self.show_earlier)
        self.later = self._hint("N", " ", self.show_later)
        self.compare = self._hint("V", _("Compare"), acts.compare)
        self.point_in = self._hint("I", _("In point"), lambda: acts.mark_point("in_s"))
        self.point_out = self._hint("O", _("Out point"), lambda: acts.mark_point("out_s"))
        self.loop = self._hint("L", playing.loop(False), lambda: self._set_loop(self.loop.isChecked()))
        self.loop.setCheckable(True)
        self.speed = self._hint("< >", playing.speed(1.0), self._next_speed)
        self.volume = VolumeSlider()
        self.volume.setValue(volume)
        playback.set_volume(volume / 100)
        self.volume.valueChanged.connect(self._volume_changed)
        self._flow = FlowLayout(self, spacing=14)
        for part in (
            self.point_in, self.point_out, self.loop, self.speed, self.volume, self.earlier, self.later,
            self.compare,
        ):  # fmt: skip
            self._flow.addWidget(part)
        self.earlier.hide()
        self.later.hide()
        self.compare.hide()

    def height_at(self, width: int) -> int:
        """Height in pixels that it needs at a width."""
        return self._flow.heightForWidth(width)

    def show_review(self, review: TakeReview) -> None:
        """The takes before and after the one shown."""
        self._earlier, self._later = review.earlier, review.later
        for hint, take in ((self.earlier, self._earlier), (self.later, self._later)):
            hint.setVisible(take is not None)
            hint.say(playing.take(take.number) if take is not None else " ")
        self.compare.setVisible(self._earlier is not None or self._later is not None)

    def show_earlier(self) -> None:
        """The take of the scene before this one, if there is one."""
        if self._earlier is not None:
            self._acts.show_take(self._earlier.take_id)

    def show_later(self) -> None:
        """The take of the scene after this one, if there is one."""
        if self._later is not None:
            self._acts.show_take(self._later.take_id)

    def turn_loop(self) -> None:
        """From the out point back to the in point, or no longer."""
        self.loop.setChecked(not self.loop.isChecked())
        self._set_loop(self.loop.isChecked())

    def change_speed(self, step: int) -> None:
        """Faster or slower by so many steps."""
        self._speed = max(0, min(self._speed + step, len(SPEEDS) - 1))
        self._say_speed()

    def change_volume(self, step: int) -> None:
        """Louder or softer by so many steps."""
        self.volume.setValue(self.volume.value() + step * STEP)
        announce(self, playing.volume(self.volume.value()))

    def _hint(self, key: str, words: str, act: Callable[[], object]) -> KeyHint:
        hint = KeyHint(key, words)
        hint.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint.clicked.connect(lambda: act())
        return hint

    def _set_loop(self, on: bool) -> None:
        self._playback.set_loops(on)
        self.loop.say(playing.loop(on))
        announce(self, playing.loop(True) if on else _("Loop is off"))

    def _next_speed(self) -> None:
        self._speed = (self._speed + 1) % len(SPEEDS)
        self._say_speed()

    def _say_speed(self) -> None:
        speed = SPEEDS[self._speed]
        self._playback.set_speed(speed)
        self.speed.say(playing.speed(speed))
        announce(self, playing.speed(speed))

    def _volume_changed(self, percent: int) -> None:
        self._playback.set_volume(percent / 100)
        self._acts.keep_volume(percent)
