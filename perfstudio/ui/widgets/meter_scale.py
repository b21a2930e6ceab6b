"""What stands beside a level meter: its scale in decibels below full scale, and the lamp that stays lit once the sound
was at full scale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from perfstudio.language.catalogue import C_, N_, _
from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets.base import Focusable, KeptPicture, rounded
from perfstudio.ui.widgets.meter import FLOOR_DBFS, LevelMeter

FIGURES = (0, -6, -12, -20, -30, -40, -50)
"""In dBFS, the more important ones first where there is no room for all."""
_CLIP = C_("the lamp beside a level", "Clip")
_CLIPPED = N_("The sound was too loud for the microphone's range. Press to put the lamp out.")
_GROUND = QColor(10, 10, 11, 170)


def _font() -> QFont:
    return theme_now().font_at(11, QFont.Weight.Medium, tabular=True)


def _figure(dbfs: int) -> str:
    return f"−{-dbfs}" if dbfs else "0"


def _colour(token: str, *, on_picture: bool) -> QColor:
    return QColor(getattr(DARK, token)) if on_picture else theme_now().color(token)


class LevelScale(QWidget):
    """Figures where a meter of the same length has these levels. Drawn once a size: over a picture it is painted with
    every picture."""

    def __init__(
        self,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
        *,
        on_picture: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._upright = orientation is Qt.Orientation.Vertical
        self._on_picture = on_picture
        self._picture = KeptPicture()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if self._upright else free, free if self._upright else fixed)

    def sizeHint(self) -> QSize:
        """Room for the widest figure, or for one line of them."""
        metrics = QFontMetricsF(_font())
        across = metrics.horizontalAdvance(_figure(-50)) + 10 if self._upright else metrics.height()
        return QSize(round(across), 60) if self._upright else QSize(60, round(across))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the figures that have room."""
        self._picture.paint(self, None, self._draw)

    def _draw(self, painter: QPainter) -> None:
        if self._on_picture:
            rounded(painter, QRectF(self.rect()), 6, _GROUND)
        painter.setFont(_font())
        painter.setPen(_colour("text2", on_picture=self._on_picture))
        placed: list[QRectF] = []
        for dbfs in FIGURES:
            box = self._box(dbfs)
            if not any(box.adjusted(-3, -1, 3, 1).intersects(other) for other in placed):
                placed.append(box)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _figure(dbfs))
        painter.end()

    def _box(self, dbfs: int) -> QRectF:
        """Where a figure stands: at its level, and within the scale."""
        metrics, share = QFontMetricsF(_font()), (dbfs - FLOOR_DBFS) / -FLOOR_DBFS
        wide, high = metrics.horizontalAdvance(_figure(dbfs)) + 2, metrics.height()
        if self._upright:
            top = (1 - share) * self.height() - high / 2
            return QRectF(0, max(0.0, min(self.height() - high, top)), self.width(), high)
        left = share * self.width() - wide / 2
        return QRectF(max(0.0, min(self.width() - wide, left)), 0, wide, self.height())


class ClipLamp(Focusable, QAbstractButton):
    """Dark until a sample was at full scale, then lit until somebody puts it out or the next take begins."""

    def __init__(self, meter: LevelMeter, *, on_picture: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on_picture = on_picture
        self.setText(_(_CLIP))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(meter.reset_clip)
        meter.latched.connect(self.light)
        self.light(meter.has_clipped)

    def light(self, lit: bool) -> None:
        """Light it, or put it out. What is dark cannot be pressed."""
        self.setEnabled(lit)
        words = _(_CLIPPED) if lit else ""
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """As large as its word asks."""
        metrics = QFontMetricsF(_font())
        return QSize(round(metrics.horizontalAdvance(self.text())) + 12, round(metrics.height()) + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A word in a frame, or on red."""
        painter, lit, box = QPainter(self), self.isEnabled(), QRectF(self.rect())
        red, faint = _colour("record", on_picture=self._on_picture), _colour("text3", on_picture=self._on_picture)
        ground = red if lit else _GROUND if self._on_picture else None
        words = _colour("ground0", on_picture=self._on_picture) if lit else faint
        rounded(painter, box, 5, ground, red if lit else faint)
        if self.shows_ring():
            rounded(painter, box.adjusted(1, 1, -1, -1), 4, border=words, width=2)
        painter.setFont(_font())
        painter.setPen(words)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())


class ScaledMeter(QWidget):
    """A lying meter over its scale, the lamp at its loud end."""

    def __init__(self) -> None:
        super().__init__()
        self.meter = LevelMeter()
        self.lamp = ClipLamp(self.meter)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.meter, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(LevelScale(), 1, 0)
        grid.addWidget(self.lamp, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)
