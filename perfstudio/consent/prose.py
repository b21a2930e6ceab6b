"""English clauses: where a text says something, and where it denies it.

A clause is judged by itself. What stands in it before the words (or right behind them) decides whether it is denied:
"we will not sublicense" says nothing of a sublicence. What only looks like a denial ("not limited to", "without
further notice") is taken out first. A denial reaches further in three ways: from a heading over what it lists ("Not
granted."), from a bare answer ("evaluation of emotions: none"), and from "this one does not" behind what others do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from textwrap import wrap

from perfstudio.consent.layout import as_read
from perfstudio.consent.phrase import Phrase

_VERB = (
    r"(?:\w+ )?(?:may|shall|will|can|must|is|are|was|has|have|do|does|grants?|agrees?|consents?|owns?|keeps?|uses?|"
    r"sells?|shares?|licen[cs]es?|retains?|gets?|receives?|allows?|holds?|takes?|makes?|gives?|pass(?:es)?|trains?|"
    r"publish(?:es)?)\b"
)
_CLAUSES = Phrase(
    r"[.;!?](?=[\s\"'\u201d\u2019)*]|$)|\n|:\s|,?\s+\b(?:but(?! not limited)|however|although|though|whereas|"
    r"except that|save that|otherwise|or else|"
    r"provided that|whilst|while)\b"
    rf"|,?\s+and\s+(?=(?:we|you|they|it|i|this|these|(?:the|your|our|its|his|her|their) \w+)\s+{_VERB})"
    r"|,?\s+and\s+(?=(?:may|shall|will|can|hereby|grants?|agrees?)\b)"
    rf"|,\s+(?=(?:we|you|they|it|i)\s+{_VERB})",
)
_NO_DENIAL = Phrase(
    r"\bnot (?:be )?(?:only|limited|just|merely|exclusively|withstanding)\b(?: to)?"
    r"|\bnotwithstanding\b|\bno matter\b|\bwithout limitation\b|\bwhether or not\b|\bno later than\b|\bno doubt\b"
    r"|\bwithout (?:any |your |the |further |prior |additional |written |of |a |need |having to |asking )*"
    r"(?:limit(?:ing|s)?|restrictions?|consent|approval|notice|notification|compensation|"
    r"payment|permission|you|obligation|pay|fee)\b"
    r"|\b(?:for )?no (?:further|additional|extra|other) (?:compensation|payment|"
    r"consideration|notice|fee|pay|consent|approval)\b"
    r"|\bnon-?(?:exclusive|refundable|commercial)\w*"
    r"|\b(?:to the extent|if|where|insofar as|in case|should|even if|once|when|because)\b[^,.;]{0,80},\s",
)
_DENIES = Phrase(
    r"\b(?:not|never|no|nor|neither|none|nobody|nothing|nowhere|without|cannot|refuse\w*|prohibit\w*|forbid\w*|"
    r"forbidden|exclud\w*|rather than|instead of|prevent\w*|ban|bans|banned|unless|free of|avoid\w*|stop|stops|"
    r"(?:you|the performer) (?:may|can|are free to|is free to) (?:also )?(?:keep|use|show|post|put|share|publish)|"
    r"(?:you|the performer) (?:keeps?|retains?|remains?|stays?|owns?)|declin\w+|reject\w*|asks? you (?:again|"
    r"anew|first|before)|"
    r"(?:new|fresh|separate) (?:written )?(?:consent|agreement|permission))\b|n['\u2019]t\b",
)
_NEGATIVE = Phrase(
    r"not\b|\bno\b|never|cannot|without|nobody|n\.t|b\(\?:no|un(?:limited|restricted|known)|waive|renounce|bno "
)
"""A pattern of words that say no by themselves: a denial inside of what it found is its own."""
_DENIED_AFTER = Phrase(
    r"^(?:(?!\band (?:the|your|you|we|it|no|this|a|our)\b)[^.]){0,110}?\b(?:"
    r"(?:is|are|be|remains?|stays?) (?:\w+ )?(?:not|never|excluded|prohibited|"
    r"forbidden|banned|ruled out|refused|declined|off the table|out of (?:scope|the question))\b|"
    r"(?:is|are|do|does|will|ca|wo|may|should)n['\u2019]t\b|"
    r"(?:needs?|requires?|asks?|would need|would require|calls for) (?:for )?(?:a |your |"
    r"another |new |fresh |separate |further )|"
    r"only (?:with|after|if) (?:your|you|the performer|a new|new|separate)|"
    r"is (?:something|a thing|what|one)\b[^.]{0,40}\b(?:leaves? out|omits?|avoids?|excludes?|rejects?|refuses?|not|"
    r"never|nobody)\b|"
    r"never (?:happens|takes place|allowed|permitted|part)|"
    r"(?:may|will|shall|can|do|does|did) (?:not|never)\b|cannot\b|unless you|with nobody|"
    r"we (?:will |would |shall )?ask you|you (?:are|will be) asked|"
    r"(?:was|were|been|is|are|be) (?:\w+ and )?(?:rejected|turned (?:down|away)|struck|dropped|left out))"
    r"|^\W{0,2}\s*[\u2013\u2014-]+\s*(?:no|none|never|not)\b",
)
_UNLIKE = Phrase(
    r"\b(?:unlike|contrary to|as opposed to|in contrast to|other than in)\b[^.;]{0,200}?,\s*"
    r"(?=(?:we|this|ours?|here|they|it|you|the)\b)",
)
"""What is told of others, in front of what is said of oneself."""
_BARE_NO = Phrase(r"^\W*(?:no|none|never|nobody|not (?:at all|any|here)|nothing)\b[\w ,'\u2019]{0,30}$")
_OTHERS = Phrase(
    r"\b(?:most|many|some|other|usual|standard|typical|common|ordinary|such|several|(?:a |"
    r"the )?lot of)\b(?: \w+){0,2}? "
    r"(?:releases?|contracts?|agreements?|forms?|licen[cs]es|archives?|libraries|studios?|companies|labs?|platforms?|"
    r"producers?|terms|deals|clauses|services|vendors?|agencies|firms|universities|people|places)\b"
    r"|\b(?:sometimes|often|usually|normally|typically|frequently|commonly)\b"
    r"|\b(?:releases|contracts|agreements|forms|licen[cs]es|terms|clauses|companies|studios|platforms)\s+(?:that|"
    r"which|who)\s+"
    r"(?:say|read|ask|claim|demand|run|want|take)\b",
)
_NOT_US = Phrase(
    r"\b(?:do|does|did|is|are|will|would|shall|may|can)(?: not|n['\u2019]t)\W*$"
    r"|^\W*(?:this|our|these) (?:\w+ )?(?:does|do) not(?:\W*$| (?:say|mean|ask|do|want|contain|demand|claim)\b)|"
    r"^\W*(?:but )?not (?:here|us|this one|so|with us|ours|we|in our)\b"
    r"|^\W*(?:and |but )?we (?:always |then |have always )?(?:refuse|decline|say no|turn (?:them|it|this|that) "
    r"(?:down|away))\b"
    r"|^\W*(?:this (?:one|\w+)|ours|we|here\b.{0,12}) (?:is|are|do it|works?) (?:quite )?(?:different|otherwise|"
    r"another)",
)
_REFUSING_HEAD = Phrase(
    r"^[\W\d]*(?:[a-z]\)\s*)?(?:not (?:granted|included|allowed|permitted|covered|asked(?: for)?|agreed|licensed|"
    r"part of .{0,30})|excluded|exclusions?|out of scope|prohibited|forbidden|off limits|never|no-?gos?|"
    r"what (?:we|it|they|nobody|the \w+) (?:do|does|will|may|shall|can)(?: not|n['\u2019]t| never)\b.{0,30}|"
    r"what (?:is|are) (?:not|excluded|ruled out)\b.{0,30})\W*$",
)
_REFUSING_LIST = Phrase(
    r"(?:\b(?:not|never|no|nobody may|cannot|excluded|ruled out|refused?|forbidden|without)|"
    r"n['\u2019]t)(?: \w+){0,4}\W*$",
)
_OWN_SENTENCE = Phrase(
    r"\b(?:we|they|he|she|i)\s+\w+|(?<!\bor )(?<!\band )(?<!\bto )(?<=\w )(?<!\w[.)] )"
    r"\b(?:shall|will|may|must|can|grants?|agrees?|consents?)\b"
)
"""What makes a clause more than an entry under a heading."""


_DEFINED = Phrase(
    r"[\"\u201c\u2018'](?P<term>[^\"\u201d\u2019']{1,60})[\"\u201d\u2019']\s+(?:shall )?(?:means?|refers? to|is "
    r"understood as|"
    r"stands? for|is (?:defined as|a |an |any ))"
)
"""The meaning of a word, told: "'perpetual' means …"."""
_POINTS_BACK = Phrase(
    r"\b(?:it|its|this|these|those|that|they|them|such|the same|thereof|to do so|the (?:right|copy|voice|"
    r"replica|double|model|clone|permission|licen[cs]e))\b"
)

_SHORTENED = Phrase(r"\b(\w+)n['\u2019]t\b")
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}

LONGEST_HEADING = 60
LONGEST_CLAUSE = 1200
"""Letters; what goes on without any mark is read in parts, or a page of it would take minutes."""
_REACH = {".": 1, ":": 2}
"""The line ends after which a heading is over: "Not granted." holds for its line, "Not granted:" to the empty line."""


@dataclass(frozen=True)
class Clause:
    """One clause, and whether something outside of it denies it."""

    text: str
    refused: bool = False

    @cached_property
    def plain(self) -> str:
        """Its words with every "n't" written out."""
        return _SHORTENED.sub(lambda match: _WHOLE.get(match[1].lower(), match[1]) + " not", self.text)


def clauses(text: str) -> list[str]:
    """The text clause by clause."""
    return [clause.text for clause in _read(text)]


def said(text: str, patterns: Iterable[Phrase], harmless: Iterable[Phrase] = ()) -> Iterator[str]:
    """Every clause that says one of these and does not deny it. What is `harmless` in a clause is not looked at."""
    wanted, unmeant = tuple(patterns), tuple(harmless)
    for clause in _read(text):
        if _says(clause, wanted, unmeant):
            yield clause.text


def said_of(text: str, subject: Phrase, patterns: Iterable[Phrase], *, within: int = 3) -> Iterator[str]:
    """Every clause that says one of these of what it names, or points back to ("it", "this") a few clauses on."""
    wanted, since = tuple(patterns), within + 1
    for clause in _read(text):
        names = _says(clause, (subject,))
        since = 0 if names else since + 1
        if (names or (since <= within and _POINTS_BACK.search(clause.text))) and _says(clause, wanted):
            yield clause.text


def said_in_turn(text: str, pairs: Iterable[tuple[Phrase, Phrase]], *, within: int = 2) -> Iterator[str]:
    """What takes two sentences: the second thing of a pair, said soon after the first."""
    read = _read(text)
    for first, second in pairs:
        for at, clause in enumerate(read):
            if not _says(clause, (first,)):
                continue
            near = read[at + 1 : at + within + 2]
            joined = (Clause(f"{one.text}, {two.text}", one.refused or two.refused) for one, two in pairwise(near))
            for later in (*near[:within], *joined):
                if _says(later, (second,)):
                    yield f"{clause.text}. {later.text}"


def denies(text: str, pattern: Phrase) -> bool:
    """Whether some clause names it and denies it."""
    plain = ((clause.plain, clause.refused) for clause in _read(text))
    return any(
        _denied(words, match, pattern, refused=refused) for words, refused in plain for match in pattern.finditer(words)
    )


def _says(clause: Clause, patterns: tuple[Phrase, ...], harmless: tuple[Phrase, ...] = ()) -> bool:
    words = clause.plain
    if clause.refused or not _says_one(words, patterns):
        return False
    defined = _DEFINED.search(words)
    if defined and any(pattern.search(defined["term"]) for pattern in patterns):
        return False  # what a word means; where it is granted is another clause
    meant = words
    for phrase in harmless:
        meant = phrase.sub(" ", meant)
    return meant == words or _says_one(meant, patterns)


def _says_one(words: str, patterns: tuple[Phrase, ...]) -> bool:
    return any(not _denied(words, match, pattern) for pattern in patterns for match in pattern.finditer(words))


def _denied(words: str, match: re.Match[str], pattern: Phrase, *, refused: bool = False) -> bool:
    """Whether a clause denies what was found in it."""
    before, after = words[: match.start()], words[match.end() :]
    if not _NEGATIVE.search(pattern.pattern):
        before += match[0]
    return bool(
        refused or _DENIES.search(_NO_DENIAL.sub(" ", before)) or _DENIED_AFTER.search(_NO_DENIAL.sub(" ", after))
    )


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[Clause, ...]:
    """Read once, asked by every rule."""
    return tuple(_clauses(text))


def _clauses(text: str) -> Iterator[Clause]:
    parts = list(_parts(text))
    heading = ""  # the mark behind the heading that refuses what is under it
    for number, (words, end) in enumerate(parts):
        following = parts[number + 1][0] if number + 1 < len(parts) else ""
        if heading and _OWN_SENTENCE.search(words):
            heading = ""
        yield Clause(words, refused=bool(heading) or _answered_no(words, end, following))
        if end.count("\n") >= _REACH.get(heading, 0):
            heading = ""
        if _REFUSING_HEAD.search(words) and len(words) < LONGEST_HEADING:
            heading = "." if end == "." else ":"
        elif ":" in end and _REFUSING_LIST.search(words):
            heading = ":"


def _answered_no(words: str, end: str, following: str) -> bool:
    """Whether what comes next takes it away: a bare "no", or "this one does not" behind what others do."""
    if end.strip() in (":", "?") and _BARE_NO.search(following):
        return True
    return bool(_OTHERS.search(words) and _NOT_US.search(following))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(clause, the mark it ends with: a full stop, a colon, a line end, …), without what is told of others."""
    joined, start = _UNLIKE.sub("", as_read(text)), 0
    found: list[tuple[str, str]] = []
    for mark in (*_CLAUSES.finditer(joined), None):
        words = joined[start : mark.start() if mark else None].strip()
        end = mark[0].strip() + "\n" * mark[0].count("\n") if mark else ""
        if words:
            *before, last = wrap(words, LONGEST_CLAUSE)
            found += [*((part, "") for part in before), (last, end)]
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + end)
        start = mark.end() if mark else start
    yield from found
