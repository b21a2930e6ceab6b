"""From the recording of a set-up check to its readings: read back, fitted, copied and checked as any take is.

Runs in the recorder process. Every number comes from the closed files; the live level only said when to go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.levels import NOTHING_DBFS, clipped, dbfs, power_db
from perfstudio.checks.limits import Bounds, CheckLimits
from perfstudio.checks.media import Damage, Samples, sound_blocks
from perfstudio.checks.sound import SoundMeasures, SoundScan
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.room import RoomMeasured, RoomPart, RoomReading, RoomTopic
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.model.timing import Marker, MarkerName, Span, SyncReport
from perfstudio.session.takes.processed_take import ProcessedTake

_C = CheckCode

TONE_S = 2.0
_EDGE_S = 0.1
"""A breath before the next part, so that its first sound is not in this one."""
_FRAME_S = 0.05
_QUIETEST = 0.8
"""Share of the tone that is measured: a chair that creaks is not the room."""
_LEAST_VOICE_S = 0.4

_MICROPHONE = (
    _C.ZEROS, _C.SILENCE, _C.SOUND_GAPS, _C.DROPOUTS, _C.BANDWIDTH, _C.DEAD_CHANNEL, _C.GAIN_PUMPING, _C.DC_OFFSET,
)  # fmt: skip
_FRAMING = (
    _C.FACE, _C.CUT_OFF, _C.OTHER_PERSON, _C.FACE_SIZE, _C.HEADROOM, _C.CENTRING, _C.EYE_LINE, _C.ORIENTATION,
)  # fmt: skip
_LIGHT = (_C.BLACK, _C.BRIGHTNESS, _C.BACKLIGHT, _C.BURNT, _C.COLOUR_CAST, _C.FLICKER, _C.CRUSHED)
_CAMERA = (_C.FROZEN, _C.DROPS, _C.FRAME_RATE, _C.FRAME_RATE_SAG, _C.FOCUS, _C.SHAKE)


def measure_room(folder: Path, developed: ProcessedTake, limits: CheckLimits) -> RoomMeasured:
    """Readings of the developed recording in `folder`. Raises CaptureError when a part is missing, MediaError."""
    finished = developed.finished
    spans = part_spans(finished.markers, finished.duration_s)
    if set(spans) != set(RoomPart):
        raise CaptureError(ErrorCode.NOTHING_RECORDED)
    known = {check.code: check for check in developed.checks}
    pieces = listen(folder / FILE_NAMES[FileRole.SOUND], spans)
    readings = judge_room(pieces, known, finished.sync, limits)
    pictured = any(file.role is FileRole.PICTURE for file in finished.files)
    return RoomMeasured(readings=readings, play=spans[RoomPart.PLAY], duration_s=finished.duration_s, pictured=pictured)


def part_spans(markers: Sequence[Marker], duration_s: float) -> dict[RoomPart, Span]:
    """Where each part lies; of the tone its last two seconds. The last mark of a part counts."""
    begins = {m.note: m.at_s for m in markers if m.name is MarkerName.MARK}
    cut = next((m.at_s for m in markers if m.name is MarkerName.CUT), duration_s)
    named = [(part, begins[part.value]) for part in RoomPart if part.value in begins]
    ends = [at for _, at in named[1:]] + [min(cut, duration_s)]
    spans = {}
    for (part, begin), end in zip(named, ends, strict=True):
        start = max(begin, end - _EDGE_S - TONE_S) if part is RoomPart.TONE else begin
        stop = end - _EDGE_S if part is RoomPart.TONE else end
        if stop > start:
            spans[part] = Span(start_s=start, end_s=stop)
    return spans


def listen(sound: Path, spans: Mapping[RoomPart, Span]) -> dict[RoomPart, SoundMeasures]:
    """Each part measured by itself. Raises MediaError when the file cannot be read."""
    blocks = list(sound_blocks(sound, Damage()))
    if not blocks:
        return {}
    rate = blocks[0][1]
    samples = np.concatenate([block for block, _ in blocks])
    found = {}
    for part, span in spans.items():
        piece: Samples = samples[round(span.start_s * rate) : round(span.end_s * rate)]
        if len(piece) > rate * _FRAME_S * 4:
            scan = SoundScan(rate, piece.shape[1])
            scan.push(np.ascontiguousarray(piece))
            found[part] = scan.finish()
    return found


def judge_room(
    pieces: Mapping[RoomPart, SoundMeasures],
    known: Mapping[CheckCode, CheckResult],
    sync: SyncReport | None,
    limits: CheckLimits,
) -> tuple[RoomReading, ...]:
    """All topics of which something was measured. Pure."""
    room = _room_level(pieces, known)
    topics: dict[RoomTopic, list[CheckResult]] = {
        RoomTopic.ROOM: _judge_tone(room, known, limits),
        RoomTopic.LOUD: _judge_loud(pieces.get(RoomPart.LOUD), limits),
        RoomTopic.SOFT: _judge_soft(pieces.get(RoomPart.SOFT), room, limits),
        RoomTopic.MICROPHONE: _of(known, _MICROPHONE),
        RoomTopic.FRAMING: _of(known, _FRAMING),
        RoomTopic.LIGHT: _of(known, _LIGHT),
        RoomTopic.CAMERA: _of(known, _CAMERA),
        RoomTopic.SYNC: _judge_sync(known, sync),
    }
    if known.get(_C.FACE) is None:
        topics[RoomTopic.SYNC] = []  # sound only
    return tuple(RoomReading(topic=t, checks=tuple(_calm(c) for c in found)) for t, found in topics.items() if found)


def _room_level(pieces: Mapping[RoomPart, SoundMeasures], known: Mapping[CheckCode, CheckResult]) -> float | None:
    """Mean level of the tone in dBFS. Where somebody spoke over it, the pauses of the whole recording are quieter."""
    found = []
    if (tone := pieces.get(RoomPart.TONE)) is not None:
        frames: NDArray[np.float64] = np.sort(10 ** (tone.voice.frame_db.astype(np.float64) / 10))
        found.append(power_db(float(frames[: max(1, round(_QUIETEST * len(frames)))].mean())))
    whole = known.get(_C.NOISE_FLOOR)
    if whole is not None and whole.value is not None:
        found.append(whole.value)
    return min(found, default=None)


def _judge_tone(room: float | None, known: Mapping[CheckCode, CheckResult], limits: CheckLimits) -> list[CheckResult]:
    if room is None or room < NOTHING_DBFS:
        return []
    return [limits.judge(_C.NOISE_FLOOR, room, digits=1), *_of(known, (_C.HUM, _C.REVERB))]


def _judge_loud(heard: SoundMeasures | None, limits: CheckLimits) -> list[CheckResult]:
    if heard is None:
        return []
    if heard.voice.voiced_s < _LEAST_VOICE_S:
        return [limits.judge(_C.SPEECH, heard.voice.voiced_s, digits=1)]
    parts = limits[_C.TRUE_PEAK].parts
    peak = dbfs(heard.levels.true_peak)
    flats = clipped(heard.levels)
    found = [_within(limits, _C.TRUE_PEAK, peak, Bounds(parts["far"], parts["near"]), headroom_db=-peak)]
    if flats:
        found.insert(0, limits.judge(_C.CLIPPING, len(flats), level_dbfs=dbfs(max(abs(f.level) for f in flats))))
    return found


def _judge_soft(heard: SoundMeasures | None, room: float | None, limits: CheckLimits) -> list[CheckResult]:
    if heard is None or room is None:
        return []
    speech = heard.voice.speech_dbfs
    if speech is None or heard.voice.voiced_s < _LEAST_VOICE_S:
        return [limits.judge(_C.SPEECH, heard.voice.voiced_s, digits=1)]
    least = Bounds(low=limits[_C.SNR].parts["soft"])
    return [_within(limits, _C.SNR, speech - room, least, speech_dbfs=speech, noise_dbfs=room)]


def _judge_sync(known: Mapping[CheckCode, CheckResult], sync: SyncReport | None) -> list[CheckResult]:
    found = known.get(_C.SYNC)
    if found is None or sync is None:
        return []
    facts = found.facts | {"calibrated": int(sync.calibrated)}
    lips = _of(known, (_C.LIP_SYNC,))
    return [found.model_copy(update={"facts": facts}), *lips]


def _within(limits: CheckLimits, code: CheckCode, value: float, bounds: Bounds, **facts: float) -> CheckResult:
    """A result against a part of the limit instead of its own bounds."""
    crossed = bounds.crossed(value)
    direction = "low" if crossed is not None and crossed == bounds.low else "high"
    return CheckResult(
        code=code,
        verdict=Verdict.GOOD if crossed is None else Verdict.LOOK,
        value=round(value, 1),
        unit=limits[code].unit,
        limit=crossed if crossed is not None else bounds.nearest(value),
        source=limits[code].source,
        facts={name: round(fact, 1) for name, fact in facts.items()}
        | ({} if crossed is None else {"direction": direction}),
    )


def _of(known: Mapping[CheckCode, CheckResult], codes: Sequence[CheckCode]) -> list[CheckResult]:
    return [known[code] for code in codes if code in known]


def _calm(check: CheckResult) -> CheckResult:
    """Nothing of a set-up is lost, and no moment of its recording matters: at most a look, without times."""
    verdict = Verdict.GOOD if check.verdict is Verdict.GOOD else Verdict.LOOK
    return check.model_copy(update={"verdict": verdict, "times": ()})
