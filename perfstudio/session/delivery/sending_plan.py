"""What sending a take would mean, said before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Wait(StrEnum):
    """What a take would wait for before its first byte leaves."""

    NO_STUDIO = "no_studio"  # nobody here knows where this studio receives
    TOKEN = "token"
    PAUSED = "paused"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class SendingPlan:
    """To whom, where, how much, and what it would wait for; without `studio_id` it cannot be sent yet."""

    studio: str
    host: str
    size: int
    """Bytes of its media; the two papers add a few kilobytes."""
    wait: Wait | None = None
    studio_id: str | None = None
