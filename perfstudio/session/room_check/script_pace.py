"""How long each part of the set-up check lasts, told from the live level: long enough, and no longer. No clock inside.

The numbers steer only when the next part begins. What is judged is measured afterwards, on the closed file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from perfstudio.model.room import RoomPart

TONE_S = 2.3
"""Two seconds of room tone, and what it takes to fall silent."""
TONE_PATIENCE_S = 8.0
"""Somebody who goes on speaking is not waited for any longer; the room is then measured in the pauses."""
PLAY_S = 5.0
LINE_PATIENCE_S = 12.0
"""A line that does not come is not waited for any longer."""
_SPEAKS_DB = 18.0
"""This much over the quietest moment is no room tone."""
_LINE_DB = {RoomPart.LOUD: 12.0, RoomPart.SOFT: 5.0}
"""A line stands this much over the room."""
_LINE_S = {RoomPart.LOUD: 1.2, RoomPart.SOFT: 1.2}
_REST_S = 0.7
"""A line has ended after a rest of this length."""
_LONGEST_LINE_S = 6.0
_LOWEST_DBFS = -90.0


@dataclass(slots=True)
class ScriptPace:
    """Feed it levels with `hear`; ask for `share`, `heard`, `done` and `again`."""

    part: RoomPart
    floor_dbfs: float | None = None
    """The level of the room, once the tone has been heard."""
    elapsed_s: float = 0.0
    voiced_s: float = 0.0
    again: bool = False
    """Tone: somebody spoke; the two seconds begin anew."""
    _rest_s: float = 0.0
    _levels: list[float] = field(default_factory=list)
    _since_s: float = 0.0

    def hear(self, rms_dbfs: float, seconds: float) -> None:
        """The newest level and the time since the last one."""
        level = max(_LOWEST_DBFS, rms_dbfs)
        self.elapsed_s += seconds
        self._since_s += seconds
        self.again = False
        if self.part is RoomPart.TONE:
            self._hear_room(level)
        elif self.part in _LINE_DB:
            self._hear_line(level, seconds)

    @property
    def share(self) -> float:
        """How much of the part is done, 0..1. A line is as long as it is heard."""
        match self.part:
            case RoomPart.TONE:
                return min(1.0, self._since_s / TONE_S)
            case RoomPart.PLAY:
                return min(1.0, self.elapsed_s / PLAY_S)
            case _:
                return min(1.0, self.voiced_s / _LINE_S[self.part])

    @property
    def done(self) -> bool:
        """Whether the next part may begin."""
        if self.part is RoomPart.TONE:
            return self._since_s >= TONE_S or self.elapsed_s >= TONE_PATIENCE_S
        if self.part is RoomPart.PLAY:
            return self.elapsed_s >= PLAY_S
        spoken = self.voiced_s >= _LINE_S[self.part] and (self._rest_s >= _REST_S or self.elapsed_s >= _LONGEST_LINE_S)
        return spoken or self.elapsed_s >= LINE_PATIENCE_S

    def next(self) -> ScriptPace | None:
        """The pace of the part that follows, or None after the last."""
        parts = tuple(RoomPart)
        after = parts.index(self.part) + 1
        floor = _median(self._levels) if self.part is RoomPart.TONE else self.floor_dbfs
        return ScriptPace(parts[after], floor) if after < len(parts) else None

    def _hear_room(self, level: float) -> None:
        if self._levels and level > min(self._levels) + _SPEAKS_DB and self.elapsed_s < TONE_PATIENCE_S:
            self._since_s = 0.0
            self.again = True
        else:
            self._levels.append(level)

    def _hear_line(self, level: float, seconds: float) -> None:
        floor = self.floor_dbfs if self.floor_dbfs is not None else -60.0
        if level > floor + _LINE_DB[self.part]:
            self.voiced_s += seconds
            self._rest_s = 0.0
        else:
            self._rest_s += seconds


def _median(levels: Sequence[float]) -> float:
    return sorted(levels)[len(levels) // 2] if levels else -60.0
