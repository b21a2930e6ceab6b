"""When everything was last seen, read from the streams: what the watchdogs look at."""

from __future__ import annotations

from perfstudio.capture.recording.picture_intake import PictureIntake
from perfstudio.capture.recording.sound_intake import SoundIntake
from perfstudio.capture.recording.watchdogs import Sighting
from perfstudio.model.clock import host_ns


def sighting(sound: SoundIntake | None, pictures: PictureIntake | None) -> Sighting:
    """A look at all of it."""
    return Sighting(
        now_ns=host_ns(),
        frame_ns=pictures.arrived_ns if pictures else None,
        block_ns=sound.arrived_ns if sound else None,
        nonzero_ns=sound.nonzero_ns if sound else None,
        changed_ns=pictures.changed_ns if pictures else None,
        bright_ns=pictures.bright_ns if pictures else None,
    )


def age_s(now_ns: int, then_ns: int | None) -> float | None:
    """Seconds since then; None where it never was."""
    return None if then_ns is None else (now_ns - then_ns) * 1e-9
