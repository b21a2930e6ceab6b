"""After the cut: read the closed files back, fit the clocks, make the take. The same call recovers a killed take.

Reads `folder/raw` only and changes nothing there; writes take.mp4, audio.flac, thumbnail.jpg and timing.zip, each whole
or not at all, so it may be called again at any time and after any interruption. Take time zero is the first sample of
the take's sound (its pre-roll included); the take ends with its sound.
"""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.files.live_mp4 import LiveMp4
from perfstudio.capture.files.raw_segments import packets_of
from perfstudio.capture.finishing.finished_take import FinishedTake
from perfstudio.capture.finishing.movie_out import Progress, write_movie, write_thumbnail
from perfstudio.capture.finishing.partner_heard import partner_heard
from perfstudio.capture.finishing.raw_take import RawTake, read_raw
from perfstudio.capture.finishing.sound_out import closed_length, place_sound, rebuild_sound
from perfstudio.capture.finishing.stream_stats import audio_stats, video_stats
from perfstudio.capture.recording.rolling_take import RAW
from perfstudio.capture.timing.audio_timeline import AudioTimeline, LostSound, map_sound
from perfstudio.capture.timing.clock import SampleClock
from perfstudio.capture.timing.driver_clock import AGREES_PPM, MEASURED_BY, driver_ppm
from perfstudio.capture.timing.timing_archive import write_archive
from perfstudio.capture.timing.timing_log import FrameFate, frame_stamps
from perfstudio.durable import disk_full, free_bytes, sha256_of
from perfstudio.model.device import DeviceKind
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.take import FILE_NAMES, EndReason, FileEntry, FileRole
from perfstudio.model.timing import Marker, MarkerName, SyncReport, VideoStats

_ORDER: Final = (FileRole.PICTURE, FileRole.SOUND, FileRole.THUMBNAIL, FileRole.TIMING)


def finish(
    folder: Path,
    *,
    offset_ms: float = 0.0,
    calibrated: bool = False,
    movie: LiveMp4 | None = None,
    progress: Progress | None = None,
) -> FinishedTake:
    """Make the deliverable files of the take in `folder` from its raw files.

    `offset_ms` moves the picture later (+) or earlier (-): the calibrated delay of picture against sound. `movie` is
    the film as it grew while the take rolled; without it, the film is made of the raw files. `progress` hears how far
    it is, 0..1, when that takes a while: pictures that were kept as sent.
    Raises CaptureError (NOTHING_RECORDED, DISK_FULL, DISK_WRITE) and MediaError; nothing raw is lost by either.
    """
    raw = read_raw(folder)
    sound_map = fit(raw)
    samples = _make_sound(raw, sound_map.lost)
    end_us = samples * 1_000_000 // sound_map.rate_hz
    with ThreadPoolExecutor(1, "perfstudio-hash") as pool:
        entries = [pool.submit(_entry, folder, FileRole.SOUND)]
        shown = retime(raw, sound_map, raw.picture_times, offset_ms)
        if len(shown):
            plain = not sound_map.lost and closed_length(raw.sound) is not None
            shown, digest = _index_movie(raw, movie if plain else None, shown, end_us, samples) or _make_movie(
                raw, shown, end_us, progress
            )
            entries.append(pool.submit(_entry, folder, FileRole.PICTURE, digest))
            _thumbnail(folder, raw, sound_map)
            if (folder / FILE_NAMES[FileRole.THUMBNAIL]).exists():
                entries.append(pool.submit(_entry, folder, FileRole.THUMBNAIL))
        if _archive_timing(folder):
            entries.append(pool.submit(_entry, folder, FileRole.TIMING))
    files = {entry.role: entry for entry in (done.result() for done in entries)}
    return FinishedTake(
        duration_s=round(samples / sound_map.rate_hz, 6),
        ended=raw.ended,
        markers=_markers(raw, sound_map),
        video=_video_stats(raw, shown, end_us),
        audio=audio_stats(samples, raw.microphone, raw.blocks, sound_map.lost),
        sync=_report(raw, sound_map, samples, offset_ms, calibrated),
        files=tuple(files[role] for role in _ORDER if role in files),
        partner=partner_heard(raw, sound_map, samples / sound_map.rate_hz),
    )


def verify_sync(raw: RawTake, *, offset_ms: float = 0.0, calibrated: bool = False) -> SyncReport:
    """The sync report, computed anew from the observations of a take.

    `offset_ms` is the correction that the take says was applied: nothing in the observations tells of it.
    """
    sound_map = fit(raw)
    written = raw.blocks["frames"][(raw.blocks["flags"] & 1) != 0]
    samples = int(written.sum()) + sum(loss.samples for loss in sound_map.lost)
    return _report(raw, sound_map, samples, offset_ms, calibrated)


def picture_shift_us(raw: RawTake, offset_ms: float) -> int | None:
    """How far the pictures of take.mp4 lie from where the observations and `offset_ms` put them, in microseconds, at
    most; None without pictures, or with more than were observed.
    """
    sound_map = fit(raw)
    due = retime(raw, sound_map, raw.picture_times, offset_ms)
    found = packets_of(raw.folder / FILE_NAMES[FileRole.PICTURE]).times
    if raw.delivered and raw.ended is EndReason.RECOVERED:
        found = found[: len(due)]  # the log of a kill may end before the film does
    if not len(found) or len(found) > len(due):
        return None
    if not raw.holds_sent:
        return int(np.abs(due[: len(found)] - found).max())
    # Of pictures kept as sent a damaged one may be missing anywhere: each is compared with the nearest that was due.
    after = np.clip(np.searchsorted(due, found), 1, max(1, len(due) - 1))
    nearest = np.minimum(np.abs(due[after - 1] - found), np.abs(due[np.minimum(after, len(due) - 1)] - found))
    return int(nearest.max())


def fit(raw: RawTake) -> AudioTimeline:
    """The clock map of a take; nominal rate from its recorded start when no observation is left."""
    rate = raw.microphone.rate_hz
    if len(raw.blocks):
        found = map_sound(raw.blocks, rate, raw.first_sample)
        return found.without_delivery() if raw.microphone.host_api in MEASURED_BY else replace(found, delivery_s=None)
    return AudioTimeline(rate, SampleClock(raw.base_ns, 1e9 / rate), (), None, 0.0)


def _make_sound(raw: RawTake, lost: tuple[LostSound, ...]) -> int:
    """audio.flac; returns its samples per channel."""
    final = raw.folder / FILE_NAMES[FileRole.SOUND]
    length = closed_length(raw.sound)
    if length is not None and not lost:
        place_sound(raw.sound, final)
        return length
    if not raw.sound.exists():
        raise CaptureError(ErrorCode.NOTHING_RECORDED)
    samples = rebuild_sound(raw.sound, final, raw.microphone, lost)
    if samples == 0:
        raise CaptureError(ErrorCode.NOTHING_RECORDED)
    return samples


def retime(raw: RawTake, sound_map: AudioTimeline, times: NDArray[np.int64], offset_ms: float) -> NDArray[np.int64]:
    """Raw presentation times to take times, both in microseconds, strictly rising."""
    if not len(times):
        return times
    is_written = raw.frames["fate"] == FrameFate.WRITTEN
    # A frame whose log record was lost with a kill still has its time, to the microsecond, in the file itself.
    host = times * 1000 + raw.base_ns
    if is_written.any():
        pts_us, stamps = raw.frames["pts_us"][is_written], _stamps(raw)[is_written]
        at = np.minimum(np.searchsorted(pts_us, times), len(pts_us) - 1)
        host = np.where(pts_us[at] == times, stamps[at], host)
    shown = np.round(sound_map.seconds_at(host) * 1e6 + offset_ms * 1e3).astype(np.int64)
    # Frames from before zero follow one another at zero, a microsecond each: what is seen at zero is the last of them.
    order = np.arange(len(shown))
    return np.maximum.accumulate(np.maximum(shown, order) - order) + order


def _stamps(raw: RawTake) -> NDArray[np.int64]:
    """Host times of all frames that arrived while rolling, written or not."""
    camera = raw.devices.camera
    if camera is None:
        return frame_stamps(raw.frames, "arrival")
    return frame_stamps(raw.frames, camera.frame_clock, network=camera.kind is DeviceKind.NETWORK)


def _index_movie(
    raw: RawTake, movie: LiveMp4 | None, shown: NDArray[np.int64], end_us: int, samples: int
) -> tuple[NDArray[np.int64], str | None] | None:
    """take.mp4 as it was written while rolling, when it holds what the raw files hold; else None."""
    if movie is None or len(raw.pieces) != 1 or not len(shown) or shown[0] >= end_us:
        return None
    rate_hz = raw.microphone.rate_hz
    digest = movie.complete(raw.pieces[0], raw.sound, samples=samples, times=shown, end_us=end_us, rate_hz=rate_hz)
    return None if digest is None else (shown[shown < end_us], digest)


def _make_movie(
    raw: RawTake, shown: NDArray[np.int64], end_us: int, progress: Progress | None
) -> tuple[NDArray[np.int64], str | None]:
    """take.mp4; returns the times of its pictures, and its SHA-256 when that was found on the way."""
    _require_free_space(raw)
    camera = raw.devices.camera
    movie = write_movie(
        raw.pieces,
        raw.folder / FILE_NAMES[FileRole.SOUND],
        raw.folder / FILE_NAMES[FileRole.PICTURE],
        shown,
        end_us,
        fps=camera.fps if camera else 30.0,
        size=(camera.width, camera.height) if camera else None,
        progress=progress,
    )
    return movie.times, movie.sha256


def _video_stats(raw: RawTake, shown: NDArray[np.int64], end_us: int) -> VideoStats | None:
    if not len(shown):
        return None
    in_film = shown < end_us
    timed = in_film & (shown > np.arange(len(shown)))  # the others came before zero and were put there, see `retime`
    shown_s = shown[timed].astype(np.float64) * np.float64(1e-6)
    told = video_stats(shown_s, raw.frames, raw.devices.camera.fps if raw.devices.camera else 0.0)
    return told.model_copy(update={"frames": int(in_film.sum())})


def _markers(raw: RawTake, sound_map: AudioTimeline) -> tuple[Marker, ...]:
    return tuple(
        Marker(name=name, at_s=round(max(0.0, float(sound_map.seconds_at(at_ns))), 6), note=note)
        for name, at_ns, note in raw.marks
    )


def _report(raw: RawTake, sound_map: AudioTimeline, samples: int, offset_ms: float, calibrated: bool) -> SyncReport:
    ppm = sound_map.fit.rate_ppm if sound_map.fit else 0.0
    told = None if sound_map.lost else driver_ppm(raw.blocks, sound_map.rate_hz)
    return SyncReport(
        audio=sound_map.fit,
        frame_clock=raw.devices.camera.frame_clock if raw.devices.camera else "none",
        offset_ms=offset_ms,
        calibrated=calibrated,
        drift_ms=round(ppm * 1e-3 * samples / sound_map.rate_hz, 4),
        residual_ms=round(sound_map.wander_s * 1e3, 4),
        delivery_ms=None if sound_map.delivery_s is None else round(sound_map.delivery_s * 1e3, 4),
        driver_ppm=told,
        driver_agrees=None if told is None else abs(told - ppm) <= AGREES_PPM,
    )


def _thumbnail(folder: Path, raw: RawTake, sound_map: AudioTimeline) -> None:
    go = next((at for name, at, _ in raw.marks if name is MarkerName.GO), None)
    at_s = float(sound_map.seconds_at(go)) + 1.0 if go is not None else 1.0
    # A picture that cannot be shown small is still a take.
    with contextlib.suppress(av.FFmpegError, CaptureError, IndexError):
        write_thumbnail(folder / FILE_NAMES[FileRole.PICTURE], folder / FILE_NAMES[FileRole.THUMBNAIL], at_s)


def _require_free_space(raw: RawTake) -> None:
    needed = sum(path.stat().st_size for path in (*(piece.path for piece in raw.pieces), raw.sound))
    if free_bytes(raw.folder) < needed:
        raise disk_full(raw.folder, CaptureError, needed)


def _archive_timing(folder: Path) -> bool:
    """timing.zip. A disk without room for it keeps the observations in `raw/`, and the take is whole all the same."""
    try:
        write_archive(folder / RAW, folder / FILE_NAMES[FileRole.TIMING])
    except CaptureError:
        return False
    return True


def _entry(folder: Path, role: FileRole, digest: str | None = None) -> FileEntry:
    path = folder / FILE_NAMES[role]
    if digest is None:
        with path.open("rb") as file:
            digest = sha256_of(file)
    return FileEntry(role=role, name=path.name, size=path.stat().st_size, sha256=digest)
