"""The level meter: one block's peak on -60..0 dBFS with instant rise, steady fall, a held peak and a word beside."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.texts.template import sentences
from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets.base import rounded

FLOOR_DBFS = -60.0
FALL_DB_S = 20 / 1.7
"""The return of a Type I programme meter (IEC 60268-10), as OBS Studio's medium meter has it; the rise is at once."""
HOLD_S = 2.0
QUIET_DBFS, LOUD_DBFS, CLIP_DBFS = -30.0, -6.0, -0.1
"""Speech should peak between -18 and -6; well below it the word is "quiet", above it "loud"."""


class Level(StrEnum):
    """What the last seconds sounded like."""

    SILENT = "silent"
    QUIET = "quiet"
    GOOD = "good"
    LOUD = "loud"
    CLIPPING = "clipping"


WORDS: Messages[dict[Level, str]] = {
    Level.SILENT: "No sound",
    Level.QUIET: "Too quiet",
    Level.GOOD: "Good level",
    Level.LOUD: "Loud",
    Level.CLIPPING: "Clipping",
}
_HAS_CLIPPED = N_("It has clipped.")
_TONES = {Level.SILENT: "text3", Level.QUIET: "look", Level.GOOD: "good", Level.LOUD: "look", Level.CLIPPING: "record"}


class LevelMeter(QProgressBar):
    """Feed it with `show_level` at any rate; it paints itself upright or lying.

    `on_picture` fixes the dark palette for use over the stage's picture. The value for screen readers moves only with
    the word, so that nothing is announced thirty times a second. Once a sample was at full scale `latched` says so, and
    it stays said until `reset_clip`.
    """

    latched = Signal(bool)

    def __init__(
        self,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
        *,
        on_picture: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setOrientation(orientation)
        self.setRange(int(FLOOR_DBFS), 0)
        self.setValue(int(FLOOR_DBFS))
        self.setTextVisible(False)
        self.setAccessibleName(_("Microphone level"))
        self._on_picture = on_picture
        self._shown = FLOOR_DBFS
        self._held = FLOOR_DBFS
        self._held_for = 0.0
        self._clip_for = 0.0
        self._has_clipped = False
        self._level = Level.SILENT
        self._kept = (0, 0, 1.0)
        self._wholes: dict[int, QPixmap] = {}
        upright = orientation is Qt.Orientation.Vertical
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if upright else free, free if upright else fixed)

    @property
    def level(self) -> Level:
        """The word for the last seconds."""
        return self._level

    @property
    def tone(self) -> str:
        """The palette token that goes with the word."""
        return _TONES[self._level]

    @property
    def has_clipped(self) -> bool:
        """Whether a sample was at full scale since it was last put out."""
        return self._has_clipped

    def reset_clip(self) -> None:
        """Forget that it clipped."""
        self._latch(on=False)

    def show_level(self, peak_dbfs: float, elapsed_s: float, *, clipped: bool = False) -> None:
        """The newest peak in dBFS, and the seconds since the last call."""
        peak = max(FLOOR_DBFS, min(0.0, peak_dbfs))
        before = (round(self._shown, 1), round(self._held, 1), self._level)
        self._shown = max(peak, self._shown - FALL_DB_S * elapsed_s)
        self._held_for += elapsed_s
        if peak >= self._held or self._held_for > HOLD_S:
            self._held, self._held_for = peak if peak >= self._held else self._shown, 0.0
        self._clip_for = HOLD_S if clipped else max(0.0, self._clip_for - elapsed_s)
        if clipped:
            self._latch(on=True)
        self._name()
        if before != (round(self._shown, 1), round(self._held, 1), self._level):
            self.update()

    def sizeHint(self) -> QSize:
        """The usual width, and the bar's height."""
        upright = self.orientation() is Qt.Orientation.Vertical
        return QSize(10, 200) if upright else QSize(200, 10)

    def minimumSizeHint(self) -> QSize:
        """Thin, and never shorter than a hand of segments."""
        upright = self.orientation() is Qt.Orientation.Vertical
        return QSize(10, 60) if upright else QSize(60, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, bar in two or three tones, held peak."""
        painter = QPainter(self)
        for low, high, colour in self._parts():
            part = self._part(low, high)
            painter.drawPixmap(part.topLeft(), self._whole(colour), _in_pixels(part, self.devicePixelRatio()))

    def _parts(self) -> list[tuple[float, float, QColor]]:
        """What lies on what: from and to in dBFS, and the colour."""
        parts = [(FLOOR_DBFS, 0.0, QColor(10, 10, 11, 200) if self._on_picture else self._colour("ground3"))]
        for start, end, tone in ((FLOOR_DBFS, LOUD_DBFS, "good"), (LOUD_DBFS, 0.0, "look")):
            if self._shown > start:
                parts.append((start, min(end, self._shown), self._colour(tone)))
        if self._clip_for > 0:
            parts.append((-2.5, 0.0, self._colour("record")))
        if self._held > FLOOR_DBFS + 1:
            parts.append((self._held - 0.4, self._held, self._colour("text1")))
        return parts

    def _whole(self, colour: QColor) -> QPixmap:
        """The whole round bar in one colour, of which parts are shown: round edges are dear thirty times a second."""
        ratio = self.devicePixelRatio()
        kept = (self.width(), self.height(), ratio)
        if kept != self._kept:
            self._kept, self._wholes = kept, {}
        if colour.rgba() not in self._wholes:
            whole = QPixmap(self.size() * ratio)
            whole.setDevicePixelRatio(ratio)
            whole.fill(Qt.GlobalColor.transparent)
            radius = min(self.width(), self.height()) / 2
            painter = QPainter(whole)
            rounded(painter, QRectF(self.rect()), radius, colour)
            painter.end()
            self._wholes[colour.rgba()] = whole
        return self._wholes[colour.rgba()]

    def _part(self, low: float, high: float) -> QRectF:
        """The rectangle between two levels in dBFS, in whole pixels of the screen and at least one of them."""
        ratio = self.devicePixelRatio()
        upright = self.orientation() is Qt.Orientation.Vertical
        length = (self.height() if upright else self.width()) * ratio
        first, last = (round((v - FLOOR_DBFS) / -FLOOR_DBFS * length) for v in (low, high))
        start, extent = first / ratio, max(1, last - first) / ratio
        if upright:
            return QRectF(0, self.height() - start - extent, self.width(), extent)
        return QRectF(start, 0, extent, self.height())

    def _colour(self, token: str) -> QColor:
        return QColor(getattr(DARK, token)) if self._on_picture else theme_now().color(token)

    def _name(self) -> None:
        if self._clip_for > 0 or self._held >= CLIP_DBFS:
            level = Level.CLIPPING
        elif self._held <= FLOOR_DBFS:
            level = Level.SILENT
        elif self._held < QUIET_DBFS:
            level = Level.QUIET
        else:
            level = Level.LOUD if self._held >= LOUD_DBFS else Level.GOOD
        if level is not self._level:
            self._level = level
            self.setValue(round(self._held))
            self._describe()

    def _latch(self, *, on: bool) -> None:
        if on is not self._has_clipped:
            self._has_clipped = on
            self._describe()
            self.latched.emit(on)

    def _describe(self) -> None:
        words = _(WORDS[self._level])
        self.setAccessibleDescription(sentences(f"{words}.", _(_HAS_CLIPPED)) if self._has_clipped else words)


def _in_pixels(part: QRectF, ratio: float) -> QRectF:
    return QRectF(part.topLeft() * ratio, part.size() * ratio)
