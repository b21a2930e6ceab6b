"""What is told before signing: a note beside its line, and all of it gathered at the sign card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.consent import warning_words
from perfstudio.language.catalogue import _
from perfstudio.model.consent import UseId, Warned
from perfstudio.model.prompt import Terms
from perfstudio.model.warning_rules import WarningGrade
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import compared, rights
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, Hairline, PlainLabel
from perfstudio.ui.widgets.banner import ThemedIcon
from perfstudio.ui.widgets.put_away import put_away

_TONES = {WarningGrade.KNOW: ("info", "info"), WarningGrade.STOP: ("look", "look")}


class WarnedNote(QWidget):
    """One finding: its grade in its colour and with its sign, and what it means. `at` is said to a screen reader."""

    def __init__(self, warned: Warned, *, at: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 2)
        row.setSpacing(8)
        icon, tone = _TONES[warned.grade]
        row.addWidget(ThemedIcon(icon, tone, 16), alignment=Qt.AlignmentFlag.AlignTop)
        grade, said = warning_words.grade(warned), warning_words.sentence(warned)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(PlainLabel(grade, Role.SMALL, tone, wrap=True))
        words.addWidget(PlainLabel(said, Role.SMALL, wrap=True))
        row.addLayout(words, 1)
        self.setAccessibleName(_("{grade}: {said}", grade=" · ".join(filter(None, (grade, at))), said=said))
        self.setToolTip(_("Source: {source}", source=warning_words.source(warned)))


class _Gathered(Card):
    """A card that is filled anew."""

    def __init__(self, title: str, *, ground: str = "ground1", spacing: int) -> None:
        super().__init__(title, ground=ground, padding=16, spacing=spacing)
        self._parts: list[QWidget] = []

    def fill(self, *parts: QWidget) -> None:
        """These in place of what was there."""
        for old in self._parts:
            self.body.removeWidget(old)
            put_away(old)
        self._parts = list(parts)
        for part in parts:
            self.body.addWidget(part)
            part.show()


class WarnedCard(_Gathered):
    """All of it in one place, line by line, the graver first. Of the lines, those that are on."""

    def __init__(self) -> None:
        super().__init__(_("Before you sign"), ground="look_soft", spacing=4)
        self.stop = False
        """Whether something is shown to stop and think at."""
        self.caution = PlainLabel(_(warning_words.CAUTION), Role.SMALL, "text2", wrap=True)
        """Stands below what leads to the full text, whether there is something to tell or not."""

    def show_warned(self, offer: ConsentOffer, terms: Terms, on: frozenset[UseId]) -> None:
        """What is told of the lines that are on, and of the text as it is read; nothing once it is signed."""
        shown = [one for one in offer.told(terms.language) if one.use is None or one.use in on]
        unread = offer.unread(terms)
        self.caution.setVisible(not offer.standing)
        self.setVisible(bool(shown or unread) and not offer.standing)
        self.stop = any(one.grade is WarningGrade.STOP for one in shown) and not offer.standing
        title = _("Read this once more before you sign") if self.stop else _("Before you sign")
        self.heading.say(title)
        self.setAccessibleName(title)
        parts: list[QWidget] = []
        for use in dict.fromkeys(one.use for one in shown):
            notes = [one for one in shown if one.use is use]
            at = warning_words.where(notes[0])
            parts += [*((Hairline(),) if parts else ()), PlainLabel(at, Role.SMALL, "text2", wrap=True)]
            parts += [WarnedNote(one, at=at) for one in notes]
        if unread:
            parts.append(PlainLabel(warning_words.not_read(unread), Role.SMALL, wrap=True))
        self.fill(*parts)


class ComparedCard(_Gathered):
    """What differs from what was signed last with this studio."""

    def __init__(self) -> None:
        super().__init__(_("Compared with last time"), spacing=2)

    def show_offer(self, offer: ConsentOffer, language: str) -> None:
        """Each change under its name, the text as it is read; that nothing differs is said, too."""
        lines = compared.since(offer, language)
        self.setVisible(lines is not None and not offer.standing)
        if offer.before is None or lines is None:
            self.fill()
            return
        facts = {"take": rights.take_named(offer.before.title, offer.before.number)}
        same = _("Nothing differs from what you signed for {take}.", **facts)
        said = _("You signed for {take}. Since then:", **facts) if lines else same
        parts: list[QWidget] = [PlainLabel(said, Role.SMALL, "text2", wrap=True)]
        for name, value in lines:
            change = QWidget()
            column = QVBoxLayout(change)
            column.setContentsMargins(0, 6, 0, 0)
            column.setSpacing(1)
            column.addWidget(PlainLabel(name, Role.SMALL, "text2", wrap=True))
            column.addWidget(PlainLabel(value, Role.SMALL, wrap=True))
            parts.append(change)
        self.fill(*parts)
