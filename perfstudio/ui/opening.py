"""What the system, a second start or a hand asks the open window to open: an invitation, or packs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from perfstudio.model.links import is_invitation
from perfstudio.model.opening import opened_pack


class Opening:
    """While a take is being made everything waits until that is safe; then it is shown, in the order in which it came.

    Showing is all that is done: whether a studio is connected or a pack comes in is said by a press.
    """

    def __init__(
        self, recording: Callable[[], bool], *, invite: Callable[[str], object], bring: Callable[[Path], object]
    ) -> None:
        self._recording, self._invite, self._bring = recording, invite, bring
        self._waiting: deque[str] = deque()

    def open(self, text: str) -> None:
        """A link, or the address of a pack; any other word means nothing."""
        self._waiting.append(text)
        self.settle()

    def settle(self) -> None:
        """The stage has changed: what waited may be shown."""
        while self._waiting and not self._recording():
            text = self._waiting.popleft()
            if is_invitation(text):
                self._invite(text)
            elif text and (pack := opened_pack(text)):
                self._bring(pack)
