"""What a rolling take left in `raw/`, read back: also when a kill cut its files short."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from perfstudio.capture.files.raw_segments import RawSegment, pieces_of
from perfstudio.capture.recording.audio_writer import BLOCK_LOG, SOUND_FILE
from perfstudio.capture.recording.rolling_take import CAPTURE_FILE, EVENTS_FILE, RAW
from perfstudio.capture.recording.video_writer import FRAME_LOG
from perfstudio.capture.timing.timing_log import BLOCKS, FRAMES, Log, read_log
from perfstudio.model.device import DevicesUsed, MicrophoneGranted
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.take import EndReason
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

    @property
    def sound(self) -> Path:
        """raw/sound.flac."""
        return self.folder / RAW / SOUND_FILE

    @cached_property
    def pieces(self) -> tuple[RawSegment, ...]:
        """The files of the picture, in their order; none of a take without any."""
        return pieces_of(self.folder / RAW)

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
    raw = folder / RAW
    try:
        facts = json.loads((raw / CAPTURE_FILE).read_bytes())
        devices = DevicesUsed.model_validate(facts["devices"])
        microphone = MicrophoneGranted.model_validate(facts["devices"]["microphone"])
        first_sample, base_ns = int(facts["first_sample"]), int(facts["base_ns"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CaptureError(ErrorCode.NOTHING_RECORDED) from problem
    blocks = read_log(raw / BLOCK_LOG, BLOCKS)
    return RawTake(
        folder,
        devices,
        microphone,
        first_sample,
        base_ns,
        blocks[blocks["frames"] > 0],
        read_log(raw / FRAME_LOG, FRAMES),
        _read_events(raw / EVENTS_FILE),
    )


def _read_events(path: Path) -> tuple[RawEvent, ...]:
    out: list[RawEvent] = []
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return ()
    for line in lines:
        try:
            facts = json.loads(line)
            out.append(RawEvent(str(facts.pop("event")), int(facts.pop("host_ns")), facts))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # a line cut off in the middle
    return tuple(out)
