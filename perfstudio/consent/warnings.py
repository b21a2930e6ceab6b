"""What a performer is told before they sign: from what is to be signed to findings, by `assets/consent/warnings.toml`.

Pure: no clock, no file but the rules. Prose is read in English only; in another language the figures and switches of
the lines are judged, and nothing is found in words that were not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from perfstudio.consent.against_summary import contradictions
from perfstudio.consent.prose import said
from perfstudio.consent.warning_rules import rules
from perfstudio.model.consent import Compensation, Notice, RequestedUse, UseId, Warned
from perfstudio.model.prompt import Terms
from perfstudio.model.warning_rules import WarningGrade, WarningRule

WHOLE_RIGHT_YEARS = 50
"""WPPT Art. 17(1): a performer's right lasts at least 50 years; a licence as long as that is one without an end."""
REPLICA_YEARS = 10
"""NO FAKES Act (S. 4591, 2026): the longest licence of a digital replica."""
QUOTE = 300
"""Letters of a clause that is quoted."""
_COPIES = frozenset({UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS})
_TRAINING = frozenset({UseId.TRAIN_RECOGNITION, UseId.TRAIN_GENERATIVE})
_MACHINE = re.compile(
    r"\b(?:software|systems?|models?|algorithms?|ai|machines?|automat\w+|classifiers?|comput\w+|neural|tools?|"
    r"programs?|apps?)\b",
    re.I,
)
_HUMAN = re.compile(
    r"\b(?:annotators?|people|persons?|researchers?|raters?|human|humans|you|yourself|by hand|reviewers?)\b", re.I
)
_TRAINS = re.compile(
    r"\btrain(?:s|ing|ed)?\b[^.]*\b(?:models?|ai|software|systems?|algorithms?|machines?|"
    r"networks?)\b|\bmachine learning\b",
    re.I,
)
_TAKES_BACK = re.compile(r"\b(?:withdraw|revoke|cancel|take (?:it|this|them) back|change your mind|opt out)\b", re.I)
_PAID = re.compile(
    r"(?:[$€£¥]|\b(?:usd|eur|gbp|cad|aud|chf|us\$))\s?\d|\b\d[\d.,]*\s?(?:usd|eur|gbp|"
    r"euros?|dollars?|pounds?|chf|cad|aud)\b"
    r"|\b(?:unpaid|volunt\w+|no (?:pay|payment|fee|compensation)\b|not (?:be )?paid|nobody is paid|without pay\b)",
    re.I,
)
_LATER = re.compile(
    r"\b(?:to be (?:agreed|determined|confirmed|discussed|decided|negotiated)|tbd|tbc|"
    r"at (?:our|its|their|the \w+.s) (?:\w+ )?discretion|may be paid|later|"
    r"competitive|exposure|if (?:any|approved)|negotiable|depend\w*|varies|not (?:yet )?(?:stated|said|fixed|set))\b",
    re.I,
)
_YEARS = re.compile(
    r"\b(\d{2,3})\)?[- ]years?\b|\b(eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|"
    r"fifty|"
    r"sixty|seventy|eighty|ninety|hundred)\b[^.]{0,8}\byears?\b|\b(?:(?:two|three|four|five|several) decades|"
    r"centur(?:y|ies))\b",
    re.I,
)
_REPLICA = re.compile(
    r"\b(?:replicas?|clones?|cloned|(?:digital|voice|body|face) (?:doubles?|twins?)|avatars?|(?:synthetic|artificial|"
    r"digital|computer|generated) (?:voices?|likeness|performers?|versions?)|voice models?|likeness)\b",
    re.I,
)


def findings(
    uses: Iterable[RequestedUse], notice: Terms | Notice, work: Compensation, *, language: str | None = None
) -> tuple[Warned, ...]:
    """Everything to be told, the graver first, then line by line; the text comes last.

    `notice` is the text as it is signed; `language` that of the lines, by default the text's.
    """
    return _found(tuple(uses), notice, work, language or notice.language)


@lru_cache(maxsize=32)
def _found(
    lines: tuple[RequestedUse, ...], notice: Terms | Notice, work: Compensation, language: str
) -> tuple[Warned, ...]:
    """The same for the same: a page that opens asks for each of its languages, and most takes are of one pack."""
    prose, plain = _english(notice.language), _english(language)
    found = [one for use in lines for one in _line(use, prose=plain)]
    found += _pay(lines, work, notice.text if prose else "")
    if prose:
        found += _text(notice, lines)
        found += [
            _warned(WarningRule.AGAINST_SUMMARY, use, quote)
            for use, quote in contradictions(lines, notice.summary, notice.text)
        ]
    first = {(one.rule, one.use): one for one in reversed(found)}
    unique = [one for one in found if first[one.rule, one.use] is one]
    return tuple(sorted(unique, key=lambda one: one.grade is not WarningGrade.STOP))


def reads(notice: Terms | Notice) -> bool:
    """Whether the prose of this text is read, or only the figures and switches of its lines."""
    return _english(notice.language)


def stops(found: Iterable[Warned]) -> frozenset[UseId]:
    """The lines to stop and think at."""
    return frozenset(one.use for one in found if one.use is not None and one.grade is WarningGrade.STOP)


def too_long(use: RequestedUse) -> bool:
    """Whether it is a copy of a person for longer than may be signed here."""
    return (use.id in _COPIES or use.replica is not None) and _years(use.term) > REPLICA_YEARS


def _english(language: str) -> bool:
    return language.split("-", maxsplit=1)[0] == "en"


def _years(term: str) -> float:
    return int(term[1:-1]) / {"D": 365.25, "M": 12.0, "Y": 1.0}[term[-1]]


def _warned(rule: WarningRule, use: UseId | None, quote: str = "") -> Warned:
    words = " ".join(quote.split())
    short = words if len(words) <= QUOTE else words[: QUOTE - 2].rsplit(" ", 1)[0] + " …"
    return Warned(rule=rule, grade=rules()[rule].grade, use=use, quote=short)


def _line(use: RequestedUse, *, prose: bool) -> Iterator[Warned]:
    for rule, holds in _STRUCTURE.items():
        if holds(use):
            yield _warned(rule, use.id)
    if prose:
        yield from _items(use)
        yield from _line_prose(use)


_STRUCTURE: dict[WarningRule, Callable[[RequestedUse], bool]] = {
    WarningRule.REQUIRED_TRAINING: lambda use: use.required and (use.id in _TRAINING or "train" in use.processing),
    WarningRule.THIRD_PARTY_LICENSING: lambda use: use.id is UseId.SHARE_THIRD_PARTY or "share" in use.processing,
    WarningRule.PERPETUAL: lambda use: _years(use.term) >= WHOLE_RIGHT_YEARS,
    WarningRule.REPLICA_OVER_10_YEARS: too_long,
    WarningRule.ANYONE: lambda use: not use.recipients,
    WarningRule.EVERYWHERE: lambda use: not use.territory,
    WarningRule.SUBLICENCE: lambda use: use.sublicense,
}


def _items(use: RequestedUse) -> Iterator[Warned]:
    for rule, entries in ((WarningRule.ANYONE, use.recipients), (WarningRule.EVERYWHERE, use.territory)):
        if rule is WarningRule.ANYONE and use.id is UseId.PUBLISH_PERFORMANCE:
            continue  # who is shown something public has no name
        for entry in entries:
            if any(said(entry, rules()[rule].items)):
                yield _warned(rule, use.id, entry)


def _line_prose(use: RequestedUse) -> Iterator[Warned]:
    whole = "\n".join(filter(None, (f"{use.exactly}.", use.why)))
    for rule in rules():
        for clause in said(whole, rules()[rule].says):
            if _fits(rule, clause, use):
                yield _warned(rule, use.id, clause)
    for clause in said(use.exactly, rules()[WarningRule.UNSPECIFIC].exactly):
        yield _warned(WarningRule.UNSPECIFIC, use.id, clause)
    if len(use.exactly.split()) <= 3:
        yield _warned(WarningRule.UNSPECIFIC, use.id, use.exactly)
    if use.required and (trains := next(said(use.exactly, (_TRAINS,)), None)):
        yield _warned(WarningRule.REQUIRED_TRAINING, use.id, trains)
    for clause in said(use.withdrawal_effect, rules()[WarningRule.PERPETUAL].says):
        yield _warned(WarningRule.PERPETUAL, use.id, clause)
    if use.id in _COPIES:
        for clause in (*_long(use.exactly), *said(use.exactly, rules()[WarningRule.PERPETUAL].says)):
            yield _warned(WarningRule.REPLICA_OVER_10_YEARS, use.id, clause)


def _fits(rule: WarningRule, clause: str, use: RequestedUse | None) -> bool:
    if rule is WarningRule.UNSPECIFIC and _TAKES_BACK.search(clause):
        return False  # "for any reason, by any means": that is how it ends, not what it is for
    if rule is WarningRule.EMOTION_RECOGNITION:
        return bool(_MACHINE.search(clause)) or not _HUMAN.search(clause)
    return not (rule is WarningRule.ANYONE and use is not None and use.id is UseId.PUBLISH_PERFORMANCE)


def _text(notice: Terms | Notice, uses: tuple[RequestedUse, ...]) -> Iterator[Warned]:
    for rule, found in rules().items():
        for clause in said(f"{notice.summary}\n{notice.text}", found.says):
            if _fits(rule, clause, None):
                yield _warned(rule, None, clause)
    copies = any(use.id in _COPIES for use in uses)
    for clause in (*_long(notice.text), *said(notice.text, rules()[WarningRule.PERPETUAL].says)):
        if copies and _REPLICA.search(clause):
            yield _warned(WarningRule.REPLICA_OVER_10_YEARS, None, clause)


def _long(text: str) -> Iterator[str]:
    for clause in said(text, (_YEARS,)):
        if any(match[1] is None or int(match[1]) > REPLICA_YEARS for match in _YEARS.finditer(clause)):
            yield clause


def _pay(uses: tuple[RequestedUse, ...], work: Compensation, text: str) -> list[Warned]:
    paid = [_pays(work), *(_pays(use.compensation) for use in uses)]
    open_lines = [
        _warned(WarningRule.PAY_UNSAID, use.id, use.compensation.note or "")
        for use in uses
        if _left_open(use.compensation)
    ]
    if _left_open(work) or not (any(paid) or open_lines or _PAID.search(text)):
        return [_warned(WarningRule.PAY_UNSAID, None, work.note or ""), *open_lines]
    return open_lines


def _pays(pay: Compensation) -> bool:
    return pay.amount is not None or bool(pay.note and not _LATER.search(pay.note))


def _left_open(pay: Compensation) -> bool:
    """It speaks of pay, and names none."""
    if pay.amount is not None:
        return False
    return bool(_LATER.search(pay.note)) if pay.note else pay.basis != "none"
