"""One take in the library: its picture, which take of which scene, when and how long, and its one state word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.model.checks import Verdict
from perfstudio.model.clock import utc_now
from perfstudio.model.take import TakeState
from perfstudio.session.views import TakeLine
from perfstudio.texts import formatting, states
from perfstudio.texts.damage import broken
from perfstudio.ui.icons import pixmap
from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import RADIUS_CARD, Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.button import IconButton
from perfstudio.ui.widgets.chip import chip_size, paint_chip

_TONES = {
    TakeState.UNDECIDED: "accent",
    TakeState.ACCEPTED: "good",
    TakeState.DELIVERED: "info",
    TakeState.WITHDRAWN: "plain",
    TakeState.DAMAGED: "danger",
}
_DARKNESS = QColor("#0a0a0c")
_PAD = 14
_SENT = N_("sent")


def state_word(line: TakeLine) -> str:
    """The word of a take; "sent" when every byte has left and nobody could confirm it; what cannot go is not ready."""
    if line.missing and line.state is TakeState.ACCEPTED:
        return states.to_be(line.missing[0])
    return _(_SENT) if line.sent and line.state is TakeState.ACCEPTED else states.state_of(line)


def facts(line: TakeLine) -> str:
    """Ines · 2:31 · today 14:06; of a damaged take, what is wrong with it."""
    if line.damage:
        return broken(line.damage)
    parts = [line.character] if line.character else []
    if line.duration_s is not None:
        parts.append(formatting.duration(line.duration_s))
    return " · ".join([*parts, formatting.when(line.recorded, utc_now().astimezone())])


def name_of(line: TakeLine) -> str:
    """The letter, take 3."""
    return (
        _("{title}, take {number}", title=line.title or _("A take"), number=line.number)
        if line.number
        else line.title or _("A damaged take")
    )


def waits(line: TakeLine) -> tuple[str, ...]:
    """Waits for a label and your signature; nothing when it waits for nothing."""
    return (_("needs {missing}", missing=states.waits_for(line.missing)),) if line.missing else ()


class TakeTile(Focusable, QAbstractButton):
    """Enter, Space and a click open it; `menu_asked` when its actions are wanted."""

    menu_asked = Signal()

    def __init__(self, line: TakeLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line = line
        self._picture: QPixmap | None = None
        self._scaled: QPixmap | None = None
        self._more = IconButton("more", _("Actions"), on_click=self.menu_asked.emit, parent=self)
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._more.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_line(line)

    def show_line(self, line: TakeLine) -> None:
        """The take as it stands."""
        if self._picture is None or line.thumbnail != self.line.thumbnail:
            self._picture, self._scaled = QPixmap(), None
            if line.thumbnail is not None:
                self._picture.load(str(line.thumbnail))
        self.line = line
        said = [name_of(line), facts(line), state_word(line), *waits(line)]
        said += [_("circled")] if line.circled else []
        said += [_("practice")] if line.practice else []
        self.setAccessibleName(". ".join(said))
        waiting = "".join(_("It {words}.", words=words) for words in waits(line))
        self.setToolTip(f"{broken(line.damage)}." if line.damage else waiting)
        self._more.setAccessibleName(_("Actions for {take}", take=name_of(line)))
        self.update()

    def sizeHint(self) -> QSize:
        """Picture and three lines; the width is the grid's."""
        now = theme_now()
        return QSize(now.px(260), round(self._picture_height() + 2 * _PAD + now.px(24) + now.px(22) + 10 + now.px(25)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The menu key shows the actions; letters belong to the page."""
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and shifted):
            self.menu_asked.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same actions at the pointer."""
        self.menu_asked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The actions sit at the picture's corner."""
        super().resizeEvent(event)
        self._scaled = None
        self._more.adjustSize()
        self._more.move(self.width() - self._more.width() - 6, self.height() - self._more.height() - 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Card, picture, words, chips."""
        now, painter = theme_now(), QPainter(self)
        ring = self.shows_ring()
        edge = now.color("accent_text" if ring else "edge" if self.underMouse() else "line")
        rounded(painter, QRectF(self.rect()), RADIUS_CARD, now.color("ground1"), edge, 2 if ring else 1)
        top = self._picture_height()
        self._paint_picture(painter, QRectF(2, 2, self.width() - 4, top - 2))
        box = QRectF(_PAD, top + _PAD, self.width() - 2 * _PAD, self.height() - top - 2 * _PAD)
        self._paint_words(painter, box)

    def _paint_picture(self, painter: QPainter, box: QRectF) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(box.adjusted(0, 0, 0, RADIUS_CARD), RADIUS_CARD - 2, RADIUS_CARD - 2)
        painter.save()
        clip = QPainterPath()
        clip.addRect(box)
        painter.setClipPath(shape.intersected(clip))
        painter.fillRect(box, _DARKNESS)
        if self._picture is None or self._picture.isNull():
            side = theme_now().px(28)
            sign = "offline" if self.line.state is TakeState.DAMAGED else "microphone"
            icon = pixmap(sign, QColor(DARK.text3), side, self.devicePixelRatio())
            painter.drawPixmap(round(box.center().x() - side / 2), round(box.center().y() - side / 2), icon)
        else:
            shown = self._fitted(box)
            left = box.center().x() - shown.width() / shown.devicePixelRatio() / 2
            painter.drawPixmap(round(left), round(box.top()), shown)
        painter.restore()
        left, right = box.left() + 10, box.right() - 10
        if self.line.practice:
            left = paint_chip(painter, left, box.top() + 10, _("practice"), "look", most=right - left) + 6
        if self.line.circled:
            paint_chip(painter, left, box.top() + 10, _("circled"), "accent", icon="circle", most=right - left)

    def _fitted(self, box: QRectF) -> QPixmap:
        """The thumbnail scaled to fill, once per size."""
        if self._scaled is None and self._picture is not None:
            ratio = self.devicePixelRatio()
            self._scaled = self._picture.scaled(
                round(box.width() * ratio),
                round(box.height() * ratio),
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled if self._scaled is not None else QPixmap()

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        now = theme_now()
        font = now.font(Role.STRONG)
        number = _("take {number}", number=self.line.number) if self.line.number else ""
        small = now.font(Role.SMALL, tabular=True)
        number_width = QFontMetricsF(small).horizontalAdvance(number)
        title = self.line.title or _("A damaged take")
        painter.setFont(font)
        painter.setPen(now.color("text1"))
        row = QRectF(box.left(), box.top(), box.width(), now.px(24))
        shown = QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideRight, row.width() - number_width - 10)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setFont(small)
        painter.setPen(now.color("text2"))
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), number)
        row.translate(0, now.px(24))
        row.setHeight(now.px(22))
        line = QFontMetricsF(small).elidedText(facts(self.line), Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter), line)
        self._paint_chips(painter, box.left(), row.bottom() + 10)

    def _paint_chips(self, painter: QPainter, left: float, top: float) -> None:
        now = theme_now()
        word = state_word(self.line)
        tone = "info" if word == _(_SENT) else _TONES.get(self.line.state, "plain")
        if self.line.ruling is not None and self.line.state is TakeState.DELIVERED:
            tone = states.standing(self.line)[1]
        most = self._more.x() - left
        right = paint_chip(painter, left, top, word, "plain" if self.line.missing else tone, most=most)
        if self.line.missing and word != (short := states.to_be(self.line.missing[0])):
            painter.setFont(now.font(Role.SMALL))
            painter.setPen(now.color("look"))
            rect = QRectF(right + 8, top, self._more.x() - right - 8, chip_size(word).height())
            metrics = QFontMetricsF(now.font(Role.SMALL))
            shown = metrics.elidedText(short, Qt.TextElideMode.ElideRight, max(0.0, rect.width()))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), shown)
        if self.line.verdict in (Verdict.LOOK, Verdict.RETAKE) and self.line.state is TakeState.UNDECIDED:
            side = now.px(18)
            name, colour = ("look", "look") if self.line.verdict is Verdict.LOOK else ("retake", "danger")
            icon = pixmap(name, now.color(colour), side, self.devicePixelRatio())
            painter.drawPixmap(round(right + 8), round(top + (chip_size(word).height() - side) / 2), icon)

    def _picture_height(self) -> int:
        return theme_now().px(152)
