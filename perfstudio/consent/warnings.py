"""What a performer is told before they sign: from what is to be signed to findings, by `assets/consent/warnings.toml`.

Pure but for the year of the clock, from which a date in a text is as far as it is. Prose is read in English only; in
another language the figures and switches of the lines are judged, and nothing is found in words not understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from perfstudio.consent.against_summary import contradictions
from perfstudio.consent.phrase import Phrase
from perfstudio.consent.prose import said, said_in_turn, said_of
from perfstudio.consent.read_language import reads, reads_lines
from perfstudio.consent.spans import spans
from perfstudio.consent.warning_rules import Rule, rules
from perfstudio.model.clock import utc_now
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
_MACHINE = Phrase(
    r"\b(?:software|systems?|models?|algorithms?|ai|machines?|automat\w+|classifiers?|comput\w+|neural|tools?|"
    r"programs?|apps?)\b"
)
_HUMAN = Phrase(
    r"\b(?:annotators?|people|persons?|researchers?|raters?|human|humans|you|yourself|by hand|reviewers?)\b"
)
_TRAINS = Phrase(
    r"\btrain(?:s|ing|ed)?\b[^.]*\b(?:models?|ai|software|systems?|algorithms?|machines?|"
    r"networks?)\b|\bmachine learning\b"
)
_TAKES_BACK = Phrase(
    r"\b(?:withdraw|revoke|cancel|take (?:it|this|them) back|change your mind|opt out|"
    r"you (?:can|may) (?:\w+ )?(?:end|terminate|leave|stop|quit))\b"
)
_PAID = Phrase(
    r"(?:[$€£¥]|\b(?:usd|eur|gbp|cad|aud|chf|us\$))\s?\d|\b\d[\d.,]*\s?(?:usd|eur|gbp|"
    r"euros?|dollars?|pounds?|chf|cad|aud|sek|nok|dkk|kr|pln|zł|jpy|inr|brl|[$€£¥])"
    r"|\b(?:unpaid|volunteers?\b|no (?:pay|payment|fee|compensation)\b|not (?:be )?paid|nobody is paid|without pay\b)"
    r"|\b(?:unentgeltlich|ehrenamtlich|ohne (?:vergütung|honorar|bezahlung)|bénévol\w+|non rémunér\w+|à titre gratuit|"
    r"sin remuneración|no remunerad\w+|onbetaald|não remunerad\w+)\b"
)
_LATER = Phrase(
    r"\b(?:to be (?:agreed|determined|confirmed|discussed|decided|negotiated)|tbd|tbc|"
    r"at (?:our|its|their|the \w+.s) (?:\w+ )?discretion|may be paid|later|"
    r"competitive|exposure|if (?:any|approved)|negotiable|depend\w*|varies|not (?:yet )?(?:stated|said|fixed|set))\b"
)
_REPLICA = Phrase(
    r"\b(?:replicas?|clones?|cloned|(?:digital|voice|body|face|virtual|synthetic|ai) (?:doubles?|twins?|copy|copies|"
    r"sel(?:f|ves))|avatars?|(?:copy|copies|imitations?|simulations?|recreations?|doubles?|twins?) of (?:you|your "
    r"(?:voice|face|body|likeness))|deep ?fakes?|"
    r"(?:synthetic|artificial|cloned|digital|virtual|computer|generated) (?:voices?|likeness|performers?|versions?|"
    r"humans?|actors?)|"
    r"voice (?:models?|fonts?|skins?|prints?))\b"
)
_LIKENESS = Phrase(r"\blikeness\b")
_ANYTHING = Phrase(r"\w+")
_HELD = Phrase(
    r"\b(?:licen[cs]e|term|period|rights?|consent|agreement|release|granted|keep|kept|held|hold|used?|retain\w*|"
    r"stored?|runs?|"
    r"lasts?|valid)\b"
)
FEW_WORDS = 3
"""So few words are a name, and no description of what is done."""


def findings(
    uses: Iterable[RequestedUse], notice: Terms | Notice, work: Compensation, *, language: str | None = None
) -> tuple[Warned, ...]:
    """Everything to be told, the graver first, then line by line; the text comes last.

    `notice` is the text as it is signed; `language` that of the lines, by default the text's.
    """
    return _found(tuple(uses), notice, work, language or notice.language, utc_now().year)


@lru_cache(maxsize=32)
def _found(
    lines: tuple[RequestedUse, ...], notice: Terms | Notice, work: Compensation, language: str, year: int
) -> tuple[Warned, ...]:
    """The same for the same: a page that opens asks for each of its languages, and most takes are of one pack."""
    plain = reads_lines("\n".join(use.exactly for use in lines), language)
    found = [one for use in lines for one in _line(use, year, prose=plain)]
    found += _pay(lines, work, notice.prose)
    if reads(notice):
        found += _text(notice, lines, year)
        found += [
            _warned(WarningRule.AGAINST_SUMMARY, use, quote)
            for use, quote in contradictions(lines, notice.summary, notice.prose, year)
        ]
    first = {(one.rule, one.use): one for one in reversed(found)}
    unique = [one for one in found if first[one.rule, one.use] is one]
    return tuple(sorted(unique, key=lambda one: one.grade is not WarningGrade.STOP))


def stops(found: Iterable[Warned]) -> frozenset[UseId]:
    """The lines to stop and think at."""
    return frozenset(one.use for one in found if one.use is not None and one.grade is WarningGrade.STOP)


def too_long(use: RequestedUse) -> bool:
    """Whether it is a copy of a person for longer than may be signed here."""
    return (use.id in _COPIES or use.replica is not None) and _years(use.term) > REPLICA_YEARS


def _years(term: str) -> float:
    return int(term[1:-1]) / {"D": 365.25, "M": 12.0, "Y": 1.0}[term[-1]]


def _warned(rule: WarningRule, use: UseId | None, quote: str = "") -> Warned:
    words = " ".join(quote.split())
    short = words if len(words) <= QUOTE else words[: QUOTE - 2].rsplit(" ", 1)[0] + " …"
    return Warned(rule=rule, grade=rules()[rule].grade, use=use, quote=short)


def _line(use: RequestedUse, year: int, *, prose: bool) -> Iterator[Warned]:
    for rule, holds in _STRUCTURE.items():
        if holds(use):
            yield _warned(rule, use.id)
    if prose:
        yield from _items(use)
        yield from _line_prose(use, year)


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


def _line_prose(use: RequestedUse, year: int) -> Iterator[Warned]:
    whole = "\n".join(filter(None, (f"{use.exactly}.", use.why)))
    for rule, found in rules().items():
        for clause in _clauses(whole, found):
            if _fits(rule, clause, use):
                yield _warned(rule, use.id, clause)
    for clause in said(use.exactly, rules()[WarningRule.UNSPECIFIC].exactly):
        yield _warned(WarningRule.UNSPECIFIC, use.id, clause)
    if len(use.exactly.split()) <= FEW_WORDS:
        yield _warned(WarningRule.UNSPECIFIC, use.id, use.exactly)
    if use.required and (trains := next(said(use.exactly, (_TRAINS,)), None)):
        yield _warned(WarningRule.REQUIRED_TRAINING, use.id, trains)
    endless = rules()[WarningRule.PERPETUAL].says
    for clause in said(use.withdrawal_effect, endless):
        yield _warned(WarningRule.PERPETUAL, use.id, clause)
    if use.id in _COPIES:
        for clause in (*_long(said(use.exactly, (_ANYTHING,)), year), *said(use.exactly, endless)):
            yield _warned(WarningRule.REPLICA_OVER_10_YEARS, use.id, clause)


def _clauses(text: str, rule: Rule) -> Iterator[str]:
    """Where a text says what a rule looks for."""
    yield from said(text, rule.says, rule.harmless)
    yield from said_in_turn(text, rule.in_turn)


def _fits(rule: WarningRule, clause: str, use: RequestedUse | None) -> bool:
    if rule is WarningRule.UNSPECIFIC and _TAKES_BACK.search(clause):
        return False  # "for any reason, by any means": that is how it ends, not what it is for
    if rule is WarningRule.EMOTION_RECOGNITION:
        return bool(_MACHINE.search(clause)) or not _HUMAN.search(clause)
    return not (rule is WarningRule.ANYONE and use is not None and use.id is UseId.PUBLISH_PERFORMANCE)


def _text(notice: Terms | Notice, uses: tuple[RequestedUse, ...], year: int) -> Iterator[Warned]:
    for rule, found in rules().items():
        for clause in _clauses(f"{notice.summary}\n{notice.prose}", found):
            if _fits(rule, clause, None):
                yield _warned(rule, None, clause)
    endless = rules()[WarningRule.PERPETUAL].says
    copies = (_REPLICA, _LIKENESS) if any(use.id in _COPIES for use in uses) else (_REPLICA,)
    for copy in copies:
        long = _long(said_of(notice.prose, copy, (_ANYTHING,)), year)
        for clause in (*long, *said_of(notice.prose, copy, endless, within=0)):
            yield _warned(WarningRule.REPLICA_OVER_10_YEARS, None, clause)
    for clause in said(notice.prose, (_HELD,)):
        if any(span.years >= WHOLE_RIGHT_YEARS for span in spans(clause, year=year)):
            yield _warned(WarningRule.PERPETUAL, None, clause)


def _long(clauses: Iterable[str], year: int) -> Iterator[str]:
    """Those that speak of more years than a copy may be used for."""
    for clause in clauses:
        if any(span.years > REPLICA_YEARS for span in spans(clause, year=year)):
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
