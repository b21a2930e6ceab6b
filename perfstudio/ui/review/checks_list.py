"""What the checks found, in words: each finding with its moment, "Intended" and "Play it"; what held, in one line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.texts import checks as words
from perfstudio.texts import states
from perfstudio.ui.review.moment_text import MomentText
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import Card, Chip, PlainLabel, ThemedIcon
from perfstudio.ui.widgets.heard import Heard
from perfstudio.ui.widgets.put_away import clear_layout

_MARKS = {Verdict.GOOD: ("good", "good"), Verdict.LOOK: ("look", "look"), Verdict.RETAKE: ("retake", "danger")}

_USUAL_PX = 113
"""What a take without fault has beyond one line, at 100 % text."""

_NO_CHOICE = frozenset(
    {
        CheckCode.DROPS, CheckCode.FRAME_RATE, CheckCode.FRAME_RATE_SAG, CheckCode.FROZEN, CheckCode.SYNC,
        CheckCode.LIP_SYNC, CheckCode.LENGTHS, CheckCode.DAMAGE, CheckCode.SOUND_MISSING, CheckCode.SOUND_GAPS,
        CheckCode.DROPOUTS, CheckCode.ZEROS, CheckCode.DEAD_CHANNEL, CheckCode.DC_OFFSET, CheckCode.BANDWIDTH,
        CheckCode.CANCELLING, CheckCode.TRACKS,
    }
)  # fmt: skip
"""What machines did: nobody intends it, so nobody is asked."""


class CheckRow(QWidget):
    """One line: sign, sentence, and for what is not good the two chips."""

    def __init__(
        self,
        result: CheckResult,
        play_from: Callable[[float], object],
        intend: Callable[[CheckCode, bool], object],
    ) -> None:
        super().__init__()
        self.result = result
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        icon, tone = _MARKS[result.verdict]
        if result.code is CheckCode.CONTINUITY and result.verdict is not Verdict.GOOD:
            icon, tone = "info", "info"  # being unlike another take is a fact and no fault
        row.addWidget(ThemedIcon(icon, tone, 20), alignment=Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(6)
        self.text = MomentText(words.sentence(result), result.times)
        self.text.went.connect(lambda at: play_from(at))
        column.addWidget(self.text)
        self.intended: Chip | None = None
        self.play: Chip | None = None
        if result.verdict is not Verdict.GOOD and (result.times or result.code not in _NO_CHOICE):
            column.addLayout(self._chips(play_from, intend))
        row.addLayout(column, 1)
        said = states.verdict(result.verdict)
        self.setAccessibleName(_("{name}: {state}", name=words.name(result.code), state=said))

    def heard_role(self) -> Heard:
        """One of the findings."""
        return Heard.ListItem

    def _chips(self, play_from: Callable[[float], object], intend: Callable[[CheckCode, bool], object]) -> QHBoxLayout:
        chips = QHBoxLayout()
        chips.setSpacing(6)
        if self.result.code not in _NO_CHOICE:
            self.intended = Chip("", checkable=True)
            self.intended.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.intended.setChecked(self.result.intended)
            self._say_intended(self.result.intended)
            self.intended.toggled.connect(self._say_intended)
            self.intended.toggled.connect(lambda on: intend(self.result.code, on))
            chips.addWidget(self.intended)
        if self.result.times:
            first = max(0.0, self.result.times[0].start_s - 0.7)  # a breath before, to hear it come
            self.play = Chip(_("Play it"), on_click=lambda: play_from(first))
            self.play.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chips.addWidget(self.play)
        chips.addStretch(1)
        return chips

    def _say_intended(self, on: bool) -> None:
        if self.intended is not None:
            self.intended.say(_("Intended") if on else _("Intended?"))
            self.intended.setAccessibleName(_("Intended: {name}", name=words.name(self.result.code)))


class ChecksList(Card):
    """`play_from` goes to a moment in seconds, `intend` tells that a finding is a choice (or not)."""

    def __init__(self, *, play_from: Callable[[float], object], intend: Callable[[CheckCode, bool], object]) -> None:
        super().__init__(_("What the checks found"), padding=16, spacing=12)
        self._play_from, self._intend = play_from, intend
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self.body.addLayout(self._rows)
        self.findings: list[CheckRow] = []
        self.held: MomentText | None = None

    def show_checks(self, results: tuple[CheckResult, ...]) -> None:
        """Show the findings of a take."""
        self._clear()
        self.findings = [CheckRow(r, self._play_from, self._intend) for r in words.shown(results)]
        for finding in self.findings:
            self._rows.addWidget(finding)
        held = words.held(results)
        if held:
            self._rows.addWidget(self._good(held))
        elif not self.findings:
            self.say(_(words.UNCHECKED))

    def say(self, sentence: str, tone: str = "text2") -> None:
        """No findings, but why."""
        self._clear()
        self._rows.addWidget(PlainLabel(sentence, Role.BODY, tone, wrap=True))

    def wait(self) -> None:
        """They are still looked for. What stands below keeps its place, as far as can be told, when they come."""
        self.say(_(words.CHECKING))
        self._rows.addSpacing(theme_now().px(_USUAL_PX))

    def _clear(self) -> None:
        clear_layout(self._rows)
        self.findings, self.held = [], None

    def _good(self, sentence: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(ThemedIcon("good", "good", 20), alignment=Qt.AlignmentFlag.AlignTop)
        self.held = MomentText(sentence)
        row.addWidget(self.held, 1)
        return line
