"""Where two find each other: under a code at a studio's receiver, each with the token that they have there."""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from perfstudio.delivery.duet_calls import DuetCalls
from perfstudio.model.call_servers import CallServers, RelayPass
from perfstudio.model.call_ways import CallWays
from perfstudio.model.delivery import Studio
from perfstudio.model.duet_meeting import CODE_LENGTH, DuetHeard, DuetSaid
from perfstudio.model.errors import CallError, ErrorCode

LOOK_S: Final = 1.0
"""How often a side that waits asks what the other said."""
_READ_AS: Final = str.maketrans("oil", "011")
"""What is read aloud is heard so; the code has none of these letters."""


def typed_code(typed: str) -> str:
    """The code in what somebody typed: in groups or not, in capitals or not. Raises CallError(DUET_CODE_UNKNOWN)."""
    code = "".join(sign for sign in typed.lower() if sign.isalnum()).translate(_READ_AS)
    if len(code) != CODE_LENGTH or not code.isascii():
        raise CallError(ErrorCode.DUET_CODE_UNKNOWN)
    return code


def shown_code(code: str) -> str:
    """The code in groups of four, as it is read aloud."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


class StudioMeeting:
    """One side of a meeting. A context manager: whoever ends it has left, and so the duet is over for both.

    Every call raises CallError (DUET_CODE_UNKNOWN, DUET_TAKEN, DUET_OVER, DUET_NO_MEETING) and DeliveryError.
    """

    def __init__(self, studio: Studio, token: str | None, code: str | None, stop: threading.Event) -> None:
        """`code` is the one that was told; None: a new one is asked for. `stop` ends every wait."""
        self._studio = studio
        self._calls = DuetCalls(studio, token)
        self._relay: RelayPass | None = None
        self._seat = secrets.token_urlsafe(24)
        self._stop = stop
        self.code = code or ""

    def __enter__(self) -> Self:
        if not self.code:
            self.code = self._calls.open().code
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        self._calls.leave(self.code, self._seat)

    @property
    def first(self) -> bool:
        """Whether this side has the first seat, and so begins."""
        return self.say().first

    def say(self, says: str | None = None) -> DuetHeard:
        """Say how this side can be reached, or only listen."""
        heard = self._calls.say(self.code, DuetSaid(seat=self._seat, says=says))
        self._relay = heard.relay
        return heard

    def ways(self, own: CallWays) -> CallWays:
        """By which servers the line is looked for: those of the studio, behind those that one names oneself. After
        the first `say`, which brings the pass to the relay. Raises CallError(DUET_NO_RELAY)."""
        servers = self._studio.calls or CallServers()
        found = replace(own, stun=own.stun or servers.stun)
        if found.turn is None and servers.turn is not None and self._relay is not None:
            given = self._relay
            found = replace(found, turn=servers.turn, username=given.username, password=given.password)
        if found.relay_only and found.turn is None:
            raise CallError(ErrorCode.DUET_NO_RELAY, studio=self._studio.name)
        return found

    def wait(self) -> str:
        """What the other side says of how it can be reached. Raises CallError(DUET_STOPPED) too."""
        while (heard := self.say()).says is None:
            if self._stop.wait(LOOK_S):
                raise CallError(ErrorCode.DUET_STOPPED)
        return heard.says
