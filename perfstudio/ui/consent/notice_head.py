"""The terms in one breath: their summary, and the ways to the full text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.prompt import Terms
from perfstudio.session.views import ConsentOffer
from perfstudio.ui.consent.languages import own_name
from perfstudio.ui.widgets import Card, FlowLayout, Link
from perfstudio.ui.widgets.put_away import clear_layout
from perfstudio.ui.widgets.reading_text import ReadingText


class Breath(Card):
    """`read` gets the terms, in the language whose link was chosen."""

    def __init__(self, *, read: Callable[[Terms], object]) -> None:
        super().__init__(_("In short"), padding=16, spacing=6)
        self._read = read
        self.links: dict[str, Link] = {}
        """By language."""
        self.summary = ReadingText("", size=15, tone="text2")
        self._links = QWidget()
        self._flow = FlowLayout(self._links, spacing=6)
        for part in (self.summary, self._links):
            self.body.addWidget(part)

    def show_terms(self, terms: Terms) -> None:
        """The summary in the language that is signed, whose link is marked where there are several."""
        self.summary.setText(terms.summary)
        self.summary.updateGeometry()
        for language, link in self.links.items():
            link.mark(on=len(self.links) > 1 and language == terms.language)

    def show_offer(self, offer: ConsentOffer) -> None:
        """A link to the full text in every language."""
        clear_layout(self._flow)
        self.links.clear()
        own = offer.terms
        languages = [own, *(t for t in offer.languages if t.language != own.language)]
        for terms in languages:
            words = (
                _("The full terms, version {version}", version=terms.version)
                if terms is own
                else own_name(terms.language)
            )
            link = Link(words)
            link.clicked.connect(lambda _=False, terms=terms: self._read(terms))
            self._flow.addWidget(link)
            self.links[terms.language] = link
            link.show()
