"""The sanity test of a driver's frame stamps against the one clock."""

from __future__ import annotations

_NEAR_NS = 2_000_000_000
"""A stamp counts when it lies this near to the arrival; further off it is another clock."""
_AHEAD_NS = 2_000_000
"""A stamp may be this much after the arrival (rounding); more, and the driver stamps something else."""
_PROVEN = 5


class DriverStampCheck:
    """Decides frame by frame whether the driver's stamp can be used.

    V4L2 and Media Foundation give a real time; other back ends give 0, -1 or invented steps. A stamp is used while it
    is near the arrival, not after it, and moves on. After the first bad stamp of a proven clock the arrival counts for
    that frame only; a clock that never was right is never used.
    """

    def __init__(self, *, possible: bool) -> None:
        self._possible = possible
        self._good = 0
        self._bad = 0
        self._last = 0

    @property
    def name(self) -> str:
        """What times the frames: "driver" or "arrival"."""
        return "driver" if self._possible and self._good >= _PROVEN and self._good > self._bad else "arrival"

    def stamp(self, position_ms: float, arrival_ns: int) -> int | None:
        """The driver's stamp on the one clock, or None."""
        if not self._possible or position_ms <= 0:
            return None
        at = round(position_ms * 1e6)
        fits = -_AHEAD_NS <= arrival_ns - at <= _NEAR_NS and at > self._last
        self._last = at
        self._good += fits
        self._bad += not fits
        return at if fits and self.name == "driver" else None
