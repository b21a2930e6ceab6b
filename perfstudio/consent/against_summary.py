"""Where a text, or a line, is not what the studio's own summary of it says. English prose only.

A summary promises in two ways: it denies ("we never share it"), or it says something that leaves no room ("only we
watch it", "deleted after two years", "take it back on any day").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from perfstudio.consent.phrase import Phrase, Phrases
from perfstudio.consent.prose import denies, said
from perfstudio.consent.spans import spans
from perfstudio.consent.warning_rules import rules
from perfstudio.model.consent import RequestedUse, UseId
from perfstudio.model.warning_rules import WarningRule

Found = tuple[UseId | None, str]
_COPIES = frozenset({UseId.REPLICA_VOICE, UseId.REPLICA_LIKENESS})
_TRAINS = frozenset({UseId.TRAIN_RECOGNITION, UseId.TRAIN_GENERATIVE})


@dataclass(frozen=True, slots=True)
class Promise:
    """What a summary may promise, and what speaks against it."""

    denied: Phrase | None
    """Denied by the summary, it is promised."""
    told: Phrase | None
    """Said by the summary, it is promised."""
    text: Phrases
    """Said by the text, it breaks the promise."""
    line: Callable[[RequestedUse], bool] = lambda _use: False
    """Asked by a line, it breaks the promise."""
    harmless: Phrases = ()
    """Said by the text, it breaks nothing."""


_TRAINING = Phrase(
    r"\b(?:train|tun|teach)(?:e|s|es|ed|ing)?\b[^.]*\b(?:models?|ai|software|systems?|algorithms?|machines?|"
    r"networks?|"
    r"recogni[sz]ers?|generators?)\b|\bmachine learning\b|\b(?:training|tuning) (?:set|data|of)\b|"
    r"\b(?:models?|ai|software|systems?|algorithms?|machines?|computers?|programs?|networks?)\b[^.]{0,30}"
    r"\b(?:learn\w*|train\w*|tuned|taught|fed)\b"
)
_COPY = Phrase(
    r"\b(?:clon\w+|replicas?|replicat\w+|imitat\w+|digital doubles?|deep ?fakes?|"
    r"synthetic|synthesi[sz]\w+|copy of (?:your|you)|copies of (?:your|you)|"
    r"sounds? like you|looks? like you|cop(?:y|ies|ied|ying) (?:your|the) (?:voice|face|likeness))\b"
)
_SHARING = Phrase(
    r"\b(?:shar\w+|sell\w*|sold|pass(?:ed|es)? (?:it )?on|given (?:to|away)|giv(?:e|es|"
    r"ing) (?:it|them|your)|sub-?licen[cs]\w*|third[- ]part\w+|licen[cs]ed? to|"
    r"leaves? (?:our|the)|outside)\b"
)
_HANDED_ON = Phrase(
    r"\b(?:pass|giv|hand|send|sent|transfer|forward|suppl|sell|sold|lend|lent|disclos|provid|deposit)\w*\b[^.]{0,40}"
    r"\b(?:copies|copy|takes?|recordings?|them|it|data|material|clips?)\b[^.]{0,20}?"
    r"\b(?:to|with) (?!you\b|us\b|our\b|its\b|her\b|his\b|the (?:performer|three|two|named|same|reviewers|lab|studio|"
    r"team)\b)"
)
"""Where only a few are to see it."""
_ALSO = Phrase(
    r"\b(?:also|further|furthermore|additionally)\b[^.]{0,30}\b(?:used?|exploit\w*|shown|broadcast|"
    r"appear)\b"
    r"|\bused?\b[^.]{0,20}\b(?:in|for) (?:an)?other\b"
)
"""Where it is for one thing alone."""
_PUBLIC = Phrase(r"\b(?:publish\w*|made public|public(?:ly)?|broadcast\w*|advertis\w*|posted|marketing)\b")


_ENDS = Phrase(
    r"\b(?:for|after|within|at most|up to|no longer than|limited to|ends?)\b[^.]{0,20}\b(?:\d+|one|two|three|four|"
    r"five|"
    r"six|seven|eight|nine|ten|a) (?:years?|months?)\b|\b(?:delet|eras|destroy|gone|remov)\w*\b[^.]{0,30}\bafter\b"
    r"|\b(?:short|limited) (?:time|term|period)\b|\btemporar"
)
_NO_EFFECT = Phrase(
    r"\b(?:withdraw\w*|revo(?:cation|king|ke)|cancel\w*|tak(?:e|ing)\b[^.]{0,20}\bback)\b(?:(?!lawful)[^.])*\b"
    r"(?:(?:has|have|takes?|is of) no (?:effect|bearing|influence)|(?:does not|do not|will not|shall not) (?:affect|"
    r"apply to|extend to|"
    r"reach|concern|touch|oblige|entitle))\b(?:(?!lawful)[^.])*\b(?:takes?|recordings?|copies|material|footage|"
    r"clips?|deliver\w+|corpus|"
    r"data ?sets?|models?)\b"
)
"""Not the law's own sentence, by which what was lawful before stays lawful."""


@cache
def _of_the_grant() -> tuple[Promise, ...]:
    law, endless = rules(), rules()[WarningRule.PERPETUAL]
    others = (
        law[WarningRule.SUBLICENCE].says + law[WarningRule.ANYONE].says + law[WarningRule.THIRD_PARTY_LICENSING].says
    )
    nobody = Promise(
        _SHARING,
        Phrase(
            r"\b(?:only (?:we|us|our|the (?:team|lab|studio|researchers|reviewers)|named|two|"
            r"three)|stays? (?:with|in|inside) (?:us|our|the)|in-house|only (?:the|one|a) (?:\w+ )?\w+ (?:has|have|"
            r"sees?|hears?|watch\w*)|confidential|kept private|"
            r"private)\b"
        ),
        (*others, _HANDED_ON),
        lambda use: use.sublicense or use.id is UseId.SHARE_THIRD_PARTY or "share" in use.processing,
        law[WarningRule.ANYONE].harmless + law[WarningRule.THIRD_PARTY_LICENSING].harmless,
    )
    back = Promise(
        None,
        Phrase(
            r"\b(?:tak(?:e|ing)\b[^.]{0,25}\bback\b|withdraw|"
            r"revoke|change your mind|stop (?:at )?any|opt out|pull out|cancel)\b"
        ),
        (*(p for p in endless.says if "revo" in p.pattern or "withdraw" in p.pattern), _NO_EFFECT),
        harmless=endless.harmless,
    )
    ends = Promise(None, _ENDS, endless.says, harmless=endless.harmless)
    return (nobody, back, ends)


@cache
def _of_where_and_what_for() -> tuple[Promise, ...]:
    law = rules()
    here = Promise(
        None,
        Phrase(
            r"\bonly (?:in|within|inside)\b|\bonly\b[^.]{0,40}\b(?:in|within) (?:the )?(?:EU|"
            r"European|Germany|UK|United|US|USA|country|France|Canada|California)\b|"
            r"\bstays? (?:in|within)\b|\b(?:in|within) (?:the )?\w+(?: and \w+)? only\b|\bnowhere else\b"
        ),
        law[WarningRule.EVERYWHERE].says,
        lambda use: any(said("; ".join(use.territory), law[WarningRule.EVERYWHERE].items)),
        law[WarningRule.EVERYWHERE].harmless,
    )
    this = Promise(
        None,
        Phrase(
            r"\b(?:nowhere else|nothing else|no other (?:purpose|use|reason|film|game|product|project)s?|solely|"
            r"exclusively|only (?:for|in) (?:this|that|the one|one)\b|for (?:this|that|"
            r"one)\b[^.]{0,40}\b(?:only|alone))\b"
        ),
        (*law[WarningRule.UNSPECIFIC].says, _ALSO),
    )
    return (here, this)


@cache
def _of_uses() -> tuple[Promise, ...]:
    law = rules()
    return (
        Promise(
            _TRAINING,
            Phrase(r"\b(?:only people|people only|humans only|only humans)\b"),
            (_TRAINING,),
            lambda use: use.id in _TRAINS or "train" in use.processing,
        ),
        Promise(_COPY, None, (_COPY,), lambda use: use.id in _COPIES or "generate" in use.processing),
        Promise(
            _PUBLIC, None, (_PUBLIC,), lambda use: use.id is UseId.PUBLISH_PERFORMANCE or "publish" in use.processing
        ),
        Promise(
            Phrase(r"\b(?:emotions?|moods?|feelings)\b"),
            None,
            law[WarningRule.EMOTION_RECOGNITION].says,
        ),
        Promise(
            None,
            Phrase(r"\b(?:you (?:are|will be|get) paid|we pay|pays? you|paid (?:per|for|by))\b"),
            (
                Phrase(
                    r"\bno (?:payment|compensation|fee|pay|remuneration) (?:is|will|shall|of any)\b|"
                    r"\b(?:unpaid|without (?:any )?(?:payment|compensation))\b|\bnot (?:be )?(?:entitled to|receive|"
                    r"paid|get|owed)\b"
                    r"(?: any| a)? (?:pay|payment|remuneration|compensation|fee|money|consideration)\b"
                ),
                Phrase(r"\bno (?:payment|compensation|remuneration)\b"),
            ),
        ),
    )


def contradictions(uses: Iterable[RequestedUse], summary: str, text: str, year: int) -> Iterator[Found]:
    """(line or None, the clause or the promise that is broken) of everything that the summary does not say truly.

    `year` is that of the day, from which a date in the text counts.
    """
    lines = tuple(uses)
    for promise in (*_of_the_grant(), *_of_where_and_what_for(), *_of_uses()):
        if not _given(promise, summary):
            continue
        yield from ((None, clause) for clause in said(text, promise.text, promise.harmless))
        yield from ((use.id, summary) for use in lines if promise.line(use) or any(said(use.exactly, promise.text)))
    longest = _longest(summary, year)
    if longest:
        yield from ((use.id, summary) for use in lines if _years(use.term) > longest)
        yield from ((None, clause) for clause in said(text, (_KEPT,)) if _kept_longer(clause, longest, year))


def _given(promise: Promise, summary: str) -> bool:
    if promise.denied is not None and denies(summary, promise.denied):
        return True
    return promise.told is not None and any(said(summary, (promise.told,)))


_BEFORE_A_TERM = Phrase(
    r"\b(?:for|after|within|at most|up to|no longer than|limited to|ends?|keep|kept|lasts?|runs?|stor\w+|until|"
    r"till)\b[^.]{0,20}$"
)
_KEPT = Phrase(
    r"\b(?:takes?|recordings?|clips?|footage|materials?|corpus|data|voice|licen[cs]es?|rights?|consent|permission|"
    r"grant|it|they|them)\b"
    r"[^.]{0,80}\b(?:runs?|lasts?|kept|keeps?|retain\w*|stor(?:e|es|ed)|held|holds?|used?|valid|granted|continues?|"
    r"ends?|expires?|"
    r"remains?)\b"
    r"|\b(?:keeps?|kept|retain\w*|stor(?:e|es|ed)|holds?|uses?|term|licen[cs]e(?: period)?|period)\b"
)
_OTHER_PAPERS = Phrase(
    r"\b(?:invoices?|accounts?|accounting|tax\w*|receipts?|pay(?:ment|roll)?|records? of|(?:signed |)consents? "
    r"(?:form|record|as proof)s?|signed consents?|proofs?|evidence|"
    r"contracts?|"
    r"contact|names?|address\w*|e-?mail|logs?|statistics|anonym\w+|aggregat\w+)\b"
)
"""What a studio keeps for longer by law, and what names nobody: the summary of a take's use does not speak of it."""
SHORTEST_TERM = 0.28
"""Years from which a span in a summary is a term: "deleted within 30 days" is none."""
ROUNDED = 1.02
"""A year of 366 days is one year."""


def _longest(summary: str, year: int) -> float:
    """The longest term that the summary names, in years; 0 where it names none."""
    named = (span.years for span in spans(summary, year=year) if _BEFORE_A_TERM.search(summary[: span.start]))
    return max((years for years in named if years >= SHORTEST_TERM), default=0.0) * ROUNDED


def _kept_longer(clause: str, longest: float, year: int) -> bool:
    """Whether it says that takes are kept or used for longer."""
    return not _OTHER_PAPERS.search(clause) and any(span.years > longest for span in spans(clause, year=year))


def _years(term: str) -> float:
    return int(term[1:-1]) / {"D": 365.25, "M": 12.0, "Y": 1.0}[term[-1]]
