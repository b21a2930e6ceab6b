"""The report on closed files: ours or any media file. Sound and picture are each decoded once, on threads of their own.

What the live pass has already measured is not measured again: with a `LiveSummary` only some seconds of the picture are
decoded. The sound is always read back from the closed file; it is only measured again when a sample is not as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

import numpy as np

from perfstudio.checks.bleed import PartnerClip, judge_bleed, measure_bleed, played_part, read_wave
from perfstudio.checks.decode_ahead import ahead, single_minded
from perfstudio.checks.faces import FaceFinder, HaarFinder
from perfstudio.checks.frame_pacing import measure_cadence
from perfstudio.checks.judged_together import judge_together, judge_track
from perfstudio.checks.limits import CheckLimits, house_limits
from perfstudio.checks.live import LiveSummary
from perfstudio.checks.live_sound import Fingerprint, HeardSound
from perfstudio.checks.media import (
    Damage,
    Extent,
    MediaInfo,
    SmallColour,
    SoundInfo,
    film_frames,
    film_times,
    full_range,
    luma_plane,
    probe,
    sound_blocks,
)
from perfstudio.checks.motion import Motion, MotionScan, tiny_luma
from perfstudio.checks.orientation import Orientation, attitude
from perfstudio.checks.picture import PictureMeasures, PictureScan, judge_picture
from perfstudio.checks.sound import SoundMeasures, SoundScan, judge_sound
from perfstudio.checks.sync import judge_sync
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.timing import AudioStats, Span, SyncReport, VideoStats

Progress = Callable[[float], None]
"""Called with the share done, 0..1, on the working threads, some times a second."""

GLIMPSE_WIDTH = 640
_AHEAD = 8
"""Decoded pictures that may wait for the one that is being looked at."""
_REPORT_EVERY = 0.01
_LIVE_LOOKS = 8
_LIVE_LOOK_EVERY_S = 0.6
_STRETCHES = (0.15, 0.85)
_STRETCH_S = 4.4
"""Long enough for one flicker window; counted from a keyframe."""
_FLICKER_ALIKE, _SHAKE_ALIKE = 0.1, 0.5
_TALK_S, _TALK_LOOK_S = 12.5, 0.66
"""Long enough to compare lips and voice; and how often the face is looked for meanwhile."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Everything that was measured on a pair of files; what `judge` needs."""

    sound: SoundMeasures | None
    picture: PictureMeasures | None
    sound_start_s: float = 0.0
    sound_damage: Damage = field(default_factory=Damage)
    picture_damage: Damage = field(default_factory=Damage)
    sound_end_s: float = 0.0
    sound_index: int | None = None
    """Of the stream that was listened to."""
    tracks: tuple[tuple[str, int, int], ...] = ()
    """("sound" or "picture", number of the one that is judged, how many there are) where there are several."""


@dataclass(slots=True)
class _Heard:
    """One sound track, listened to."""

    info: SoundInfo
    damage: Damage = field(default_factory=Damage)
    extent: Extent = field(default_factory=Extent)
    measures: SoundMeasures | None = None

    @property
    def loudest_dbfs(self) -> float:
        return self.measures.voice.loudest_dbfs if self.measures else float("-inf")


def check_media(
    picture: Path | None,
    sound: Path | None,
    *,
    nominal_fps: float | None = None,
    video: VideoStats | None = None,
    audio: AudioStats | None = None,
    sync: SyncReport | None = None,
    finder: FaceFinder | None = None,
    live: LiveSummary | None = None,
    progress: Progress | None = None,
    limits: CheckLimits | None = None,
    partner: PartnerClip | None = None,
) -> tuple[CheckResult, ...]:
    """Every check that can be made on these files.

    `picture` may hold sound as well, which is used when `sound` is None; `picture` may also be a plain sound file.
    With `partner` the clip that was played to the performer is looked for in the sound.
    Statistics of the recorder, the sync report and the live summary make the report say more and cost less.
    Raises MediaError when a file is missing, unreadable, or holds neither sound nor picture.
    """
    measures = measure_media(picture, sound, finder=finder, live=live, progress=progress)
    limits = limits or house_limits()
    results = judge(measures, limits, nominal_fps=nominal_fps, video=video, audio=audio, sync=sync)
    heard = sound or picture
    if partner is None or heard is None or measures.sound is None:
        return results
    return (*results, *judge_partner(heard, measures, limits, partner))


def judge_partner(heard: Path, measures: Measures, limits: CheckLimits, partner: PartnerClip) -> list[CheckResult]:
    """How much of a partner's clip is heard in a sound that was measured; nothing without a voice beside it."""
    voice = measures.sound.voice.speech_dbfs if measures.sound else None
    clip = played_part(partner)
    if voice is None:
        return []
    bleed = measure_bleed(read_wave(heard, measures.sound_index), clip, partner.start_s - measures.sound_start_s, voice)
    return [judge_bleed(bleed, limits, measures.sound_start_s)] if bleed is not None else []


def measure_media(
    picture: Path | None,
    sound: Path | None,
    *,
    finder: FaceFinder | None = None,
    live: LiveSummary | None = None,
    progress: Progress | None = None,
) -> Measures:
    """The measurements behind `check_media`, without a verdict."""
    infos = {path: probe(path) for path in (picture, sound) if path is not None}
    if not infos:
        raise MediaError(ErrorCode.MEDIA_MISSING, file="")
    sound_path = sound or picture
    heard = sound_path if sound_path and infos[sound_path].sound else None
    seen = picture if picture and infos[picture].picture else None
    known = _trusted(live, seen, infos)
    sounds, film = infos[heard].sounds if heard else (), infos[seen].picture if seen else None
    meter = _Meter(progress, _share(heard, infos), 0.0 if known else _film_share(seen, infos))
    picture_damage = Damage()
    with single_minded(), ThreadPoolExecutor(2, thread_name_prefix="checks") as pool:
        hearing = pool.submit(_hear, heard, sounds, meter, live.sound if live else None) if heard else None
        seeing = None
        if seen and known:
            seeing = pool.submit(_see_more, seen, picture_damage, finder or HaarFinder(), known)
        elif seen and film:
            seeing = pool.submit(_see, seen, film.stretch, picture_damage, meter, finder)
        listened = hearing.result() if hearing else None
        picture_measures = seeing.result() if seeing else None
    _note_nothing(picture_damage, seen is not None and picture_measures is None)
    if listened is not None:
        _note_nothing(listened.damage, listened.measures is None)
    sound_measures = listened.measures if listened else None
    if sound_measures is None and picture_measures is None:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=(picture or sound or Path()).name, detail="no_content")
    tracks = [("sound", listened.info.number, len(sounds))] if listened else []
    tracks += [("picture", film.number, film.films)] if film else []
    return Measures(
        sound_measures,
        picture_measures,
        listened.extent.start_s or 0.0 if listened else 0.0,
        listened.damage if listened else Damage(),
        picture_damage,
        listened.extent.end_s if listened else 0.0,
        listened.info.index if listened else None,
        tuple(track for track in tracks if track[2] > 1),
    )


def _note_nothing(damage: Damage, missing: bool) -> None:
    """A stream that the header promises and that gives nothing, as in a file that breaks off early, is damaged."""
    if missing:
        damage.pieces = max(1, damage.pieces)


def judge(
    measures: Measures,
    limits: CheckLimits,
    *,
    nominal_fps: float | None = None,
    video: VideoStats | None = None,
    audio: AudioStats | None = None,
    sync: SyncReport | None = None,
) -> tuple[CheckResult, ...]:
    """Verdicts for measurements: pure."""
    results: list[CheckResult] = []
    if measures.sound is not None:
        results += judge_sound(measures.sound, limits, stats=audio, zero_s=measures.sound_start_s)
    elif measures.picture is not None:
        results.append(limits.judge(CheckCode.SOUND_MISSING, 1))
    if measures.picture is not None:
        results += judge_picture(measures.picture, limits, nominal_fps=nominal_fps, stats=video)
    if measures.sound is not None and measures.picture is not None:
        heard = Extent(measures.sound_start_s, measures.sound_end_s)
        results += judge_together(measures.sound, heard, measures.picture, limits)
    results += [judge_track(*track, limits) for track in measures.tracks]
    if sync is not None:
        results.append(judge_sync(sync, limits))
    for stream, damage in (("sound", measures.sound_damage), ("picture", measures.picture_damage)):
        if damage.pieces:
            times = tuple(Span(start_s=t, end_s=t) for t in damage.times_s[:40])
            results.append(limits.judge(CheckCode.DAMAGE, damage.pieces, times=times, stream=stream))
    return tuple(results)


def _hear(path: Path, sounds: Sequence[SoundInfo], meter: _Meter, live: HeardSound | None) -> _Heard:
    """The first track in which something is heard; where all are silent, the one that is meant."""
    first = best = _listen(path, sounds[0], meter, live)
    silence = house_limits()[CheckCode.SILENCE]
    for info in sounds[1:]:
        if silence.verdict(best.loudest_dbfs)[0] is not Verdict.RETAKE:
            break
        best = max(best, _listen(path, info, meter, None), key=lambda heard: heard.loudest_dbfs)
    return best if silence.verdict(best.loudest_dbfs)[0] is not Verdict.RETAKE or first.measures is None else first


def _listen(path: Path, info: SoundInfo, meter: _Meter, live: HeardSound | None) -> _Heard:
    heard = _Heard(info)
    if live is not None and _holds(path, live, meter, heard.extent):
        heard.measures = live.measures
        return heard
    scan: SoundScan | None = None
    heard.extent = Extent()
    for samples, rate in sound_blocks(path, heard.damage, track=info.index, extent=heard.extent):
        if scan is None:
            scan = SoundScan(rate, samples.shape[1])
        scan.push(samples)
        meter.heard(len(samples) / rate)
    heard.measures = scan.finish() if scan is not None else None
    return heard


def _holds(path: Path, live: HeardSound, meter: _Meter, extent: Extent) -> bool:
    """Whether a file gives back, sample for sample, what was heard while it was written."""
    found: Fingerprint | None = None
    for samples, rate in sound_blocks(path, Damage(), extent=extent):
        found = found or Fingerprint(rate, samples.shape[1])
        found.push(samples)
        meter.heard(len(samples) / rate)
    return found is not None and found.text() == live.fingerprint


def _see(
    path: Path, stretch: float, damage: Damage, meter: _Meter, finder: FaceFinder | None
) -> PictureMeasures | None:
    scan, seen = PictureScan(finder or HaarFinder()), Extent()
    standing, small = Orientation(), SmallColour(GLIMPSE_WIDTH, stretch)
    for at_s, frame in ahead(film_frames(path, damage), _AHEAD):
        standing = attitude(frame, stretch) if seen.start_s is None else standing
        plane = standing.stand(luma_plane(frame))
        if scan.frame(full_range(tiny_luma(plane), frame), at_s, plane):
            scan.glimpse(np.ascontiguousarray(standing.turn(small(frame))), plane, at_s)
        scan.mouth(plane, at_s)
        meter.seen(at_s - seen.end_s if seen.start_s is not None else 0.0)
        seen.add(at_s, 0.0)
    if seen.start_s is None:
        return None
    return _timed(replace(scan.finish(), mirrored=standing.mirrored), seen.start_s, seen.end_s)


def _timed(seen: PictureMeasures, first_s: float, last_s: float) -> PictureMeasures:
    """With the times of the first picture and of the end of the last, which is shown as long as most are."""
    length = 1 / seen.cadence.usual_fps if seen.cadence else 0.0
    return replace(seen, begins_s=first_s, ends_s=last_s + length)


def _see_more(path: Path, damage: Damage, finder: FaceFinder, known: PictureMeasures) -> PictureMeasures | None:
    """What only the closed file can tell: every frame's time, lips in the middle of the take, and flicker and shake
    from there and from two short stretches."""
    times = film_times(path)
    if len(times) < 2:
        return known
    length = times[-1] - times[0]
    talk = _talking(path, damage, finder, times[0] + 0.5 * max(0.0, length - _TALK_S))
    short = [talk.motion]
    for share in _STRETCHES if length >= _TALK_S + len(_STRETCHES) * _STRETCH_S else ():
        short.append(_stretch(path, damage, times[0] + share * (length - _STRETCH_S)))
        if _agree(*short[:2]):
            break
    middle = sorted(short, key=lambda m: m.flicker_percent or 0.0)[len(short) // 2]
    shakes = sorted(m.shake for m in short if m.shake is not None)
    motion = replace(
        known.motion,
        flicker_percent=middle.flicker_percent,
        flicker_hz=middle.flicker_hz,
        shake=shakes[len(shakes) // 2] if shakes else None,
    )
    more = replace(known, cadence=measure_cadence(times), motion=motion, mouth=talk.mouth)
    return _timed(more, times[0], times[-1])


def _agree(one: Motion, other: Motion) -> bool:
    """Whether a third stretch is not needed: the middle of three lies between any two, and these lie close together."""
    flicker = abs((one.flicker_percent or 0.0) - (other.flicker_percent or 0.0))
    shake = abs((one.shake or 0.0) - (other.shake or 0.0))
    return flicker < _FLICKER_ALIKE and shake < _SHAKE_ALIKE


def _talking(path: Path, damage: Damage, finder: FaceFinder, begin_s: float) -> PictureMeasures:
    """Every frame of one longer stretch, with its mouth."""
    scan, small, first = PictureScan(finder, _TALK_LOOK_S), SmallColour(GLIMPSE_WIDTH), None
    for at_s, frame in ahead(film_frames(path, damage, from_s=begin_s), _AHEAD):
        first = at_s if first is None else first
        if at_s > first + _TALK_S:
            break
        plane = luma_plane(frame)
        if scan.frame(full_range(tiny_luma(plane), frame), at_s, plane):
            scan.glimpse(np.ascontiguousarray(small(frame)), plane, at_s)
        scan.mouth(plane, at_s)
    return scan.finish()


def _stretch(path: Path, damage: Damage, begin_s: float) -> Motion:
    scan = MotionScan()
    first = None
    for index, (at_s, frame) in enumerate(film_frames(path, damage, from_s=begin_s)):
        first = at_s if first is None else first
        if at_s > first + _STRETCH_S:
            break
        plane = luma_plane(frame)
        scan.push(full_range(tiny_luma(plane), frame), at_s, watch_shake=index % 10 == 1, whole=plane)
    return scan.finish()


def _trusted(live: LiveSummary | None, seen: Path | None, infos: dict[Path, MediaInfo]) -> PictureMeasures | None:
    """What the live pass saw, if it saw enough: a busy machine skips looks, and a short take has few."""
    if live is None or live.picture is None or seen is None:
        return None
    wanted = _film_share(seen, infos) / _LIVE_LOOK_EVERY_S
    return live.picture if live.picture.glimpses >= max(_LIVE_LOOKS, 0.6 * wanted) else None


class _Meter:
    """Adds up the progress of both threads."""

    def __init__(self, tell: Progress | None, sound_s: float, film_s: float) -> None:
        self._tell = tell
        self._lock = Lock()
        # A second of film costs about twenty times a second of sound.
        self._whole = max(1e-6, sound_s * 0.05 + film_s)
        self._done = self._reported = 0.0

    def heard(self, seconds: float) -> None:
        self._add(seconds * 0.05)

    def seen(self, seconds: float) -> None:
        self._add(seconds)

    def _add(self, amount: float) -> None:
        if self._tell is None:
            return
        with self._lock:
            self._done += amount
            share = min(1.0, self._done / self._whole)
            if share - self._reported >= _REPORT_EVERY:
                self._reported = share
                self._tell(share)


def _share(path: Path | None, infos: dict[Path, MediaInfo]) -> float:
    info = infos[path].sound if path else None
    return (info.duration_s or 0.0) if info else 0.0


def _film_share(path: Path | None, infos: dict[Path, MediaInfo]) -> float:
    info = infos[path].picture if path else None
    return (info.duration_s or 0.0) if info else 0.0
