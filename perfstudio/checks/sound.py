"""Everything about the sound of one file: one pass, one frozen measurement, one tuple of results."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from perfstudio.checks.dropouts import RepeatScan, holes
from perfstudio.checks.levels import NOTHING_DBFS, Levels, LevelScan, clipped, dbfs, power_db, zero_runs
from perfstudio.checks.limits import CheckLimits
from perfstudio.checks.loudness import Loudness, LoudnessMeter
from perfstudio.checks.media import Samples
from perfstudio.checks.phase_cancellation import Cancelling, CancellingScan
from perfstudio.checks.room import decay_time_s, gain_climb_db
from perfstudio.checks.spectrum import Hum, SpectrumScan, bandwidth_hz, hum, strongest
from perfstudio.checks.speech import Voice, measure_voice
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.timing import AudioStats, Span

_FRAME_S = 0.05
_MAX_TIMES = 40
_NOTHING_LEFT_DB = 20.0
_VOICE_NEEDED_S = 1.0
"""What is said about a voice (ratio to the room, band, decay) needs a second of it."""


@dataclass(frozen=True, slots=True)
class SoundMeasures:
    """What was measured on one file's sound."""

    levels: Levels
    loudness: Loudness
    voice: Voice
    bandwidth_hz: float
    hum: Hum | None
    decay_s: float | None
    climb_db: float | None
    holes: tuple[tuple[float, float], ...]
    repeats: tuple[tuple[float, float], ...]
    cancelling: Cancelling | None = None


@dataclass(slots=True)
class SoundScan:
    """Feeds on blocks (frames x channels, float32, full scale 1.0) of one rate.

    It is measured second by second, counted from the first sample, however the blocks come: the same sound gives the
    same measurements.
    """

    rate_hz: int
    channels: int
    _waiting: list[Samples] = field(default_factory=list)
    _held: int = 0
    _levels: LevelScan = field(init=False)
    _loudness: LoudnessMeter = field(init=False)
    _spectrum: SpectrumScan = field(init=False)
    _repeats: RepeatScan = field(init=False)
    _cancelling: CancellingScan = field(default_factory=CancellingScan)

    def __post_init__(self) -> None:
        self._levels = LevelScan(self.rate_hz, self.channels)
        self._loudness = LoudnessMeter(self.rate_hz, self.channels)
        self._spectrum = SpectrumScan(self.rate_hz)
        self._repeats = RepeatScan(self.rate_hz)

    def push(self, block: Samples) -> None:
        """One block, any length."""
        self._waiting.append(block)
        self._held += len(block)
        if self._held < self.rate_hz:
            return
        whole = np.concatenate(self._waiting)
        stop = len(whole) // self.rate_hz * self.rate_hz
        for start in range(0, stop, self.rate_hz):
            self._measure(whole[start : start + self.rate_hz])
        self._waiting, self._held = [whole[stop:]], len(whole) - stop

    def _measure(self, block: Samples) -> None:
        self._levels.push(block)
        self._loudness.push(block)
        self._cancelling.push(block)
        wave = strongest(block)
        self._spectrum.push(wave)
        self._repeats.push(wave)

    def finish(self) -> SoundMeasures:
        """The measurements; the scan is spent."""
        if self._held:
            self._measure(np.concatenate(self._waiting))
        levels = self._levels.finish()
        voice = measure_voice(levels)
        spectrum = self._spectrum.finish()
        return SoundMeasures(
            levels=levels,
            loudness=self._loudness.finish(),
            voice=voice,
            bandwidth_hz=bandwidth_hz(spectrum),
            hum=hum(spectrum, ~voice.active, _FRAME_S),
            decay_s=decay_time_s(levels, voice),
            climb_db=gain_climb_db(voice, _FRAME_S),
            holes=holes(levels),
            repeats=self._repeats.finish(),
            cancelling=self._cancelling.finish(self.rate_hz),
        )


def judge_sound(
    measures: SoundMeasures, limits: CheckLimits, *, stats: AudioStats | None = None, zero_s: float = 0.0
) -> tuple[CheckResult, ...]:
    """Results for one file's sound. `zero_s` is the take time of its first sample."""
    results = [
        *_judge_peaks(measures, limits, zero_s),
        *_judge_channels(measures, limits, zero_s),
        *_judge_holes(measures, limits, zero_s),
    ]
    if stats is not None:
        spans = tuple(Span(start_s=g.start_s, end_s=g.start_s + g.length_s) for g in stats.gaps)
        lost = sum(g.length_s for g in stats.gaps)
        results.append(limits.judge(CheckCode.SOUND_GAPS, lost, times=spans[:_MAX_TIMES], count=len(spans)))
    heard = limits.judge(CheckCode.SILENCE, measures.voice.loudest_dbfs, digits=1)
    results.append(heard)
    if heard.verdict is not Verdict.RETAKE:
        results += [*_judge_loudness(measures, limits), *_judge_voice(measures, limits), *_judge_room(measures, limits)]
    return tuple(results)


def _judge_peaks(measures: SoundMeasures, limits: CheckLimits, zero_s: float) -> list[CheckResult]:
    levels = measures.levels
    channel = max(range(levels.channels), key=levels.peak)
    at = zero_s + levels.peak_at[channel] / levels.rate_hz
    flats = clipped(levels)
    times = _spans([(f.first / levels.rate_hz, f.samples / levels.rate_hz) for f in flats], zero_s, 0.1)
    clip = limits.judge(
        CheckCode.CLIPPING,
        len(flats),
        times=times,
        level_dbfs=dbfs(max((abs(f.level) for f in flats), default=0.0)),
        longest_ms=max((f.samples for f in flats), default=0) * 1000 / levels.rate_hz,
    )
    return [
        limits.judge(
            CheckCode.PEAK,
            dbfs(levels.peak(channel)),
            times=(Span(start_s=at, end_s=at),),
            digits=1,
            channel=channel + 1,
        ),
        limits.judge(CheckCode.TRUE_PEAK, dbfs(levels.true_peak), digits=1),
        clip,
        limits.judge(CheckCode.DC_OFFSET, max(abs(m) for m in levels.mean), digits=4),
    ]


def _judge_channels(measures: SoundMeasures, limits: CheckLimits, zero_s: float) -> list[CheckResult]:
    levels, found = measures.levels, measures.cancelling
    power = [power_db(float(p)) for p in levels.mean_power()]
    if max(power) <= -60.0:
        return []
    results = []
    if levels.channels == 2:
        weak = int(np.argmin(power))
        results.append(limits.judge(CheckCode.DEAD_CHANNEL, abs(power[0] - power[1]), digits=1, channel=weak + 1))
    if found is not None:
        bound = limits[CheckCode.CANCELLING].look.high
        over = [(at, length) for at, length, lost in found.seconds if bound is not None and lost > bound]
        results.append(
            limits.judge(
                CheckCode.CANCELLING,
                found.lost_db,
                times=_spans(over, zero_s, 0.1),
                digits=1,
                left="nothing" if found.lost_db >= _NOTHING_LEFT_DB else "less",
                first=found.pair[0],
                second=found.pair[1],
            )
        )
    return results


def _judge_holes(measures: SoundMeasures, limits: CheckLimits, zero_s: float) -> list[CheckResult]:
    zeros = [z for z in zero_runs(measures.levels) if z[1] >= 0.05]
    longest = max((length for _, length in zeros), default=0.0)
    cut = [*measures.holes, *measures.repeats]
    return [
        limits.judge(
            CheckCode.ZEROS,
            longest,
            times=_spans([z for z in zeros if z[1] >= 0.5], zero_s, 0.0),
            digits=2,
            total_s=sum(length for _, length in zeros),
        ),
        limits.judge(
            CheckCode.DROPOUTS,
            len(cut),
            times=_spans(sorted(cut), zero_s, 0.1),
            holes=len(measures.holes),
            repeats=len(measures.repeats),
        ),
    ]


def _judge_loudness(measures: SoundMeasures, limits: CheckLimits) -> list[CheckResult]:
    loud = measures.loudness
    if loud.integrated is None:
        return []
    return [
        limits.judge(
            CheckCode.LOUDNESS,
            loud.integrated,
            digits=1,
            short_term_max=loud.short_term_max or 0.0,
            momentary_max=loud.momentary_max or 0.0,
        ),
        limits.judge(CheckCode.LOUDNESS_RANGE, loud.range_lu, digits=1),
    ]


def _judge_voice(measures: SoundMeasures, limits: CheckLimits) -> list[CheckResult]:
    voice = measures.voice
    duration = max(measures.levels.duration_s, 1e-6)
    results = [
        limits.judge(CheckCode.SPEECH, voice.voiced_s, digits=1, share=voice.voiced_s / duration),
    ]
    ratio_db = voice.snr_db
    if voice.voiced_s < _VOICE_NEEDED_S or ratio_db is None:
        return results
    if voice.room_heard:
        results.append(_judge_ratio(voice, ratio_db, limits))
    results.append(limits.judge(CheckCode.BANDWIDTH, measures.bandwidth_hz, digits=0))
    if measures.decay_s is not None and ratio_db >= 20.0:
        results.append(limits.judge(CheckCode.REVERB, measures.decay_s, digits=2))
    if measures.climb_db is not None:
        results.append(limits.judge(CheckCode.GAIN_PUMPING, max(0.0, measures.climb_db), digits=1))
    return results


def _judge_ratio(voice: Voice, ratio_db: float, limits: CheckLimits) -> CheckResult:
    noisy = limits[CheckCode.NOISE_FLOOR].verdict(voice.noise_dbfs)[0] is not Verdict.GOOD
    return limits.judge(
        CheckCode.SNR,
        ratio_db,
        digits=1,
        # In a quiet room a small ratio is a whisper, and a whisper is a choice.
        at_most=Verdict.RETAKE if noisy else Verdict.LOOK,
        speech_dbfs=voice.speech_dbfs or 0.0,
        noise_dbfs=voice.noise_dbfs,
    )


def _judge_room(measures: SoundMeasures, limits: CheckLimits) -> list[CheckResult]:
    voice = measures.voice
    results = []
    if voice.noise_dbfs > NOTHING_DBFS and voice.room_heard:
        results.append(limits.judge(CheckCode.NOISE_FLOOR, voice.noise_dbfs, digits=1))
    if measures.hum is not None:
        found = measures.hum
        results.append(
            limits.judge(CheckCode.HUM, found.level_dbfs, digits=1, mains_hz=found.mains_hz, excess_db=found.excess_db)
        )
    return results


def _spans(found: list[tuple[float, float]], zero_s: float, join_s: float) -> tuple[Span, ...]:
    """Stretches as spans of take time, joined when closer than `join_s`, the first forty."""
    joined: list[list[float]] = []
    for start, length in found:
        if joined and start - joined[-1][1] <= join_s:
            joined[-1][1] = max(joined[-1][1], start + length)
        else:
            joined.append([start, start + length])
    return tuple(Span(start_s=round(zero_s + a, 3), end_s=round(zero_s + b, 3)) for a, b in joined[:_MAX_TIMES])
