"""The window as a screen reader hears it: a tree of roles, names and values, and what in it cannot be understood."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QWidget

Heard = QAccessible.Role
NAMELESS = frozenset({Heard.Client, Heard.LayeredPane, Heard.Window, Heard.ScrollBar, Heard.NoRole})
"""What only holds other things; all else that a reader stops at has a name."""
VALUED = frozenset({Heard.ProgressBar, Heard.Slider})


def name_of(node: QAccessibleInterface) -> str:
    return node.text(QAccessible.Text.Name)


def heard(top: QWidget) -> Iterator[QAccessibleInterface]:
    """What can be heard now, in the order of reading."""
    yield from _below(QAccessible.queryAccessibleInterface(top))


def _below(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    if node.state().invisible:
        return
    yield node
    for place in range(node.childCount()):
        if (child := node.child(place)) is not None:
            yield from _below(child)


def find(top: QWidget, role: QAccessible.Role, name: str) -> QAccessibleInterface:
    """The one with this role whose name begins so."""
    found = [node for node in heard(top) if node.role() is role and name_of(node).startswith(name)]
    assert found, f"no {role.name} {name!r} in {[name_of(node) for node in heard(top) if node.role() is role]}"
    return found[0]


def press(node: QAccessibleInterface) -> None:
    """As a reader does on behalf of a person."""
    action = QAccessibleActionInterface.pressAction()
    actions = node.actionInterface()
    names = actions.actionNames()
    actions.doAction(action if action in names else QAccessibleActionInterface.toggleAction())


def unheard(top: QWidget) -> list[str]:
    """Each thing that a person who only listens cannot understand, with what is wrong; nothing when all is clear."""
    nodes = list(heard(top))
    found = [f"{_called(node)}: {fault}" for node in nodes for fault in _faults(node)]
    heads = any(node.role() is Heard.Heading for node in nodes)
    return found if heads else [*found, "no heading to leap to"]


def _called(node: QAccessibleInterface) -> str:
    return f"{type(node.object()).__name__} {name_of(node)[:48]!r}"


def _faults(node: QAccessibleInterface) -> Iterator[str]:
    role, state, name = node.role(), node.state(), name_of(node)
    if not name and (role not in NAMELESS or state.focusable):
        yield f"a {role.name} without a name"
    if state.focusable and role in (Heard.NoRole, Heard.Client) and node.object().focusPolicy().value & 1:
        yield "the Tab key stops there, and it has no role"
    if role in VALUED and not node.text(QAccessible.Text.Value):
        yield f"a {role.name} without a value"
    if role is Heard.Button and not state.disabled and not node.actionInterface().actionNames():
        yield "a button that cannot be pressed"
