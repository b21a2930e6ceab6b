"""What a person cannot read or reach in a window: texts that are cut, things that lie over each other or outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QLineEdit, QScrollArea, QWidget

from perfstudio.ui.scenes.scene_tile import SceneTile
from perfstudio.ui.theme import theme_now
from perfstudio.ui.widgets import IconButton, RailButton, Toast, Viewfinder
from perfstudio.ui.widgets.label import ElidedLabel
from perfstudio.ui.widgets.question import Question
from perfstudio.ui.widgets.take_tile import TakeTile

LEAST_ROOM_PX = 96
"""What scrolls is seen through at least so much: about two controls, so that the next one is seen coming."""
LEAST_PICTURE_PX = 90
LEAST_TARGET_PX = 24
"""WCAG 2.2, 2.5.8 Target Size (Minimum)."""
_BREAKS = re.compile(r"[\s\u200b\-\u2013\u2014/.]+")


def faults(top: QWidget) -> list[str]:
    """Each with the widget, what it says, and what is wrong; nothing when all can be read and reached."""
    found = [f"{_named(one)}: {fault}" for one in _seen(top) for fault in (*_cut(one), *_outside(one, top))]
    return [*found, *_overlaps(top)]


def _seen(top: QWidget) -> Iterator[QWidget]:
    for one in top.findChildren(QWidget):
        if one.isVisible() and not one.size().isEmpty() and not _floats(one):
            yield one


def _floats(one: QWidget) -> bool:
    """Over the page on purpose."""
    above: QWidget | None = one
    while above is not None:
        if isinstance(above, Toast | Question):
            return True
        above = above.parentWidget()
    return False


def _named(one: QWidget) -> str:
    words = one.text() if isinstance(one, QLabel | QAbstractButton | QLineEdit) else ""
    return f"{type(one).__name__} {(words or one.accessibleName())[:48]!r}"


def _cut(one: QWidget) -> Iterator[str]:
    look = next((look for kind, look in _LOOKS if isinstance(one, kind)), None)
    fault = look(one) if look is not None else ""  # type: ignore[operator]
    if fault:
        yield fault


def _label(one: QLabel) -> str:
    if not one.text():
        return ""
    if not one.wordWrap():
        return _fixed(one)
    metrics, wanted = one.fontMetrics(), one.heightForWidth(one.width())
    widest = max((metrics.horizontalAdvance(word) for word in _BREAKS.split(one.text())), default=0)
    if widest > one.contentsRect().width() + 1:
        return f"a word of {widest} px in {one.contentsRect().width()} px"
    return f"{one.height()} of {wanted} px high" if one.height() < wanted - 1 else ""


def _elided(one: QLabel) -> str:
    wanted = one.fontMetrics().horizontalAdvance(one.text())
    return f"ends in an ellipsis, {one.width()} of {wanted} px" if wanted > one.width() + 1 else ""


def _fixed(one: QWidget) -> str:
    hint = one.sizeHint()
    if one.width() < hint.width() - 1 or one.height() < hint.height() - 1:
        return f"{one.width()}x{one.height()} of {hint.width()}x{hint.height()} px"
    return ""


def _button(one: QAbstractButton) -> str:
    if not one.hasHeightForWidth():
        return _fixed(one)
    least, lines = one.minimumSizeHint().width(), one.heightForWidth(one.width())
    if one.width() < least - 1 or one.height() < lines - 1:
        return f"{one.width()}x{one.height()} of {least}x{lines} px"
    return ""


def _upright(one: QWidget) -> str:
    """The width of tiles is the grid's."""
    wanted = one.minimumSizeHint() if isinstance(one, RailButton) else one.sizeHint()
    return f"{one.height()} of {wanted.height()} px high" if one.height() < wanted.height() - 1 else ""


def _target(one: QWidget) -> str:
    small = min(one.width(), one.height()) < theme_now().px(LEAST_TARGET_PX)
    return f"{one.width()}x{one.height()} px to hit" if small else ""


def _field(one: QLineEdit) -> str:
    room, wanted = one.width() - 2 * 14, one.fontMetrics().horizontalAdvance(one.placeholderText())
    told = one.placeholderText() in (one.toolTip(), one.accessibleName())
    return f"its example has {room} of {wanted} px" if wanted > room and not told else ""


def _scrolled(one: QScrollArea) -> str:
    room = one.viewport().height()
    return f"is seen through {room} px" if one.verticalScrollBar().maximum() and room < LEAST_ROOM_PX else ""


def _picture(one: QWidget) -> str:
    return f"a picture {one.height()} px high" if one.height() < LEAST_PICTURE_PX else ""


_LOOKS = (
    (ElidedLabel, _elided), (QLabel, _label), (IconButton, _target), (RailButton | SceneTile | TakeTile, _upright),
    (QAbstractButton, _button), (QLineEdit, _field), (QScrollArea, _scrolled), (Viewfinder, _picture),
)  # fmt: skip
"""What is asked of each kind; the first that fits."""


def _outside(one: QWidget, top: QWidget) -> Iterator[str]:
    rect, child = one.rect(), one
    while child is not top and (above := child.parentWidget()) is not None:
        rect = rect.translated(child.pos())
        if isinstance(above.parentWidget(), QAbstractScrollArea):
            area = above.parentWidget()
            assert isinstance(area, QAbstractScrollArea)
            if rect.right() > above.width() and area.horizontalScrollBar().maximum() == 0:
                yield f"{rect.right() - above.width()} px beside what scrolls"
                return
            if above is area.viewport() and child is not getattr(area, "widget", lambda: None)():
                return
            rect = above.rect()
        elif not above.rect().adjusted(-1, -1, 1, 1).contains(rect):
            inside, of = above.rect(), type(above).__name__
            yield f"{rect.getRect()} is not within {of} {inside.width()}x{inside.height()}"
            return
        child = above


def _overlaps(top: QWidget) -> Iterator[str]:
    told = (QLabel, QAbstractButton, QLineEdit)
    leaves = [one for one in _seen(top) if isinstance(one, told) and (one.text() or not isinstance(one, QLabel))]
    placed = [(one, _viewport(one, top), QRect(one.mapTo(top, QPoint()), one.size())) for one in leaves]
    for (one, here, box), (other, there, room) in combinations(placed, 2):
        common = box.intersected(room)
        if here is not there or common.width() < 2 or common.height() < 2:
            continue
        if not one.isAncestorOf(other) and not other.isAncestorOf(one):
            yield f"{_named(one)} lies over {_named(other)} by {common.width()}x{common.height()} px"


def _viewport(one: QWidget, top: QWidget) -> QWidget:
    """What it scrolls with."""
    above = one.parentWidget()
    while above is not None and above is not top and not isinstance(above.parentWidget(), QAbstractScrollArea):
        above = above.parentWidget()
    return above or top
