"""Widgets that are not needed any more."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget


def put_away(widget: QWidget) -> None:
    """Not seen from now on, and deleted when the event loop comes round."""
    widget.hide()
    widget.deleteLater()


def clear_layout(layout: QLayout) -> None:
    """Put away all widgets of a layout, and take its other items out."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            put_away(old)
