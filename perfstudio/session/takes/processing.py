"""From closed raw files to a reviewable take: read back, fit, copy, check. The same for a cut and for a recovery."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from perfstudio.capture.files.live_mp4 import LiveMp4
from perfstudio.capture.finishing.finish import finish
from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.capture.finishing.kept_raw import name_raw
from perfstudio.capture.finishing.second_copy import mark_second_copy
from perfstudio.checks.bleed import PartnerClip
from perfstudio.checks.limits import CheckLimits, house_limits
from perfstudio.checks.live import LiveSummary
from perfstudio.checks.report import Measures, judge, judge_partner, measure_media
from perfstudio.checks.speech import voice_activity
from perfstudio.model.checks import CheckResult, FaceModel
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import MediaError
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.model.take_2 import RawFile
from perfstudio.session.offset_store import UNCALIBRATED, OffsetStore
from perfstudio.session.takes.face_detector import open_finder
from perfstudio.session.takes.processed_take import ProcessedTake

_log = logging.getLogger(__name__)


def develop(
    folder: Path,
    devices: DevicesUsed,
    *,
    calibration: OffsetStore = UNCALIBRATED,
    live: Callable[[], LiveSummary] | None = None,
    limits: CheckLimits | None = None,
    face_model: FaceModel | None = None,
    movie: LiveMp4 | None = None,
    progress: Callable[[float], None] | None = None,
    watchable: Callable[[FinishedTake], None] | None = None,
    compare: bool = True,
    clip: Path | None = None,
) -> ProcessedTake:
    """Make the finished files of the take in `folder` and measure them.

    `movie` is the film as it grew while the take rolled. `progress` hears how far a film is that has to be made of
    pictures kept as sent, 0..1. `watchable` hears of the take as soon as its files are closed and read back; then come
    the checks, with what `live` says was measured while it rolled. Beside them, unless `compare` is off, the raw files
    are compared with what was made of them, so that they may go once the take is sealed; what stays is hashed.
    `clip` is the file of the partner that was played: how much of it the microphone heard is measured without being
    asked.
    Raises CaptureError when nothing readable was recorded, MediaError when a file cannot be read back.
    """
    finished = finish(
        folder, offset_ms=calibration.offset_ms, calibrated=calibration.measured, movie=movie, progress=progress
    )
    if finished.sync is not None and calibration.used is not None:
        finished = replace(finished, sync=finished.sync.model_copy(update={"calibration": calibration.used}))
    if watchable is not None:
        watchable(finished)
    names = {file.role: folder / FILE_NAMES[file.role] for file in finished.files}
    with ThreadPoolExecutor(1, "perfstudio-compare") as pool:
        left = pool.submit(_what_stays, folder, finished) if compare else None
        measures = measure_media(
            names.get(FileRole.PICTURE),
            names.get(FileRole.SOUND),
            finder=open_finder(face_model)[0] if face_model is not None else None,
            live=live() if live is not None else None,
        )
    checks = judge(
        measures,
        limits or house_limits(),
        nominal_fps=devices.camera.fps if devices.camera else None,
        video=finished.video,
        audio=finished.audio,
        sync=finished.sync,
    )
    checks += _bleed(clip, names.get(FileRole.SOUND), finished, measures, limits or house_limits())
    heard = measures.sound
    voice = voice_activity(heard.voice) if heard is not None else None
    return ProcessedTake(finished, checks, voice, raw=left.result() if left is not None else ())


def _bleed(
    clip: Path | None, sound: Path | None, finished: FinishedTake, measures: Measures, limits: CheckLimits
) -> tuple[CheckResult, ...]:
    """How much of the partner the microphone heard; nothing where none was played, or its file is not there now."""
    if clip is None or sound is None or finished.partner is None:
        return ()
    played = PartnerClip(clip, finished.partner.offset_s, finished.partner.first_heard_sample, finished.partner.until_s)
    try:
        return tuple(judge_partner(sound, measures, limits, played))
    except (MediaError, OSError):
        _log.warning("how much of the partner is heard could not be measured", exc_info=True)
        return ()


def _what_stays(folder: Path, finished: FinishedTake) -> tuple[RawFile, ...]:
    """What is in `raw/` and does not go with the seal."""
    return () if mark_second_copy(folder, finished) else name_raw(folder)
