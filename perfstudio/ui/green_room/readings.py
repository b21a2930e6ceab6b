"""What the check found: a line for each topic with its number and, where it helps, one remedy; and what changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.checks import CheckResult, Verdict
from perfstudio.model.room import RoomReading, RoomTopic
from perfstudio.texts import continuity
from perfstudio.texts import green_room as words
from perfstudio.texts.template import capital, sentences
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Hairline, Link, PlainLabel, ThemedIcon

PICTURE = (RoomTopic.FRAMING, RoomTopic.LIGHT, RoomTopic.CAMERA, RoomTopic.SYNC)


class ReadingLine(QWidget):
    """Sign, name, a quiet number at its right, and the sentence below; a brief line leaves that to readers."""

    def __init__(self, tone: str, name: str, sentence: str, figure: str = "", *, brief: bool = False) -> None:
        super().__init__()
        self.sentence = sentence
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(ThemedIcon(tone, tone, 20), alignment=Qt.AlignmentFlag.AlignTop)
        self.column = QVBoxLayout()
        self.column.setSpacing(2)
        if name:
            head = QHBoxLayout()
            head.setSpacing(8)
            head.addWidget(PlainLabel(name, Role.STRONG), alignment=Qt.AlignmentFlag.AlignTop)
            number = PlainLabel(figure, Role.SMALL, "text2", tabular=True, wrap=True)
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            head.addWidget(number, 1)
            self.column.addLayout(head)
        if not brief:
            self.column.addWidget(PlainLabel(sentence, Role.BODY, "text2" if tone == "good" else "text1", wrap=True))
        row.addLayout(self.column, 1)
        self.setAccessibleName(f"{name}: {sentence} {figure}".strip() if name else sentence)


class ReadingsCard(Card):
    """Every topic with its number; a sentence only where there is something to look at. `calibrate` leads to where the
    constant delay is measured."""

    def __init__(self, readings: tuple[RoomReading, ...], calibrate: Callable[[], object] | None = None) -> None:
        super().__init__(_("What was measured"), padding=20, spacing=12)
        self.lines: dict[RoomTopic, ReadingLine] = {}
        for place, reading in enumerate(readings):
            if place and reading.topic in PICTURE and readings[place - 1].topic not in PICTURE:
                self.body.addWidget(Hairline())
            good = reading.verdict is Verdict.GOOD
            line = ReadingLine("good" if good else "look", _(words.TOPICS[reading.topic]), words.finding(reading),
                        words.figure(reading), brief=good)  # fmt: skip
            if words.calibrated(reading) is False:
                line.column.addWidget(PlainLabel(_(words.NOT_CALIBRATED), Role.SMALL, "text2", wrap=True))
                if calibrate is not None:
                    line.column.addWidget(
                        Link(_("Measure it in Settings"), role=Role.SMALL, on_click=calibrate),
                        alignment=Qt.AlignmentFlag.AlignLeft,
                    )
            self.lines[reading.topic] = line
            self.body.addWidget(line)


class ChangesCard(Card):
    """What differs, under the name of what it is compared with; what held, in one line."""

    def __init__(self, parts: tuple[tuple[str, tuple[CheckResult, ...]], ...]) -> None:
        super().__init__(_("What changed"), padding=20, spacing=12)
        self.sentences: list[str] = []
        for place, (heading, changes) in enumerate(parts):
            if place:
                self.body.addWidget(Hairline())
            self.body.addWidget(PlainLabel(heading, Role.SMALL, "text2", wrap=True))
            for change in changes:
                if change.verdict is not Verdict.GOOD:
                    text = continuity.change(change)
                    self._add("info", sentences(capital(_("{what}.", what=text)), continuity.remedy(change)))
            if held := continuity.held(changes):
                self._add("good", held)
            if not changes:
                self._add("info", _(words.NOTHING_SHARED))

    def _add(self, tone: str, sentence: str) -> None:
        self.sentences.append(sentence)
        self.body.addWidget(ReadingLine(tone, "", sentence))
