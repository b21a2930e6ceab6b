"""Above the button that signs: what is sent by it, to whom and how much; and the way to sign and send later."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.delivery.sending_plan import SendingPlan
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import sending
from perfstudio.ui.keyboard import BACK, CTRL
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, PlainLabel

SIGN_KEY, BACK_KEY = f"{CTRL} ↵", f"{CTRL} {BACK}"


class SendChoice(QWidget):
    """`plan` says what sending a take would mean (it reads files: ask on a worker); `send` puts it on its way.

    Without a plan signing sends nothing, and nothing is said of it. The page says with `send_later` how it was signed.
    """

    def __init__(
        self,
        *,
        plan: Callable[[str], SendingPlan | None] = lambda take_id: None,
        send: Callable[[str, SendingPlan], object] = lambda take_id, plan: None,
    ) -> None:
        super().__init__()
        self._plan_of, self._send = plan, send
        self._plan: SendingPlan | None = None
        self._goes = False
        self.send_later = False
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 0)
        self.words = PlainLabel("", Role.SMALL, wrap=True)
        column.addWidget(self.words)
        self.later = Button(_(sending.SEND_LATER))

    def read(self, take_id: str) -> None:
        """On a worker: what sending would mean now."""
        self._plan = None
        with contextlib.suppress(PerfstudioError):
            self._plan = self._plan_of(take_id)

    def show_offer(self, offer: ConsentOffer, *, stop: bool) -> str:
        """Say what signing sends. Returns what the button that signs says; `stop`: something is to be thought at."""
        plan, unlabelled = self._plan, MissingLabel.LABEL in offer.missing
        self._goes = plan is not None and plan.studio_id is not None and not unlabelled and not offer.standing
        self.words.say(sending.before(plan, unlabelled=unlabelled) if plan is not None else "")
        self.setVisible(plan is not None and not offer.standing)
        self.later.setVisible(self._goes)
        if self._goes:
            return _("Sign anyway and send") if stop else _(sending.SIGN_AND_SEND)
        return _("Sign anyway") if stop else _(sending.SIGN_ONLY)

    def signed(self, take_id: str) -> None:
        """It is signed: now it is sent, if that was said."""
        if self._goes and self._plan is not None and not self.send_later:
            self._send(take_id, self._plan)
        self._goes = False
