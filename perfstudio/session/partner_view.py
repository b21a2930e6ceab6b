"""The recorded partner of a scene, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.errors import PerfstudioError


@dataclass(frozen=True, slots=True)
class PartnerView:
    """The recorded partner of a scene as it stands: heard for `seconds` in `headphones`, or why not. While neither is
    known it is being made ready."""

    about: str
    """Who or what is heard, in the pack's words."""
    seconds: float | None = None
    headphones: str = ""
    problem: PerfstudioError | None = None
    longest_s: float = 0.0
    """What the scene may last, in seconds."""

    @property
    def outlasts(self) -> bool:
        """Whether the clip is longer than the scene should be."""
        return self.seconds is not None and self.seconds > self.longest_s
