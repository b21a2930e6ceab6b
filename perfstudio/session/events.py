"""What the core announces on the bus. Each is a fact that has happened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfstudio.model.delivery import DeliveryStatus
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.pair_document import PairTold
from perfstudio.model.ruling import Ruling
from perfstudio.model.take import TakeManifest
from perfstudio.session.clips.clip_news import ClipNews
from perfstudio.session.room_views import RoomCheckView
from perfstudio.session.take_safety import TakeLoss
from perfstudio.session.views import StageView


@dataclass(frozen=True, slots=True)
class StageChanged:
    """The stage has a new view."""

    view: StageView


@dataclass(frozen=True, slots=True)
class RoomCheckChanged:
    """The set-up check has a new view."""

    view: RoomCheckView


@dataclass(frozen=True, slots=True)
class TakeFinished:
    """The files of a take are closed, read back and can be watched in its folder; the checks still run."""

    manifest: TakeManifest
    folder: Path


@dataclass(frozen=True, slots=True)
class TakeMoving:
    """The folder of a take is about to get its final name: who has one of its files open and holds it by name lets go
    while this is being told."""

    take_id: str


@dataclass(frozen=True, slots=True)
class TakeSealed:
    """A take is safe on disk: read back, hashed, renamed, indexed."""

    take_id: str
    recovered: bool = False
    again: bool = False
    """The next take of the same prompt rolls at once: do not leave the stage."""


@dataclass(frozen=True, slots=True)
class StudioDecided:
    """A studio has accepted takes, or asked for scenes again; it lies beside the takes."""

    studio_name: str
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True)
class PairsChanged:
    """What a studio may do with a take and its partner's has changed; it lies beside the takes."""

    studio_name: str
    pairs: tuple[PairTold, ...]


@dataclass(frozen=True, slots=True)
class ClipsHeard:
    """What a studio said of clips: a partner's came or went, or one's own stands otherwise."""

    news: ClipNews


@dataclass(frozen=True, slots=True)
class TakeChanged:
    """The living part of a take changed (kept, circled, binned, labelled, signed, withdrawn)."""

    take_id: str


@dataclass(frozen=True, slots=True)
class TakesEmptied:
    """The bin was emptied or the index rebuilt: read the list again."""


@dataclass(frozen=True, slots=True)
class CopyMoved:
    """A copy of everything of mine is so far."""

    share: float
    """0..1: read once, and read back once. 1 is told again when it is over, however it ended."""


@dataclass(frozen=True, slots=True)
class PacksChanged:
    """A pack was imported."""

    pack_id: str


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """The state or progress of a delivery changed."""

    status: DeliveryStatus


@dataclass(frozen=True, slots=True)
class SendingChanged:
    """Another network, another cap, or what stands in the way of sending."""


@dataclass(frozen=True, slots=True)
class DevicesChanged:
    """A camera or microphone appeared or went away."""


@dataclass(frozen=True, slots=True)
class DevicesBack:
    """The stage failed for a device, and the chosen ones are all there now: whoever shows them opens them again."""


@dataclass(frozen=True, slots=True)
class TakeNoted:
    """The recorder noticed what loses nothing: it is said once no take rolls."""

    note: TakeLoss


@dataclass(frozen=True, slots=True)
class CalibrationChanged:
    """A camera-microphone pair was calibrated, or is not any more."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something the performer should know that no page asked for."""

    problem: PerfstudioError
