"""What the page of the set-up check shows: frozen values, made new at every change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfstudio.model.checks import CheckResult
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.room import RoomMeasured, RoomPart, RoomProfile
from perfstudio.session.takes.continuity import Reference
from perfstudio.session.views import SceneCard, StageState, StageView


class RoomState(StrEnum):
    """Where the check is."""

    LOOK = "look"  # the picture with its hints; also while devices open or have failed
    STARTING = "starting"
    RUNNING = "running"
    READING = "reading"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from something earlier: an earlier check, or the character's reference take."""

    changes: tuple[CheckResult, ...]
    profile: RoomProfile | None = None
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class RoomResult:
    """What the check found. `file` plays until the room is left; `unkept` says why the numbers could not be kept."""

    measured: RoomMeasured
    file: Path
    profile: RoomProfile
    comparisons: tuple[Comparison, ...] = ()
    unkept: PerfstudioError | None = None


@dataclass(frozen=True, slots=True)
class RoomCheckView:
    """The check as it stands."""

    state: RoomState
    stage: StageView
    card: SceneCard | None = None
    part: RoomPart | None = None
    result: RoomResult | None = None
    problem: PerfstudioError | None = None
    """Why the last check came to nothing."""

    @property
    def may_begin(self) -> bool:
        """Whether a check can begin now."""
        return self.stage.state is StageState.READY and self.state in (RoomState.LOOK, RoomState.RESULT)
