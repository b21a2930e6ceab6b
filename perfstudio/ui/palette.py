"""The colours of the house, decided once: a dark and a light palette and their high-contrast forms.

Pure values, no Qt. Every pair of text and ground named in `READABLE` meets WCAG 2.2 AA (4.5:1), every pair in
`VISIBLE` meets 3:1; a test computes both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #rrggbb. Grounds rise from the window (0) over cards (1) and raised things (2) to controls (3)."""

    name: str
    dark: bool
    ground0: str
    rail: str
    ground1: str
    ground2: str
    ground3: str
    hover: str
    """A control under the pointer."""
    line: str
    """Hairlines between things; decoration."""
    edge: str
    """The outline of a control that has no other shape: a field, a switch that is off."""
    text1: str
    text2: str
    text3: str
    accent: str
    """The fill of the one primary action."""
    accent_hover: str
    accent_line: str
    """The accent as a shape that carries meaning: rings, progress, a switch that is on."""
    accent_text: str
    """The accent as text or icon on grounds 0-1 and on `accent_soft`."""
    accent_soft: str
    on_accent: str
    record: str
    """Rolling and clipping, nothing else."""
    good: str
    good_soft: str
    look: str
    look_soft: str
    info: str
    info_soft: str
    danger: str
    """Words of a refusal or a loss; the same hue as `record`, made readable as text."""
    danger_soft: str


DARK = Palette(
    name="dark",
    dark=True,
    ground0="#101113",
    rail="#17181b",
    ground1="#17181b",
    ground2="#1f2125",
    ground3="#2a2d32",
    hover="#353940",
    line="#34373d",
    edge="#72757c",
    text1="#f3f1ec",
    text2="#b4b3ae",
    text3="#8c8d90",
    accent="#f0b35a",
    accent_hover="#f6c47b",
    accent_line="#f0b35a",
    accent_text="#f0b35a",
    accent_soft="#3a2d17",
    on_accent="#1b1306",
    record="#ff5a52",
    good="#58c48d",
    good_soft="#16291f",
    look="#f2b84b",
    look_soft="#32270f",
    info="#7fb2ff",
    info_soft="#18253b",
    danger="#ff7a73",
    danger_soft="#2c1a1b",
)

LIGHT = Palette(
    name="light",
    dark=False,
    ground0="#f5f2ec",
    rail="#fbf9f5",
    ground1="#fffdfa",
    ground2="#f1ede5",
    ground3="#e8e3d9",
    hover="#dcd6ca",
    line="#dfd9cd",
    edge="#8a8478",
    text1="#1d1b18",
    text2="#504d47",
    text3="#696560",
    accent="#eba842",
    accent_hover="#f3b95f",
    accent_line="#b96d10",
    accent_text="#855000",
    accent_soft="#faebd0",
    on_accent="#1b1306",
    record="#d8322b",
    good="#1c7148",
    good_soft="#e2f1e8",
    look="#8a5500",
    look_soft="#fbeed6",
    info="#2459b0",
    info_soft="#e5edf9",
    danger="#b3261f",
    danger_soft="#fbe9e6",
)

READABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("text1", ("ground0", "rail", "ground1", "ground2", "ground3", "hover", "danger_soft", "look_soft", "info_soft")),
    ("text2", ("ground0", "rail", "ground1", "ground2", "ground3", "danger_soft", "look_soft", "info_soft")),
    ("text3", ("ground0", "rail", "ground1", "ground2")),
    ("accent_text", ("ground0", "rail", "ground1", "accent_soft")),
    ("on_accent", ("accent", "accent_hover")),
    ("good", ("ground0", "ground1", "good_soft")),
    ("look", ("ground0", "ground1", "look_soft")),
    ("info", ("ground0", "ground1", "info_soft")),
    ("danger", ("ground0", "ground1", "danger_soft")),
)
"""Text colour and the grounds it may stand on at any size: at least 4.5:1."""

VISIBLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("accent_line", ("ground0", "ground1", "ground3")),
    ("accent_text", ("ground0", "ground1", "ground2", "ground3")),
    ("record", ("ground0", "ground1")),
    ("good", ("ground0", "ground1", "ground3")),
    ("look", ("ground0", "ground1", "ground3")),
    ("info", ("ground0", "ground1", "ground3")),
    ("edge", ("ground0", "ground1", "ground2")),
)
"""Shapes that carry meaning and the grounds they may stand on: at least 3:1."""


def sharpened(palette: Palette) -> Palette:
    """The high-contrast form: quieter texts become louder and hairlines become outlines."""
    return replace(
        palette,
        name=f"{palette.name} high contrast",
        ground0="#000000" if palette.dark else "#ffffff",
        ground1="#0b0b0c" if palette.dark else "#ffffff",
        rail="#0b0b0c" if palette.dark else "#ffffff",
        text1="#ffffff" if palette.dark else "#000000",
        text2=palette.text1,
        text3=palette.text2,
        line=palette.edge,
        edge=palette.text2,
    )


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two #rrggbb colours, 1..21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """WCAG relative luminance of #rrggbb."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
