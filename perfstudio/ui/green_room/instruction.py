"""What to do now, in one large line; over it how far this part is, below it the level that arrives."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import PlainLabel, ProgressLine, ThemedIcon
from perfstudio.ui.widgets.meter import WORDS
from perfstudio.ui.widgets.meter_scale import ScaledMeter


class Instruction(QWidget):
    """`say` for the words, `show_share` while a part runs, `show_level` for every pulse."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.progress = ProgressLine(_("This part"))
        column.addWidget(self.progress)
        self._recorded = QWidget()
        mark = QHBoxLayout(self._recorded)
        mark.setContentsMargins(0, 0, 0, 0)
        mark.setSpacing(8)
        mark.addWidget(ThemedIcon("record", "record", 16))
        mark.addWidget(PlainLabel(_("Recorded for this check"), Role.SMALL, "text2", wrap=True), 1)
        column.addWidget(self._recorded)
        self.headline = PlainLabel("", Role.TITLE, wrap=True)
        column.addWidget(self.headline)
        line = QHBoxLayout()
        line.setSpacing(8)
        self._mark = ThemedIcon("good", "good", 20)
        line.addWidget(self._mark, alignment=Qt.AlignmentFlag.AlignTop)
        self.detail = PlainLabel("", Role.BODY, "text2", wrap=True)
        line.addWidget(self.detail, 1)
        column.addLayout(line)
        column.addSpacing(4)
        column.addLayout(self._level())
        column.addStretch(1)

    def say(self, headline: str, detail: str = "", tone: str = "") -> None:
        """Other words; `tone` "good" or "look" puts a sign before the detail."""
        self.headline.say(headline)
        self.headline.setVisible(bool(headline))
        self.say_detail(detail, tone)

    def say_detail(self, detail: str, tone: str = "") -> None:
        """Other words in the second line."""
        if detail == self.detail.text() and bool(tone) is not self._mark.isHidden():
            return
        self.detail.say(detail, "text1" if tone == "look" else "text2")
        self.detail.setVisible(bool(detail))
        self._mark.setVisible(bool(tone) and bool(detail))
        if tone:
            self._mark.show_icon(tone, tone)

    def show_parts(self, *, recorded: bool, progress: bool, level: bool) -> None:
        """Which of the moving parts are there."""
        self._recorded.setVisible(recorded)
        self.progress.setVisible(progress)
        for part in (self._microphone, self._scaled, self.level):
            part.setVisible(level)

    def show_share(self, share: float) -> None:
        """How much of the part is done."""
        self.progress.show_share(share)

    def show_level(self, peak_dbfs: float, elapsed_s: float, *, clipped: bool) -> None:
        """Show the newest level, in dBFS."""
        self.meter.show_level(peak_dbfs, elapsed_s, clipped=clipped)
        tone = self.meter.tone
        self.level.say(_(WORDS[self.meter.level]), "text2" if tone == "text3" else tone)

    def _level(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self._microphone = ThemedIcon("microphone", "text2", 18)
        self._scaled = ScaledMeter()
        self.meter = self._scaled.meter
        self.level = PlainLabel("", Role.SMALL, "text2")
        longest = max(self.level.fontMetrics().horizontalAdvance(_(text)) for text in WORDS.values())
        self.level.setMinimumWidth(max(longest + 4, theme_now().px(80)))
        row.addWidget(self._microphone)
        row.addWidget(self._scaled, 1)
        row.addWidget(self.level)
        return row
