"""Checks: a code, a verdict, a number with its unit and limit, and the moments it points to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.timing import Span


class Verdict(StrEnum):
    """What a check advises. It never forbids."""

    GOOD = "good"  # nothing to do
    LOOK = "look"  # worth a look
    RETAKE = "retake"  # another take is advised


class CheckCode(StrEnum):
    """Every check, by its stable name. Sentences live in `perfstudio.texts.checks`.

    The comment behind a code names its value and unit, then the facts its sentence may use. Shares run from 0 to 1.
    """

    # sound
    SOUND_MISSING = "sound_missing"  # the file has no sound at all
    PEAK = "peak"  # highest sample, dBFS
    TRUE_PEAK = "true_peak"  # between samples, dBTP
    CLIPPING = "clipping"  # flat tops, count; level_dbfs, longest_ms
    LOUDNESS = "loudness"  # integrated, LUFS; short_term_max, momentary_max
    LOUDNESS_RANGE = "loudness_range"  # LU
    NOISE_FLOOR = "noise_floor"  # room without voice, dBFS
    SNR = "snr"  # active speech level over the room, dB; speech_dbfs, noise_dbfs
    SPEECH = "speech"  # seconds of voice; share
    SILENCE = "silence"  # loudest 0.4 s, dBFS: near silence, wrong or covered microphone
    ZEROS = "zeros"  # longest stretch of exact zeros, s; total_s
    SOUND_GAPS = "sound_gaps"  # sound the device did not deliver, s; count
    DROPOUTS = "dropouts"  # holes and repeated blocks inside the sound, count; holes, repeats
    CANCELLING = "cancelling"  # lost where all channels are heard together, dB; left = "nothing" or "less", the pair
    DEAD_CHANNEL = "dead_channel"  # channel (1 = left), difference in dB
    DC_OFFSET = "dc_offset"  # share of full scale
    HUM = "hum"  # mains hum, dBFS; mains_hz (50 or 60), excess_db
    BANDWIDTH = "bandwidth"  # highest frequency that carries sound, Hz
    REVERB = "reverb"  # decay time of the room, s
    GAIN_PUMPING = "gain_pumping"  # how far the room's level climbs in pauses, dB
    BLEED = "bleed"  # partner heard in the microphone, dB relative to the voice
    # picture
    FACE = "face"  # share of the take with a face; finder = "haar" or "yunet", finder_sha256 of its model
    HEADROOM = "headroom"  # share of the height above the head; direction = "little" or "much"
    CENTRING = "centring"  # distance from the middle, share of the width; direction = "left" or "right" in the file
    FACE_SIZE = "face_size"  # share of the height; direction = "small" or "large"
    EYE_LINE = "eye_line"  # eyes from the top, share of the height; direction = "low" or "high"
    CUT_OFF = "cut_off"  # share of the time with the face cut by an edge; edge = "left", "right", "top", "bottom"
    LEFT_FRAME = "left_frame"  # longest absence, s; total_s
    OTHER_PERSON = "other_person"  # share of the time with a second face
    BRIGHTNESS = "brightness"  # of the face (else of the picture), 0..255; where, direction = "dark" or "bright"
    BACKLIGHT = "backlight"  # background over face, in stops
    BURNT = "burnt"  # share of the face (else of the picture) that is pure white; where
    CRUSHED = "crushed"  # share of the face (else of the picture) that is pure black; where
    FLICKER = "flicker"  # light flicker, percent; frequency_hz
    COLOUR_CAST = "colour_cast"  # distance of grey from grey, percent; direction = "red", "green", "blue", "yellow" ...
    FOCUS = "focus"  # blur, 0 sharp .. 1 blurred
    SHAKE = "shake"  # camera movement, percent per second of the width of a 16:9 picture as high
    FROZEN = "frozen"  # longest still, s; total_s
    BLACK = "black"  # black picture, s
    FRAME_RATE = "frame_rate"  # frames per second; nominal_fps, share, cause (the finding that says it, where one does)
    FRAME_RATE_SAG = "frame_rate_sag"  # slowest stretch, frames per second; nominal_fps, share, cause
    DROPS = "drops"  # frames lost, percent; lost, longest_hole_ms, cause; damaged (came cut off), where some did
    ORIENTATION = "orientation"  # height over width as it is shown: over 1 is portrait
    MIRRORED = "mirrored"  # the file asks players to show it mirrored, count; said only then
    # together
    SYNC = "sync"  # picture to sound by the clocks, ms; offset_ms, drift_ms, calibrated
    LIP_SYNC = (
        "lip_sync"  # picture to sound by lips and voice, ms; confidence, direction = "sound_late" or "sound_early"
    )
    # how far apart they begin or end, s; apart = "begins_late", "begins_early", "ends_late", "ends_early" of the sound,
    # or two of these joined by "_"; begins_apart_s, ends_apart_s; longer = "sound" or "picture" lasts longer
    LENGTHS = "lengths"
    TRACKS = "tracks"  # of several tracks one was judged, count; stream = "sound" or "picture", track; said only then
    DAMAGE = "damage"  # unreadable pieces, count; stream = "sound" or "picture"
    # what changed against the reference, in limits. Comparing: what, direction, difference. In a take, one result: a
    # direction for each thing that changed, cm, and the reference's id, scene and take number.
    CONTINUITY = "continuity"


class FaceModel(Document):
    """A model file for finding faces that the person supplied, and what was recorded of it when it was chosen."""

    path: str
    sha256: str = ""
    """Empty: any content is taken."""
    licence: str = ""
    """As the person states it; the file does not say."""


class StricterLimit(Document):
    """What a pack asks of one check, in the unit of `limits.toml`. It tightens the house's limit, never loosens it."""

    code: CheckCode
    """The check."""
    look_low: float | None = None
    """Below this it is worth a look."""
    look_high: float | None = None
    """Above this it is worth a look."""
    retake_low: float | None = None
    """Below this another take is advised."""
    retake_high: float | None = None
    """Above this another take is advised."""


class CheckResult(Document):
    """One finding about one take."""

    code: CheckCode
    """Which check."""
    verdict: Verdict
    """What it advises."""
    value: float | None = None
    """What was measured, in `unit`; null where there is no number."""
    unit: str = ""
    """The unit of `value` and `limit`."""
    limit: float | None = None
    """The limit that decided the verdict, in `unit`."""
    source: str = ""
    """Where the limit comes from: a standard, a measurement, a house rule."""
    times: tuple[Span, ...] = ()
    """Where to look, in take time."""
    facts: dict[str, float | int | str] = Field(default_factory=dict)
    """More numbers and codes for the sentence (direction = "left", share = 0.82)."""
    intended: bool = False
    """The performer says: this is a choice."""


@dataclass(frozen=True, slots=True)
class LiveReading:
    """What the preview shows now: levels in dBFS (peak and RMS over the last block), and the hint worth saying."""

    peak_dbfs: float = -120.0
    rms_dbfs: float = -120.0
    clipped: bool = False
    zeros_s: float = 0.0
    face_box: tuple[float, float, float, float] | None = None
    """x, y, width, height as shares of the picture (0..1), or None when no face is found."""
    luma: float | None = None
    """Mean brightness of the picture, 0..255."""
    fps: float | None = None
    hint: CheckResult | None = None
    """The most serious finding that has lasted, or None."""


def worst(results: tuple[CheckResult, ...]) -> Verdict:
    """The most serious verdict. A finding the performer intended does not count, nor does being unlike another take."""
    order = [Verdict.GOOD, Verdict.LOOK, Verdict.RETAKE]
    counted = (r.verdict for r in results if not r.intended and r.code is not CheckCode.CONTINUITY)
    return max(counted, key=order.index, default=Verdict.GOOD)
