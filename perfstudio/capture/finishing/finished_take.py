"""What the recorder knows of a finished take. Loads no media library: the window receives this value over a pipe."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.take import EndReason, FileEntry
from perfstudio.model.timing import AudioStats, Marker, SyncReport, VideoStats
from perfstudio.model.two_in_a_scene import RecordedPartner


@dataclass(frozen=True, slots=True)
class FinishedTake:
    """What the recorder knows of a take: everything the manifest needs from it."""

    duration_s: float
    ended: EndReason
    markers: tuple[Marker, ...]
    video: VideoStats | None
    audio: AudioStats | None
    sync: SyncReport | None
    files: tuple[FileEntry, ...]
    partner: RecordedPartner | None = None
    """The clip that was heard meanwhile."""
