"""Sample data and pictures of pages: `python tests/ui/ui_gallery.py FOLDER` renders everything to PNG files."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QRadialGradient
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.capture.recording.messages import RecorderStatus
from perfstudio.model.checks import CheckCode, CheckResult, LiveReading, Verdict
from perfstudio.model.consent import Compensation
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.prompt import Pack
from perfstudio.resources import asset
from perfstudio.session.stage.state_machine import ACTIONS
from perfstudio.session.take_safety import TakeSafety
from perfstudio.session.views import PackView, Pulse, SceneCard, SceneState, StageState, StageView
from perfstudio.ui import theme
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.brief import BriefPage
from perfstudio.ui.pages.scenes import ScenesPage
from perfstudio.ui.pages.stage import StagePage
from perfstudio.ui.palette import DARK, LIGHT, Palette
from perfstudio.ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    Card,
    Chip,
    EmptyState,
    FlowLayout,
    Hairline,
    IconButton,
    KeyHintRow,
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


@cache
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
        (ButtonKind.PRIMARY, "Keep", "K"),
        (ButtonKind.SECONDARY, "Circle", "C"),
        (ButtonKind.QUIET, "Decide later", "Esc"),
    ):
        row.addWidget(Button(words, kind, key=key))
    off = Button("Keep", ButtonKind.PRIMARY, key="K")
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
        ("Your voice is clear: 31 dB above the room.", "text1", True),
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
        EmptyState(
            "empty", "No takes yet", "Choose a scene, read its brief, and roll.", Button("Scenes", ButtonKind.PRIMARY)
        )
    )
    page.body.addStretch(1)
    page.toast = Toast(page)  # type: ignore[attr-defined]
    return page


def shoot(widget: QWidget, path: Path, size: tuple[int, int]) -> None:
    """Show a widget at a size and save what it looks like."""
    widget.resize(*size)
    widget.show()
    for _ in range(3):
        QApplication.sendPostedEvents()
    widget.grab().save(str(path))


def frame(page: QWidget) -> QWidget:
    """A window ground for a page."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(page)
    return window


@cache
def packs() -> tuple[PackView, ...]:
    """The bundled pack, and the same scenes as a paying studio would send them."""
    pack = Pack.model_validate_json(asset("packs", "practice", "pack.json").read_bytes())
    states = [(SceneState.TRIED, 2), (SceneState.CIRCLED, 3), (SceneState.UNTOUCHED, 0), (SceneState.UNTOUCHED, 0)]
    states += [(SceneState.TRIED, 1), (SceneState.DELIVERED, 1)] + [(SceneState.UNTOUCHED, 0)] * 100
    cards = tuple(
        SceneCard(pack.id, prompt, pack.brief(prompt), state, takes)
        for prompt, (state, takes) in zip(pack.prompts, states, strict=False)
    )
    return (
        PackView(
            "thresholds", "1", "Thresholds", "", pack.studio.model_copy(update={"name": "Example Studio"}),
            Compensation(basis="per_hour", amount="74", currency="USD", note="while rolling and labelling"),
            "2026-12-18", "Trains recognition, never a copy of your voice", False, cards[:6],
        ),
        PackView(
            pack.id, pack.version, pack.title, pack.summary, pack.studio, pack.pay, None, pack.rights, True, cards
        ),
    )  # fmt: skip


def scenes_page() -> ScenesPage:
    """With two packs."""
    page = ScenesPage(open_scene=lambda card: None, import_file=lambda file: None, choose_file=lambda: None)
    page.show_packs(packs())
    return page


def brief_page() -> BriefPage:
    """Of the first scene."""
    page = BriefPage(go_on=lambda card: None, go_back=lambda: None)
    page.show_card(packs()[1].cards[0], "Practice camera · Practice microphone")
    return page


GOOD = RecorderStatus(
    rolling=True, elapsed_s=107.4, frames=3214, picture_bytes=40_000_000, sound_bytes=1_200_000, nonzero=True,
    frame_age_s=0.02, block_age_s=0.01, disk_s=7800.0,
)  # fmt: skip
WELL = TakeSafety(written=True)


def pulse(**changes: object) -> Pulse:
    """A good moment of a rolling take; changes of the status and of the moment itself."""
    plain: dict[str, object] = {
        "picture": figure(),
        "reading": LiveReading(peak_dbfs=-14.0, rms_dbfs=-24.0),
        "safety": WELL,
    }
    status = {name: changes.pop(name) for name in tuple(changes) if name in RecorderStatus.__slots__}
    return Pulse(status=replace(GOOD, **status), **{**plain, **changes})  # type: ignore[arg-type]


def stage_page(
    state: StageState, *, size: tuple[int, int] = (1280, 800), moment: Pulse | None = None, **more: object
) -> StagePage:
    """The stage in a state, after one poll."""
    given = moment if moment is not None else pulse()
    page = StagePage(poll=lambda: given, act=lambda action: None, hint_words=lambda hint: "Move a little to your left.")
    page.resize(*size)
    card = packs()[1].cards[0]
    page.show_view(StageView(state, ACTIONS[state], card, take_number=3, **more))  # type: ignore[arg-type]
    page.refresh()
    return page


def window(page: QWidget, name: str = "scenes", *, full: bool = False) -> MainWindow:
    """The whole window with one page."""
    made = MainWindow()
    made.add_page(name, page, area="scenes", full=full)
    made.go(name)
    made.rail.button("deliveries").show_count(2, "two deliveries wait")
    return made


LOOKS: dict[str, tuple[Palette, float]] = {"dark": (DARK, 1.0), "light": (LIGHT, 1.0), "dark150": (DARK, 1.5)}


def main(folder: Path) -> None:
    """Render everything."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    for name, (palette, scale) in LOOKS.items():
        theme.apply(app, theme.ThemeState(palette, scale, reduced_motion=True))
        shoot(frame(widgets_page()), folder / f"widgets-{name}.png", (1280, 1400))
        for size in ((1280, 800), (960, 600)):
            tail = f"{name}-{size[0]}.png"
            shoot(window(scenes_page()), folder / f"scenes-{tail}", size)
            shoot(window(brief_page()), folder / f"brief-{tail}", size)
            shoot(window(stage_page(StageState.ROLLING, size=size), full=True), folder / f"rolling-{tail}", size)
    hint = CheckResult(code=CheckCode.CENTRING, verdict=Verdict.LOOK)
    ready = pulse(reading=LiveReading(peak_dbfs=-20, hint=hint))
    theme.apply(app, theme.ThemeState(DARK))
    for name, page in {
        "ready": stage_page(StageState.READY, moment=ready, practice=True),
        "countdown": stage_page(StageState.COUNTDOWN, countdown=2),
        "cutting": stage_page(StageState.CUTTING),
        "failed": stage_page(StageState.FAILED, problem=DeviceError(ErrorCode.CAMERA_BUSY, id="Desk camera")),
        "opening": stage_page(StageState.OPENING, moment=pulse(picture=None)),
    }.items():
        shoot(window(page, full=True), folder / f"stage-{name}.png", (1280, 800))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
