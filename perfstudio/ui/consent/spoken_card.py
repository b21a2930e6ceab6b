"""The statement that is read aloud: the words, the level while they are read, and the way to hear them back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent

from perfstudio.consent.names import shown_name
from perfstudio.language.catalogue import Messages, _
from perfstudio.model.errors import ConsentError
from perfstudio.model.prompt import Terms
from perfstudio.model.spoken import SpokenRequest
from perfstudio.session.reading_aloud import ReadingState, ReadingView
from perfstudio.session.spoken import ReadAloud
from perfstudio.session.views import Pulse
from perfstudio.texts import aloud, errors
from perfstudio.ui.consent.rows import flow_row
from perfstudio.ui.consent.statement import Statement
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.system_button import OpenSystem, SystemButton
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, Card, LevelMeter, PlainLabel, announce

_LOOK_MS = 33
_READ: Messages[dict[ReadingState, str]] = {
    ReadingState.WAITS: "Read it aloud",
    ReadingState.OPENING: "Opening the microphone …",
    ReadingState.READING: "Finished reading",
    ReadingState.LISTENING: "Listening to it …",
    ReadingState.HEARD: "Read it again",
}
"""What the button says."""


class Reading(Protocol):
    """The reading behind the card."""

    changed: Callable[[ReadingView], None]

    def pulse(self) -> Pulse:
        """The newest level."""
        ...

    def finish(self) -> None:
        """That was all."""
        ...

    def leave(self) -> None:
        """Forget it."""
        ...


class SpokenCard(Card):
    """Hidden until the terms ask for it. `begin` gets the terms and the name to be spoken, or ""; without a reading
    nothing is ever asked (the page stands alone). `open_system` shows the system's settings for a microphone that is
    refused.
    """

    def __init__(
        self,
        reading: Reading | None = None,
        *,
        begin: Callable[[Terms, str], object] = lambda terms, name: None,
        open_system: OpenSystem = lambda _: None,
    ) -> None:
        super().__init__(_("Read this aloud"), padding=16, spacing=8)
        self._reading, self._begin = reading, begin
        self._terms: Terms | None = None
        self._asked: SpokenRequest | None = None
        self._view = ReadingView()
        self._typed = ""
        self._looked_s = 0.0
        self.about = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.words = PlainLabel("", Role.HEADING, wrap=True, selectable=True)
        self.with_name = Statement(_("Say my name too."))
        self.with_name.toggle.toggled.connect(lambda _on: self._say())
        self.meter = LevelMeter()
        self.meter.hide()
        self.read_button = Button(_(_READ[ReadingState.WAITS]), icon="microphone", on_click=self._press)
        self.hear_button = Button(_("Listen"), icon="play", on_click=self.hear)
        self.said = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.system = SystemButton(open_system)
        self._buttons = flow_row(self.read_button, self.hear_button, self.system)
        for part in (self.about, self.words, self.with_name, self.meter, self._buttons, self.said):
            self.body.addWidget(part)
        self.playback = Playback(self)
        self.playback.unheard.connect(lambda: self._say_unplayed(_("No sound: no loudspeaker works here")))
        self.playback.failed.connect(lambda: self._say_unplayed(_("This cannot be played here.")))
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._show_level)
        if reading is not None:
            reading.changed = self.show_view
        self.hide()

    def show_terms(self, terms: Terms, name: str, *, signed: bool) -> None:
        """What these terms ask to be read; nothing once it is signed. Other terms, and what was read is forgotten."""
        if self._reading is None:
            return
        if terms != self._terms or signed:
            self.forget()
        self._terms, self._typed = terms, name
        self._asked = None if signed else terms.spoken
        if self._asked is not None:
            self.about.say("\n".join(aloud.asked(self._asked)))
            if self.with_name.isHidden() != (self._asked.with_name is None):
                self.with_name.ask(asked=self._asked.with_name is not None)
        self.setVisible(self._asked is not None)
        self._say()

    def typed(self, name: str) -> None:
        """The name on the card that is signed has changed."""
        self._typed = name
        self._say()

    def missing(self, *, gives: bool) -> str:
        """What keeps it from being signed with what was read; empty: nothing. `gives`: something is allowed."""
        if self._asked is None or not gives:
            return ""
        if self._view.state not in (ReadingState.WAITS, ReadingState.HEARD):
            return _("Finish reading first.")
        if self._view.aloud is None:
            return _("Read the statement aloud before you sign.") if self._asked.required else ""
        same = self._view.aloud.text == self._text()
        return "" if same else _("The words have changed since you read them. Read it again.")

    def aloud(self) -> ReadAloud | None:
        """What was read, to be signed with."""
        return self._view.aloud if self._asked is not None else None

    def show_view(self, view: ReadingView) -> None:
        """The reading went on."""
        self._view = view
        rolls = view.state is ReadingState.READING
        self.meter.setVisible(rolls)
        self._looked_s = time.monotonic()
        if rolls:
            self._look.start()
        else:
            self._look.stop()
        self._say()
        if view.state is ReadingState.HEARD:
            self.hear()
        if self.said.text():
            announce(self, self.said.text())

    def hear(self) -> None:
        """Play what was read."""
        if self._view.file is not None and self._view.aloud is not None:
            self.playback.open(self._view.file, self._view.aloud.duration_s)

    def forget(self) -> None:
        """What was read and not signed goes; what is being read ends."""
        self.playback.close()
        self._look.stop()
        if self._reading is not None and self._view != ReadingView():
            self._view = ReadingView()
            self._reading.leave()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is at the page any more: what was read and not signed goes."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.forget()

    def _press(self) -> None:
        if self._reading is None or self._terms is None:
            return
        if self._view.state is ReadingState.READING:
            self._reading.finish()
        elif unnamed := self._unnamed():
            self.said.say(unnamed, "look")
            self.said.show()
            announce(self, unnamed)
        else:
            self.playback.close()
            self._begin(self._terms, self._name())

    def _unnamed(self) -> str:
        """Why there is no name to be said where one is wanted; empty where nothing is missing."""
        try:
            named = not self.with_name.stated() or bool(shown_name(self._typed))
        except ConsentError as problem:
            return errors.sentence(problem)
        return "" if named else _("First type your name below, as you want to say it.")

    def _name(self) -> str:
        return shown_name(self._typed) if self.with_name.stated() and not self._unnamed() else ""

    def _text(self) -> str:
        return self._asked.words(self._name()) if self._asked is not None else ""

    def _say(self) -> None:
        state = self._view.state
        self.words.say(_("“{words}”", words=self._text()))
        self.read_button.say(_(_READ[state]), icon="stop" if self._rolls() else "microphone")
        self.read_button.setEnabled(state not in (ReadingState.OPENING, ReadingState.LISTENING))
        self.with_name.toggle.setEnabled(state in (ReadingState.WAITS, ReadingState.HEARD))
        self.hear_button.setVisible(state is ReadingState.HEARD)
        self.system.show_problem(self._view.problem)
        if self._view.problem is not None:
            self.said.say(errors.sentence(self._view.problem), "look")
        elif self._view.aloud is not None:
            self.said.say(aloud.heard(self._view.aloud.duration_s), "good")
        else:
            self.said.say(
                _("The microphone is on. Press “Finished reading” at the end.") if self._rolls() else "", "text2"
            )
        self.said.setVisible(bool(self.said.text()))

    def _say_unplayed(self, words: str) -> None:
        """Asked to be heard, and not: what was read is as it was."""
        self.said.say(words, "look")
        self.said.show()
        announce(self, words)

    def _rolls(self) -> bool:
        return self._view.state is ReadingState.READING

    def _show_level(self) -> None:
        if self._reading is None:
            return
        before, self._looked_s = self._looked_s, time.monotonic()
        heard = self._reading.pulse().reading
        self.meter.show_level(heard.peak_dbfs, self._looked_s - before, clipped=heard.clipped)
