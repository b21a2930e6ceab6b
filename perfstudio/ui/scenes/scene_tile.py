"""One scene on the Scenes page: what is played, by whom, how it feels, what to know before, and how far it has come."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.prompt import PromptKind
from perfstudio.model.prompt_2 import ShownPrompt
from perfstudio.session.views import SceneCard, SceneState
from perfstudio.texts import formatting, states
from perfstudio.texts.formatting import chain, dotted
from perfstudio.texts.scenes import card_line, partner_kind, tag_names
from perfstudio.ui.icons import pixmap
from perfstudio.ui.theme import RADIUS_CARD, Role, theme_now
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.chip import chip_size, paint_chip
from perfstudio.ui.widgets.reading_text import set_lines
from perfstudio.ui.widgets.ring import RING, paint_ring

_TONES = {
    SceneState.UNTOUCHED: ("text3", "text3"),
    SceneState.TRIED: ("accent_line", "accent_text"),
    SceneState.CIRCLED: ("good", "good"),
    SceneState.DELIVERED: ("info", "info"),
    SceneState.AGAIN: ("look", "look"),
    SceneState.SKIPPED: ("text3", "text3"),
}
"""Ring and word."""
_TOGETHER = (PromptKind.PAIR, PromptKind.LADDER)
"""Kinds of scenes that belong to others: the card says so."""
_PAD = 18


def feeling(prompt: ShownPrompt) -> str:
    """The emotions in the order in which they arrive: "anger → tenderness"."""
    return " → ".join(emotion.term for emotion in prompt.emotions)


def strength(prompt: ShownPrompt) -> str:
    """How strong: "strong", or "light → strong" when it moves."""
    words = [states.intensity(emotion.intensity) for emotion in prompt.emotions]
    kept = [word for i, word in enumerate(words) if i == 0 or word != words[i - 1]]
    return " → ".join(kept)


def state_word(card: SceneCard) -> str:
    """The word beside the ring."""
    if card.state is SceneState.TRIED:
        return formatting.count(card.takes, "take")
    return states.scene_state(card.state)


def ring_share(card: SceneCard) -> float:
    """How much of the ring is drawn: takes fill it by thirds, a circled take closes it."""
    if card.state in (SceneState.UNTOUCHED, SceneState.AGAIN, SceneState.SKIPPED):
        return 0.0
    return min(card.takes, 2) / 3 if card.state is SceneState.TRIED else 1.0


class SceneTile(Focusable, QAbstractButton):
    """Painted whole, so that a pack of a thousand prompts stays light. Enter, Space and a click open it."""

    def __init__(self, card: SceneCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_card(card)

    def show_card(self, card: SceneCard) -> None:
        """The card as it stands now."""
        self.card = card
        prompt = card.prompt
        kind = states.prompt_kind(prompt.kind) if prompt.kind in _TOGETHER else ""
        self._foot = dotted([kind, formatting.minutes_range(prompt.min_s, prompt.max_s)])
        noted = _("You asked to be told: {tags}", tags=chain(tag_names(card.scene.noted))) if card.scene.noted else ""
        own = [note.rstrip(".") for note in prompt.content_notes] or [chain(tag_names(card.scene.tags or ()))]
        self._notes = dotted([noted, *own])
        felt = chain([feeling(prompt), strength(prompt)])
        parts = [prompt.title, card_line(card), felt, self._foot, state_word(card)]
        self.setAccessibleName(". ".join(part for part in parts if part))
        self.setAccessibleDescription(_("Content: {notes}", notes=self._notes) if self._notes else "")
        self.setToolTip(self._notes)
        self.update()

    def sizeHint(self) -> QSize:
        """The height of all lines, and of as many as it takes for what to know before; the width is the grid's."""
        now = theme_now()
        small = QFontMetricsF(now.font(Role.SMALL)).height()
        notes = max(1, len(self.note_lines())) * small
        height = 2 * _PAD + now.px(RING) + 6 + 2 * now.px(20) + 12 + now.px(25) + 14 + notes + 12 + small
        return QSize(now.px(300), round(height))

    def note_lines(self) -> list[str]:
        """What to know before, as it breaks in the width that there is: it is never cut."""
        width = (self.width() or theme_now().px(300)) - 2 * _PAD - theme_now().px(16) - 6
        return set_lines(self._notes, theme_now().font(Role.SMALL), width) if self._notes else []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower is higher."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys belong to the grid."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """From the title down to the state."""
        now, painter = theme_now(), QPainter(self)
        over = self.underMouse()
        border = now.color("accent_text") if self.shows_ring() else now.color("edge" if over else "line")
        rounded(
            painter,
            QRectF(self.rect()),
            RADIUS_CARD,
            now.color("ground2" if self.isDown() else "ground1"),
            border,
            2 if self.shows_ring() else 1,
        )
        box = QRectF(self.rect()).adjusted(_PAD, _PAD, -_PAD, -_PAD)
        top = self._paint_head(painter, box)
        top = self._paint_character(painter, box, top + 6)
        self._paint_chips(painter, box, top + 12)
        self._paint_foot(painter, box)

    def _paint_head(self, painter: QPainter, box: QRectF) -> float:
        now = theme_now()
        side = now.px(RING)
        paint_ring(painter, QRectF(box.right() - side, box.top(), side, side), ring_share(self.card), self._tones()[0])
        font = now.font(Role.HEADING)
        painter.setFont(font)
        painter.setPen(now.color("text1"))
        width_left = box.width() - side - 12
        title = QFontMetricsF(font).elidedText(self.card.prompt.title, Qt.TextElideMode.ElideRight, width_left)
        painter.drawText(QRectF(box.left(), box.top(), width_left, side), int(Qt.AlignmentFlag.AlignVCenter), title)
        return box.top() + side

    def _paint_character(self, painter: QPainter, box: QRectF, top: float) -> float:
        now = theme_now()
        font = now.font(Role.SMALL)
        painter.setFont(font)
        painter.setPen(now.color("text2"))
        pitch = now.px(20)
        for row, line in enumerate(set_lines(card_line(self.card), font, box.width(), 2)):
            painter.drawText(QPointF(box.left(), top + row * pitch + QFontMetricsF(font).ascent() + 1), line)
        return top + 2 * pitch

    def _paint_chips(self, painter: QPainter, box: QRectF, top: float) -> None:
        """In one row; what has no room there stands in a second one where no notes are, and is left out else."""
        left, prompt = box.left(), self.card.prompt
        parts = ((feeling(prompt), "accent"), (strength(prompt), "plain"), (partner_kind(prompt), "plain"))
        rows = 1 if self._notes else 2
        for words, tone in parts:
            size = chip_size(words)
            if words and left > box.left() and left + size.width() > box.right():
                rows, left, top = rows - 1, box.left(), top + size.height() + 6
            if words and rows:
                left = paint_chip(painter, left, top, words, tone, most=box.right() - left) + 6

    def _paint_foot(self, painter: QPainter, box: QRectF) -> None:
        now = theme_now()
        font = now.font(Role.SMALL)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        foot = QRectF(box.left(), box.bottom() - metrics.height(), box.width(), metrics.height())
        painter.setPen(now.color("text3"))
        room = foot.width() - metrics.horizontalAdvance(state_word(self.card)) - 12
        said = metrics.elidedText(self._foot, Qt.TextElideMode.ElideRight, room)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), said)
        painter.setPen(now.color(self._tones()[1]))
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), state_word(self.card))
        if self._notes:
            side = now.px(16)
            lines = self.note_lines()
            line = foot.translated(0, -metrics.height() * len(lines) - 12)
            tone = now.color("look" if self.card.scene.noted else "text2")
            icon = pixmap("note", tone, side, self.devicePixelRatio())
            painter.drawPixmap(round(line.left()), round(line.center().y() - side / 2), icon)
            line.adjust(side + 6, 0, 0, 0)
            painter.setPen(tone)
            for words in lines:
                painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), words)
                line.translate(0, metrics.height())

    def _tones(self) -> tuple[str, str]:
        return _TONES[self.card.state]
