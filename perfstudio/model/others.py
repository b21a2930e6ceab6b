"""Somebody else in a take: what its checks found of them, and what the performer says about them when they sign."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from perfstudio.language.catalogue import Messages
from perfstudio.model.checks import CheckCode, CheckResult, Verdict


class Others(StrEnum):
    """Who else is seen or heard in a take, as the performer says."""

    NOBODY = "nobody"
    BYSTANDER = "bystander"  # by chance, and was not asked
    PARTNER = "partner"  # played along, and agreed


OTHERS_SIGNED: Messages[dict[Others, str]] = {
    Others.NOBODY: "Nobody but me is in this take, apart from what the pack played.",
    Others.BYSTANDER: "Somebody is in this take by chance and was not asked.",
    Others.PARTNER: "A partner is in this take. They are 18 or older and agreed to every line that I allow.",
}
"""What each answer states. Page, terminal and receipt read it from here, and a word that was signed never changes its
meaning. A voice in the clip of a pack is the studio's to ask: no performer can answer for it."""


def others_found(checks: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """What the checks saw or heard of somebody else, however short and whether or not it was called a choice.

    A second face counts from the first time it was found twice in one place (`checks/tracking`), also under the limit
    from which its check says "look": this is about a person, not about the picture. Of sound there is the partner of a
    scene in the microphone alone; no check tells two voices in one room apart.
    """
    return tuple(result for result in checks if _seen(result) or _heard(result))


def _seen(result: CheckResult) -> bool:
    return result.code is CheckCode.OTHER_PERSON and bool(result.value or result.times)


def _heard(result: CheckResult) -> bool:
    return result.code is CheckCode.BLEED and result.verdict is not Verdict.GOOD
