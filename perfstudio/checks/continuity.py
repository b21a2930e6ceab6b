"""Continuity: does this take look and sound like the character's reference take?

A pure function over the stored results of two takes, so that any two takes of the library can be compared without
opening a file: distance, place, eye line, light, colour, level of the voice, room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from perfstudio.checks.limits import CheckLimits, house_limits
from perfstudio.model.checks import CheckCode, CheckResult

Known = Mapping[CheckCode, CheckResult]


def compare(
    reference: Iterable[CheckResult], take: Iterable[CheckResult], limits: CheckLimits | None = None
) -> tuple[CheckResult, ...]:
    """What changed against the reference, largest first; one result per thing that both takes have measured.

    `value` is the difference in units of that thing's own limit; facts say `what`, the `direction` and the
    `difference` in its natural unit (see the data file).
    """
    limits = limits or house_limits()
    before, now = ({r.code: r for r in results} for results in (reference, take))
    results = []
    for what, (measure, directions) in _THINGS.items():
        old, new = measure(before), measure(now)
        if old is None or new is None:
            continue
        change = np.asarray(new) - np.asarray(old)
        size = float(np.linalg.norm(change))
        sign = float(change.flat[0])
        results.append(
            limits.judge(
                CheckCode.CONTINUITY,
                size / limits[CheckCode.CONTINUITY].parts[what],
                digits=2,
                what=what,
                direction=directions[1] if sign > 0 else directions[0],
                difference=size,
            )
        )
    return tuple(sorted(results, key=lambda r: -(r.value or 0.0)))


def _value(code: CheckCode) -> Callable[[Known], list[float] | None]:
    def measure(known: Known) -> list[float] | None:
        found = known.get(code)
        return None if found is None or found.value is None else [found.value]

    return measure


def _distance(known: Known) -> list[float] | None:
    size = known.get(CheckCode.FACE_SIZE)
    return [float(np.log2(size.value))] if size is not None and size.value else None


def _place(known: Known) -> list[float] | None:
    found = known.get(CheckCode.CENTRING)
    if found is None or found.value is None:
        return None
    return [-found.value if found.facts.get("direction") == "left" else found.value]


def _light(known: Known) -> list[float] | None:
    found = known.get(CheckCode.BRIGHTNESS)
    return _value(CheckCode.BRIGHTNESS)(known) if found is not None and found.facts.get("where") == "face" else None


def _facts(code: CheckCode, *names: str) -> Callable[[Known], list[float] | None]:
    def measure(known: Known) -> list[float] | None:
        found = known.get(code)
        return None if found is None or not set(names) <= set(found.facts) else [float(found.facts[n]) for n in names]

    return measure


_THINGS: dict[str, tuple[Callable[[Known], list[float] | None], tuple[str, str]]] = {
    "distance": (_distance, ("further", "closer")),
    "place": (_place, ("left", "right")),
    "eye_line": (_value(CheckCode.EYE_LINE), ("higher", "lower")),
    "light": (_light, ("darker", "brighter")),
    "colour": (_facts(CheckCode.COLOUR_CAST, "red", "blue"), ("cooler", "warmer")),
    "level": (_facts(CheckCode.SNR, "speech_dbfs"), ("quieter", "louder")),
    "room": (_value(CheckCode.NOISE_FLOOR), ("quieter", "louder")),
}
