"""Rows of the column beside the lines."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from perfstudio.ui.widgets import Button, FlowLayout


def flow_row(*widgets: QWidget) -> QWidget:
    """Beside each other, and below each other where that is too wide."""
    row = QWidget()
    flow = FlowLayout(row, spacing=10)
    for widget in widgets:
        flow.addWidget(widget)
    return row


def wide(button: Button) -> Button:
    """As wide as the column."""
    policy = button.sizePolicy()
    policy.setHorizontalPolicy(policy.Policy.Expanding)
    button.setSizePolicy(policy)
    return button
