"""What is said of each finding. It stands in the receipt too, so it lies below the window, like the labels of the uses.

A finding informs: it says what is asked and what that means, and blames nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.consent.read_language import Unread, unread
from perfstudio.consent.warning_rules import rules
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.consent import USE_LABELS, Notice, Warned
from perfstudio.model.warning_rules import WarningGrade, WarningRule

GRADES: Messages[dict[WarningGrade, str]] = {
    WarningGrade.KNOW: "Know this",
    WarningGrade.STOP: "Stop and think",
}
SAYS: Messages[dict[WarningRule, str]] = {
    WarningRule.REQUIRED_TRAINING: "The take is used to train software, and you cannot do this work without that.",
    WarningRule.THIRD_PARTY_LICENSING: "Others may receive the take, or a licence to use it.",
    WarningRule.EMOTION_RECOGNITION: "Software reads emotions from your voice or face. It can be wrong about you.",
    WarningRule.PAY_UNSAID: "It does not say what is paid. Ask before you sign.",
    WarningRule.PERPETUAL: "It has no end, or cannot be taken back. Ask for a number of years.",
    WarningRule.REPLICA_OVER_10_YEARS: "A copy of you for more than 10 years. Such a line cannot be signed here.",
    WarningRule.ANYONE: "It does not name everybody who receives the take. Ask for names.",
    WarningRule.EVERYWHERE: "It applies everywhere, or does not say where. Ask which countries are needed.",
    WarningRule.SUBLICENCE: "Those who receive it may let others use it without asking you.",
    WarningRule.UNSPECIFIC: "It leaves open what is done with the take. Ask for the purpose in words.",
    WarningRule.AGAINST_SUMMARY: "This is not what the short text says. Ask which of the two applies.",
}
LINE_AGAINST_SUMMARY = N_("This line is not what the short text says: “{quote}” Ask which of the two applies.")
"""Where it is a line and not the text that says otherwise."""
TOO_LONG_IN_WORDS = N_("A copy of you for more than 10 years. Ask for a shorter term.")
"""Where the text says so and not the term of the line."""
NOT_READ: Messages[dict[Unread, str]] = {
    Unread.ALL: "The text is not in English. Only the figures and switches of its lines were checked, so read it with "
    "care.",
    Unread.TEXT: "The text is not in English. Only its lines were checked, so read it with care.",
    Unread.PART: "Part of the text is not in English. That part was not checked, so read it with care.",
    Unread.LINES: "The lines are not in English. Only their figures and switches were checked: read them with care.",
}
CAUTION = N_(
    "perfstudio looks for certain English words and figures in the terms. It can miss something, and gives no legal "
    "advice."
)
"""Said wherever findings are, and where there are none: that nothing is told does not mean that all is well."""
_OF_AN_UNREAD_TEXT: Messages[dict[Unread, str]] = {
    Unread.TEXT: "The text is not in English. You were told nothing about its words: the rules know English only.",
    Unread.PART: "Part of the text is not in English. You were told nothing about that part: the rules know English "
    "only.",
}


def grade(found: Warned) -> str:
    """Know this, or stop and think."""
    return _(GRADES[found.grade])


def sentence(found: Warned) -> str:
    """What is said of it, and the words it was found in."""
    if found.rule is WarningRule.AGAINST_SUMMARY and found.use is not None and found.quote:
        return _(LINE_AGAINST_SUMMARY, quote=found.quote)
    said = _(TOO_LONG_IN_WORDS if found.rule is WarningRule.REPLICA_OVER_10_YEARS and found.quote else SAYS[found.rule])
    return _("{said} It reads: “{quote}”", said=said, quote=found.quote) if found.quote else said


def where(found: Warned) -> str:
    """The line it is about, or the text."""
    return _(USE_LABELS[found.use]) if found.use is not None else _("The terms as a whole")


def not_read(what: Unread) -> str:
    """What the rules could not read, said to somebody who is about to sign."""
    return _(NOT_READ[what])


def not_told(notice: Notice) -> str:
    """The same in a receipt; empty where the whole text was read. True of what an earlier version wrote, too."""
    what = unread(notice)
    return _(_OF_AN_UNREAD_TEXT[what]) if what in _OF_AN_UNREAD_TEXT else ""


def source(found: Warned) -> str:
    """The law, agreement or guideline that the rule rests on; a name, so it is not translated."""
    return rules()[found.rule].source


def lines(found: Iterable[Warned]) -> tuple[tuple[str, str], ...]:
    """Names and values, as a receipt lists them."""
    return tuple((f"{grade(one)} · {where(one)}", sentence(one)) for one in found)
