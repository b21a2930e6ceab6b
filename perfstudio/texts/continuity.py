"""What differs from an earlier set-up or from the character's reference take, in words. Facts; nothing is wrong."""

from __future__ import annotations

from perfstudio.model.checks import CheckResult, Verdict
from perfstudio.texts import formatting
from perfstudio.texts.template import say

_CHANGED: dict[str, dict[str, str]] = {
    "distance": {"closer": "you sit [{hands} |]closer", "further": "you sit [{hands} |]further away"},
    # "left" in the file is the performer's own right
    "place": {"left": "you sit further to your right", "right": "you sit further to your left"},
    "eye_line": {"higher": "your eyes are higher in the picture", "lower": "your eyes are lower in the picture"},
    "light": {"darker": "your face is darker", "brighter": "your face is brighter"},
    "colour": {"cooler": "the light is cooler", "warmer": "the light is warmer"},
    "level": {"quieter": "your voice arrives[ {decibels}] quieter", "louder": "your voice arrives[ {decibels}] louder"},
    "room": {"quieter": "the room is[ {decibels}] quieter", "louder": "the room is[ {decibels}] louder"},
}
_REMEDIES: dict[tuple[str, str], str] = {
    ("distance", "closer"): "Move back by as much, if it should match.",
    ("distance", "further"): "Move closer by as much, if it should match.",
    ("place", "left"): "Move a little to your left, if it should match.",
    ("place", "right"): "Move a little to your right, if it should match.",
    ("eye_line", "higher"): "Tilt the camera up a little, or sit lower.",
    ("eye_line", "lower"): "Tilt the camera down a little, or sit higher.",
    ("light", "darker"): "Turn the lamp up, or bring it closer.",
    ("light", "brighter"): "Turn the lamp down, or move it back.",
    ("colour", "cooler"): "Look whether the same lamps are on, and whether daylight comes in.",
    ("colour", "warmer"): "Look whether the same lamps are on, and whether the daylight has gone.",
    ("level", "quieter"): "Come closer to the microphone, or turn its input up.",
    ("level", "louder"): "Move back from the microphone, or turn its input down.",
    ("room", "louder"): "Listen for what is running, and for an open window.",
}
_NOUNS = {
    "distance": "distance",
    "place": "place",
    "eye_line": "eye line",
    "light": "light",
    "colour": "colour",
    "level": "level",
    "room": "room",
}
_HAND_CM, _ARM_CM = 18, 60


def change(result: CheckResult) -> str:
    """One change, as part of a sentence: "you sit about a hand closer"."""
    what, direction = str(result.facts.get("what", "")), str(result.facts.get("direction", ""))
    return _change(what, direction, result)


def remedy(result: CheckResult) -> str:
    """What would undo it, or nothing where nobody has to."""
    if result.verdict is Verdict.GOOD:
        return ""
    return _REMEDIES.get((str(result.facts.get("what", "")), str(result.facts.get("direction", ""))), "")


def sentence(result: CheckResult) -> str:
    """The one finding that a take carries: everything that differs from its reference, in one calm sentence."""
    reference = say("[take {take} of “{scene}”|the reference take]", _facts(result))
    reference = reference[:1].lower() + reference[1:]
    if result.verdict is Verdict.GOOD:
        return f"You look and sound as in {reference}."
    changes = [_change(what, str(result.facts[what]), result) for what in _CHANGED if what in result.facts]
    if not changes and "what" in result.facts:
        changes = [change(result)]
    if not changes:
        return f"This take differs from {reference}."
    return f"Beside {reference}, {formatting.listing(changes)}."


def held(results: tuple[CheckResult, ...]) -> str:
    """What is as it was: "Place, light and colour are as they were." Nothing when nothing is."""
    good = {str(r.facts.get("what")) for r in results if r.verdict is Verdict.GOOD}
    nouns = [noun for what, noun in _NOUNS.items() if what in good]
    listed = formatting.listing(nouns)
    if not listed:
        return ""
    return f"{listed[:1].upper()}{listed[1:]} {'are as they were' if len(nouns) > 1 else 'is as it was'}."


def _change(what: str, direction: str, result: CheckResult) -> str:
    template = _CHANGED.get(what, {}).get(direction, "")
    text = say(template, _facts(result)) if template else ""
    return text[:1].lower() + text[1:]


def _facts(result: CheckResult) -> dict[str, str]:
    facts = {"scene": str(result.facts.get("scene", "")), "take": str(result.facts.get("take", ""))}
    if isinstance(cm := result.facts.get("cm"), int | float):
        facts["hands"] = hands(cm)
    if result.facts.get("what") in ("level", "room") and isinstance(db := result.facts.get("difference"), int | float):
        facts["decibels"] = formatting.decibels(db)
    return facts


def hands(cm: float) -> str:
    """A distance as a body measures it: about half a hand, about a hand, about two hands, about an arm's length."""
    steps = ((0.75, "about half a hand"), (1.5, "about a hand"), (2.5, "about two hands"))
    in_hands = cm / _HAND_CM
    known = next((words for most, words in steps if in_hands < most), "")
    return known or ("about an arm's length" if cm < 1.5 * _ARM_CM else "more than an arm's length")
