"""The performer's own words about a take: as they are said, and as each take format writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.emotion_words import EVERYDAY
from perfstudio.model.prompt import Intensity

Scale9 = Annotated[int, Field(ge=1, le=9)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=40)]
OwnLine = Annotated[str, StringConstraints(max_length=1000)]

SAM_9: Final = "SAM-9"
AUTHENTICITY_9: Final = "perfstudio:authenticity-9"
VocabularyOf = Callable[[str], str]
"""From a word to the address of its vocabulary (`model.emotion_words`)."""


def _unsaid() -> Any:
    """A field that is left out while the performer says nothing."""
    return Field(default=None, exclude_if=lambda value: value is None)


class Ratings(Document):
    """What the performer says beside the words: asked-for (in the prompt), meant and felt are kept apart."""

    intensity: Intensity | None = _unsaid()
    """How strongly it was meant; absent where the performer did not say."""
    valence: Scale9 | None = _unsaid()
    """How pleasant it felt, 1 (unpleasant) to 9 (pleasant); absent where the performer did not say."""
    arousal: Scale9 | None = _unsaid()
    """How stirred the performer felt, 1 (calm) to 9 (stirred); absent where they did not say."""
    dominance: Scale9 | None = _unsaid()
    """How much in control the performer felt, 1 (overwhelmed) to 9 (in charge); absent where they did not say."""
    held_character: Literal["all_the_way", "slipped"] | None = _unsaid()
    """Whether the character held, by the performer's own judgement; absent where they did not say."""
    note: OwnLine = ""
    """One line in the performer's own words."""


class Scales(Ratings):
    """What takes of format 1 have no place for."""

    authenticity: Scale9 | None = _unsaid()
    """How true the performance was, by its performer, 1 (put on) to 9 (true); absent where they did not say."""
    meant_valence: Scale9 | None = _unsaid()
    """How pleasant the character was meant to feel, 1 (unpleasant) to 9 (pleasant); absent where nothing was said."""
    meant_arousal: Scale9 | None = _unsaid()
    """How stirred the character was meant to be, 1 (calm) to 9 (stirred); absent where nothing was said."""
    meant_dominance: Scale9 | None = _unsaid()
    """How much in control the character was meant to be, 1 (overwhelmed) to 9 (in charge); absent where nothing was
    said."""


class Labels(Scales):
    """What the performer says about a take."""

    meant: tuple[Word, ...]
    """What was meant to be played, in the order in which it was named."""


class MeantTerm(Document):
    """One thing that the performer meant to play."""

    term: Word
    """The word."""
    vocabulary: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    """Which set the word is of, so that nobody has to guess what it stood against: the address of a published list
    (http://www.w3.org/TR/emotion-voc/xml#...), of the pack that asked for it
    (perfstudio:pack/<id>/<version>/<sha256 of the pack file>), or perfstudio:own-words for the performer's own."""


class WrittenLabels(Scales):
    """The performer's own words, with everything that is needed to read them: nothing depends on a default."""

    meant: tuple[MeantTerm, ...]
    """What was meant to be played, each word with its vocabulary, in the order in which it was named."""
    scale: Literal["SAM-9"]
    """What valence, arousal and dominance are measured on, as felt and as meant. SAM-9: the Self-Assessment Manikin of
    Bradley and Lang (1994) with nine steps, 5 in the middle, rated by the performer right after the take."""
    authenticity_scale: Literal["perfstudio:authenticity-9"] | None = _unsaid()
    """What `authenticity` is measured on; absent where nothing was said. perfstudio:authenticity-9: nine steps from
    "put on" to "true", 5 in the middle, asked of the performer right after the take; no published instrument."""

    def said(self) -> Labels:
        """As the performer says it."""
        return Labels(**_of(Scales, self), meant=tuple(meant.term for meant in self.meant))


class Labels1(Ratings):
    """The performer's own words as format 1 writes them. Older versions left out `scale` and `vocabulary`."""

    meant: tuple[Word, ...]
    """What was meant to be played, in the order in which it was named."""
    scale: str = SAM_9
    """What valence, arousal and dominance are measured on: the nine steps of the Self-Assessment Manikin."""
    vocabulary: str = EVERYDAY
    """Which set the words are of; where they are of several, one address a word in the order of the words, with a space
    between them. The default was never checked by the versions that left it out: take it for "unknown"."""

    def said(self) -> Labels:
        """As the performer says it."""
        return Labels(**_of(Ratings, self), meant=self.meant)


def needs_format_2(labels: Labels) -> bool:
    """Whether something is said that takes of format 1 have no place for."""
    return any(getattr(labels, name) is not None for name in Scales.model_fields if name not in Ratings.model_fields)


def written(labels: Labels, vocabulary_of: VocabularyOf) -> WrittenLabels:
    """As format 2 writes it."""
    meant = tuple(MeantTerm(term=term, vocabulary=vocabulary_of(term)) for term in labels.meant)
    return WrittenLabels(
        **_of(Scales, labels),
        meant=meant,
        scale=SAM_9,
        authenticity_scale=AUTHENTICITY_9 if labels.authenticity is not None else None,
    )


def written_1(labels: Labels, vocabulary_of: VocabularyOf) -> Labels1:
    """As format 1 writes it; see `needs_format_2`."""
    named = [vocabulary_of(term) for term in labels.meant]
    vocabulary = " ".join(named if len(set(named)) > 1 else named[:1])
    return Labels1(**_of(Ratings, labels), meant=labels.meant, scale=SAM_9, vocabulary=vocabulary)


def _of(kind: type[Ratings], ratings: Ratings) -> dict[str, Any]:
    return {name: getattr(ratings, name) for name in kind.model_fields}
