"""Where a text, or a line, is not what the studio's own summary of it says. English prose only.

A summary promises in two ways: it denies ("we never share it"), or it says something that leaves no room ("only we
watch it", "deleted after two years", "take it back on any day").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from perfstudio.consent.prose import denies, said
from perfstudio.consent.warning_rules import Patterns, rules
from perfstudio.model.consent import RequestedUse, UseId
from perfstudio.model.warning_rules import WarningRule

Found = tuple[UseId | None, str]
_COPIES = frozenset({UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS})
_TRAINS = frozenset({UseId.TRAIN_RECOGNITION, UseId.TRAIN_GENERATIVE})
_NUMBERS = {
    word: n for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
}


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a summary may promise, and what speaks against it."""

    denied: re.Pattern[str] | None
    """Denied by the summary, it is promised."""
    told: re.Pattern[str] | None
    """Said by the summary, it is promised."""
    text: Patterns
    """Said by the text, it breaks the promise."""
    line: Callable[[RequestedUse], bool]
    """Asked by a line, it breaks the promise."""


_TRAINING = _re(
    r"\b(?:train|tun|teach)(?:e|s|es|ed|ing)?\b[^.]*\b(?:models?|ai|software|systems?|algorithms?|machines?|"
    r"networks?|"
    r"recogni[sz]ers?|generators?)\b|\bmachine learning\b|\b(?:training|tuning) (?:set|data|of)\b|"
    r"\b(?:models?|ai|software|systems?|algorithms?|machines?|computers?|programs?|networks?)\b[^.]{0,30}"
    r"\b(?:learn\w*|train\w*|tuned|taught|fed)\b"
)
_COPY = _re(
    r"\b(?:clon\w+|replicas?|replicat\w+|imitat\w+|digital doubles?|deep ?fakes?|"
    r"synthetic|synthesi[sz]\w+|copy of (?:your|you)|copies of (?:your|you)|"
    r"sounds? like you|looks? like you|cop(?:y|ies|ied|ying) (?:your|the) (?:voice|face|likeness))\b"
)
_SHARING = _re(
    r"\b(?:shar\w+|sell\w*|sold|pass(?:ed|es)? (?:it )?on|given (?:to|away)|giv(?:e|es|"
    r"ing) (?:it|them|your)|sub-?licen[cs]\w*|third[- ]part\w+|licen[cs]ed? to|"
    r"leaves? (?:our|the)|outside)\b"
)
_PUBLIC = _re(r"\b(?:publish\w*|made public|public(?:ly)?|broadcast\w*|advertis\w*|posted|marketing)\b")


_ENDS = _re(
    r"\b(?:for|after|within|at most|up to|no longer than|limited to|"
    r"ends?)\b[^.]{0,20}\b(?:\d+|one|two|three|four|five|six|seven|ten|a) (?:years?|"
    r"months?|days?)\b|\b(?:short|limited) (?:time|term|period)\b|\btemporar"
)


def _of_the_grant() -> tuple[Promise, ...]:
    law = rules()
    others = (
        law[WarningRule.SUBLICENCE].says + law[WarningRule.ANYONE].says + law[WarningRule.THIRD_PARTY_LICENSING].says
    )
    nobody = Promise(
        _SHARING,
        _re(
            r"\b(?:only (?:we|us|our|the (?:team|lab|studio|researchers|reviewers)|named|two|"
            r"three)|stays? (?:with|in|inside) (?:us|our|the)|in-house|confidential|kept private|"
            r"private)\b"
        ),
        others,
        lambda use: use.sublicense or use.id is UseId.SHARE_THIRD_PARTY or "share" in use.processing,
    )
    back = Promise(
        None,
        _re(
            r"\b(?:take (?:it|this|them|your (?:consent|yes)|any line|every line) back|withdraw|"
            r"revoke|change your mind|stop (?:at )?any|opt out|pull out|cancel)\b"
        ),
        tuple(p for p in law[WarningRule.PERPETUAL].says if re.search("revo|withdraw", p.pattern)),
        lambda _use: False,
    )
    ends = Promise(
        None,
        _ENDS,
        law[WarningRule.PERPETUAL].says,
        lambda _use: False,
    )
    return (nobody, back, ends)


def _of_where_and_what_for() -> tuple[Promise, ...]:
    law = rules()
    here = Promise(
        None,
        _re(
            r"\bonly (?:in|within|inside)\b|\bonly\b[^.]{0,40}\b(?:in|within) (?:the )?(?:EU|"
            r"European|Germany|UK|United|US|USA|country|France|Canada|California)\b|"
            r"\bstays? (?:in|within)\b|\b(?:in|within) (?:the )?\w+(?: and \w+)? only\b|\bnowhere else\b"
        ),
        law[WarningRule.EVERYWHERE].says,
        lambda use: any(said("; ".join(use.territory), law[WarningRule.EVERYWHERE].items)),
    )
    this = Promise(
        None,
        _re(
            r"\b(?:nowhere else|nothing else|no other (?:purpose|use|reason|film|game|product|project)s?|solely|"
            r"exclusively|only (?:for|in) (?:this|that|the one|one)\b|for (?:this|that|"
            r"one)\b[^.]{0,40}\b(?:only|alone))\b"
        ),
        law[WarningRule.UNSPECIFIC].says,
        lambda _use: False,
    )
    return (here, this)


def _of_uses() -> tuple[Promise, ...]:
    law = rules()
    return (
        Promise(
            _TRAINING,
            _re(r"\b(?:only people|people only|humans only|only humans)\b"),
            (_TRAINING,),
            lambda use: use.id in _TRAINS or "train" in use.processing,
        ),
        Promise(_COPY, None, (_COPY,), lambda use: use.id in _COPIES or "generate" in use.processing),
        Promise(
            _PUBLIC, None, (_PUBLIC,), lambda use: use.id is UseId.PUBLISH_PERFORMANCE or "publish" in use.processing
        ),
        Promise(
            _re(r"\b(?:emotions?|moods?|feelings)\b"),
            None,
            law[WarningRule.EMOTION_RECOGNITION].says,
            lambda _use: False,
        ),
        Promise(
            None,
            _re(r"\b(?:you (?:are|will be|get) paid|we pay|pays? you|paid (?:per|for|by))\b"),
            (
                _re(
                    r"\bno (?:payment|compensation|fee|pay|remuneration) (?:is|will|shall|of any)\b|"
                    r"\b(?:unpaid|without (?:any )?(?:payment|compensation))\b"
                ),
                _re(r"\bno (?:payment|compensation|remuneration)\b"),
            ),
            lambda _use: False,
        ),
    )


def contradictions(uses: Iterable[RequestedUse], summary: str, text: str) -> Iterator[Found]:
    """(line or None, the clause or the promise that is broken) of everything that the summary does not say truly."""
    lines = tuple(uses)
    for promise in (*_of_the_grant(), *_of_where_and_what_for(), *_of_uses()):
        if not _given(promise, summary):
            continue
        yield from ((None, clause) for clause in said(text, promise.text))
        yield from ((use.id, summary) for use in lines if promise.line(use) or any(said(use.exactly, promise.text)))
    yield from ((use.id, summary) for use in lines if _longer(use.term, summary))


def _given(promise: Promise, summary: str) -> bool:
    if promise.denied is not None and denies(summary, promise.denied):
        return True
    return promise.told is not None and any(said(summary, (promise.told,)))


_LONGEST = _re(
    r"\b(?:for|after|within|at most|up to|no longer than|limited to|"
    r"ends?)\b[^.]{0,20}?\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten|a) (year|"
    r"month|day)s?\b"
)
_DAYS = {"year": 366, "month": 31, "day": 1, "Y": 365, "M": 30, "D": 1}


def _longer(term: str, summary: str) -> bool:
    """Whether a line runs longer than every span that the summary names, where it names one of a month or more."""
    spans = [_count(match[1]) * _DAYS[match[2].lower()] for match in _LONGEST.finditer(summary)]
    spans = [days for days in spans if days > 100]
    return bool(spans) and int(term[1:-1]) * _DAYS[term[-1]] > max(spans)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.get(word.lower(), 1)
