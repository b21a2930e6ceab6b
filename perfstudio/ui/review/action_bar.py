"""The verbs of Review, always in the same place: Keep, Circle, Again, Bin; and the next step once a take is kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.take import Decision
from perfstudio.ui.widgets import Button, ButtonKind, FlowLayout

Act = Callable[[], object]
_MARGIN = 32


class ActionBar(QWidget):
    """One primary at a time: Keep before the decision, the way to consent after it. Nothing moves in between."""

    def __init__(self, *, keep: Act, circle: Act, again: Act, bin_take: Act, consent: Act, leave: Act) -> None:
        super().__init__()
        self.leave = Button(_("Later"), ButtonKind.QUIET, key="Esc", on_click=leave)
        self.keep = Button(_("Keep"), ButtonKind.PRIMARY, key="K", on_click=keep)
        self.kept = Button(_("Kept"), ButtonKind.SECONDARY, key="K", icon="check", on_click=keep)
        self.circle = Button(_("Circle"), key="C", on_click=circle)
        self.again = Button(_("Again"), key="R", on_click=again)
        self.bin = Button(_("Bin"), key="Del", on_click=bin_take)
        self.next = Button(_("Choose its uses"), ButtonKind.PRIMARY, key="↵", on_click=consent)
        self._four = QWidget()
        row = self._verbs = FlowLayout(self._four, spacing=12, centred=True)
        both = QWidget()  # Keep and Kept share one place
        self._keeping = QStackedLayout(both)
        self._keeping.setContentsMargins(0, 0, 0, 0)
        for button in (self.keep, self.kept):
            button.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
            self._keeping.addWidget(button)
        both.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for verb in (both, self.circle, self.again, self.bin):
            row.addWidget(verb)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_MARGIN, 14, _MARGIN, 14)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._wide: bool | None = None
        for button in (self.next, self.circle):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
        self._place(wide=True)
        self.rest()

    def rest(self) -> None:
        """Nothing to decide about."""
        self.show_take(Decision.UNDECIDED, circled=False, signed=False)
        for button in (self.keep, self.circle, self.again, self.bin):
            button.setEnabled(False)

    def show_take(self, decision: Decision, *, circled: bool, signed: bool) -> None:
        """The verbs that fit the take as it stands."""
        for button in (self.keep, self.circle, self.again, self.bin):
            button.setEnabled(True)
        kept = decision is Decision.KEPT
        self._keeping.setCurrentWidget(self.kept if kept else self.keep)
        self.circle.say(_("Circled") if circled else _("Circle"), icon="check" if circled else "")
        self.bin.say(_("Restore") if decision is Decision.BINNED else _("Bin"))
        self.next.say(_("What you signed") if signed else _("Choose its uses"))
        self.next.setVisible(kept)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One line where it is wide enough, else the verbs over the ways out; where they are too wide for a line of
        their own, the caps of the keys go first."""
        super().resizeEvent(event)
        self._show_caps(shown=True)
        verbs, leave = self._verbs.line_width(), self.leave.sizeHint().width()
        sides = max(leave, self.next.sizeHint().width())
        wide = verbs + leave + sides + 100 <= self.width()
        self._show_caps(shown=wide or max(verbs, leave + sides + 12) + 2 * _MARGIN <= self.width())
        self._four.setMinimumWidth(verbs if wide else 0)
        self._place(wide=wide)

    def _show_caps(self, *, shown: bool) -> None:
        for button in (self.leave, self.keep, self.kept, self.circle, self.again, self.bin, self.next):
            button.show_cap(shown)

    def _place(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        for widget in (self.leave, self._four, self.next):
            self._grid.removeWidget(widget)
        row = 0 if wide else 1
        self._grid.addWidget(self.leave, row, 0)
        self._grid.addWidget(self._four, 0, 1 if wide else 0, 1, 1 if wide else 3)
        self._grid.addWidget(self.next, row, 2)
        for column, stretch in ((0, 0), (1, 1), (2, 0)):
            self._grid.setColumnStretch(column, stretch)
        self._grid.setAlignment(self._four, Qt.AlignmentFlag.AlignHCenter if wide else Qt.AlignmentFlag(0))
        self._grid.setAlignment(self.leave, Qt.AlignmentFlag.AlignLeft)
        self._grid.setAlignment(self.next, Qt.AlignmentFlag.AlignRight)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the four verbs."""
        return QSize(self._four.minimumSizeHint().width() + 2 * _MARGIN, self.sizeHint().height())
