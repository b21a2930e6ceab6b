"""What a sound pack leaves unsaid, in one line for whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping

from perfstudio.language.catalogue import Plural, _
from perfstudio.packs.gaps import PackGap
from perfstudio.texts import formatting

_GAPS: dict[PackGap, Plural] = {
    PackGap.CONTENT_TAGS: Plural(
        "content tags in {number} scene ({scenes}), so performers with a limit do not see it",
        "content tags in {number} scenes ({scenes}), so performers with a limit do not see them",
    ),
    PackGap.TITLE: Plural("a title in {number} scene ({scenes})", "a title in {number} scenes ({scenes})"),
    PackGap.BRIEF: Plural("a brief in {number} scene ({scenes})", "a brief in {number} scenes ({scenes})"),
    PackGap.LINE: Plural(
        "a line for the lens in {number} scene ({scenes})", "a line for the lens in {number} scenes ({scenes})"
    ),
    PackGap.PARTNER_PAY: Plural(
        "what happens to pay when one of two takes back ({number} scene for two: {scenes})",
        "what happens to pay when one of two takes back ({number} scenes for two: {scenes})",
    ),
    PackGap.RECORDING: Plural(
        "the recorded partner's sound in {number} scene ({scenes})",
        "the recorded partner's sound in {number} scenes ({scenes})",
    ),
}
_NAMED = 3
"""Scenes that are named; of more the others are counted."""


def gaps_line(found: Mapping[PackGap, tuple[str, ...]]) -> str:
    """Missing, and allowed: content tags in 3 scenes (a, b, c), …; a title in 1 scene (a)."""
    parts = (form.of(len(found[gap]), number=formatting.number(len(found[gap])), scenes=_named(found[gap]))
             for gap, form in _GAPS.items() if gap in found)  # fmt: skip
    return _("Missing, but allowed: {gaps}.", gaps="; ".join(parts))


def _named(scenes: tuple[str, ...]) -> str:
    return formatting.chain([*scenes[:_NAMED], "…" if len(scenes) > _NAMED else ""])
