"""How takes are sent: how fast at most, by which network, and whether one that costs is used."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from perfstudio.language.catalogue import _
from perfstudio.session.delivery.sending_limits import SendingNow
from perfstudio.session.settings import Settings
from perfstudio.texts import sending as words
from perfstudio.texts.rates import RateProblemError, parse_rate, shown
from perfstudio.ui.settings.setting_line import SettingLine, lines_card, parts_column
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, PlainLabel, ScrollColumn, Toggle, announce


class SendingSection(ScrollColumn):
    """`change` puts values in force at once; `show_sending` says what the system tells of the network."""

    def __init__(self, change: Callable[..., object]) -> None:
        super().__init__(spacing=16)
        self._change = change
        self._cap: int | None = None
        self._now = SendingNow()
        self.cap = QLineEdit()
        self.cap.setAccessibleName(_("Speed limit"))
        self.cap.setPlaceholderText(_("no limit"))
        self.cap.setMaxLength(40)
        self.cap.setMaximumWidth(220)
        self.cap.editingFinished.connect(self._typed)
        self.problem = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.problem.hide()
        self.network = PlainLabel("", wrap=True, selectable=True)
        self.only_button = Button("", on_click=self._only)
        self.metered = Toggle(_("Send by networks that cost"))
        self.metered.toggled.connect(lambda on: self._change(sending_metered=on))
        self.cost = PlainLabel("", Role.SMALL, "text2", wrap=True)
        card = lines_card(
            [
                SettingLine(
                    _("Speed limit"),
                    parts_column(self.cap, self.problem),
                    _("For example 500 kB/s or 4 Mbit/s; empty means no limit. It is kept on average."),
                ),
                SettingLine(
                    _("Network"),
                    parts_column(self.network, self.only_button),
                    _("You can keep sending to one network, such as the one at home."),
                ),
                SettingLine(
                    _("Networks that cost"),
                    parts_column(self.metered, self.cost),
                    _("Your phone's network, for example. When off, your takes wait there and you are asked."),
                ),
            ]
        )
        self.body.addWidget(card)
        self.body.addStretch(1)

    def show_settings(self, now: Settings) -> None:
        """The stored settings."""
        if not self.cap.hasFocus() or self._cap != now.sending_cap:
            self.cap.setText(shown(now.sending_cap))
        self._cap = now.sending_cap
        self.metered.blockSignals(True)
        self.metered.setChecked(now.sending_metered)
        self.metered.blockSignals(False)

    def show_sending(self, now: SendingNow) -> None:
        """The network that is there, and the one that is set."""
        self._now = now
        only = _("Takes are sent only by “{only}”.", only=now.only) if now.only else ""
        self.network.say("\n".join(part for part in (words.network(now), only) if part))
        self.only_button.say(
            _("Send by any network") if now.only else _("Only by “{name}”", name=now.network.name or "…")
        )
        self.only_button.setVisible(bool(now.only or now.network.name))
        self.cost.say(words.metered(now))

    def _only(self) -> None:
        self._change(sending_network="" if self._now.only else self._now.network.name)

    def _typed(self) -> None:
        try:
            cap = parse_rate(self.cap.text())
        except RateProblemError as problem:
            self._say(str(problem))
            return
        self._say("")
        if cap != self._cap:
            self._change(sending_cap=cap)
        self.cap.setText(shown(cap))

    def _say(self, sentence: str) -> None:
        if sentence and sentence != self.problem.text():
            announce(self, sentence)
        self.problem.say(sentence)
        self.problem.setVisible(bool(sentence))
