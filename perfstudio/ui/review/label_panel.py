"""In the performer's own words: what was meant, how strongly, how it felt, whether the character held, one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import N_, Messages, _, looked_up
from perfstudio.model.labels import Labels
from perfstudio.model.played import Played
from perfstudio.model.prompt import Emotion, Intensity
from perfstudio.model.take import TakeManifest
from perfstudio.texts import states
from perfstudio.ui.review.own_field import OwnField, to_page
from perfstudio.ui.review.played_fields import PlayedFields
from perfstudio.ui.review.scale9 import Scale9
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Card, Chip, FlowLayout, PlainLabel, bring_into_view
from perfstudio.ui.widgets.flow import FlowLine

SAVE_AFTER_MS = 500
MOST_LETTERS = 40
MEANT_KEYS: Final = ("A", "S", "D", "F", "J")
"""Of the first words, as they stand there."""
OWN_KEY: Final = "W"
STRENGTH_KEYS: Final = ("Q", "T", "Z")
HELD_KEYS: Final = ("Y", "X")
_HELD: Messages[dict[str, str]] = {"all_the_way": "all the way", "slipped": "slipped"}
_SCALES: Messages[dict[str, tuple[str, str, str]]] = {
    "valence": ("Mood", "unpleasant", "pleasant"),
    "arousal": ("Energy", "calm", "excited"),
    "dominance": ("Control", "overwhelmed", "in charge"),
}
_TRUE: Messages[tuple[str, str, str]] = ("Rang true", "put on", "true")
_FELT, _MEANT = N_("I felt: {name}"), N_("I meant: {name}")


class LabelPanel(Card):
    """`changed` gets the labels a moment after the last change, and None while nothing was meant yet; `played` how it
    was played."""

    def __init__(
        self, *, changed: Callable[[Labels | None], object], played: Callable[[Played], object] = lambda _: None
    ) -> None:
        super().__init__(padding=16, spacing=12)
        self._changed = changed
        self._quiet = False
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)
        self.setAccessibleName(_("In your words"))
        self.body.addLayout(self._head())
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, spacing=6)
        self.body.addWidget(self._chips)
        self.meant: dict[str, Chip] = {}
        self.own = OwnField(_("Another word, then Enter"), _("Another word for what you meant"), MOST_LETTERS)
        self.own.returnPressed.connect(self._add_own)
        self.own.left.connect(self.own.hide)
        self.own.hide()
        self.body.addWidget(self.own)
        self._add = Chip(_("+ I meant"), key=OWN_KEY, on_click=self._ask_own)
        self._add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rows: list[tuple[QWidget, QWidget]] = []
        self._beside: bool | None = None
        self.played = PlayedFields(played)
        self._make_rows()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._place_rows(beside=True)
        self.body.addLayout(self._grid)
        self.note = OwnField(_("One line in your own words"), _("One line in your own words"), 1000)
        self.note.textEdited.connect(lambda _: self._touch())
        self.note.returnPressed.connect(lambda: to_page(self))
        self.body.addWidget(self.note)
        self._turn_to("valence")

    def _make_rows(self) -> None:
        """How strong, how it felt, how true it was, whether the character held, what was meant, how it was played."""
        self.strength = self._pick(_("How strong"), {i.value: states.intensity(i) for i in Intensity}, STRENGTH_KEYS)
        self.scales: dict[str, Scale9] = {}
        self._head_row(_("I felt"), _("right after it"))
        self._three_scales("", _FELT)
        later = len(self._rows)
        self._scale("authenticity", _TRUE, _("How true it was"), "")
        self.held = self._pick(_("Held"), looked_up(_HELD), HELD_KEYS)
        self._held_name = self._rows[-1][0]
        held = self._rows[-1]
        self._head_row(_("I meant"), _("what the character was to feel, on the same scales"))
        self._three_scales("meant_", _MEANT)
        self._new_rows = [row for row in self._rows[later:] if row is not held]
        self._rows.append((PlainLabel(_("Played in"), Role.SMALL, "text2"), self.played))
        self._new_rows.append(self._rows[-1])

    def show_take(self, take: TakeManifest) -> None:
        """Another take: what was asked for as chips, and what was said before."""
        self._show_labels(take.prompt.prompt.emotions, take.said(), take.prompt.character)
        played = take.how_played()
        for row in self._new_rows:
            for part in row:
                part.setVisible(played is not None)  # takes of 0.1.0 have no place for it
        if played is not None:
            self.played.show_played(played)

    def _show_labels(self, asked: tuple[Emotion, ...], labels: Labels | None, name: str) -> None:
        self._quiet = True
        self._timer.stop()
        for chip in (*self.meant.values(), self._add):
            chip.hide()
        while self._flow.takeAt(0) is not None:
            pass
        for chip in self.meant.values():
            chip.deleteLater()
        self.meant = {}
        said = labels.meant if labels else ()
        for term in dict.fromkeys([*(e.term for e in asked), *said]):
            self._add_chip(term, chosen=term in said)
        self._flow.addWidget(self._add)
        self._add.show()
        self.own.hide()
        self.own.clear()
        if isinstance(self._held_name, PlainLabel):
            self._held_name.say(_("Held {name}", name=name) if name else _("Held"))
        for chip, value in ((c, v) for v, c in self.strength.items()):
            chip.setChecked(bool(labels and labels.intensity and labels.intensity.value == value))
        for chip, value in ((c, v) for v, c in self.held.items()):
            chip.setChecked(bool(labels and labels.held_character == value))
        for key, scale in self.scales.items():
            scale.show_value(getattr(labels, key) if labels else None)
        self.note.setText(labels.note if labels else "")
        self._turn_to(next((k for k, s in self.scales.items() if s.value() == 0), "valence"))
        self._quiet = False
        self._say_hint()

    def labels(self) -> Labels | None:
        """What stands; None while nothing was meant."""
        meant = tuple(term for term, chip in self.meant.items() if chip.isChecked())
        if not meant:
            return None
        strength = next((value for value, chip in self.strength.items() if chip.isChecked()), None)
        held = next((value for value, chip in self.held.items() if chip.isChecked()), None)
        return Labels.model_validate(
            {
                "meant": meant,
                "intensity": strength,
                "held_character": held,
                "note": self.note.text().strip(),
                **{key: scale.value() or None for key, scale in self.scales.items()},
            }
        )

    def press(self, letter: str) -> bool:
        """A letter typed on the page: the chip that has it, if there is one; whether it is a letter of the labels."""
        words = dict(zip(MEANT_KEYS, self.meant.values(), strict=False))
        chips = words | {OWN_KEY: self._add} | dict(zip(STRENGTH_KEYS, self.strength.values(), strict=True))
        chips |= dict(zip(HELD_KEYS, self.held.values(), strict=True))
        chip = chips.get(letter)
        if chip is not None:
            bring_into_view(chip)
            chip.click()
        return chip is not None or letter in MEANT_KEYS

    def save(self) -> None:
        """Tell at once what stands."""
        self._timer.stop()
        self._changed(self.labels())

    def save_pending(self) -> None:
        """Tell what has changed since the last time, if anything has."""
        self.played.save_pending()
        if self._timer.isActive():
            self.save()

    def rate(self, digit: int) -> None:
        """A digit typed on the page: into the scale in turn, and on to the next."""
        keys = self._asked()
        self.scales[self._current].rate(digit)
        self._turn_to(keys[(keys.index(self._current) + 1) % len(keys)])

    def turn(self, step: int) -> None:
        """Up and down choose the scale that digits go to."""
        keys = self._asked()
        self._turn_to(keys[(keys.index(self._current) + step) % len(keys)])

    def scale_in_turn(self) -> Scale9:
        """Where the next digit goes."""
        return self.scales[self._current]

    def ask_meant(self) -> Chip:
        """Bring the first chip into focus, and name it: this is what is missing."""
        first = next(iter(self.meant.values()), self._add)
        first.setFocus(Qt.FocusReason.TabFocusReason)
        return first

    def minimumSizeHint(self) -> QSize:
        """As narrow as a scale: names step above when it comes to that."""
        return QSize(9 * 24 + 32, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names step above when it gets narrow."""
        super().resizeEvent(event)
        self._place_rows(beside=self.width() >= theme_now().px(300))

    def _head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        self.heading = PlainLabel(_("In your words"), Role.HEADING, wrap=True)
        self.hint = PlainLabel("", Role.SMALL, "text3", wrap=True)
        column.addWidget(self.heading)
        column.addWidget(self.hint)
        return column

    def _say_hint(self) -> None:
        if any(chip.isChecked() for chip in self.meant.values()):
            self.hint.say(_("Keys 1 to 9 rate, ↑ and ↓ choose the line"), "text3")
        else:
            self.hint.say(_("What did you mean? One word is enough; the rest is optional."), "text2")

    def _pick(self, name: str, choices: dict[str, str], keys: tuple[str, ...]) -> dict[str, Chip]:
        """At most one of a few chips."""
        line = FlowLine(spacing=6)
        chips: dict[str, Chip] = {}
        for (value, words), key in zip(choices.items(), keys, strict=True):
            chip = Chip(words, checkable=True, one_of=True, key=key)
            chip.setAccessibleName(f"{name}: {words}")
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(lambda on, chosen=value, chips=chips: self._picked(chips, chosen, on))
            chips[value] = chip
            line.items.addWidget(chip)
        self._rows.append((PlainLabel(name, Role.SMALL, "text2"), line))
        return chips

    def _place_rows(self, *, beside: bool) -> None:
        """Names beside what they name, or above it where it is narrow."""
        if beside == self._beside:
            return
        self._beside = beside
        for row, (name, content) in enumerate(self._rows):
            for widget in (name, content):
                self._grid.removeWidget(widget)
            name.setMinimumHeight(theme_now().px(25) if beside else 0)
            self._grid.addWidget(name, 2 * row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(content, 2 * row + (not beside), int(beside), 1, 1 if beside else 2)

    def _picked(self, chips: dict[str, Chip], chosen: str, on: bool) -> None:
        for value, chip in chips.items():
            chip.setChecked(on and value == chosen)
        self._touch()

    def _head_row(self, name: str, words: str) -> None:
        said = PlainLabel(words, Role.SMALL, "text3", wrap=True)
        self._rows.append((PlainLabel(name, Role.SMALL, "text1"), said))

    def _three_scales(self, prefix: str, called: str) -> None:
        for key, words in _SCALES.items():
            self._scale(prefix + key, words, _(called, name=_(words[0])), f"felt-{key}")

    def _scale(self, key: str, words: tuple[str, str, str], called: str, figures: str) -> None:
        name, low, high = (_(word) for word in words)
        scale = self.scales[key] = Scale9(called, low, high, figures=figures)
        scale.rated.connect(lambda _: self._rated(key))
        self._rows.append((PlainLabel(name, Role.SMALL, "text2"), scale))

    def _rated(self, key: str) -> None:
        self._turn_to(key)
        self._touch()

    def _turn_to(self, key: str) -> None:
        self._current = key
        for name, scale in self.scales.items():
            scale.mark_current(name == key)

    def _add_chip(self, term: str, *, chosen: bool) -> Chip:
        key = MEANT_KEYS[len(self.meant)] if len(self.meant) < len(MEANT_KEYS) else ""
        chip = Chip(term, checkable=True, key=key)
        chip.setAccessibleName(_("I meant {term}", term=term))
        chip.setChecked(chosen)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.toggled.connect(lambda _: self._touch())
        self.meant[term] = chip
        self._flow.addWidget(chip)
        return chip

    def _ask_own(self) -> None:
        self.own.show()
        self.own.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_own(self) -> None:
        term = " ".join(self.own.text().split())
        self.own.clear()
        if not term:
            self.own.hide()
            to_page(self)
            return
        if term in self.meant:
            self.meant[term].setChecked(True)
        else:
            while (item := self._flow.takeAt(self._flow.count() - 1)) is not None and item.widget() is not self._add:
                pass
            self._add_chip(term, chosen=True).show()
            self._flow.addWidget(self._add)
        self._touch()

    def _asked(self) -> list[str]:
        """The scales that the take has a place for."""
        return [key for key, scale in self.scales.items() if not scale.isHidden()]

    def _touch(self) -> None:
        if not self._quiet:
            self._say_hint()
            self._timer.start()
