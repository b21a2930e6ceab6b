"""By which servers one side of a call looks for a way to the other."""

from __future__ import annotations

from dataclasses import dataclass, field

SERVER = r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[1-9][0-9]{0,4}"
"""A host and its port. No bare IPv6 address: the library that connects takes none."""


@dataclass(frozen=True, slots=True)
class CallWays:
    """The servers, and whether only the relay among them will do."""

    stun: str | None = None
    turn: str | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    relay_only: bool = False
    """Nothing goes another way than through the relay, and no other address is told."""

    @property
    def reach_out(self) -> bool:
        """Whether another network can be reached."""
        return bool(self.stun or self.turn)


NO_SERVERS = CallWays()
"""Only what is on one network finds each other."""
