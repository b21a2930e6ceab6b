"""The clicks that are played in headphones and held on the microphone, as a partner's clip."""

from __future__ import annotations

from pathlib import Path

from perfstudio.capture.calibration.loopback import write_clicks
from perfstudio.model.partner import ClipToPlay, PartnerWish


def clicks_in(headphones: tuple[str, str], folder: Path) -> PartnerWish:
    """The clicks, written into a recording's folder, in headphones by id and name. Raises OSError."""
    clip = folder / "clicks.wav"
    write_clicks(clip)
    return PartnerWish(ClipToPlay(clip), headphones[0], called=headphones[1])
