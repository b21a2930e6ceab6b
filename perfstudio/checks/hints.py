"""Which finding is said on the stage's edge: it must last to appear, be gone a while to go, and only one is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfstudio.model.checks import CheckCode, CheckResult, Verdict

LOSES_A_TAKE = frozenset({CheckCode.ZEROS, CheckCode.BLACK, CheckCode.FROZEN})
"""What loses a take while it rolls. A full disk is the recorder's to tell."""

_ORDER = (
    CheckCode.ZEROS,
    CheckCode.BLACK,
    CheckCode.FROZEN,
    CheckCode.CLIPPING,
    CheckCode.SILENCE,
    CheckCode.FACE,
    CheckCode.BRIGHTNESS,
    CheckCode.BACKLIGHT,
    CheckCode.BURNT,
    CheckCode.CUT_OFF,
    CheckCode.OTHER_PERSON,
    CheckCode.HEADROOM,
    CheckCode.FACE_SIZE,
    CheckCode.CENTRING,
    CheckCode.EYE_LINE,
    CheckCode.COLOUR_CAST,
    CheckCode.CRUSHED,
)
_APPEAR_S = 1.0
_LEAVE_S = 1.5
_STAY_S = 3.0


@dataclass(slots=True)
class _Finding:
    result: CheckResult
    source: str
    since_s: float
    seen_s: float


@dataclass(slots=True)
class HintKeeper:
    """Findings come in as often as measured; one hint goes out."""

    _findings: dict[CheckCode, _Finding] = field(default_factory=dict)
    _shown: CheckCode | None = None
    _shown_s: float = 0.0

    def update(self, findings: list[CheckResult], at_s: float, source: str) -> None:
        """What one source ("sound", "picture") finds now. What it no longer finds ages and then goes."""
        for result in findings:
            if result.verdict is Verdict.GOOD or result.code not in _ORDER:
                continue
            known = self._findings.get(result.code)
            since = known.since_s if known else at_s
            self._findings[result.code] = _Finding(result, source, since, at_s)
        for code, finding in list(self._findings.items()):
            if finding.source == source and at_s - finding.seen_s > _LEAVE_S:
                del self._findings[code]

    def hint(self, at_s: float, *, only_losses: bool = False) -> CheckResult | None:
        """The most serious finding that has lasted; one that is shown stays some seconds unless a graver one comes."""
        ripe = [
            f
            for code, f in self._findings.items()
            if f.seen_s - f.since_s >= _APPEAR_S or code in LOSES_A_TAKE
            if not only_losses or code in LOSES_A_TAKE
        ]
        if not ripe:
            self._shown = None
            return None
        best = min(ripe, key=_rank)
        shown = next((f for f in ripe if f.result.code is self._shown), None)
        if shown is not None and at_s - self._shown_s < _STAY_S and not _graver(best, shown):
            return shown.result
        if best.result.code is not self._shown:
            self._shown, self._shown_s = best.result.code, at_s
        return best.result


def _rank(finding: _Finding) -> tuple[int, int]:
    return (0 if finding.result.verdict is Verdict.RETAKE else 1, _ORDER.index(finding.result.code))


def _graver(one: _Finding, other: _Finding) -> bool:
    return _rank(one)[0] < _rank(other)[0]
