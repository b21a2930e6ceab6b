"""Where in the film it stands: what has been heard tells, and where nothing is heard the computer's own clock."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.capture.devices.sound_run import SoundRun


@dataclass(frozen=True, slots=True)
class _Pace:
    """How it goes on from `from_s`: not at all, with a sound, or since a host time."""

    from_s: float = 0.0
    speed: float = 0.0
    sound: SoundRun | None = None
    since_ns: int = 0

    def at(self, now_ns: int) -> float:
        if not self.speed:
            return self.from_s
        gone_s = (now_ns - self.since_ns) / 1e9 if self.sound is None else self.sound.heard_s(now_ns) or 0.0
        return self.from_s + max(0.0, gone_s) * self.speed


class PlayClock:
    """Film time in seconds at a host time in nanoseconds. It stands, or runs; it never runs backwards by itself.

    Set by one thread; any may ask.
    """

    def __init__(self) -> None:
        self._pace = _Pace()
        self._latest_s = 0.0

    def hold(self, at_s: float) -> None:
        """Stand at a moment."""
        self._pace, self._latest_s = _Pace(at_s), at_s

    def run_free(self, now_ns: int, speed: float) -> None:
        """Go on from where it stands, by the computer's clock."""
        self._pace = _Pace(self.at(now_ns), speed, None, now_ns)

    def run_by(self, sound: SoundRun, speed: float) -> None:
        """Go on from where it stood, as the sound is heard; until it is, stand."""
        self._pace = _Pace(self._latest_s, speed, sound)

    def at(self, now_ns: int) -> float:
        """Where it stands now."""
        pace = self._pace
        at_s = pace.at(now_ns)
        if pace.speed and pace is self._pace:
            at_s = self._latest_s = max(self._latest_s, at_s)
        return at_s
