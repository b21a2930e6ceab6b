"""The one generated style sheet: fields, scroll bars, menus, tool tips. Everything else paints itself from the look."""

from __future__ import annotations

from perfstudio.ui.palette import Palette

_TEMPLATE = """
/* {name} {scale} */
QScrollArea {{ border: 0; background: transparent; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {{
    background: {ground2}; color: {text1}; border: 1px solid {edge}; border-radius: 10px;
    padding: {pad}px 12px; font-size: {body}px; selection-background-color: {accent}; selection-color: {on_accent};
    placeholder-text-color: {text3};
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {{
    border: 2px solid {accent_text}; padding: {pad_focus}px 11px;
}}
QLineEdit:disabled, QComboBox:disabled {{ color: {text3}; border-color: {line}; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: 0; width: 28px; }}
QComboBox::down-arrow {{ image: none; width: 0; height: 0; }}
QComboBox QAbstractItemView {{
    background: {ground2}; color: {text1}; border: 1px solid {line}; border-radius: 10px; padding: 4px;
    selection-background-color: {accent_soft}; selection-color: {accent_text}; outline: 0;
}}
QComboBox QAbstractItemView::item {{ min-height: {item}px; padding: 0 8px; border-radius: 7px; }}
QMenu {{ background: {ground2}; color: {text1}; border: 1px solid {line}; border-radius: 10px; padding: 6px; }}
QMenu::item {{ padding: {pad}px 16px; border-radius: 7px; font-size: {body}px; }}
QMenu::item:selected {{ background: {accent_soft}; color: {accent_text}; }}
QMenu::item:disabled {{ color: {text3}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 6px 8px; }}
QToolTip {{
    background: {ground3}; color: {text1}; border: 1px solid {line}; padding: 6px 8px; font-size: {small}px;
}}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle {{ background: {edge}; border-radius: 4px; }}
QScrollBar::handle:vertical {{ min-height: 36px; }}
QScrollBar::handle:horizontal {{ min-width: 36px; }}
QScrollBar::handle:hover {{ background: {text2}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def style_sheet(palette: Palette, scale: float) -> str:
    """The sheet for a palette and a text size (1.0 to 2.0)."""
    colours = {
        token: getattr(palette, token)
        for token in (
            "ground2", "ground3", "text1", "text2", "text3", "edge", "line",
            "accent", "on_accent", "accent_soft", "accent_text",
        )
    }  # fmt: skip
    return _TEMPLATE.format(
        name=palette.name,
        scale=scale,
        body=round(15 * scale),
        small=round(13 * scale),
        pad=round(8 * scale),
        pad_focus=round(8 * scale) - 1,
        item=round(32 * scale),
        **colours,
    )
