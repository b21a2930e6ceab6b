"""What is told before signing: a note beside its line, and all of it gathered at the sign card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.consent import warning_words
from perfstudio.language.catalogue import _
from perfstudio.model.consent import UseId, Warned, WarningGrade
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import compared, rights
from perfstudio.ui.consent.sheet import Sheet
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Hairline, PlainLabel
from perfstudio.ui.widgets.banner import ThemedIcon

_TONES = {WarningGrade.KNOW: ("info", "info"), WarningGrade.STOP: ("look", "look")}
NAMES_PX = 110


class WarnedNote(QWidget):
    """One finding: its grade in its colour and with its sign, and what it means. `at` names the line it is about."""

    def __init__(self, warned: Warned, *, at: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 2)
        row.setSpacing(8)
        icon, tone = _TONES[warned.grade]
        row.addWidget(ThemedIcon(icon, tone, 16), alignment=Qt.AlignmentFlag.AlignTop)
        head = " · ".join(filter(None, (warning_words.grade(warned), at)))
        said = warning_words.sentence(warned)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(head, Role.SMALL, tone, wrap=True))
        words.addWidget(PlainLabel(said, Role.SMALL, wrap=True))
        row.addLayout(words, 1)
        self.setAccessibleName(f"{head}: {said}")
        self.setToolTip(_("Source: {source}", source=warning_words.source(warned)))


class WarnedCard(Card):
    """All of it, above the signature: to stop and think first. Of the lines, those that are on."""

    def __init__(self) -> None:
        super().__init__(_("Before you sign"), ground="look_soft", border="line", padding=16, spacing=4)
        self._notes: list[QWidget] = []

    def show_warned(self, offer: ConsentOffer, language: str, on: frozenset[UseId]) -> None:
        """What is told of the lines that are on, and of the text as it is read; nothing once it is signed."""
        for note in self._notes:
            self.body.removeWidget(note)
            note.hide()
            note.deleteLater()
        self._notes = []
        shown = [one for one in offer.told(language) if one.use is None or one.use in on]
        unread = language.split("-", maxsplit=1)[0] != "en"
        self.setVisible(bool(shown or unread) and not offer.standing)
        stop = any(one.grade is WarningGrade.STOP for one in shown)
        title = _("Read this once more before you sign") if stop else _("Before you sign")
        self.heading.say(title)
        self.setAccessibleName(title)
        for number, one in enumerate(shown):
            self._add(*((Hairline(),) if number else ()), WarnedNote(one, at=warning_words.where(one)))
        if unread:
            self._add(PlainLabel(_(warning_words.NOT_READ), Role.SMALL, wrap=True))

    def _add(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.body.addWidget(widget)
            self._notes.append(widget)
            widget.show()


class ComparedCard(Card):
    """What differs from what was signed last with this studio."""

    def __init__(self) -> None:
        super().__init__(_("Compared with last time"), padding=16, spacing=6)
        self._with = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.body.addWidget(self._with)
        self._sheet: QWidget | None = None

    def show_offer(self, offer: ConsentOffer) -> None:
        """Line by line; that nothing differs is said, too."""
        if self._sheet is not None:
            self.body.removeWidget(self._sheet)
            self._sheet.hide()
            self._sheet.deleteLater()
            self._sheet = None
        lines = compared.since(offer)
        self.setVisible(lines is not None and not offer.standing)
        if offer.before is None or lines is None:
            return
        facts = {"take": rights.take_named(offer.before.title, offer.before.number)}
        same = _("Nothing differs from what you signed for {take}.", **facts)
        self._with.say(_("You signed for {take}. Since then:", **facts) if lines else same)
        if lines:
            self._sheet = Sheet(lines, names_px=NAMES_PX)
            self.body.addWidget(self._sheet)
            self._sheet.show()
