"""How everything looks: one `ThemeState` decided from settings and system, applied to the application in one place.

Widgets ask `theme_now()` when they paint or measure; applying a new look sends every widget a style change, so nothing
keeps an old colour or size. GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from perfstudio.resources import asset
from perfstudio.ui.palette import DARK, LIGHT, Palette, sharpened
from perfstudio.ui.stylesheet import style_sheet

RADIUS_CONTROL = 10
RADIUS_CARD = 14
MOTION_MS = 140
"""The longest movement of the interface; none when reduced motion is asked for."""
MIN_SCALE, MAX_SCALE = 1.0, 2.0


class Appearance(StrEnum):
    """What the setting says."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Role(StrEnum):
    """What a text is. Sizes and weights belong to the role, never to a page."""

    MICRO = "micro"
    SMALL = "small"
    BODY = "body"
    STRONG = "strong"
    HEADING = "heading"
    TITLE = "title"
    PROMPT = "prompt"


_TYPE: dict[Role, tuple[int, QFont.Weight]] = {
    Role.MICRO: (12, QFont.Weight.Medium),
    Role.SMALL: (13, QFont.Weight.Normal),
    Role.BODY: (15, QFont.Weight.Normal),
    Role.STRONG: (15, QFont.Weight.DemiBold),
    Role.HEADING: (17, QFont.Weight.DemiBold),
    Role.TITLE: (24, QFont.Weight.DemiBold),
    Role.PROMPT: (25, QFont.Weight.Medium),
}
"""Pixels at 100 % text size, and weight."""
FAMILY = "Inter"
_FACES = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf")
_TABULAR = QFont.Tag("tnum")


@dataclass(frozen=True, slots=True)
class ThemeState:
    """Palette, text size (1.0 to 2.0) and whether movement is unwelcome."""

    palette: Palette = DARK
    scale: float = 1.0
    reduced_motion: bool = False

    def font(self, role: Role, *, tabular: bool = False) -> QFont:
        """The font of a role; `tabular` keeps digits from dancing where numbers change."""
        size, weight = _TYPE[role]
        return self.font_at(size, weight, tabular=tabular)

    def font_at(self, size: float, weight: QFont.Weight, *, tabular: bool = False) -> QFont:
        """A font of a free size in pixels at 100 %, for the prompt line and the countdown."""
        return QFont(_font(round(size * self.scale), weight, close=size >= 17, tabular=tabular))  # a copy, as a colour

    def px(self, pixels: float) -> int:
        """A length that has to grow with the text, such as the height of a control."""
        return round(pixels * self.scale)

    def color(self, token: str) -> QColor:
        """The colour of a token of the palette."""
        return QColor(_colour(getattr(self.palette, token)))  # a copy: callers may set its alpha

    @property
    def motion_ms(self) -> int:
        """How long a movement may take."""
        return 0 if self.reduced_motion else MOTION_MS


@cache
def _colour(value: str) -> QColor:
    return QColor(value)


@lru_cache(maxsize=64)
def _font(pixels: int, weight: QFont.Weight, *, close: bool, tabular: bool) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    if close:
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98.6)
    if tabular:
        font.setFeature(_TABULAR, 1)
    return font


class _Now:
    theme_now = ThemeState()


def theme_now() -> ThemeState:
    """The state that was applied last."""
    return _Now.theme_now


def load_fonts() -> None:
    """Make the bundled faces (static instances of Inter 4.0) known to Qt; without them the system's font stands in."""
    if FAMILY not in QFontDatabase.families():
        for face in _FACES:
            QFontDatabase.addApplicationFont(str(asset("fonts", face)))


def decide(
    app: QApplication, appearance: Appearance, *, scale: float = 1.0, reduced_motion: bool | None = None
) -> ThemeState:
    """Settings first, the system where the setting leaves it open. `reduced_motion` None follows the system."""
    hints = app.styleHints()
    dark = appearance is Appearance.DARK
    if appearance is Appearance.SYSTEM:
        dark = hints.colorScheme() != Qt.ColorScheme.Light
    palette = DARK if dark else LIGHT
    access = hints.accessibility()
    # contrastPreference came with Qt 6.10 and motionPreference with 6.12: older ones simply have no wish
    contrast = getattr(access, "contrastPreference", lambda: None)()
    if contrast is not None and contrast == Qt.ContrastPreference.HighContrast:
        palette = sharpened(palette)
    if reduced_motion is None:
        motion = getattr(access, "motionPreference", lambda: None)()
        reduced_motion = getattr(motion, "name", "") == "ReducedMotion"
    return ThemeState(palette, min(MAX_SCALE, max(MIN_SCALE, scale)), reduced_motion)


def apply(app: QApplication, new: ThemeState) -> None:
    """Give the whole application this look."""
    load_fonts()
    _Now.theme_now = new
    app.setStyleSheet("")  # where a sheet follows another, Qt dresses every widget once for each of its ancestors
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setFont(new.font(Role.BODY))
    app.setPalette(_qt_palette(new.palette))
    app.setStyleSheet(style_sheet(new.palette, new.scale))


def follow(app: QApplication, appearance: Appearance) -> None:
    """Tell the system which window frames suit the setting (dark title bar over a dark window)."""
    schemes = {Appearance.DARK: Qt.ColorScheme.Dark, Appearance.LIGHT: Qt.ColorScheme.Light}
    app.styleHints().setColorScheme(schemes.get(appearance, Qt.ColorScheme.Unknown))


def _qt_palette(palette: Palette) -> QPalette:
    pairs = {
        QPalette.ColorRole.Window: palette.ground0,
        QPalette.ColorRole.WindowText: palette.text1,
        QPalette.ColorRole.Base: palette.ground1,
        QPalette.ColorRole.AlternateBase: palette.ground2,
        QPalette.ColorRole.ToolTipBase: palette.ground3,
        QPalette.ColorRole.ToolTipText: palette.text1,
        QPalette.ColorRole.Text: palette.text1,
        QPalette.ColorRole.PlaceholderText: palette.text3,
        QPalette.ColorRole.Button: palette.ground3,
        QPalette.ColorRole.ButtonText: palette.text1,
        QPalette.ColorRole.BrightText: palette.danger,
        QPalette.ColorRole.Highlight: palette.accent,
        QPalette.ColorRole.HighlightedText: palette.on_accent,
        QPalette.ColorRole.Link: palette.text1,
        QPalette.ColorRole.LinkVisited: palette.text1,
        QPalette.ColorRole.Accent: palette.accent,
        QPalette.ColorRole.Light: palette.hover,
        QPalette.ColorRole.Midlight: palette.ground3,
        QPalette.ColorRole.Mid: palette.line,
        QPalette.ColorRole.Dark: palette.ground0,
        QPalette.ColorRole.Shadow: palette.ground0,
    }
    made = QPalette()
    for role, value in pairs.items():
        made.setColor(role, _colour(value))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, _colour(palette.text3))
    return made
