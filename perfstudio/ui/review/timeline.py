"""The take as a line: waveform with what was too loud or lost, loudness, face track, marks, in and out points, and the
playhead."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.ruling import Ruling
from perfstudio.session.takes.moments import MomentKind, TakeMoment
from perfstudio.session.takes.rulings import is_rejected
from perfstudio.session.takes.waveform import LOUDNESS_FROM_S, STEP_S, Waveform
from perfstudio.texts import moments as words
from perfstudio.texts.rulings import because
from perfstudio.ui.review.signs import FACE, LOST_ALPHA, LOUDNESS, TONES, Sign, paint_flag
from perfstudio.ui.theme import RADIUS_CARD, Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded

BAR, GAP = 3, 2
"""Width of a column and of the air between two, in pixels."""
PAD = 15
QUIET_LUFS, LOUD_LUFS = -54.0, -9.0
"""The foot and the head of the wave, for its loudness: a voice lies about the middle (EBU R 128 asks for -23)."""
_LEAST_SPAN_S = 0.25
UNREAD = N_(
    "The sound of this take could not be read just now, so its waveform is not shown. The take was not changed."
)


class Timeline(Focusable, QSlider):
    """A slider over the take in milliseconds that paints itself. `sought` carries the moment in seconds."""

    sought = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(_("Position in the take"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSingleStep(1000)
        self.setPageStep(5000)
        self._duration_s = 0.0
        self._at_s = 0.0
        self._peaks: tuple[float, ...] | None = None
        self._unread = ""
        self._loudness: tuple[float, ...] = ()
        self._moments: tuple[TakeMoment, ...] = ()
        self._has_face = False
        self._ruling: Ruling | None = None
        self._in_s: float | None = None
        self._out_s: float | None = None
        self.roomy = False
        """Sound only: the wave is all there is to see, so it gets more height."""
        self.sliderMoved.connect(lambda ms: self.sought.emit(ms / 1000))
        self.actionTriggered.connect(lambda _: self.sought.emit(self.sliderPosition() / 1000))

    def show_take(self, duration_s: float) -> None:
        """Another take; its wave and its moments come later."""
        self._duration_s = max(duration_s, 0.001)
        self.setRange(0, round(self._duration_s * 1000))
        self._peaks, self._loudness, self._unread = None, (), ""
        self.show_position(0.0)
        self.updateGeometry()
        self.update()

    def show_moments(self, moments: tuple[TakeMoment, ...], *, face: bool) -> None:
        """What was marked, too loud or lost, and when nobody was in the picture; `face`: faces were looked for."""
        self._moments, self._has_face = moments, face
        self.updateGeometry()
        self.update()

    def signs(self) -> Iterator[Sign]:
        """What is drawn, for a legend."""
        if self._loudness:
            yield LOUDNESS
        if self._has_face:
            yield FACE
        yield from (moment.kind for moment in self._moments)

    def show_wave(self, wave: Waveform | PerfstudioError) -> None:
        """The shape of the sound, or that it cannot be read; of a file that is on its way elsewhere nothing is said."""
        if isinstance(wave, Waveform):
            self._peaks, self._loudness, self._unread = wave.peaks, wave.loudness, ""
        elif wave.code is not ErrorCode.MEDIA_MISSING:
            self._unread = _(UNREAD)
        self.update()

    def show_position(self, seconds: float) -> None:
        """Move the playhead to a take time in seconds."""
        before = self._x(self._at_s)
        self._at_s = min(seconds, self._duration_s)
        self.blockSignals(True)
        self.setValue(round(self._at_s * 1000))
        self.blockSignals(False)
        if abs(self._x(self._at_s) - before) >= 0.5:
            self.update()

    def show_trim(self, in_s: float | None, out_s: float | None) -> None:
        """What lies outside is dimmed; no file changes."""
        self._in_s, self._out_s = in_s, out_s
        self.update()

    def show_ruling(self, ruling: Ruling | None) -> None:
        """The moment that the studio points to when it asks for the scene again."""
        self._ruling = ruling if is_rejected(ruling) else None
        at_s = self._ruling.at_s if self._ruling is not None else None
        said = because(self._ruling.reason, at_s) if self._ruling is not None and at_s is not None else ""
        self.setAccessibleDescription(said)
        self.update()

    def has_wave(self) -> bool:
        """Whether the shape has been read."""
        return self._peaks is not None

    def sizeHint(self) -> QSize:
        """As in a hand."""
        return QSize(400, theme_now().px(200 if self.roomy else 104))

    def minimumSizeHint(self) -> QSize:
        """High enough for wave, marks and times."""
        return QSize(200, theme_now().px(120) if self.roomy else 84)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Play from the time below the pointer."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.sought.emit(self._seconds(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the playhead; over a mark, say what it is."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self._seconds(event.position().x()))
        at = self._seconds(event.position().x())
        self.setToolTip(self._words_at(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing more: the playhead is there already."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Card, wave, face, marks, playhead."""
        painter, now = QPainter(self), theme_now()
        ring = self.shows_ring()
        box = QRectF(self.rect())
        edge = now.color("accent_text" if ring else "line")
        rounded(painter, box, RADIUS_CARD, now.color("ground1"), edge, 2 if ring else 1)
        foot = 22 if self._has_face else 12
        wave = box.adjusted(PAD, 12, -PAD, -foot)
        if self._unread:
            painter.setFont(now.font(Role.SMALL))
            painter.setPen(now.color("text2"))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(wave, centred, self._unread)
        else:
            self._paint_wave(painter, wave)
            self._paint_loudness(painter, wave)
        self._paint_lost(painter, wave)
        if self._has_face:
            self._paint_face(painter, QRectF(wave.left(), box.bottom() - 18, wave.width(), 4))
        self._paint_trim(painter, box)
        self._paint_marks(painter, wave)
        self._paint_ruling(painter, box)
        painter.fillRect(QRectF(self._x(self._at_s) - 1, 9, 2, box.height() - 9 - foot + 4), now.color("text1"))

    def _paint_wave(self, painter: QPainter, rect: QRectF) -> None:
        now = theme_now()
        painter.setPen(Qt.PenStyle.NoPen)
        count = max(1, int((rect.width() + GAP) // (BAR + GAP)))
        step = rect.width() / count
        heights = self._heights(count)
        played, rest, red = now.color("accent_line"), now.color("text3"), now.color("record")
        rest.setAlphaF(0.75)
        clipped = tuple(self._of(MomentKind.TOO_LOUD))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, height in enumerate(heights):
            left = rect.left() + i * step
            moment = (i + 0.5) / count * self._duration_s
            colour = red if _inside(clipped, moment, self._duration_s / count) else rest
            if colour is rest and moment <= self._at_s:
                colour = played
            tall = max(2.0, height * rect.height())
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(left, rect.center().y() - tall / 2, BAR, tall), 1.5, 1.5)

    def _heights(self, count: int) -> list[float]:
        """Peaks of `count` columns as heights 0..1. The root lifts soft speech into sight."""
        if not self._peaks:
            return [0.0] * count
        step = len(self._peaks) / count
        starts = [int(i * step) for i in range(count + 1)]
        columns = (self._peaks[start : max(end, start + 1)] for start, end in pairwise(starts))
        return [max(column) ** 0.7 for column in columns]

    def _paint_loudness(self, painter: QPainter, rect: QRectF) -> None:
        """A line over the wave; where it is quieter than its foot, it lies on the foot."""
        points = [
            QPointF(self._x(LOUDNESS_FROM_S + place * STEP_S), rect.bottom() - rect.height() * _share(lufs))
            for place, lufs in enumerate(self._loudness)
        ]
        painter.setPen(QPen(theme_now().color("text2"), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))

    def _paint_lost(self, painter: QPainter, rect: QRectF) -> None:
        for kind, edge in ((MomentKind.LOST_PICTURES, rect.top()), (MomentKind.LOST_SOUND, rect.bottom() - 3)):
            for lost in self._of(kind):
                left = self._x(lost.at_s)
                wide = max(4.0, self._x(lost.until_s) - left)
                colour = theme_now().color(TONES[kind])
                painter.fillRect(QRectF(left, edge, wide, 3), colour)
                colour.setAlphaF(LOST_ALPHA)
                painter.fillRect(QRectF(left, rect.top(), wide, rect.height()), colour)

    def _paint_face(self, painter: QPainter, line: QRectF) -> None:
        now = theme_now()
        rounded(painter, line, 2, now.color("good"))
        for away in self._of(MomentKind.AWAY):
            left, right = self._x(away.at_s), self._x(max(away.until_s, away.at_s + _LEAST_SPAN_S))
            gone = QRectF(left, line.top() - 2, max(8.0, right - left), line.height() + 4)
            painter.fillRect(gone.adjusted(-2, 0, 2, 0), now.color("ground1"))
            rounded(painter, gone, 3, now.color("look"))

    def _paint_trim(self, painter: QPainter, box: QRectF) -> None:
        now = theme_now()
        veil, post = now.color("ground1"), now.color("accent_line")
        veil.setAlphaF(0.72)
        inner = box.adjusted(2, 2, -2, -2)
        if self._in_s is not None:
            painter.fillRect(QRectF(PAD - 3, inner.top(), self._x(self._in_s) - PAD + 3, inner.height()), veil)
            _bracket(painter, self._x(self._in_s), inner, post, 1)
        if self._out_s is not None:
            left = self._x(self._out_s)
            painter.fillRect(QRectF(left, inner.top(), box.width() - PAD + 3 - left, inner.height()), veil)
            _bracket(painter, left, inner, post, -1)

    def _paint_marks(self, painter: QPainter, rect: QRectF) -> None:
        for kind in (MomentKind.MARKED, MomentKind.BROKE):
            for mark in self._of(kind):
                paint_flag(painter, kind, self._x(mark.at_s), rect.top() - 7)

    def _paint_ruling(self, painter: QPainter, box: QRectF) -> None:
        """A line through the wave with a head to take hold of: larger than a mark, for it is somebody else's."""
        if self._ruling is None or self._ruling.at_s is None:
            return
        x, colour = self._x(min(self._ruling.at_s, self._duration_s)), theme_now().color("look")
        painter.fillRect(QRectF(x - 1, box.top() + 8, 2, box.height() - 16), colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, box.top() + 9), 6, 6)

    def _words_at(self, moment: float) -> str:
        near = self._duration_s * 6 / max(1, self.width())
        asked = self._ruling
        if asked is not None and asked.at_s is not None and abs(asked.at_s - moment) <= near:
            return because(asked.reason, asked.at_s)
        over = (one for one in self._moments if one.at_s - near <= moment <= one.until_s + near)
        return "\n".join(words.spoken(one) for one in over)

    def _of(self, kind: MomentKind) -> Iterator[TakeMoment]:
        return (moment for moment in self._moments if moment.kind is kind)

    def _x(self, seconds: float) -> float:
        return PAD + (self.width() - 2 * PAD) * seconds / max(self._duration_s, 0.001)

    def _seconds(self, x: float) -> float:
        share = (x - PAD) / max(1, self.width() - 2 * PAD)
        return max(0.0, min(1.0, share)) * self._duration_s


def _inside(spans: tuple[TakeMoment, ...], moment: float, width: float) -> bool:
    return any(span.at_s - width <= moment <= span.until_s + width for span in spans)


def _share(lufs: float) -> float:
    return max(0.0, min((lufs - QUIET_LUFS) / (LOUD_LUFS - QUIET_LUFS), 1.0))


def _bracket(painter: QPainter, x: float, box: QRectF, colour: QColor, towards: int) -> None:
    """[ or ] in the accent."""
    painter.fillRect(QRectF(x - 1, box.top() + 6, 2, box.height() - 12), colour)
    for y in (box.top() + 6, box.bottom() - 8):
        painter.fillRect(QRectF(min(x - 1, x + 5 * towards), y, 6, 2), colour)
