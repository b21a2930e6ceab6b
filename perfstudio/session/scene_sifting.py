"""Which scenes are shown, beside state and the words that are searched for: by emotion, length, character, kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from perfstudio.model.prompt import PromptKind
from perfstudio.model.prompt_2 import character_of
from perfstudio.session.views import SceneCard


class SceneLength(StrEnum):
    """By the longest that a scene should be."""

    SHORT = "short"  # two minutes at most
    MIDDLE = "middle"  # up to four
    LONG = "long"


_MOST_S = {SceneLength.SHORT: 120, SceneLength.MIDDLE: 240}


def scene_length(card: SceneCard) -> SceneLength:
    """How long a scene is."""
    return next((length for length, most in _MOST_S.items() if card.prompt.max_s <= most), SceneLength.LONG)


def character(card: SceneCard) -> str:
    """Who is played; empty where the performer brings their own."""
    return character_of(card.prompt, card.brief)


@dataclass(frozen=True, slots=True)
class SceneSift:
    """What is asked for; an empty text is anything."""

    emotion: str = ""
    length: str = ""
    character: str = ""
    kind: str = ""

    def fits(self, card: SceneCard) -> bool:
        """Whether a scene is what is asked for."""
        return (
            self.emotion in ("", *(emotion.term for emotion in card.prompt.emotions))
            and self.length in ("", scene_length(card))
            and self.character in ("", character(card))
            and self.kind in ("", card.prompt.kind)
        )


@dataclass(frozen=True, slots=True)
class SceneChoices:
    """What there is to ask for, among these scenes."""

    emotions: tuple[str, ...]
    lengths: tuple[SceneLength, ...]
    characters: tuple[str, ...]
    kinds: tuple[PromptKind, ...]


def choices_of(cards: Iterable[SceneCard]) -> SceneChoices:
    """Emotions and characters by the alphabet, lengths and kinds in their own order."""
    cards = tuple(cards)
    lengths, kinds = {scene_length(card) for card in cards}, {card.prompt.kind for card in cards}
    return SceneChoices(
        tuple(sorted({emotion.term for card in cards for emotion in card.prompt.emotions}, key=str.casefold)),
        tuple(length for length in SceneLength if length in lengths),
        tuple(sorted({name for card in cards if (name := character(card))}, key=str.casefold)),
        tuple(kind for kind in PromptKind if kind in kinds),
    )
