"""Moments that a performer marks while they watch a take: where, what, and a word to it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.timing import Marker, MarkerName

MOST_MARKS: Final = 200
LONGEST_WORD: Final = 200
SAME_PLACE_S: Final = 0.15
"""Marking once more within this distance takes the mark away, as with in and out points."""


class OwnMark(Marker):
    """A moment that the performer marked when they watched the take. Those that were marked while it rolled are in
    `markers`."""

    name: Literal[MarkerName.MARK, MarkerName.BROKE]
    """What it means: a moment ("mark"), or that the character did not hold ("broke")."""
    at_s: float = Field(ge=0)
    """Where, in seconds of take time."""
    note: Annotated[str, StringConstraints(max_length=LONGEST_WORD)] = ""
    """The performer's word to it; absent or empty without one."""


Marks = tuple[OwnMark, ...]
"""In the order of their moments."""


def marked(marks: Marks, mark: OwnMark) -> Marks:
    """With one more; the same kind at the same place is taken away instead."""
    rest = tuple(one for one in marks if one.name is not mark.name or abs(one.at_s - mark.at_s) >= SAME_PLACE_S)
    return _ordered((*rest, mark)) if len(rest) == len(marks) else rest


def worded(marks: Marks, mark: OwnMark, word: str) -> Marks:
    """With another word to one of them; as they are where it is not among them."""
    return tuple(one.model_copy(update={"note": word}) if one == mark else one for one in marks)


def _ordered(marks: Marks) -> Marks:
    return tuple(sorted(marks, key=lambda one: (one.at_s, one.name)))
