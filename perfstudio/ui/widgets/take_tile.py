"""One take in the library: its picture, which take of which scene, when and how long, and its one state word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
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
_PAD, _PICTURE_PX = 14, 152
_MARK_PX, _MARK_PAD = 24, 4
"""Of the mark at 100 % text, and around it: together more than the least target of WCAG 2.2 (24 px)."""
_MOVES = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})
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


def paint_mark(painter: QPainter, box: QRectF, *, on: bool) -> None:
    """The mark of what can be chosen: a ring, and filled with a tick where it is. It is seen on any picture."""
    now = theme_now()
    ground = now.color("accent") if on else QColor(10, 10, 12, 150)
    rounded(painter, box, box.height() / 2, ground, now.color("on_accent") if on else QColor("#ffffff"), 2)
    if on:
        tick = box.adjusted(4, 4, -4, -4)
        painter.drawPixmap(tick.topLeft(), pixmap("check", now.color("on_accent"), round(tick.width())))


class TakeTile(Focusable, QAbstractButton):
    """Enter and a click open it; Space, its mark and a click with Ctrl `turned` it: chosen, or no longer; with Shift it
    is `reached`. `menu_asked` when its actions are wanted, `came` when it has the focus."""

    menu_asked = Signal()
    turned = Signal()
    reached = Signal()
    came = Signal()

    def __init__(self, line: TakeLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line = line
        self.chosen = self._choosing = False
        self._picture, self._scaled = QPixmap(), QPixmap()
        self._more = IconButton("more", _("Actions"), on_click=self.menu_asked.emit, parent=self)
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._more.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_line(line)

    def show_line(self, line: TakeLine) -> None:
        """The take as it stands."""
        self.line = line
        self._say()
        waiting = "".join(_("It {words}.", words=words) for words in waits(line))
        self.setToolTip(f"{broken(line.damage)}." if line.damage else waiting)
        self._more.setAccessibleName(_("Actions for {take}", take=name_of(line)))
        self.update()

    def show_picture(self, picture: QPixmap) -> None:
        """A picture of it; a null one where there is none, or none yet."""
        self._picture, self._scaled = picture, QPixmap()
        self.update()

    def show_chosen(self, *, chosen: bool, choosing: bool) -> None:
        """Whether it is chosen; while any is (`choosing`), each shows its mark."""
        if (chosen, choosing) != (self.chosen, self._choosing):
            self.chosen, self._choosing = chosen, choosing
            self._say()
            self.update()

    def _say(self) -> None:
        line = self.line
        said = [name_of(line), facts(line), state_word(line), *waits(line)]
        said += [_("circled")] if line.circled else []
        said += [_("practice")] if line.practice else []
        said += [_("chosen")] if self.chosen else []
        self.setAccessibleName(". ".join(said))

    def sizeHint(self) -> QSize:
        """Picture and three lines; the width is the grid's."""
        return QSize(theme_now().px(260), self.height_px())

    @staticmethod
    def height_px() -> int:
        """Of every tile, whatever it shows."""
        now = theme_now()
        return now.px(_PICTURE_PX) + 2 * _PAD + now.px(24) + now.px(22) + 10 + now.px(25)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The menu key shows the actions, Space chooses; arrows and letters belong to what it stands in."""
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and shifted):
            self.menu_asked.emit()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.turned.emit()
        elif event.key() in _MOVES:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """It is the one that keys are for."""
        super().focusInEvent(event)
        self.came.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """With Ctrl, with Shift or on the mark it is chosen; else it is opened when the button is let go."""
        with_ = event.modifiers()
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif with_ & Qt.KeyboardModifier.ShiftModifier:
            self.reached.emit()
        elif with_ & Qt.KeyboardModifier.ControlModifier or self.mark_box().contains(event.position()):
            self.turned.emit()
        else:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same actions at the pointer."""
        self.menu_asked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The actions sit at the picture's corner."""
        super().resizeEvent(event)
        self._scaled = QPixmap()
        self._more.adjustSize()
        self._more.move(self.width() - self._more.width() - 6, self.height() - self._more.height() - 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Card, picture, words, chips."""
        now, painter = theme_now(), QPainter(self)
        ring = self.shows_ring()
        edge = now.color("accent_text" if ring or self.chosen else "edge" if self.underMouse() else "line")
        ground = now.color("accent_soft" if self.chosen else "ground1")
        rounded(painter, QRectF(self.rect()), RADIUS_CARD, ground, edge, 1 + ring + self.chosen)
        top = self._picture_height()
        self._paint_picture(painter, QRectF(2, 2, self.width() - 4, top - 2))
        box = QRectF(_PAD, top + _PAD, self.width() - 2 * _PAD, self.height() - top - 2 * _PAD)
        self._paint_words(painter, box)
        if self.chosen or self._choosing or self.underMouse() or ring:
            paint_mark(painter, self.mark_box().adjusted(_MARK_PAD, _MARK_PAD, -_MARK_PAD, -_MARK_PAD), on=self.chosen)

    def mark_box(self) -> QRectF:
        """Where a press chooses it: the corner of the picture, away from its chips."""
        side = theme_now().px(_MARK_PX) + 2 * _MARK_PAD
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return QRectF(4 if mirrored else self.width() - side - 4, 4, side, side)

    def _paint_picture(self, painter: QPainter, box: QRectF) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(box.adjusted(0, 0, 0, RADIUS_CARD), RADIUS_CARD - 2, RADIUS_CARD - 2)
        painter.save()
        clip = QPainterPath()
        clip.addRect(box)
        painter.setClipPath(shape.intersected(clip))
        painter.fillRect(box, _DARKNESS)
        if self._picture.isNull():
            side = theme_now().px(28)
            sign = "offline" if self.line.state is TakeState.DAMAGED else "microphone"
            icon = pixmap(sign, QColor(DARK.text3), side, self.devicePixelRatio())
            painter.drawPixmap(round(box.center().x() - side / 2), round(box.center().y() - side / 2), icon)
        else:
            shown = self._fitted(box)
            left = box.center().x() - shown.width() / shown.devicePixelRatio() / 2
            painter.drawPixmap(round(left), round(box.top()), shown)
        painter.restore()
        left, right = box.left() + 10, self.mark_box().left() - 6
        if self.line.practice:
            left = paint_chip(painter, left, box.top() + 10, _("practice"), "look", most=right - left) + 6
        if self.line.circled:
            paint_chip(painter, left, box.top() + 10, _("circled"), "accent", icon="circle", most=right - left)

    def _fitted(self, box: QRectF) -> QPixmap:
        """The thumbnail scaled to fill, once per size."""
        if self._scaled.isNull():
            ratio = self.devicePixelRatio()
            self._scaled = self._picture.scaled(
                round(box.width() * ratio),
                round(box.height() * ratio),
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

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
        return theme_now().px(_PICTURE_PX)
