"""Somebody else in a take, before it is signed: the question, what the checks found, and what an answer means."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.checks import CheckCode, CheckResult
from perfstudio.model.others import Others
from perfstudio.texts import checks
from perfstudio.texts.template import say

QUESTION = N_("Is anybody else in this take?")
UNSEEN = N_("Somebody else can be seen or heard in this take")
"""Where the checks found nobody: the performer may know better, for no check tells one voice from another."""
ANSWERS: Messages[dict[Others, str]] = {
    # Translators: a chip, of a few words
    Others.NOBODY: "Nobody",
    # Translators: a chip, of a few words
    Others.BYSTANDER: "Somebody by chance",
    # Translators: a chip, of a few words
    Others.PARTNER: "A partner who agreed",
}
MEANS: Messages[dict[Others, str]] = {
    Others.NOBODY: "You sign that nobody but you is seen or heard in it, apart from what the pack played.",
    Others.BYSTANDER: "You sign that somebody is in it by chance and was not asked. It can be kept and watched by the "
    "named reviewers; the other lines stay off, because only that person could allow them.",
    Others.PARTNER: "You sign that your partner is 18 or older and agreed to every line that you allow. Keep their "
    "written word: the studio may ask for it. If they change their mind, take it back here.",
}
"""What is signed with each answer."""
SAY_FIRST = N_("First say who else is in this take.")
NAME_FIRST = N_("Type the name of your partner. A stage name will do.")


def found(results: Iterable[CheckResult]) -> str:
    """What the checks found of somebody else, and when; empty when nothing was."""
    return " ".join(_found(result) for result in results)


def _found(result: CheckResult) -> str:
    facts = {"at": checks.moment(result)}
    if result.code is CheckCode.OTHER_PERSON:
        return say("The checks saw a second face[ {at}].", facts)
    return _("The checks heard the pack's clip in the sound.")
