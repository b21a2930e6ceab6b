"""The choice whether this computer opens links, packs and clips with perfstudio; it shows what the system has said."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.language.catalogue import _
from perfstudio.session.system_links.states import LinksState
from perfstudio.texts import links
from perfstudio.ui.settings.setting_line import SettingLine, parts_column
from perfstudio.ui.widgets import Card, PlainLabel, Toggle


class LinksCard(Card):
    """`turned` is told what a person wants; the toggle follows what `show_state` was given."""

    def __init__(self) -> None:
        super().__init__(padding=20, spacing=0)
        self.body.setContentsMargins(20, 8, 20, 8)
        self.turned: Callable[[bool], object] = lambda on: None
        self.toggle = Toggle(_(links.CHOICE))
        self.toggle.setEnabled(False)  # until the system has said what holds
        self.toggle.toggled.connect(self._turned)
        self.words = PlainLabel(" ", wrap=True)
        self._showing = False
        self.body.addWidget(SettingLine(_(links.CHOICE), parts_column(self.toggle, self.words), _(links.NOTE)))

    def show_state(self, now: LinksState) -> None:
        """What the system says; a choice where there is one."""
        on = now.all_this
        self._show(on=on, can=now.changeable and not (on and now.installed))
        self.words.say(links.opened_by(now), "text2")

    def show_problem(self, sentence: str) -> None:
        """It could not be asked or done; what holds is shown after that by who knows it."""
        self._show(on=self.toggle.isChecked(), can=False)
        self.words.say(sentence, "look")

    def _show(self, *, on: bool, can: bool) -> None:
        self._showing = True
        self.toggle.setChecked(on)
        self._showing = False
        self.toggle.setEnabled(can)

    def _turned(self, on: bool) -> None:
        if not self._showing:
            self.toggle.setEnabled(False)
            self.turned(on)
