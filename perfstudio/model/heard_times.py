"""When which second of a partner's clip was heard: take time and clip time, each from the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from perfstudio.model.two_in_a_scene import RecordedPartner, Underrun


@dataclass(frozen=True, slots=True)
class HeardStretch:
    """A stretch of a take in which a clip was heard without a hole: take time `start_s` to `end_s`, in seconds, from
    second `clip_s` of the clip on."""

    start_s: float
    end_s: float
    clip_s: float


@dataclass(frozen=True, slots=True)
class HeardTimes:
    """Where a clip lies on a take, in seconds; see RecordedPartner. `holes` rise."""

    offset_s: float
    stretch: float
    until_s: float
    holes: tuple[Underrun, ...] = ()

    @classmethod
    def of(cls, partner: RecordedPartner) -> Self:
        """As a take says it."""
        holes = tuple(sorted(partner.underruns, key=lambda hole: hole.at_s))
        return cls(partner.offset_s, 1.0 + partner.stretch_ppm * 1e-6, partner.until_s, holes)

    def of_file_from(self, clip_s: float) -> Self:
        """For a file whose own beginning is second `clip_s` of the clip."""
        return replace(self, offset_s=self.offset_s + clip_s * self.stretch)

    def clip_at(self, take_s: float) -> float:
        """The second of the clip that is heard at a take time; in a hole it stands."""
        lost_s = 0.0
        for hole in self.holes:
            if hole.at_s >= take_s:
                break
            lost_s += min(hole.length_s, take_s - hole.at_s)
        return (take_s - self.offset_s - lost_s) / self.stretch

    def take_at(self, clip_s: float) -> float:
        """The take time at which a second of the clip is heard."""
        at_s = self.offset_s + clip_s * self.stretch
        for hole in self.holes:
            if hole.at_s >= at_s:
                break
            at_s += hole.length_s
        return at_s

    def stretches(self, from_s: float) -> Iterable[HeardStretch]:
        """What was heard, from second `from_s` of the clip on, until the clip or the take ended."""
        start_s = self.take_at(from_s)
        for hole in self.holes:
            if hole.at_s > start_s:
                yield HeardStretch(start_s, min(hole.at_s, self.until_s), self.clip_at(start_s))
            start_s = max(start_s, hole.at_s + hole.length_s)
        if start_s < self.until_s:
            yield HeardStretch(start_s, self.until_s, self.clip_at(start_s))
