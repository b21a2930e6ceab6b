"""Who signs: the name, where the signing key lives, and whether links that were sent open perfstudio."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from perfstudio.language.catalogue import _
from perfstudio.session.settings import Settings
from perfstudio.session.views import KeyState
from perfstudio.texts import devices as words
from perfstudio.ui.settings.links_card import LinksCard
from perfstudio.ui.settings.setting_line import SettingLine, lines_card
from perfstudio.ui.widgets import PlainLabel, ScrollColumn, ThemedIcon


class YouSection(ScrollColumn):
    """`change` puts the name in force when it has been typed."""

    def __init__(self, change: Callable[..., object]) -> None:
        super().__init__(spacing=16)
        self._change = change
        self._shown = ""
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Your name, as you sign it"))
        self.name.setPlaceholderText(_("Your name"))
        self.name.setMaxLength(200)
        self.name.setMaximumWidth(420)
        self.name.editingFinished.connect(self._typed)
        self.key = PlainLabel(" ", wrap=True)
        key = QWidget()
        row = QHBoxLayout(key)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(ThemedIcon("lock", "text2", 20), alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.key, 1)
        card = lines_card(
            [
                SettingLine(_("Name"), self.name, _("The name you sign with. You can type another each time.")),
                SettingLine(_("Signing key"), key, _("Proves that you are the one who signed.")),
            ],
        )
        self.links = LinksCard()
        self.body.addWidget(card)
        self.body.addWidget(self.links)
        self.body.addStretch(1)

    def add_card(self, card: QWidget) -> None:
        """A card below the lines."""
        self.body.insertWidget(self.body.count() - 1, card)

    def show_settings(self, now: Settings) -> None:
        """The name that stands on the next consent."""
        if not self.name.hasFocus() or self.name.text() == self._shown:
            self.name.setText(now.signed_name)
        self._shown = now.signed_name

    def show_key(self, place: KeyState, *, made: bool) -> None:
        """Where the key is, or will be."""
        self.key.say(words.key_place(keyring=place is KeyState.KEYRING, made=made), "text1")

    def show_key_problem(self, sentence: str) -> None:
        """It cannot be read."""
        self.key.say(sentence, "look")

    def _typed(self) -> None:
        name = self.name.text().strip()
        if name != self._shown:
            self._change(signed_name=name)
