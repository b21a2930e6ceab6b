"""Framing: what the face's box says over a whole take. Where, how large, how long, cut off, gone, accompanied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perfstudio.checks.faces import FaceBox
from perfstudio.checks.levels import runs
from perfstudio.checks.limits import CheckLimits
from perfstudio.checks.tracking import FaceSighting
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.timing import Span

_MAX_TIMES = 40
_EDGE = 0.004
_ALIVE = 0.3


@dataclass(frozen=True, slots=True)
class Framing:
    """Medians over all sightings with a face; shares of the picture. None where no face was ever seen."""

    sightings: int
    share: float
    centre_x: float | None
    eyes_y: float | None
    head_top: float | None
    height: float | None
    cut_share: float
    cut_edge: str
    absent: tuple[Span, ...]
    other_share: float
    others: tuple[Span, ...]


def measure_framing(sightings: Sequence[FaceSighting]) -> Framing:
    """Framing over a take's sightings, in time order."""
    faces = [s.face for s in sightings if s.face is not None]
    found = [f for f in faces if f.pose != "held"] or faces
    cuts = [edge for f in faces if (edge := cut_edge(f))]
    here = np.array([s.face is not None for s in sightings], bool)
    others = np.array([s.other is not None for s in sightings], bool)
    times = [s.at_s for s in sightings]
    return Framing(
        sightings=len(sightings),
        share=len(faces) / len(sightings) if sightings else 0.0,
        centre_x=_median(found, "centre_x"),
        eyes_y=_median(found, "eyes_y"),
        head_top=_median(found, "head_top"),
        height=_median(found, "height"),
        cut_share=len(cuts) / len(faces) if faces else 0.0,
        cut_edge=max(sorted(set(cuts)), key=cuts.count) if cuts else "",
        absent=_spans(~here, times),
        other_share=float(others.mean()) if len(others) else 0.0,
        others=_spans(others, times),
    )


def cut_edge(face: FaceBox) -> str | None:
    """The edge of the picture that cuts through the face, or None."""
    over = {
        "left": -face.x,
        "right": face.x + face.width - 1,
        "top": -face.y,
        "bottom": face.y + face.height - 1,
    }
    worst = max(over, key=lambda edge: over[edge])
    return worst if over[worst] > -_EDGE else None


def judge_framing(
    framing: Framing, limits: CheckLimits, *, alive: float = 0.0, finder: tuple[str, str] = ("", "")
) -> tuple[CheckResult, ...]:
    """Results; without a single face only that is said.

    `alive` is the share of the take in which something moved in one place: then nobody claims that nobody was there,
    for the embedded finder does not see every face (heavy glasses, masks). `finder` is the name of what looked and the
    hash of its model.
    """
    if not framing.sightings:
        return ()
    at_most = Verdict.LOOK if alive >= _ALIVE else Verdict.RETAKE
    found = limits.judge(CheckCode.FACE, framing.share, times=framing.absent[:_MAX_TIMES], at_most=at_most)
    named = zip(("finder", "finder_sha256"), finder, strict=True)
    results = [found.model_copy(update={"facts": {name: fact for name, fact in named if fact}})]
    if framing.centre_x is None or framing.head_top is None or framing.height is None or framing.eyes_y is None:
        return tuple(results)
    aside = framing.centre_x - 0.5
    gone = [s.end_s - s.start_s for s in framing.absent]
    # Who is large in the picture has little room above: a close face may touch the top.
    tight = framing.height > 0.5
    results += [
        limits.judge(
            CheckCode.HEADROOM,
            max(0.0, framing.head_top) if tight else framing.head_top,
            direction="little" if framing.head_top < 0.1 else "much",
        ),
        limits.judge(CheckCode.CENTRING, abs(aside), direction="left" if aside < 0 else "right"),
        limits.judge(CheckCode.FACE_SIZE, framing.height, direction="small" if framing.height < 0.3 else "large"),
        limits.judge(CheckCode.EYE_LINE, framing.eyes_y, direction="low" if framing.eyes_y > 0.38 else "high"),
        limits.judge(CheckCode.CUT_OFF, framing.cut_share, edge=framing.cut_edge),
        limits.judge(
            CheckCode.LEFT_FRAME, max(gone, default=0.0), times=framing.absent[:_MAX_TIMES], digits=1, total_s=sum(gone)
        ),
        limits.judge(CheckCode.OTHER_PERSON, framing.other_share, times=framing.others[:_MAX_TIMES]),
    ]
    return tuple(results)


def _median(faces: Sequence[FaceBox], name: str) -> float | None:
    return float(np.median([getattr(f, name) for f in faces])) if faces else None


def _spans(mask: np.ndarray, times: Sequence[float]) -> tuple[Span, ...]:
    return tuple(Span(start_s=times[a], end_s=times[min(b, len(times) - 1)]) for a, b in runs(mask))
