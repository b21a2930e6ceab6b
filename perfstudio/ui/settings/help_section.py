"""The way to the guide."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.ui.settings.setting_line import SettingLine, lines_card, parts_column
from perfstudio.ui.widgets import Button, ScrollColumn


class HelpSection(ScrollColumn):
    """`guide_button` opens it."""

    def __init__(self) -> None:
        super().__init__(spacing=16)
        self.guide_button = Button(_("Open the guide"), key="F1")
        guide = SettingLine(_("Guide"), parts_column(self.guide_button), _("F1 opens the page that fits what you see."))
        self.body.addWidget(lines_card([guide], _("Help")))
        self.body.addStretch(1)
