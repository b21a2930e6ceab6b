"""What a rolling take left in `raw/`, read back, also when a kill cut its files short; or what of it was delivered."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.files.raw_segments import RawSegment, pieces_of, times_of
from perfstudio.capture.files.raw_video_files import AS_SENT
from perfstudio.capture.recording.audio_writer import SOUND_FILE
from perfstudio.capture.recording.rolling_take import RAW
from perfstudio.capture.timing.timing_archive import MEMBERS, read_archive
from perfstudio.capture.timing.timing_log import (
    BLOCK_LOG,
    BLOCKS,
    CAPTURE_FILE,
    EVENTS_FILE,
    FRAME_LOG,
    FRAMES,
    NO_STAMP,
    PLAYED,
    PLAYED_LOG,
    FrameFate,
    Log,
    records_of,
)
from perfstudio.model.device import DevicesUsed, MicrophoneGranted
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.partner import PARTNER_FILE
from perfstudio.model.take import FILE_NAMES, EndReason, FileRole
from perfstudio.model.timing import MarkerName


@dataclass(frozen=True, slots=True)
class RawEvent:
    """A line of events.jsonl."""

    name: str
    host_ns: int
    facts: dict[str, Any]


@dataclass(frozen=True)
class RawTake:
    """The observations of a take."""

    folder: Path
    devices: DevicesUsed
    microphone: MicrophoneGranted
    first_sample: int
    base_ns: int
    blocks: Log
    frames: Log
    events: tuple[RawEvent, ...]
    played: Log
    """What the headphones were given; empty without a recorded partner."""
    partner: bytes = b""
    """partner.json; empty without one."""
    delivered: bool = False
    """Read from timing.zip: pictures and sound lie in the finished files alone."""

    @property
    def sound(self) -> Path:
        """The path of raw/sound.flac."""
        return self.folder / RAW / SOUND_FILE

    @cached_property
    def pieces(self) -> tuple[RawSegment, ...]:
        """The files of the picture, in their order; none of a take without any."""
        return pieces_of(self.folder / RAW)

    @property
    def picture_times(self) -> NDArray[np.int64]:
        """Presentation times of all pictures as they were written, microseconds, rising."""
        return np.sort(self._written["pts_us"]) if self.delivered else times_of(self.pieces)

    @property
    def holds_sent(self) -> bool:
        """Whether pictures were kept as the camera sent them, and the film made of them after the cut."""
        if self.delivered:
            return bool((self._written["speed"] == AS_SENT).any())
        return any(piece.is_sent for piece in self.pieces)

    @property
    def _written(self) -> Log:
        is_written = (self.frames["fate"] == FrameFate.WRITTEN) & (self.frames["pts_us"] != NO_STAMP)
        written: Log = self.frames[is_written]
        return written

    @property
    def ended(self) -> EndReason:
        """Why it ended; RECOVERED when nothing could say so any more."""
        reason = next((e.facts.get("reason") for e in reversed(self.events) if e.name == "end"), None)
        return EndReason(reason) if reason in set(EndReason) else EndReason.RECOVERED

    @property
    def marks(self) -> tuple[tuple[MarkerName, int, str], ...]:
        """Markers with their host times and notes."""
        names = set(MarkerName)
        return tuple(
            (MarkerName(e.name), e.host_ns, str(e.facts.get("note", ""))) for e in self.events if e.name in names
        )


def read_raw(folder: Path) -> RawTake:
    """Read what lies in `folder/raw`. Raises CaptureError(NOTHING_RECORDED) when the take never began."""
    found = {}
    for name in MEMBERS:
        with contextlib.suppress(OSError):
            found[name] = (folder / RAW / name).read_bytes()
    return _raw_take(folder, found)


def read_delivered(folder: Path) -> RawTake:
    """Read the observations that go with a take, from timing.zip. Raises CaptureError(NOTHING_RECORDED)."""
    return _raw_take(folder, read_archive(folder / FILE_NAMES[FileRole.TIMING]), delivered=True)


def _raw_take(folder: Path, found: dict[str, bytes], *, delivered: bool = False) -> RawTake:
    try:
        facts = json.loads(found[CAPTURE_FILE])
        devices = DevicesUsed.model_validate(facts["devices"])
        microphone = MicrophoneGranted.model_validate(facts["devices"]["microphone"])
        first_sample, base_ns = int(facts["first_sample"]), int(facts["base_ns"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CaptureError(ErrorCode.NOTHING_RECORDED) from problem
    blocks = records_of(found.get(BLOCK_LOG, b""), BLOCKS)
    return RawTake(
        folder,
        devices,
        microphone,
        first_sample,
        base_ns,
        blocks[blocks["frames"] > 0],
        records_of(found.get(FRAME_LOG, b""), FRAMES),
        _events(found.get(EVENTS_FILE, b"")),
        records_of(found.get(PLAYED_LOG, b""), PLAYED),
        found.get(PARTNER_FILE, b""),
        delivered,
    )


def _events(data: bytes) -> tuple[RawEvent, ...]:
    out: list[RawEvent] = []
    for line in data.split(b"\n"):
        try:
            facts = json.loads(line)
            out.append(RawEvent(str(facts.pop("event")), int(facts.pop("host_ns")), facts))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # a line cut off in the middle
    return tuple(out)
