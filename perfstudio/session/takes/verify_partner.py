"""What a take says of its recorded partner, reckoned again from the observations that go with it."""

from __future__ import annotations

from typing import Final

from perfstudio.capture.finishing.finish import fit
from perfstudio.capture.finishing.partner_heard import partner_heard
from perfstudio.capture.finishing.raw_take import RawTake
from perfstudio.model.take import TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import RecordedPartner

TOLERANCE_S: Final = 0.001
"""The same observations give the same figures; only the last digit may differ."""
_SAME: Final = (
    "sha256", "media", "take_id", "seal_sha256", "role", "performer_id", "take_sample", "gain_db", "first_heard_sample",
    "measured_by", "headphones",
)  # fmt: skip
_NEAR: Final = ("offset_s", "until_s", "bound_s", "constant_s")


def partner_differs(raw: RawTake, manifest: TakeManifest) -> bool:
    """Whether the observations of a take tell of another partner than it does itself, or of another time."""
    told = manifest.partner if isinstance(manifest, TakeManifest2) else None
    again = partner_heard(raw, fit(raw), manifest.duration_s or 0.0)
    if told is None or again is None:
        return told is not again
    return any(getattr(told, name) != getattr(again, name) for name in _SAME) or _moved(told, again)


def _moved(told: RecordedPartner, again: RecordedPartner) -> bool:
    """Holes are compared by their number and their whole length."""
    lost = [sum(hole.length_s for hole in one.underruns) for one in (told, again)]
    far = any(abs(getattr(told, name) - getattr(again, name)) > TOLERANCE_S for name in _NEAR)
    stretched = abs(told.stretch_ppm - again.stretch_ppm) > 1.0
    return far or stretched or len(told.underruns) != len(again.underruns) or abs(lost[0] - lost[1]) > TOLERANCE_S
