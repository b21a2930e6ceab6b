"""What a check says, as one value: a name, a group, and a sentence for each verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CheckText:
    """One check in words. `retake` defaults to `look`; `by` has words for a direction, an edge, a stream."""

    name: str
    group: str
    good: str
    look: str
    retake: str = ""
    by: Mapping[str, str] = field(default_factory=dict)
