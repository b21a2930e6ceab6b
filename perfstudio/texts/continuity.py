"""What differs from an earlier set-up or from the character's reference take, in words. Facts; nothing is wrong."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages, _, ngettext
from perfstudio.model.checks import CheckResult, Verdict
from perfstudio.texts import formatting
from perfstudio.texts.template import capital, clause, say

_CHANGED: Messages[dict[str, dict[str, str]]] = {
    "distance": {"closer": "you sit [{hands} |]closer", "further": "you sit [{hands} |]further away"},
    # "left" in the file is the performer's own right
    "place": {"left": "you sit further to your right", "right": "you sit further to your left"},
    "eye_line": {"higher": "your eyes are higher in the picture", "lower": "your eyes are lower in the picture"},
    "light": {"darker": "your face is darker", "brighter": "your face is brighter"},
    "colour": {"cooler": "the light is cooler", "warmer": "the light is warmer"},
    "level": {"quieter": "your voice is[ {decibels}] quieter", "louder": "your voice is[ {decibels}] louder"},
    "room": {"quieter": "the room is[ {decibels}] quieter", "louder": "the room is[ {decibels}] louder"},
}
_REMEDIES: Messages[dict[tuple[str, str], str]] = {
    ("distance", "closer"): "Move back by that much if it should match.",
    ("distance", "further"): "Move closer by that much if it should match.",
    ("place", "left"): "Move a little to your left if it should match.",
    ("place", "right"): "Move a little to your right if it should match.",
    ("eye_line", "higher"): "Tilt the camera up a little, or sit lower.",
    ("eye_line", "lower"): "Tilt the camera down a little, or sit higher.",
    ("light", "darker"): "Turn the lamp up, or bring it closer.",
    ("light", "brighter"): "Turn the lamp down, or move it back.",
    ("colour", "cooler"): "Check whether the same lamps are on, and whether daylight is coming in.",
    ("colour", "warmer"): "Check whether the same lamps are on, and whether the daylight has gone.",
    ("level", "quieter"): "Come closer to the microphone, or turn its input up.",
    ("level", "louder"): "Move back from the microphone, or turn its input down.",
    ("room", "louder"): "Listen for something running, and for an open window.",
}
_NOUNS: Messages[dict[str, str]] = {
    "distance": "distance",
    "place": "place",
    "eye_line": "eye line",
    "light": "light",
    "colour": "colour",
    "level": "level",
    "room": "room",
}
_HANDS: Messages[tuple[tuple[float, str], ...]] = (
    (0.75, "about half a hand"),
    (1.5, "about a hand"),
    (2.5, "about two hands"),
)
_HAND_CM, _ARM_CM = 18, 60


def change(result: CheckResult) -> str:
    """One change, as part of a sentence: "you sit about a hand closer"."""
    what, direction = str(result.facts.get("what", "")), str(result.facts.get("direction", ""))
    return _change(what, direction, result)


def remedy(result: CheckResult) -> str:
    """What would undo it, or nothing where nobody has to."""
    if result.verdict is Verdict.GOOD:
        return ""
    return _(_REMEDIES.get((str(result.facts.get("what", "")), str(result.facts.get("direction", ""))), ""))


def sentence(result: CheckResult) -> str:
    """The one finding that a take carries: everything that differs from its reference, in one calm sentence."""
    facts = _facts(result)
    if result.verdict is Verdict.GOOD:
        return say("You look and sound the same as in [take {take} of “{scene}”|the reference take].", facts)
    changes = [_change(what, str(result.facts[what]), result) for what in _CHANGED if what in result.facts]
    if not changes and "what" in result.facts:
        changes = [change(result)]
    if not changes:
        return say("This take differs from [take {take} of “{scene}”|the reference take].", facts)
    facts["changes"] = formatting.listing(changes)
    return say("Compared with [take {take} of “{scene}”|the reference take], {changes}.", facts)


def held(results: tuple[CheckResult, ...]) -> str:
    """What is as it was: "Place, light and colour are as they were." Nothing when nothing is."""
    good = {str(r.facts.get("what")) for r in results if r.verdict is Verdict.GOOD}
    nouns = [_(noun) for what, noun in _NOUNS.items() if what in good]
    listed = formatting.listing(nouns)
    if not listed:
        return ""
    return capital(ngettext("{listed} is the same.", "{listed} are the same.", len(nouns), listed=listed))


def _change(what: str, direction: str, result: CheckResult) -> str:
    return clause(_CHANGED.get(what, {}).get(direction, ""), _facts(result))


def _facts(result: CheckResult) -> dict[str, str]:
    facts = {"scene": str(result.facts.get("scene", "")), "take": str(result.facts.get("take", ""))}
    if isinstance(cm := result.facts.get("cm"), int | float):
        facts["hands"] = hands(cm)
    if result.facts.get("what") in ("level", "room") and isinstance(db := result.facts.get("difference"), int | float):
        facts["decibels"] = formatting.decibels(db)
    return facts


def hands(cm: float) -> str:
    """A distance as a body measures it: about half a hand, about a hand, about two hands, about an arm's length."""
    known = next((words for most, words in _HANDS if cm / _HAND_CM < most), "")
    return _(known) or (_("about an arm's length") if cm < 1.5 * _ARM_CM else _("more than an arm's length"))
