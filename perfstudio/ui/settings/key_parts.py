"""What the sheet of keys is made of: the caps that are pressed to be changed, and the place that listens for a key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from perfstudio.language.catalogue import N_, _
from perfstudio.ui.key_map import MOST, Chosen, Deed, key_map
from perfstudio.ui.key_sheet import EVERYWHERE
from perfstudio.ui.keyboard import Press, cap_of, press_of
from perfstudio.ui.theme import RADIUS_CONTROL, Role, theme_now
from perfstudio.ui.widgets import Button, ButtonKind, Card, FlowLayout, PlainLabel, SegmentedFilter, announce
from perfstudio.ui.widgets.base import Focusable, rounded
from perfstudio.ui.widgets.keycap import cap_height, cap_width, cap_words, paint_cap

_ASK = N_("Press a key, a pedal or a clicker.")
_NAMELESS = N_("That key has no name by which it could be kept. Try another.")
_GAP = 5


def caps_width(caps: tuple[str, ...]) -> int:
    """Room for caps side by side, in pixels."""
    return round(sum(cap_width(cap) for cap in caps) + _GAP * (len(caps) - 1)) + 2


def said(caps: tuple[str, ...]) -> str:
    """Caps as they are read out."""
    return " ".join(map(cap_words, caps))


class DeedButton(Focusable, QAbstractButton):
    """The caps of one deed: a press asks for another key."""

    def __init__(self, deed: Deed) -> None:
        super().__init__()
        self.deed = deed
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.keys_changed()

    @property
    def caps(self) -> tuple[str, ...]:
        """What stands on them."""
        return key_map().caps(self.deed)

    def keys_changed(self) -> None:
        """Another key does it."""
        self.setAccessibleName(f"{said(self.caps)}: {_(self.deed.words)}")
        changed = key_map().is_changed(self.deed)
        self.setAccessibleDescription(_("It came as {key}", key=cap_words(self.deed.cap)) if changed else "")
        self.setToolTip(self.accessibleDescription() or _("Change this key"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the caps and the ring around them, and for a finger."""
        return QSize(caps_width(self.caps) + 6, max(theme_now().px(26), cap_height() + 6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The caps; those that were changed are in the accent."""
        now, painter = theme_now(), QPainter(self)
        if self.underMouse():
            rounded(painter, QRectF(self.rect()), 6, now.color("ground3"))
        if self.shows_ring():
            rounded(painter, QRectF(self.rect()), 6, border=now.color("accent_text"), width=2)
        left, changed = 4.0, key_map().is_changed(self.deed)
        for cap in self.caps:
            paint_cap(painter, left, self.height() / 2, cap, now.color("accent_text" if changed else "text2"))
            left += cap_width(cap) + _GAP


class KeyField(Focusable, QWidget):
    """Hears every key but Tab, which goes on, and Escape, which leaves."""

    hears_all_keys = True

    def __init__(self, name: str, heard: Callable[[Press | None], object], leave: Callable[[], object]) -> None:
        super().__init__()
        self._heard, self._leave = heard, leave
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setAccessibleDescription(_(_ASK))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines, where a language needs them."""
        return QSize(theme_now().px(200), theme_now().px(52))

    def event(self, event: QEvent) -> bool:
        """Keys of the whole window are heard here, too, and do nothing else meanwhile."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key, or none where a key is only held."""
        if event.key() in _HELD or event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            self._heard(press_of(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A place that waits, with a ring while it listens."""
        now, painter = theme_now(), QPainter(self)
        line = now.color("accent_text" if self.hasFocus() else "edge")
        rounded(painter, QRectF(self.rect()), RADIUS_CONTROL, now.color("ground0"), line, 2 if self.hasFocus() else 1)
        painter.setFont(now.font(Role.BODY))
        painter.setPen(now.color("text1" if self.hasFocus() else "text2"))
        room = self.rect().adjusted(12, 0, -12, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), _(_ASK))


_HELD = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock,
)  # fmt: skip


class LearnCard(Card):
    """Another key for one deed. `change` puts a choice of keys in force, `done` says that it was left."""

    def __init__(self, deed: Deed, change: Callable[[Chosen], object], done: Callable[[], object]) -> None:
        super().__init__(padding=16, spacing=12, ground="ground2")
        self._deed, self._change, self._done = deed, change, done
        self._asked: Press | None = None
        caps = said(key_map().caps(deed))
        words = _("A key for “{what}”", what=_(deed.words))
        self.body.addWidget(PlainLabel(words, Role.STRONG, wrap=True))
        self.field = KeyField(words, self.hear, done)
        self.body.addWidget(self.field)
        self.how = SegmentedFilter(
            _("What becomes of the keys it has"),
            {"instead": _("Instead of {keys}", keys=caps), "also": _("As well as {keys}", keys=caps)},
        )
        self.how.chosen.connect(lambda _: self.field.setFocus(Qt.FocusReason.TabFocusReason))
        self.body.addWidget(self.how)
        self.how.setVisible(len(key_map().presses(deed)) < MOST)
        self.told = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.told.hide()
        self.body.addWidget(self.told)
        buttons = QWidget()
        row = FlowLayout(buttons, spacing=8)
        self.exchange = Button(_("Exchange them"), on_click=self._exchange)
        self.exchange.hide()
        came = _("As it came: {key}", key=cap_words(deed.cap))
        self.reset = Button(came, on_click=lambda: self._give(key_map().reset(deed)))
        self.reset.setVisible(key_map().is_changed(deed))
        for button in (self.exchange, self.reset, Button(_("Leave it"), ButtonKind.QUIET, on_click=done)):
            row.addWidget(button)
        self.body.addWidget(buttons)

    def hear(self, press: Press | None) -> None:
        """A key was pressed: it is the deed's from now on, unless it does something else."""
        self._asked = None
        self.exchange.hide()
        if press is None:
            self._tell(_(_NAMELESS))
        elif press in key_map().presses(self._deed):
            self._done()
        elif (holder := key_map().holder(self._deed, press)) is None:
            self._give(key_map().given(self._deed, press, also=self._also))
        else:
            self._tell(_told(self._deed, holder, cap_words(cap_of(press))))
            if holder.page == self._deed.page and not holder.fixed:
                self._asked = press
                self.exchange.show()

    @property
    def _also(self) -> bool:
        return self.how.current() == "also" and not self.how.isHidden()

    def _exchange(self) -> None:
        if self._asked is not None:
            self._give(key_map().given(self._deed, self._asked, also=self._also))

    def _give(self, chosen: Chosen) -> None:
        self._change(chosen)
        self._done()

    def _tell(self, words: str) -> None:
        self.told.say(words)
        self.told.show()
        announce(self.field, words)


def _told(deed: Deed, holder: Deed, key: str) -> str:
    """Who has the key already, by name."""
    what = _(holder.words)
    if holder.page == deed.page and not holder.fixed:
        return _("{key} is “{what}” here.", key=key, what=what)
    if holder.heading == EVERYWHERE:
        return _("{key} is “{what}” on every page. Choose another key.", key=key, what=what)
    return _("{key} is “{what}” on the page {page}. Choose another key.", key=key, what=what, page=_(holder.heading))
