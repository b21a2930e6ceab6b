"""A sentence whose moments ("1:31") are links: a click or Enter goes there. Plain text, painted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.timing import Span
from perfstudio.texts import formatting
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.base import PRESS, Focusable, rounded
from perfstudio.ui.widgets.heard import Heard

LEADING = 1.42
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of the sentence that names a moment of the take."""

    start: int
    length: int
    at_s: float


def find_moments(sentence: str, times: tuple[Span, ...]) -> tuple[Moment, ...]:
    """Where the sentence names one of these times; each name once, in the order of the sentence."""
    found: dict[int, Moment] = {}
    for span in times:
        name = formatting.duration(span.start_s)
        at = -1
        while (at := sentence.find(name, at + 1)) >= 0:
            if at not in found and _stands_alone(sentence, at, len(name)):
                found[at] = Moment(at, len(name), span.start_s)
                break
    return tuple(found[at] for at in sorted(found))


def _stands_alone(sentence: str, at: int, length: int) -> bool:
    """Whether 1:31 is not a piece of 11:31 or 1:31:02."""
    before, after = sentence[at - 1 : at], sentence[at + length : at + length + 2]
    return not (before.isdigit() or before == ":" or after[:1].isdigit() or (after[:1] == ":" and after[1:].isdigit()))


class MomentText(Focusable, QWidget):
    """Wraps like a label. With several moments, Left and Right choose among them while it has the focus."""

    went = Signal(float)
    moments: tuple[Moment, ...] = ()  # a reader may ask while it is made

    def __init__(self, sentence: str, times: tuple[Span, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = sentence
        self.moments = find_moments(sentence, times)
        self._chosen = 0
        self._over = -1
        self.setAccessibleName(sentence)
        if self.moments:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setMouseTracking(True)
            self.setAccessibleDescription(_("Press Enter to go to the moment"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heard_role(self) -> Heard:
        """A sentence; one with moments leads there."""
        return Heard.Link if self.moments else Heard.StaticText

    def hasHeightForWidth(self) -> bool:
        """True: lines wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines at a width, in pixels."""
        return round(self._laid(width).lineCount() * self._pitch())

    def sizeHint(self) -> QSize:
        """A line of reading length."""
        words = QFontMetricsF(theme_now().font(Role.BODY)).horizontalAdvance(self.sentence)
        width = min(theme_now().px(320), round(words) + 2)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A column of one long word."""
        return QSize(theme_now().px(100), round(self._pitch()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes; Left and Right choose when there is a choice."""
        key = Qt.Key(event.key())
        if key in PRESS and self.moments:
            self.went.emit(self.moments[self._chosen].at_s)
        elif key in _STEPS and len(self.moments) > 1:
            self._chosen = (self._chosen + _STEPS[key]) % len(self.moments)
            self.update()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over a moment."""
        over = self._moment_at(event.position())
        if over != self._over:
            self._over = over
            self.setCursor(Qt.CursorShape.PointingHandCursor if over >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the moment that was clicked."""
        at = self._moment_at(event.position())
        if at >= 0:
            self.went.emit(self.moments[at].at_s)
        else:
            super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines, underlined moments, ring."""
        painter, now = QPainter(self), theme_now()
        layout = self._laid(self.width())
        if self.shows_ring() and self.moments:
            for box in self._boxes(layout, self.moments[self._chosen]):
                rounded(painter, box.adjusted(-3, 0, 3, 0), 5, border=now.color("accent_text"), width=2)
        painter.setPen(now.color("text1"))
        layout.draw(painter, QPointF(0, 0))

    def _pitch(self) -> float:
        return QFontMetricsF(theme_now().font(Role.BODY)).height() * LEADING / 1.21

    def _laid(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.sentence, theme_now().font(Role.BODY))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._link(i, moment) for i, moment in enumerate(self.moments)])
        layout.beginLayout()
        row = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, float(width)))
            line.setPosition(QPointF(0, row * self._pitch() + (self._pitch() - line.height()) / 2))
            row += 1
        layout.endLayout()
        return layout

    def _link(self, place: int, moment: Moment) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start, made.length = moment.start, moment.length
        form = QTextCharFormat()
        form.setFontUnderline(True)
        form.setForeground(theme_now().color("accent_text" if place == self._over else "text1"))
        made.format = form
        return made

    def _boxes(self, layout: QTextLayout, moment: Moment) -> list[QRectF]:
        line = layout.lineForTextPosition(moment.start)
        left, right = (_x(line, place) for place in (moment.start, moment.start + moment.length))
        return [QRectF(left, line.y(), right - left, line.height())]

    def _moment_at(self, place: QPointF) -> int:
        layout = self._laid(self.width())
        for i, moment in enumerate(self.moments):
            if any(box.adjusted(-4, -3, 4, 3).contains(place) for box in self._boxes(layout, moment)):
                return i
        return -1


def _x(line: QTextLine, place: int) -> float:
    """Where a letter stands; the binding gives a number, or a pair whose first one it is."""
    answer: object = line.cursorToX(place)
    first = answer[0] if isinstance(answer, tuple) else answer
    return first if isinstance(first, float) else 0.0
