"""Check results in words: what was found, the moment it points to, and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.timing import Span
from perfstudio.texts import continuity, formatting
from perfstudio.texts.check_text import CheckText
from perfstudio.texts.check_texts import TEXTS
from perfstudio.texts.template import capital, say

CHECKING = N_("Checking this take …")
UNCHECKED = N_("This take has not been checked.")

_NAMED_TIMES = 3
_VARIANTS = ("cause", "direction", "edge", "apart", "longer", "stream", "left")
_CHANNELS: Messages[dict[int, str]] = {1: "left", 2: "right"}
_FORMS: dict[str, Callable[[float], str]] = {
    "dB": formatting.decibels,
    "LU": formatting.decibels,
    "dBFS": formatting.decibels,
    "dBTP": formatting.decibels,
    "LUFS": formatting.decibels,
    "s": formatting.span,
    "ms": lambda value: formatting.milliseconds(abs(value)),
    "Hz": formatting.frequency,
    "share": formatting.percent,
    "percent": lambda value: formatting.percent(value / 100),
}
"""By the first word of a unit."""
_ALONE = frozenset({CheckCode.SNR, CheckCode.SYNC})
"""Good news worth a line of its own."""


def sentence(result: CheckResult) -> str:
    """One finding as a sentence or two. Holds whatever value, time or fact is missing."""
    if result.code is CheckCode.CONTINUITY:
        return continuity.sentence(result)
    text = TEXTS[result.code]
    return say(_template(text, result), _words(result))


def name(code: CheckCode) -> str:
    """The short name of a check, for lists and tracks."""
    return _(TEXTS[code].name)


def moment(result: CheckResult) -> str:
    """The moments a finding points to, as said in its sentence ("at 1:31 and 2:03"), or nothing."""
    return _at(result.times)


def held(results: Iterable[CheckResult]) -> str:
    """What was good, in one sentence ("Light, focus and frame rate held."), or nothing.

    A group is named when all its checks are good. What `sentence` says better alone is left out (see `shown`).
    """
    groups: dict[str, bool] = {}
    for result in results:
        if result.code not in _ALONE:
            group = TEXTS[result.code].group
            groups[group] = groups.get(group, True) and result.verdict is Verdict.GOOD
    listed = formatting.listing(_(group) for group, good in groups.items() if good)
    return capital(_("Good: {what}.", what=listed)) if listed else ""


def once(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """Without what another finding among them says already, with the remedy that helps."""
    all_results = tuple(results)
    found = {result.code.value for result in all_results if result.verdict is not Verdict.GOOD}
    return tuple(r for r in all_results if r.verdict is Verdict.GOOD or r.facts.get("cause") not in found)


def shown(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results that deserve a line of their own: good news on clarity and sync first, then the most serious."""
    order = [Verdict.RETAKE, Verdict.LOOK]
    all_results = once(results)
    good = [r for r in all_results if r.verdict is Verdict.GOOD and r.code in _ALONE]
    rest = [r for r in all_results if r.verdict is not Verdict.GOOD]
    return (*good, *sorted(rest, key=lambda r: order.index(r.verdict)))


def _template(text: CheckText, result: CheckResult) -> str:
    if result.verdict is Verdict.GOOD:
        return text.good
    if text.by:
        for fact in _VARIANTS:
            variant = text.by.get(str(result.facts.get(fact, "")))
            if variant:
                return variant
    return text.retake if result.verdict is Verdict.RETAKE and text.retake else text.look


def _words(result: CheckResult) -> dict[str, str]:
    words = {key: text for key, fact in result.facts.items() if (text := _fact(key, fact))}
    if result.value is not None:
        words["value"] = _value(result.value, result.unit)
        words["below"] = formatting.decibels(abs(result.value), 1)
    if result.times:
        words["at"] = _at(result.times)
        words["since"] = _("from {time}", time=formatting.duration(result.times[0].start_s))
    words["side"] = _(_CHANNELS.get(int(result.facts.get("channel", 0)), ""))
    words["place"] = _("face") if result.facts.get("where") == "face" else ""
    return words


def _value(value: float, unit: str) -> str:
    form = _FORMS.get(unit.partition(" ")[0])
    return form(value) if form else formatting.number(value, 1)


def _fact(key: str, fact: float | int | str) -> str:
    if isinstance(fact, str):
        return fact.replace("_", " ")
    ending = key.rsplit("_", 1)[-1]
    unit = {"s": "s", "ms": "ms", "hz": "Hz", "db": "dB", "dbfs": "dB", "share": "share"}.get(ending, "")
    return _value(float(fact), unit)


def _at(times: tuple[Span, ...]) -> str:
    if not times:
        return ""
    named = list(dict.fromkeys(formatting.duration(span.start_s) for span in times))
    more = len(named) - _NAMED_TIMES
    if more > 0:
        named = [*named[:_NAMED_TIMES], formatting.count(more, "more time")]
    return _("at {times}", times=formatting.listing(named))
