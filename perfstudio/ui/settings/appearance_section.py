"""The look: language, theme, text size, movement, the prompt's size with a sample, and the countdown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import C_, N_, Messages, _, available, looked_up
from perfstudio.session.settings import TEXT_SIZES, Settings
from perfstudio.texts import formatting
from perfstudio.ui.consent.languages import own_name
from perfstudio.ui.key_map import key_map
from perfstudio.ui.palette import DARK
from perfstudio.ui.settings.setting_line import SettingLine, lines_card, parts_column
from perfstudio.ui.theme import RADIUS_CONTROL, Role
from perfstudio.ui.widgets import PlainLabel, ScrollColumn, SegmentedFilter, Toggle
from perfstudio.ui.widgets.base import rounded
from perfstudio.ui.widgets.keycap import cap_words

Change = Callable[..., object]
"""Takes settings by name and puts them in force."""
_SYSTEM = "system"
THEMES: Messages[dict[str, str]] = {
    "system": "As the system",
    "dark": C_("theme", "Dark"),
    "light": C_("theme", "Light"),
}
TEXT = TEXT_SIZES
PROMPT: Messages[dict[str, str]] = {"25": "Small", "33": "Medium", "45": "Large", "64": "Largest"}
COUNTDOWN = (0, 3, 5, 10)
SAMPLE = N_("He opens the door before you knock.")


def _languages() -> dict[str, str]:
    """Each by its own name, so that it is found whatever language is spoken."""
    return {_SYSTEM: _(THEMES[_SYSTEM])} | {code: own_name(code) for code in available()}


class PromptSample(QWidget):
    """A line on the darkness of the stage, as large as it will be there."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        self.line = PlainLabel(_(SAMPLE), Role.PROMPT, wrap=True, palette=DARK)
        column.addWidget(self.line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The stage's ground, in both themes."""
        rounded(QPainter(self), QRectF(self.rect()), RADIUS_CONTROL, QColor(DARK.ground0), QColor(DARK.line))


class AppearanceSection(ScrollColumn):
    """`change` puts values in force at once."""

    def __init__(self, change: Change) -> None:
        super().__init__(spacing=16)
        self._change = change
        self.themes = SegmentedFilter(_("Theme"), looked_up(THEMES))
        self.languages = SegmentedFilter(_("Language"), _languages())
        self.text = SegmentedFilter(_("Text size"), {str(size): formatting.percent(size / 100) for size in TEXT})
        self.prompt = SegmentedFilter(_("Prompt on stage"), looked_up(PROMPT))
        self.countdown = SegmentedFilter(
            _("Countdown"), {str(s): formatting.span(s) if s else _("None") for s in COUNTDOWN}
        )
        self.motion = Toggle(_("Less movement"))
        self.sample = PromptSample()
        self.languages.chosen.connect(lambda choice: self._change(language="" if choice == _SYSTEM else choice))
        for control, field in ((self.themes, "theme"), (self.text, "text_percent"), (self.prompt, "prompt_px")):
            control.chosen.connect(lambda choice, field=field: self._change(**{field: choice}))
        self.countdown.chosen.connect(lambda choice: self._change(countdown_s=int(choice)))
        self.motion.toggled.connect(lambda on: self._change(reduced_motion=on))
        self._prompt_line = SettingLine(_("Prompt"), parts_column(self.prompt, self.sample, gap_px=12), " ")
        for card in (self._window_card(), self._stage_card()):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self.keys_changed()

    def _window_card(self) -> QWidget:
        return lines_card(
            [
                SettingLine(_("Language"), self.languages),
                SettingLine(_("Theme"), self.themes),
                SettingLine(_("Text size"), self.text, _("All text and controls grow with it.")),
                SettingLine(_("Less movement"), self.motion, _("When off, your system's setting applies.")),
            ],
            _("Window"),
        )

    def _stage_card(self) -> QWidget:
        counted = _("It is in the file, and marked, so that it can be cut off.")
        return lines_card([self._prompt_line, SettingLine(_("Countdown"), self.countdown, counted)], _("Stage"))

    def keys_changed(self) -> None:
        """The keys that do the same on the stage."""
        larger, smaller = (cap_words(key_map().cap("stage", cap)) for cap in ("+", "−"))
        words = _("{larger} and {smaller} on the stage change it too.", larger=larger, smaller=smaller)
        self._prompt_line.note.say(words)

    def show_settings(self, now: Settings) -> None:
        """Show the stored settings."""
        prompt = min(PROMPT, key=lambda choice: abs(int(choice) - now.prompt_px))
        countdown = min(COUNTDOWN, key=lambda choice: abs(choice - now.countdown_s))
        text = min(TEXT, key=lambda choice: abs(choice - now.text_percent))
        for control, choice in (
            (self.languages, now.language if now.language in available() else _SYSTEM),
            (self.themes, now.theme.value),
            (self.text, str(text)),
            (self.prompt, prompt),
            (self.countdown, str(countdown)),
        ):
            control.blockSignals(True)
            control.choose(choice)
            control.blockSignals(False)
        self.motion.blockSignals(True)
        self.motion.setChecked(now.reduced_motion)
        self.motion.blockSignals(False)
        self.sample.line.set_size(now.prompt_px)
