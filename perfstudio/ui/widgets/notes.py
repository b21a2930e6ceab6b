"""Notes over the page. Where several would leave no page, one stands for all, and a line counts the others."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import Plural, _
from perfstudio.ui.widgets.banner import Banner
from perfstudio.ui.widgets.button import Button, ButtonKind
from perfstudio.ui.widgets.put_away import put_away

MOST_SHARE = 0.3
"""How much of the window's height notes take before they fold."""
_GRAVITY = ("danger", "look", "info", "good")
"""Which of several notes stands for all."""
_MORE = Plural("{number} more note", "{number} more notes")


class Notes(QWidget):
    """`add` and `clear`; each note is closed by the performer. Fits itself into the height that `fit` is told."""

    def __init__(self) -> None:
        super().__init__()
        self.banners: list[Banner] = []
        self._opened, self._height = False, 0
        column = self._column = QVBoxLayout(self)
        column.setSpacing(8)
        self.more = Button("", ButtonKind.QUIET, on_click=self._turn)
        column.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignLeading)
        self._show()

    def add(
        self, sentence: str, tone: str = "info", *, detail: str = "", action: tuple[str, Callable[[], object]] | None
    ) -> None:
        """One more, unless it is said already."""
        if any(banner.sentence.text() == sentence for banner in self.banners):
            return
        banner = Banner(sentence, tone, detail=detail, action=action, on_close=lambda: self.drop(banner))
        self._column.insertWidget(len(self.banners), banner)
        self.banners.append(banner)
        self._show()

    def take_over(self, other: Notes) -> None:
        """What other notes say, as they said it; what was to be done about it belonged to a page that is gone."""
        for banner in other.banners:
            self.add(banner.sentence.text(), banner.tone, detail=banner.detail.text(), action=None)

    def drop(self, banner: Banner) -> None:
        """Take one away; its button and who clears all ask for it."""
        self.banners.remove(banner)
        self._column.removeWidget(banner)
        put_away(banner)
        self._show()

    def clear(self) -> None:
        """Take all of them away."""
        for banner in tuple(self.banners):
            self.drop(banner)

    def fit(self, height: int) -> None:
        """The window is so high now."""
        self._height = height
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower note is a higher one."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._show()

    def _turn(self) -> None:
        self._opened = not self._opened
        self._show()

    def _show(self) -> None:
        several = len(self.banners) > 1 and self._needs() > MOST_SHARE * self._height
        self._opened = self._opened and several
        first = min(self.banners, key=lambda banner: _GRAVITY.index(banner.tone), default=None)
        for banner in self.banners:
            banner.setVisible(not several or self._opened or banner is first)
        left = len(self.banners) - 1
        self.more.say(_("Fold the notes") if self._opened else _MORE.of(left, number=left))
        self.more.setVisible(several)
        self._column.setContentsMargins(32, 16 if self.banners else 0, 32, 0)
        self.setVisible(bool(self.banners))

    def _needs(self) -> int:
        """The height of all of them, one below the other."""
        width = max(1, self.width() - 64)
        heights = [banner.heightForWidth(width) for banner in self.banners]
        return sum(heights) + self._column.spacing() * len(heights)
