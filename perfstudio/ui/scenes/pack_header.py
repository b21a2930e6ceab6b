"""The head of a pack: who asks, what they pay, until when, with which rights, and how much is done."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, _, ngettext
from perfstudio.session.views import SCENES_DONE, PackView, SceneState
from perfstudio.texts import formatting, rights
from perfstudio.texts.pack_author import author_line, is_doubtful
from perfstudio.ui.theme import RADIUS_CONTROL, Role, theme_now
from perfstudio.ui.widgets.base import rounded
from perfstudio.ui.widgets.card import Card
from perfstudio.ui.widgets.label import PlainLabel
from perfstudio.ui.widgets.progress import ProgressLine


def facts_line(pack: PackView) -> str:
    """Pay, deadline and rights in one line."""
    parts = [rights.pay(pack.pay, none=N_("unpaid")).rstrip(".")]
    if pack.deadline:
        due = date.fromisoformat(pack.deadline)
        parts.append(_("until {day}", day=formatting.day(due)))
    return formatting.dotted([*parts, pack.rights.rstrip(".")])


class _Initials(QWidget):
    """The studio as two letters on a quiet square; decoration."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = [word for word in name.split() if word[:1].isalnum()]
        self._letters = "".join(word[0] for word in words[:2]).upper()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A square of the logo's side."""
        return QSize(theme_now().px(44), theme_now().px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Letters on the ground."""
        painter, now = QPainter(self), theme_now()
        rounded(painter, QRectF(self.rect()), RADIUS_CONTROL, now.color("info_soft"))
        painter.setFont(now.font(Role.STRONG))
        painter.setPen(now.color("info"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)


class PackHeader(Card):
    """The card above a pack's scenes."""

    def __init__(self, pack: PackView, parent: QWidget | None = None) -> None:
        super().__init__(padding=16, parent=parent)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(_Initials(pack.studio.name), alignment=Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(3)
        own = pack.title.casefold() != pack.studio.name.casefold()
        title = f"{pack.title} — {pack.studio.name}" if own else pack.title
        words.addWidget(PlainLabel(title, Role.HEADING, wrap=True))
        words.addWidget(PlainLabel(facts_line(pack), Role.SMALL, "text2", wrap=True))
        self._author = PlainLabel("", Role.SMALL, "text2", wrap=True)
        words.addWidget(self._author)
        row.addLayout(words, 1)
        done = QVBoxLayout()
        done.setSpacing(3)
        done.addStretch(1)
        self._done = PlainLabel("", Role.SMALL, "text2", tabular=True)
        self._delivered = PlainLabel("", Role.SMALL, "text3", tabular=True)
        for label in (self._done, self._delivered):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            done.addWidget(label)
        done.addStretch(1)
        row.addLayout(done)
        self._line = ProgressLine(_("Done in {title}", title=pack.title))
        self._line.setFixedWidth(120)
        row.addWidget(self._line, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)
        self.setAccessibleName(title)
        self.show_pack(pack)

    def show_pack(self, pack: PackView) -> None:
        """Whose it is, and how much is done now."""
        self._author.say(author_line(pack), "look" if is_doubtful(pack) else "text2")
        self._author.setVisible(bool(author_line(pack)))
        delivered = sum(card.state is SceneState.DELIVERED for card in pack.cards)
        done = sum(card.state in SCENES_DONE for card in pack.cards)
        self._done.say(ngettext("{number} of {all} done", "{number} of {all} done", done, all=len(pack.cards)))
        self._delivered.say(ngettext("{number} delivered", "{number} delivered", delivered))
        self._delivered.setVisible(delivered > 0)
        self._line.show_share(done / len(pack.cards) if pack.cards else 0.0)
