"""The recorded partner of a take, from what lies in `raw/` or in timing.zip: which clip, and when it was heard."""

from __future__ import annotations

import logging

from pydantic import ValidationError

from perfstudio.capture.finishing.raw_take import RawTake
from perfstudio.capture.timing.audio_timeline import AudioTimeline
from perfstudio.capture.timing.heard_map import map_heard
from perfstudio.model.partner import PartnerBegun
from perfstudio.model.two_in_a_scene import RecordedPartner

_log = logging.getLogger(__name__)


def partner_heard(raw: RawTake, timeline: AudioTimeline, end_s: float) -> RecordedPartner | None:
    """What the take of `end_s` seconds says of its partner; None where no clip was heard.

    Never raises: a take is whole without a partner.
    """
    if not raw.partner or not len(raw.played):
        return None
    try:
        begun = PartnerBegun.model_validate_json(raw.partner)
        heard = map_heard(raw.played, begun, timeline, (raw.blocks, raw.first_sample), end_s)
        if heard is None:
            return None
        return RecordedPartner(
            sha256=begun.sha256,
            media=begun.media,
            take_id=begun.take_id,
            seal_sha256=begun.seal_sha256,
            role=begun.role,
            performer_id=begun.performer_id,
            take_sample=begun.take_sample,
            gain_db=begun.gain_db,
            first_heard_sample=round(begun.from_s * begun.clip_rate_hz),
            offset_s=heard.offset_s,
            stretch_ppm=heard.stretch_ppm,
            until_s=heard.until_s,
            bound_s=heard.bound_s,
            constant_s=heard.constant_s,
            measured_by="reported_latency" if begun.loopback is None else "loopback",
            headphones=begun.headphones,
            underruns=heard.underruns,
        )
    except (ValidationError, ValueError, ArithmeticError):
        _log.warning("when the partner was heard could not be found out", exc_info=True)
        return None
