"""What a screen reader is told of a widget where Qt would tell it wrongly: a chip that only says something is no
button, one of several choices is a radio button, a heading is a heading, a picture that decorates is not there.

A class with a method `heard_role` is told by it; Qt's own answer stands for all others. The three bridges (AT-SPI, UI
Automation, NSAccessibility) ask the same interface: Qt, "Implementing Accessibility".
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QLabel, QWidget

Heard = QAccessible.Role
CHOSEN = (Heard.PageTab, Heard.ListItem)
"""Of these is said that they are selected, of others that they are checked."""


class HeardWidget(QAccessibleWidget):
    """Role from the widget itself, name from what it is called or says; a button can be pressed."""

    def role(self) -> QAccessible.Role:
        """What it is."""
        role: QAccessible.Role = getattr(self.object(), "heard_role")()  # noqa: B009 - mypy knows no such method of QObject
        return role

    def text(self, kind: QAccessible.Text) -> str:
        """Its name, or what else Qt knows."""
        widget = self.object()
        if kind is not QAccessible.Text.Name or not isinstance(widget, QWidget):
            return super().text(kind)
        said = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
        return widget.accessibleName() or said

    def state(self) -> QAccessible.State:
        """Whether it is chosen; and what decorates is not there."""
        state, widget = super().state(), self.object()
        if isinstance(widget, QAbstractButton) and widget.isCheckable():
            selects = self.role() in CHOSEN
            kinds = ("selectable", "selected") if selects else ("checkable", "checked")
            setattr(state, kinds[0], True)
            setattr(state, kinds[1], widget.isChecked())
        if self.role() is Heard.Graphic and not self.text(QAccessible.Text.Name):
            state.invisible = True
        return state

    def actionNames(self) -> list[str]:
        """A button that can be pressed says so."""
        press = [QAccessibleActionInterface.pressAction()] if self._button() is not None else []
        return [*press, *super().actionNames()]

    def doAction(self, name: str) -> None:
        """Press it, as a click does; or what Qt does."""
        button = self._button()
        if button is not None and name == QAccessibleActionInterface.pressAction():
            button.click()
        else:
            super().doAction(name)

    def _button(self) -> QAbstractButton | None:
        widget = self.object()
        live = isinstance(widget, QAbstractButton) and self.role() is not Heard.StaticText
        return widget if live and isinstance(widget, QAbstractButton) else None


def hear_by_role() -> None:
    """From now on widgets are told as they say themselves. Once in a process."""
    QAccessible.installFactory(_made)


def _made(_class: str, widget: QObject | None) -> QAccessibleInterface | None:
    return HeardWidget(widget) if isinstance(widget, QWidget) and hasattr(type(widget), "heard_role") else None
