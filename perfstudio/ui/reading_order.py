"""The order of the Tab key is that in which a window is read: layout by layout, whatever was made first."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QGridLayout, QLayout, QStackedLayout, QWidget

from perfstudio.ui.widgets import Page


def stops(top: QWidget) -> list[QWidget]:
    """Every widget below `top` at which the Tab key stops now, in the order in which they are read."""
    return list(_below(top))


def step(top: QWidget, *, forward: bool) -> bool:
    """Move the focus to the next stop, or the one before, and around the ends; whether there is one."""
    order = stops(top)
    if not order:
        return False
    focused = QApplication.focusWidget()
    at = next((place for place, one in enumerate(order) if one is focused), None)
    if at is None:
        at = _place_of(focused, order, forward=forward)
    following = order[(at + (1 if forward else -1)) % len(order)]
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    following.setFocus(reason)
    return True


def _place_of(focused: QWidget | None, order: list[QWidget], *, forward: bool) -> int:
    """From where one goes on who is at none of the stops: a page itself leads to its first one."""
    inside = [place for place, one in enumerate(order) if focused is not None and focused.isAncestorOf(one)]
    if inside:
        return inside[0] - 1 if forward else inside[-1] + 1
    return -1 if forward else 0


def _below(one: QWidget) -> Iterator[QWidget]:
    if one.isHidden() or not one.isEnabled():
        return
    if one.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(one, Page | QAbstractScrollArea):
        yield one  # a page has the focus to hear keys: nothing on it itself could be pressed
    for child in _children(one):
        yield from _below(child)


def _children(one: QWidget) -> Iterator[QWidget]:
    if isinstance(one, QAbstractScrollArea):
        yield from _loose(one.viewport(), set())
        return
    laid: set[QWidget] = set()
    layout = one.layout()
    if layout is not None:
        for child in _laid_out(layout):
            laid.add(child)
            yield child
    yield from _loose(one, laid)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        places.sort(key=lambda place: _row_and_column(layout, place))
    for place in places:
        item = layout.itemAt(place)
        if item is None:
            continue
        if isinstance(layout, QStackedLayout) and place != layout.currentIndex():
            continue
        if (inner := item.layout()) is not None:
            yield from _laid_out(inner)
        elif (child := item.widget()) is not None:
            yield child


def _row_and_column(layout: QGridLayout, place: int) -> tuple[int, int]:
    where: tuple[int, int, int, int] = layout.getItemPosition(place)  # type: ignore[assignment]
    return where[:2]


def _loose(one: QWidget, laid: set[QWidget]) -> Iterator[QWidget]:
    """Children that no layout places: as they lie."""
    loose = [child for child in one.children() if isinstance(child, QWidget) and not child.isWindow()]
    yield from sorted((child for child in loose if child not in laid), key=lambda child: (child.y(), child.x()))
