"""Limits and care: breaks, a way out of a heavy role; what a performer never plays, and what they want to be told of
before, tag by tag of the published list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QShowEvent

from perfstudio.language.catalogue import Messages, _, looked_up
from perfstudio.packs.content_tags import content_tags
from perfstudio.session.settings import Settings
from perfstudio.texts import formatting
from perfstudio.texts.scenes import tag_names
from perfstudio.ui.settings.setting_line import SettingLine, lines_card
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Card, PlainLabel, ScrollColumn, SegmentedFilter, Toggle

CHOICES: Messages[dict[str, str]] = {"play": "I play it", "note": "Tell me first", "never": "Never"}


BREAKS = (0, 30, 45, 60, 90)
"""Minutes."""


class LimitsSection(ScrollColumn):
    """`change` puts both lists in force. The lines are made when they are first seen."""

    def __init__(self, change: Callable[..., object]) -> None:
        super().__init__(spacing=16)
        self._change = change
        self._now = Settings()
        self.choices: dict[str, SegmentedFilter] = {}
        head = Card(padding=20, spacing=8)
        for words, role, tone in (
            (_("Scenes that touch on what you never play are not shown to you."), Role.BODY, "text1"),
            (
                _(
                    "With any limit set, scenes nobody has described are not shown either. Your limits stay on this "
                    "computer, and nobody else reads them."
                ),
                Role.SMALL,
                "text2",
            ),
        ):
            head.body.addWidget(PlainLabel(words, role, tone, wrap=True))
        self.body.addWidget(self._care())
        self.body.addWidget(head)
        self.body.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the lines."""
        if not self.choices:
            self._make()
        super().showEvent(event)

    def show_settings(self, now: Settings) -> None:
        """The limits in force."""
        self._now = now
        with QSignalBlocker(self.breaks), QSignalBlocker(self.cool_down):
            self.breaks.choose(str(min(BREAKS, key=lambda choice: abs(choice - now.break_after_min))))
            self.cool_down.setChecked(now.cool_down)
        for tag, chooser in self.choices.items():
            chooser.blockSignals(True)
            chooser.choose(_choice(now, tag))
            chooser.blockSignals(False)

    def _care(self) -> Card:
        lengths = {str(minutes): formatting.span(minutes * 60) if minutes else _("Never") for minutes in BREAKS}
        self.breaks = SegmentedFilter(_("A break after"), lengths)
        self.breaks.chosen.connect(lambda choice: self._change(break_after_min=int(choice)))
        self.cool_down = Toggle(_("After heavy scenes"))
        self.cool_down.toggled.connect(lambda on: self._change(cool_down=on))
        when, how = (
            _("Spoken of between two takes, never while one rolls."),
            _("A way out of the role, once for a scene."),
        )
        lines = [
            SettingLine(_("A break after"), self.breaks, when),
            SettingLine(_("After heavy scenes"), self.cool_down, how),
        ]
        return lines_card(lines, _("Care"))

    def _make(self) -> None:
        names = dict(zip((tag.id for tag in content_tags()), tag_names(tag.id for tag in content_tags()), strict=True))
        unknown = sorted({*self._now.tags_never, *self._now.tags_noted} - names.keys())
        lines = []
        for tag, means in [*((tag.id, _(tag.means)) for tag in content_tags()), *((tag, "") for tag in unknown)]:
            name = names.get(tag, tag)
            chooser = SegmentedFilter(name, looked_up(CHOICES))
            chooser.choose(_choice(self._now, tag))
            chooser.chosen.connect(partial(self._chosen, tag))
            self.choices[tag] = chooser
            lines.append(SettingLine(name, chooser, means))
        self.body.insertWidget(2, lines_card(lines))

    def _chosen(self, tag: str, choice: str) -> None:
        lists = {"never": self._now.tags_never, "note": self._now.tags_noted}
        without = {name: tuple(one for one in tags if one != tag) for name, tags in lists.items()}
        if choice in without:
            without[choice] = (*without[choice], tag)
        self._change(tags_never=without["never"], tags_noted=without["note"])


def _choice(now: Settings, tag: str) -> str:
    if tag in now.tags_never:
        return "never"
    return "note" if tag in now.tags_noted else "play"
