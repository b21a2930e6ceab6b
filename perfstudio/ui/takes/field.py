"""The field of takes: as many tiles as are seen, however many takes there are; moving, and choosing several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QSizePolicy, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.takes.choosing import Choosing
from perfstudio.session.views import TakeLine
from perfstudio.texts import formatting
from perfstudio.ui.takes.bands import Bands, FieldSizes, Group
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import PlainLabel
from perfstudio.ui.widgets.take_tile import TakeTile

LEAST_PX, HEAD_PX = 248, 34
"""At 100 % text: the least width of a tile, and the height of a heading."""
AHEAD_PX = 320
"""So much above and below what is seen is made, too: a row that is scrolled to is there."""
SEEN_PX = 700
"""At least so much is made before anything is laid out."""


class TakeField(QWidget):
    """`line_of` tells what is known of a take at once; `wanted` are takes that came into sight."""

    opened = Signal(str)
    menu_asked = Signal(str)
    choice_changed = Signal()
    wanted = Signal(tuple)

    def __init__(self, line_of: Callable[[str], TakeLine]) -> None:
        super().__init__()
        self._line_of = line_of
        self.tiles: dict[str, TakeTile] = {}
        self._heads: dict[int, PlainLabel] = {}
        self._spare: list[TakeTile] = []
        self._groups: tuple[Group, ...] = ()
        self._bands = Bands((), self._measures(0))
        self.order: tuple[str, ...] = ()
        self._pictures: Mapping[str, QPixmap] = {}
        self._cursor = ""
        self.choosing = Choosing()
        self._heard: list[QAbstractScrollArea] = []
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.settle)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(_("Takes"))

    # what is shown

    def show_groups(self, groups: Sequence[Group], pictures: Mapping[str, QPixmap]) -> None:
        """Other takes, or another order; who has the focus keeps it, or the one that came into its place has it."""
        held, before = self.focused(), self.order
        self._groups, self._pictures = tuple(groups), pictures
        self.order = tuple(take_id for group in groups for take_id in group.take_ids)
        self.choosing.keep_to(self.order)
        there = set(self.order)
        for take_id in [take_id for take_id in self.tiles if take_id not in there]:
            self._let_go(take_id)
        self._lay_out()
        self.choice_changed.emit()
        if held and held not in self.tiles:
            self._focus_near(before.index(held) if held in before else 0)

    def show_line(self, line: TakeLine, picture: QPixmap | None = None) -> None:
        """What was read of a take."""
        tile = self.tiles.get(line.take_id)
        if tile is not None:
            tile.show_line(line)
            if picture is not None:
                tile.show_picture(picture)

    def focused(self) -> str:
        """The take whose tile has the focus; empty when none has."""
        return next((take_id for take_id, tile in self.tiles.items() if tile.hasFocus()), "")

    def show_take(self, take_id: str, reason: Qt.FocusReason = Qt.FocusReason.TabFocusReason) -> None:
        """Scroll to a take and give it the focus."""
        if take_id not in self.order:
            return
        place = self._bands.place(take_id)
        area = self._area()
        if area is not None and (inner := area.widget()) is not None:
            at = self.mapTo(inner, place.center())
            area.ensureVisible(at.x(), at.y(), 0, place.height() // 2 + 24)
        self.settle()
        self.tiles[take_id].setFocus(reason)

    # choosing

    def choose_all(self) -> None:
        """Everything that is shown."""
        self._chosen(lambda: self.choosing.all(self.order))

    def choose_none(self) -> None:
        """Choose nothing any more."""
        self._chosen(self.choosing.clear)

    def chosen(self) -> tuple[str, ...]:
        """The takes that are chosen, in their order."""
        return tuple(take_id for take_id in self.order if take_id in self.choosing)

    def _chosen(self, act: Callable[[], object]) -> None:
        act()
        for take_id, tile in self.tiles.items():
            tile.show_chosen(chosen=take_id in self.choosing, choosing=len(self.choosing) > 0)
        self.choice_changed.emit()

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move by place, with Shift they choose; Home and End to the ends; Ctrl A chooses all."""
        here, with_ = self.focused(), event.modifiers()
        ctrl = bool(with_ & Qt.KeyboardModifier.ControlModifier)
        if ctrl and event.key() == Qt.Key.Key_A and self.order:
            self.choose_all()
            return
        goal = self._goal(here, Qt.Key(event.key())) if here else None
        if goal is None:
            super().keyPressEvent(event)
            return
        if with_ & Qt.KeyboardModifier.ShiftModifier:
            self._chosen(lambda: self.choosing.reach(self.order, here, goal))
        self.show_take(goal)

    def _goal(self, here: str, key: Qt.Key) -> str | None:
        """The take that a key leads to; None for keys that lead nowhere."""
        at = self.order.index(here)
        aside = -1 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 1
        goals = {
            Qt.Key.Key_Right: at + aside,
            Qt.Key.Key_Left: at - aside,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self.order) - 1,
        }
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            goal = self._bands.beside(here, 1 if key is Qt.Key.Key_Down else -1)
            return goal if goal != here else None
        place = goals.get(key, -1)
        return self.order[place] if 0 <= place < len(self.order) else None

    # tiles, made and used again

    def settle(self) -> None:
        """Make what is seen, and let go of what is not."""
        top, bottom = self._seen()
        bands = self._bands.between(top, bottom)
        wanted = [take_id for band in bands for take_id in band.take_ids]
        for take_id in [one for one, tile in self.tiles.items() if one not in wanted and not tile.hasFocus()]:
            self._let_go(take_id)
        new = [take_id for take_id in wanted if take_id not in self.tiles]
        for take_id in new:
            self._make(take_id)
        self.tiles = {one: self.tiles[one] for one in [*wanted, *self.tiles] if one in self.tiles}
        self._show_heads(top, bottom)
        self._one_stop()
        if new:
            self.wanted.emit(tuple(new))

    def _make(self, take_id: str) -> None:
        line = self._line_of(take_id)
        tile = self._spare.pop() if self._spare else self._new_tile(line)
        self.tiles[take_id] = tile
        tile.show_line(line)
        tile.show_picture(self._pictures.get(take_id, QPixmap()))
        tile.show_chosen(chosen=take_id in self.choosing, choosing=len(self.choosing) > 0)
        self._put(take_id, tile)
        tile.show()

    def _new_tile(self, line: TakeLine) -> TakeTile:
        tile = TakeTile(line, self)
        tile.clicked.connect(lambda _=False: self._clicked(tile.line.take_id))
        tile.turned.connect(lambda: self._chosen(lambda: self.choosing.turn(tile.line.take_id)))
        tile.reached.connect(lambda: self._reached(tile.line.take_id))
        tile.menu_asked.connect(lambda: self.menu_asked.emit(tile.line.take_id))
        tile.came.connect(lambda: self._came(tile.line.take_id))
        return tile

    def _clicked(self, take_id: str) -> None:
        """Opened; while takes are being chosen, a click chooses, too."""
        if len(self.choosing):
            self._chosen(lambda: self.choosing.turn(take_id))
        else:
            self.opened.emit(take_id)

    def _reached(self, take_id: str) -> None:
        start = self._cursor or take_id
        self._chosen(lambda: self.choosing.reach(self.order, start if start in self.order else take_id, take_id))

    def _came(self, take_id: str) -> None:
        self._cursor = take_id
        self._one_stop()

    def _one_stop(self) -> None:
        """The Tab key stops at one tile: where the keyboard was, or the first that is there."""
        stop = self._cursor if self._cursor in self.tiles else next(iter(self.tiles), "")
        for take_id, tile in self.tiles.items():
            policy = Qt.FocusPolicy.StrongFocus if take_id == stop else Qt.FocusPolicy.ClickFocus
            if tile.focusPolicy() is not policy:
                tile.setFocusPolicy(policy)

    def _let_go(self, take_id: str) -> None:
        tile = self.tiles.pop(take_id)
        tile.hide()
        self._spare.append(tile)

    def _put(self, take_id: str, tile: TakeTile) -> None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        tile.setGeometry(self._bands.place(take_id, mirrored=mirrored))

    def _focus_near(self, place: int) -> None:
        if self.order:
            self.show_take(self.order[min(place, len(self.order) - 1)], Qt.FocusReason.OtherFocusReason)

    def _show_heads(self, top: int, bottom: int) -> None:
        for band in self._bands.between(top, bottom):
            if band.heading and band.top not in self._heads:
                label = PlainLabel(band.heading, Role.HEADING)
                label.setParent(self)
                label.setGeometry(QRect(0, band.top, self.width(), band.height))
                label.show()
                self._heads[band.top] = label

    # sizes

    def hasHeightForWidth(self) -> bool:
        """More rows where it is narrower."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows."""
        return self._bands.height if width == self._bands.measures.width else self._reckoned(width).height

    def sizeHint(self) -> QSize:
        """Three columns."""
        return QSize(3 * theme_now().px(LEAST_PX), self._bands.height)

    def minimumSizeHint(self) -> QSize:
        """One column."""
        return QSize(min(theme_now().px(LEAST_PX), 240), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More columns, or fewer."""
        super().resizeEvent(event)
        if event.size().width() != self._bands.measures.width:
            self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """What scrolls it is listened to from now on."""
        super().showEvent(event)
        above = self.parentWidget()
        while above is not None:
            if isinstance(above, QAbstractScrollArea) and above not in self._heard:
                self._heard.append(above)
                above.verticalScrollBar().valueChanged.connect(lambda _: self.settle())
                above.verticalScrollBar().rangeChanged.connect(lambda *_: self._later.start())
            above = above.parentWidget()
        self._later.start()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._lay_out()

    def _lay_out(self) -> None:
        self._bands = self._reckoned(self.width())
        for label in self._heads.values():
            label.deleteLater()
        self._heads.clear()
        for take_id, tile in self.tiles.items():
            self._put(take_id, tile)
        self.updateGeometry()
        self.settle()

    def _reckoned(self, width: int) -> Bands:
        return Bands(self._groups, self._measures(width))

    def _measures(self, width: int) -> FieldSizes:
        now = theme_now()
        return FieldSizes(width, now.px(LEAST_PX), TakeTile.height_px(), now.px(HEAD_PX))

    def _area(self) -> QScrollArea | None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        return above

    def _seen(self) -> tuple[int, int]:
        """The pixels of the field that are in sight, and some around them."""
        area = self._area()
        if area is None:
            return 0, max(self.height(), SEEN_PX)
        top = -self.mapTo(area.viewport(), QPoint(0, 0)).y()
        return max(0, top - AHEAD_PX), max(top + area.viewport().height() + AHEAD_PX, SEEN_PX)


def heading(title: str, takes: int) -> str:
    """The letter · 3 takes."""
    return formatting.dotted((title or _("A damaged take"), formatting.count(takes, "take")))
