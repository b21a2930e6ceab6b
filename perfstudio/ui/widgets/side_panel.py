"""A panel at the left of the window, over the page: what is changed in it is seen beside it at once."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets.button import Button, ButtonKind
from perfstudio.ui.widgets.card import Card
from perfstudio.ui.widgets.label import PlainLabel
from perfstudio.ui.widgets.scrolling import ScrollColumn

WIDTH_PX, MARGIN_PX, MOST = 400, 16, 0.6
"""Of the panel at 100 % text, its distance from the edge, and the most of the window's width that it takes."""


class SidePanel(QWidget):
    """`body` takes what it holds. While it is open the page below hears no key; Escape or “Done” closes it, and
    `closed` is told."""

    def __init__(self, host: QWidget, heading: str, closed: Callable[[], object]) -> None:
        super().__init__(host)
        self._host, self._closed = host, closed
        self._before: QWidget | None = None
        self.setAccessibleName(heading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card(padding=16, spacing=12)
        column.addWidget(card)
        card.body.addWidget(PlainLabel(heading, Role.HEADING, wrap=True))
        area = ScrollColumn(spacing=12)
        self.body = area.body
        card.body.addWidget(area, 1)
        self.done = Button(_("Done"), ButtonKind.PRIMARY, key="Esc", on_click=self.close_panel)
        card.body.addWidget(self.done, alignment=Qt.AlignmentFlag.AlignRight)
        host.installEventFilter(self)
        self.hide()

    def open_panel(self) -> None:
        """Show it; the focus comes back where it was when it closes."""
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self._fit()
        self.show()
        self.raise_()
        self.done.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_panel(self) -> None:
        """Away with it."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and shiboken6.isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._closed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; nothing reaches the page below."""
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.close_panel()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As high as the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        return False

    def _fit(self) -> None:
        room = self._host.rect().adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        room.setWidth(max(min(theme_now().px(WIDTH_PX), round(room.width() * MOST)), min(360, room.width())))
        self.setGeometry(room)
