"""Settings: devices beside what they show, how performing and the window feel, and where everything lies."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from perfstudio.model.errors import PerfstudioError
from perfstudio.session.home_facts import HomeFacts
from perfstudio.session.lane import Lane
from perfstudio.session.settings import Settings, SettingsStore, ThemeChoice
from perfstudio.session.views import KeyState, StageView
from perfstudio.ui.setup.devices import DevicesCard, Found, Preview
from perfstudio.ui.setup.rows import SettingRow
from perfstudio.ui.theme import look
from perfstudio.ui.widgets import Button, Card, Hairline, Page, SegmentedFilter, Toggle
from perfstudio.words import errors, numbers

_KEYS = {
    KeyState.KEYRING: "In this computer's keyring.",
    KeyState.FILE: "In a file of its own, under your passphrase.",
    KeyState.NONE: "There is no keyring here. With your first signature you choose a passphrase for it.",
}
_COUNTDOWNS = {"0": "none", "3": "3 s", "5": "5 s", "10": "10 s"}
_THEMES = {ThemeChoice.SYSTEM: "as the system", ThemeChoice.DARK: "dark", ThemeChoice.LIGHT: "light"}
_SIZES = {"100": "100 %", "125": "125 %", "150": "150 %", "200": "200 %"}
_PROMPTS = {"20": "small", "25": "usual", "36": "large", "52": "very large"}


class SettingsPage(Page):
    """Every change holds at once and is on disk. `read_facts` and `list_devices` run on `lane`, which may be slow."""

    def __init__(
        self,
        *,
        settings: SettingsStore,
        lane: Lane,
        list_devices: Callable[[], Found],
        preview: Preview,
        read_facts: Callable[[], HomeFacts],
    ) -> None:
        super().__init__("Settings", "Every change holds at once.")
        self._settings, self._lane, self._read_facts = settings, lane, read_facts
        self._folder = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.devices = DevicesCard(settings=settings, lane=lane, list_devices=list_devices, preview=preview)
        self.body.addWidget(self.devices)
        self._build_performing()
        self._build_look()
        self._build_home()
        self.body.addStretch(1)
        self.show_settings(settings.now)
        settings.on_change(self.show_settings)

    def refresh(self) -> None:
        """List the devices and read how full it is."""
        self.devices.refresh()
        self._lane.run(self._read_facts, self._show_facts, self._no_facts)

    def show_stage(self, view: StageView) -> None:
        """The stage moved; the preview follows."""
        self.devices.show_stage(view)

    def showEvent(self, event: QShowEvent) -> None:
        """Devices may have come and gone since the last time."""
        super().showEvent(event)
        self.refresh()

    def show_settings(self, now: Settings) -> None:
        """What holds; a field that is being typed in is left alone."""
        if not self.name.hasFocus():
            self.name.setText(now.signed_name)
        for row, value in (
            (self.countdown, str(now.countdown_s)),
            (self.prompt, _nearest(_PROMPTS, now.prompt_px)),
            (self.theme, now.theme.value),
            (self.text, _nearest(_SIZES, now.text_percent)),
        ):
            row.blockSignals(True)
            row.choose(value)
            row.blockSignals(False)
        for toggle, on in ((self.self_view, now.self_view), (self.motion, now.reduced_motion)):
            toggle.blockSignals(True)
            toggle.setChecked(on)
            toggle.blockSignals(False)
            toggle.settle()

    def _show_facts(self, facts: HomeFacts) -> None:
        self._folder = str(facts.folder)
        self._home_row.say(f"{facts.folder}\n{numbers.size(facts.used)} used by takes, {numbers.size(facts.free)} free")
        self._key_row.say(_KEYS[facts.key])

    def _no_facts(self, problem: PerfstudioError) -> None:
        self._key_row.say(errors.sentence(problem))

    def _build_performing(self) -> None:
        card = _section(self, "Performing")
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.setPlaceholderText("Your name")
        self.name.setFixedWidth(look().px(300))
        self.name.editingFinished.connect(self._name_typed)
        self.countdown = SegmentedFilter("Countdown", _COUNTDOWNS)
        self.countdown.chosen.connect(lambda value: self._settings.change(countdown_s=int(value)))
        self.prompt = SegmentedFilter("Size of the line", _PROMPTS)
        self.prompt.chosen.connect(lambda value: self._settings.change(prompt_px=int(value)))
        self.self_view = _Switch("See myself while rolling")
        self.self_view.toggled.connect(lambda on: self._settings.change(self_view=on))
        _add(
            card,
            SettingRow("Your name", "As you sign. It goes nowhere but into what you sign.", self.name),
            SettingRow("Countdown", "Before a take; it is not in the take.", _sized(self.countdown)),
            SettingRow("Size of the line near the lens", "Also with + and − on the stage.", _sized(self.prompt)),
            SettingRow("See myself while rolling", "V hides and shows the picture on the stage.", self.self_view),
        )

    def _build_look(self) -> None:
        card = _section(self, "Look")
        self.theme = SegmentedFilter("Look", {choice.value: words for choice, words in _THEMES.items()})
        self.theme.chosen.connect(lambda value: self._settings.change(theme=ThemeChoice(value)))
        self.text = SegmentedFilter("Text size", _SIZES)
        self.text.chosen.connect(lambda value: self._settings.change(text_percent=int(value)))
        self.motion = _Switch("Less movement")
        self.motion.toggled.connect(lambda on: self._settings.change(reduced_motion=on))
        _add(
            card,
            SettingRow("Dark or light", "", _sized(self.theme)),
            SettingRow("Text size", "", _sized(self.text)),
            SettingRow("Less movement", "Nothing slides or fades.", self.motion),
        )

    def _build_home(self) -> None:
        card = _section(self, "Your takes and your key")
        self.folder_button = Button("Open the folder", icon="folder", on_click=self._open_folder)
        self._home_row = SettingRow("Where your takes are", "", self.folder_button)
        self._key_row = SettingRow("Where your signing key is", "", QWidget())
        _add(card, self._home_row, self._key_row)

    def _name_typed(self) -> None:
        name = " ".join(self.name.text().split())
        if name != self._settings.now.signed_name:
            self._settings.change(signed_name=name)

    def _open_folder(self) -> None:
        if self._folder:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))


class _Switch(Toggle):
    """A toggle that can be put in place without sliding."""

    def settle(self) -> None:
        """Show the state at once."""
        self._moved(1.0 if self.isChecked() else 0.0)


def _section(page: Page, words: str) -> Card:
    card = Card(words, spacing=0)
    page.body.addWidget(card)
    return card


def _add(card: Card, *rows: SettingRow) -> None:
    for place, row in enumerate(rows):
        if place:
            card.body.addWidget(Hairline())
        card.body.addWidget(row)


def _sized(choice: SegmentedFilter) -> SegmentedFilter:
    """As wide as its words, so that it sits at the right."""
    layout = choice.layout()
    items = [layout.itemAt(i) for i in range(layout.count())] if layout is not None else []
    width = sum(item.sizeHint().width() + 12 for item in items if item is not None)
    choice.setMinimumWidth(min(width, look().px(420)))
    return choice


def _nearest(choices: dict[str, str], value: int) -> str:
    return min(choices, key=lambda name: abs(int(name) - value))
