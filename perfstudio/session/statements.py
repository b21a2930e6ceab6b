"""What a performer states beside a signature, each by an act of its own."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.others import Others


@dataclass(frozen=True, slots=True)
class Statements:
    """Nothing is stated until it is."""

    adult: bool = False
    """To be 18 or older. Stated before the first signature, kept in the settings, and signed in every record."""
    clock_is_right: bool = False
    """That the computer's clock is right, where it differs from what was seen before."""
    others: Others | None = None
    """Who else is in the take. Never taken over from another one."""
    partner: str = ""
    """The name or stage name of the partner who agreed."""


NOTHING_STATED = Statements()
