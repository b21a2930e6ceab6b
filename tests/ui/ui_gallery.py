"""Sample data and pictures of pages: `python tests/ui/ui_gallery.py FOLDER` renders everything to PNG files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QRadialGradient
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.ui import theme
from perfstudio.ui.palette import DARK, LIGHT, Palette
from perfstudio.ui.widgets import (
    Banner,
    Button,
    Card,
    Chip,
    EmptyState,
    FlowLayout,
    Hairline,
    IconButton,
    KeyHintRow,
    Kind,
    LevelMeter,
    Link,
    Page,
    PlainLabel,
    ProgressLine,
    SearchField,
    SegmentedFilter,
    StatusRing,
    Toast,
    Toggle,
    Viewfinder,
)


def figure(width: int = 960, height: int = 540) -> np.ndarray:
    """A person in a room, as BGRX."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = QLinearGradient(0, 0, width, height)
    room.setColorAt(0, QColor("#5d4b41"))
    room.setColorAt(0.6, QColor("#423a39"))
    room.setColorAt(1, QColor("#2b2c33"))
    painter.fillRect(image.rect(), room)
    painter.setPen(Qt.PenStyle.NoPen)
    unit = height / 800
    middle = width / 2
    painter.setBrush(QColor("#776b5b"))
    painter.drawRoundedRect(QRectF(width * 0.03, 66 * unit, width * 0.2, 380 * unit), 12, 12)
    painter.setBrush(QColor("#26262b"))
    painter.drawRect(QRectF(width * 0.8, 180 * unit, width * 0.16, 620 * unit))
    shirt = QLinearGradient(0, 530 * unit, 0, 800 * unit)
    shirt.setColorAt(0, QColor("#3f5a57"))
    shirt.setColorAt(1, QColor("#22302f"))
    painter.setBrush(shirt)
    painter.drawEllipse(QRectF(middle - 330 * unit, 530 * unit, 660 * unit, 620 * unit))
    painter.setBrush(QColor("#a47259"))
    painter.drawRoundedRect(QRectF(middle - 70 * unit, 430 * unit, 140 * unit, 135 * unit), 50 * unit, 50 * unit)
    painter.setBrush(QColor("#2b1d19"))
    painter.drawEllipse(QRectF(middle - 148 * unit, 100 * unit, 296 * unit, 330 * unit))
    skin = QRadialGradient(middle - 30 * unit, 260 * unit, 230 * unit)
    skin.setColorAt(0, QColor("#e2b08d"))
    skin.setColorAt(1, QColor("#a97659"))
    painter.setBrush(skin)
    painter.drawEllipse(QRectF(middle - 138 * unit, 150 * unit, 276 * unit, 340 * unit))
    painter.setBrush(QColor("#1f1512"))
    for side in (-52, 52):
        painter.drawEllipse(QRectF(middle + (side - 11) * unit, 312 * unit, 22 * unit, 24 * unit))
    painter.setBrush(QColor("#7a3d33"))
    painter.drawRoundedRect(QRectF(middle - 42 * unit, 424 * unit, 84 * unit, 13 * unit), 6 * unit, 6 * unit)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4).copy()


def widgets_page() -> QWidget:
    """Every widget once."""
    page = Page("Widgets", "Everything below works offline")
    page.buttons.addWidget(Button("Connect a studio"))
    page.buttons.addWidget(Button("Import a pack", icon="import"))
    row = QHBoxLayout()
    row.setSpacing(12)
    for kind, words, key in (
        (Kind.PRIMARY, "Keep", "K"),
        (Kind.SECONDARY, "Circle", "C"),
        (Kind.QUIET, "Decide later", "Esc"),
    ):
        row.addWidget(Button(words, kind, key=key))
    off = Button("Keep", Kind.PRIMARY, key="K")
    off.setEnabled(False)
    row.addWidget(off)
    row.addWidget(IconButton("guides", "Framing guides"))
    row.addWidget(Link("The full terms, version 3"))
    row.addStretch(1)
    page.body.addLayout(row)
    chips = QWidget()
    flow = FlowLayout(chips)
    for tone in ("plain", "accent", "good", "look", "info", "danger"):
        flow.addWidget(Chip(tone, tone, icon="note" if tone == "look" else ""))
    page.body.addWidget(chips)
    line = QHBoxLayout()
    choices = SegmentedFilter("Show", {"all": "All", "todo": "To do", "circled": "Circled"})
    for name, number in (("all", 24), ("todo", 9), ("circled", 12)):
        choices.count(name, number)
    line.addWidget(choices, 1)
    line.addWidget(SearchField("Character, feeling, place"))
    page.body.addLayout(line)
    card = Card("What the checks found")
    for words, tone, on in (
        ("Sound is clear: 31 dB above the room.", "text1", True),
        ("Train software that can perform", "text2", False),
    ):
        inner = QHBoxLayout()
        inner.addWidget(PlainLabel(words, tone=tone), 1)
        inner.addWidget(Toggle(words, on=on))
        card.body.addLayout(inner)
        card.body.addWidget(Hairline())
    status = QHBoxLayout()
    for share, tone in ((0, "accent_line"), (0.3, "accent_line"), (1, "good"), (1, "info")):
        status.addWidget(StatusRing(share, tone, "word"))
    status.addWidget(ProgressLine("Progress", 0.5))
    meter = LevelMeter()
    meter.show_level(-9, 0.03)
    meter.show_level(-21, 0.4)
    status.addWidget(meter)
    card.body.addLayout(status)
    page.body.addWidget(card)
    for tone in ("good", "look", "info", "danger"):
        page.body.addWidget(
            Banner(
                "The microphone sent only silence since 0:04. It is muted or unplugged.",
                tone,
                action=("Try again", lambda: None),
                on_close=lambda: None,
            )
        )
    hints = KeyHintRow()
    hints.add("cut", "Space", "cut")
    hints.add("again", "R", "again")
    page.body.addWidget(hints)
    finder = Viewfinder(radius=14, smooth=True)
    finder.setFixedHeight(240)
    finder.guides = True
    finder.show_picture(figure())
    page.body.addWidget(finder)
    page.body.addWidget(
        EmptyState("empty", "No takes yet", "Choose a scene, read its brief, and roll.", Button("Scenes", Kind.PRIMARY))
    )
    page.body.addStretch(1)
    page.toast = Toast(page)  # type: ignore[attr-defined]
    return page


def shoot(widget: QWidget, path: Path, size: tuple[int, int]) -> None:
    """Show a widget at a size and save what it looks like."""
    widget.resize(*size)
    widget.show()
    QApplication.sendPostedEvents()
    widget.grab().save(str(path))


def frame(page: QWidget) -> QWidget:
    """A window ground for a page."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(page)
    return window


LOOKS: dict[str, tuple[Palette, float]] = {"dark": (DARK, 1.0), "light": (LIGHT, 1.0), "dark150": (DARK, 1.5)}


def main(folder: Path) -> None:
    """Render everything."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    for name, (palette, scale) in LOOKS.items():
        theme.apply(app, theme.Look(palette, scale, reduced_motion=True))
        page = widgets_page()
        shoot(frame(page), folder / f"widgets-{name}.png", (1280, 1400))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
