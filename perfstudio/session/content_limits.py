"""What a performer does not play, and what they want to be told of before: by tags of the published list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfstudio.session.settings_values import Settings


class Offered(StrEnum):
    """Whether a scene is offered to a performer with these limits."""

    YES = "yes"
    BEYOND = "beyond"  # it touches what the performer never plays
    UNSAID = "unsaid"  # its pack does not say what it touches, and the performer has a limit


@dataclass(frozen=True, slots=True)
class ContentLimits:
    """Tags never to play, and tags to play only with a note before."""

    never: frozenset[str] = frozenset()
    noted: frozenset[str] = frozenset()

    def offers(self, tags: tuple[str, ...] | None) -> Offered:
        """Whether a scene with these tags is offered; None: nobody has said what it touches."""
        if tags is None:
            return Offered.UNSAID if self.never or self.noted else Offered.YES
        return Offered.BEYOND if self.never.intersection(tags) else Offered.YES

    def note(self, tags: tuple[str, ...] | None) -> tuple[str, ...]:
        """The tags of a scene that the performer wants to be told of before, in its order."""
        return tuple(tag for tag in tags or () if tag in self.noted)


def limits_of(settings: Settings) -> ContentLimits:
    """The performer's own; what is never played is not noted as well."""
    never = frozenset(settings.tags_never)
    return ContentLimits(never, frozenset(settings.tags_noted) - never)
