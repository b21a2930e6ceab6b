"""Two takes side by side: whether they are a pair, where they lie to each other in time, and what the sound says of it.

The alignment is what the answering take says; that it comes out of its observations `verify_bundle` has looked at. The
sound is a witness of its own: where the microphone of the answer heard the partner, it heard them at that moment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from perfstudio.checks.bleed import NOT_HEARD_DB, PartnerClip, measure_bleed, played_part, read_wave
from perfstudio.model.duet_clocks import ClocksError
from perfstudio.model.live_pair import is_live_pair, lay_takes
from perfstudio.model.pair import LiveAlignment, PairAlignment, PairProblem, alignment_of, problems, side_of
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import RecordedPartner
from perfstudio.session.takes.bundle_files import problem, read_named, read_take_paper
from perfstudio.session.takes.pair_report import PairReport

_VOICE_DBFS: Final = -20.0
"""What the level of the partner is told against; where it lies is all that is asked."""
_MANIFEST: Final = FILE_NAMES[FileRole.MANIFEST]


def verify_pair(one: Path, other: Path) -> PairReport:
    """Look at two take folders. Raises DeliveryError(BUNDLE_INVALID) for one without a readable, sealed manifest, and
    MediaError for sound that cannot be read."""
    first, second = _sealed(one), _sealed(other)
    sides = side_of(first), side_of(second)
    found = problems(*sides)
    for answer, folder, asked, asked_folder in ((second, other, first, one), (first, one, second, other)):
        alignment = alignment_of(answer)
        if alignment is not None and alignment.of_take_id == asked.take_id:
            return PairReport(sides, found, alignment, _late_s(answer, folder, asked, asked_folder, alignment))
    if not found and not is_live_pair(first, second):
        found = (PairProblem.TAKE_DIFFERS,)
    if found:
        return PairReport(sides, found)
    try:
        return PairReport(sides, found, live=_live(first, one, second, other))
    except ClocksError as bad:
        return PairReport(sides, found, unaligned=bad.problem)


def _live(first: TakeManifest, one: Path, second: TakeManifest, other: Path) -> LiveAlignment:
    """Raises ClocksError, and DeliveryError(BUNDLE_INVALID) for a file that cannot be read."""
    name = FILE_NAMES[FileRole.DUET_PINGS]
    stamps = (read_named(one, name), read_named(other, name))
    return lay_takes((first, second), stamps)


def _sealed(folder: Path) -> TakeManifest:
    _, manifest = read_take_paper(folder)
    if manifest.seal_sha256 is None:
        raise problem(_MANIFEST, "seal")
    return manifest


def _late_s(
    answer: TakeManifest, folder: Path, asked: TakeManifest, asked_folder: Path, alignment: PairAlignment
) -> float | None:
    """Of a clip that is the sound of the other take, or a part of it, how much later than said the answer's microphone
    heard it."""
    sound = asked.file(FileRole.SOUND)
    told = answer.partner if isinstance(answer, TakeManifest2) else None
    if sound is None or told is None or answer.file(FileRole.SOUND) is None:
        return None
    from_s = 0.0 if sound.sha256 == alignment.clip_sha256 else _from_s(told, asked)
    if from_s is None:
        return None
    clip = PartnerClip(asked_folder / sound.name, told.offset_s, told.first_heard_sample, told.until_s, from_s)
    heard = read_wave(folder / FILE_NAMES[FileRole.SOUND])
    bleed = measure_bleed(heard, played_part(clip), told.offset_s, _VOICE_DBFS)
    if bleed is None or bleed.level_db <= NOT_HEARD_DB:
        return None
    middle_s = (bleed.span.start_s + bleed.span.end_s) / 2 - told.offset_s
    return bleed.delay_s - middle_s * told.stretch_ppm * 1e-6


def _from_s(told: RecordedPartner, asked: TakeManifest) -> float | None:
    """Where in the other take's sound the clip begins, in seconds; None where nobody says."""
    if told.take_sample is None or asked.audio is None or told.take_sample >= asked.audio.samples:
        return None
    return told.take_sample / asked.audio.rate_hz
