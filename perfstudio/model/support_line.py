"""Two clocks, one line: what can be later by any amount, and never earlier, lies above the line that is looked for.

Over many observations the lower convex hull of the delays is the best that they can say about two clocks (Moon, Skelly,
Towsley 1999; Zhang, Liu, Xia 2002). The hull edge over the middle is the line that lies closest below all of them.
Stalls, bursts and lumps lie above the line and do not move it. One algorithm for a microphone's counter, for that of
headphones, and for the clocks of two machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_SLOPE: Final = 1000e-6
"""No sound card, and no computer's clock, is further from its nominal rate; a steeper line comes from too short a
stretch."""


def lower_hull(x: Floats, y: Floats) -> NDArray[np.intp]:
    """Indices of the vertices of the lower convex hull of points sorted by strictly rising `x`.

    A point on or above the line between its present neighbours is never a vertex, whatever else is taken away, so
    all such points go at once, until none is left.
    """
    keep = np.arange(len(x))
    while len(keep) > 2:
        left, mid, right = keep[:-2], keep[1:-1], keep[2:]
        chord = (y[right] - y[left]) * (x[mid] - x[left]) - (y[mid] - y[left]) * (x[right] - x[left])
        below = chord > 0
        if below.all():
            break
        keep = np.concatenate((keep[:1], mid[below], keep[-1:]))
    return keep


@dataclass(frozen=True, slots=True)
class SupportLine:
    """late_s(n) = height_s + slope * n / rate: the support line below all arrivals."""

    height_s: float
    slope: float
    support: int

    def at(self, seconds: Floats) -> Floats:
        """Height of the line at nominal times n / rate."""
        return self.height_s + self.slope * seconds


def support_line(seconds: Floats, late_s: Floats, steepest: float = MAX_SLOPE) -> SupportLine:
    """The line below all points that is closest to them: the hull edge over the mean. `seconds` strictly rising.

    Fewer than two points, or an edge steeper than `steepest`, give a level line through the lowest point.
    """
    if len(seconds) == 0:
        return SupportLine(0.0, 0.0, 0)
    hull = lower_hull(seconds, late_s)
    if len(hull) >= 2:
        middle = float(seconds.mean())
        right = int(np.clip(np.searchsorted(seconds[hull], middle), 1, len(hull) - 1))
        a, b = hull[right - 1], hull[right]
        slope = float((late_s[b] - late_s[a]) / (seconds[b] - seconds[a]))
        if abs(slope) <= steepest:
            return SupportLine(float(late_s[a] - slope * seconds[a]), slope, len(hull))
    return SupportLine(float(late_s.min()), 0.0, 1)
