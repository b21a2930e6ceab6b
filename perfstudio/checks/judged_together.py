"""Sound and picture of one file or one pair: do they begin and end together, and do lips and voice?"""

from __future__ import annotations

from perfstudio.checks.limits import CheckLimits
from perfstudio.checks.lip_sync import judge_lips, measure_lips
from perfstudio.checks.media import Extent
from perfstudio.checks.picture import PictureMeasures
from perfstudio.checks.sound import SoundMeasures
from perfstudio.model.checks import CheckCode, CheckResult


def judge_together(
    sound: SoundMeasures, heard: Extent, picture: PictureMeasures, limits: CheckLimits
) -> list[CheckResult]:
    """Results for a sound and a picture that are told by one clock; `heard` is when the sound was there."""
    results = []
    if picture.begins_s is not None and picture.ends_s is not None:
        seen = Extent(picture.begins_s, picture.ends_s)
        results.append(judge_extents(heard, seen, limits))
    if picture.mouth is not None:
        lips = measure_lips(*picture.mouth, sound.levels, heard.start_s or 0.0)
        judged = judge_lips(lips, limits) if lips is not None else None
        results += [judged] if judged is not None else []
    return results


def judge_extents(heard: Extent, seen: Extent, limits: CheckLimits) -> CheckResult:
    """How far apart sound and picture begin and end, whichever is more; what lasts as long may still lie elsewhere."""
    begins = (heard.start_s or 0.0) - (seen.start_s or 0.0)
    ends = heard.end_s - seen.end_s
    allowed = limits[CheckCode.LENGTHS].look.high or 0.0
    apart = [
        f"{what}_{'late' if by > 0 else 'early'}"
        for what, by in (("begins", begins), ("ends", ends))
        if abs(by) > allowed
    ]
    return limits.judge(
        CheckCode.LENGTHS,
        max(abs(begins), abs(ends)),
        digits=2,
        longer="sound" if ends > begins else "picture",
        apart="_".join(apart) or "none",
        begins_apart_s=abs(begins),
        ends_apart_s=abs(ends),
    )


def judge_track(stream: str, number: int, count: int, limits: CheckLimits) -> CheckResult:
    """Which of several tracks was judged."""
    return limits.judge(CheckCode.TRACKS, count, digits=0, stream=stream, track=number)
