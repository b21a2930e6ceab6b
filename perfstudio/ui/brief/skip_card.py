"""Skipping a scene, with a reason; and the note on one that was skipped."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from perfstudio.language.catalogue import _
from perfstudio.session.skips import MOST_LETTERS, SkippedScene, SkipReason
from perfstudio.texts import scenes
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Banner, Button, ButtonKind, Card, PlainLabel, SegmentedFilter, Toggle

Skip = Callable[[SkipReason, str, bool], object]
"""Gets the reason, the performer's own words, and whether the studio may read them."""


class SkipCard(Card):
    """Asks why, in a row of chips and a line. Nothing leaves the computer; what the switch means is said beside it."""

    def __init__(self, studio: str, skip: Skip, back: Callable[[], object]) -> None:
        super().__init__(_("Skip this scene"), padding=20, spacing=16)
        self._skip = skip
        self.reasons = SegmentedFilter(_("Why"), {reason.value: scenes.skip_reason(reason) for reason in SkipReason})
        self.words = QLineEdit()
        self.words.setAccessibleName(_("In your own words"))
        self.words.setPlaceholderText(_("In your own words, if you like"))
        self.words.setMaxLength(MOST_LETTERS)
        self.may_send = Toggle(_("{studio} may read the reason", studio=studio))
        self.may_send.toggled.connect(lambda _on: self._say())
        self._where = PlainLabel("", Role.SMALL, "text2", wrap=True)
        self.body.addWidget(self.reasons)
        self.body.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.may_send)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(_("{studio} may read the reason", studio=studio), Role.BODY, wrap=True))
        words.addWidget(self._where)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self.yes = Button(_("Skip it"), on_click=self._on)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.yes)
        buttons.addWidget(Button(_("Do not skip it"), ButtonKind.QUIET, on_click=back))
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self._say()

    def _say(self) -> None:
        self._where.say(_(scenes.SKIP_WAITS if self.may_send.isChecked() else scenes.SKIP_STAYS))

    def _on(self) -> None:
        self._skip(SkipReason(self.reasons.current()), self.words.text().strip(), self.may_send.isChecked())


def skipped_note(skipped: SkippedScene, take_up: Callable[[], object]) -> Banner:
    """Why it was skipped, and the way back."""
    where = _(scenes.SKIP_WAITS if skipped.may_send else scenes.SKIP_STAYS)
    reason = scenes.skip_reason(skipped.reason)
    if skipped.words:
        reason = skipped.words if skipped.reason is SkipReason.OTHER else f"{reason}. {skipped.words}"
    return Banner(
        _("You skipped this scene: {reason}", reason=reason),
        "info",
        detail=where,
        action=(_("Play it after all"), take_up),
    )
