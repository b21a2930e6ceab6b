"""The way to the guide, and what perfstudio is: version, licences, and what it never does."""

from __future__ import annotations

from perfstudio import __version__
from perfstudio.language.catalogue import _
from perfstudio.session.works import BroughtWork
from perfstudio.texts import about
from perfstudio.ui.consent.sheet import Sheet
from perfstudio.ui.settings.setting_line import SettingLine, lines_card, parts_column
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, Card, PlainLabel, ScrollColumn

_NAMES_PX = 300


class HelpSection(ScrollColumn):
    """`guide_button` opens it; `works_button` asks for the works of others, which `show_works` shows."""

    def __init__(self) -> None:
        super().__init__(spacing=16)
        self.guide_button = Button(_("Open the guide"), key="F1")
        guide = SettingLine(
            _("Guide"), parts_column(self.guide_button), _("One key opens the page that fits what you see.")
        )
        self.body.addWidget(lines_card([guide], _("Help")))
        self.body.addWidget(_never())
        self._works = Card(_("About perfstudio"), padding=20, spacing=8)
        self._works.body.addWidget(PlainLabel(_("Version {version}", version=__version__), selectable=True))
        for said in (_(about.LICENCE), about.unread()):
            self._works.body.addWidget(PlainLabel(said, Role.BODY, "text2", wrap=True))
        self.works_button = Button(_(about.WORKS))
        self._works.body.addSpacing(8)
        self._works.body.addWidget(parts_column(self.works_button))
        self.body.addWidget(self._works)
        self.body.addStretch(1)

    def show_works(self, found: tuple[BroughtWork, ...]) -> None:
        """In place of the button."""
        self.works_button.hide()
        self._works.body.addWidget(PlainLabel(_(about.WORKS), Role.STRONG, wrap=True))
        self._works.body.addWidget(Sheet(about.works(found), names_px=_NAMES_PX))


def _never() -> Card:
    card = Card(_("What perfstudio never does"), padding=20, spacing=10)
    for said in about.NEVER:
        card.body.addWidget(PlainLabel(_(said), Role.BODY, wrap=True))
    return card
