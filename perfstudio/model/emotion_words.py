"""Which vocabulary a word for an emotion is of, as an address that somebody without our source can follow.

Three kinds of address:

    http://www.w3.org/TR/emotion-voc/xml#...            the word stands in that published list
    perfstudio:pack/<id>/<version>/<sha256>             the pack asked for it in its own words; the hash is that of the
                                                        pack file, and the scene is in the take (`prompt`)
    perfstudio:own-words                                the performer's own word, in the language of the prompt
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from perfstudio.model.prompt import Emotion

_LISTS: Final = "http://www.w3.org/TR/emotion-voc/xml#"
EVERYDAY: Final = f"{_LISTS}everyday-categories"
OWN_WORDS: Final = "perfstudio:own-words"

LISTED: Final[dict[str, frozenset[str]]] = {
    EVERYDAY: frozenset(
        {
            "affectionate", "afraid", "amused", "angry", "bored", "confident", "content", "disappointed", "excited",
            "happy", "interested", "loving", "pleased", "relaxed", "sad", "satisfied", "worried",
        }
    ),
    f"{_LISTS}big6": frozenset({"anger", "disgust", "fear", "happiness", "sadness", "surprise"}),
    f"{_LISTS}fsre-categories": frozenset(
        {
            "anger", "anxiety", "being hurt", "compassion", "contempt", "contentment", "despair", "disappointment",
            "disgust", "fear", "guilt", "happiness", "hate", "interest", "irritation", "jealousy", "joy", "love",
            "pleasure", "pride", "sadness", "shame", "stress", "surprise",
        }
    ),
}  # fmt: skip
"""Lists of "Vocabularies for EmotionML" (W3C Group Note, 2014) whose words are known here."""


def pack_words(pack_id: str, version: str, sha256: str) -> str:
    """The address of the words of one pack."""
    return f"perfstudio:pack/{pack_id}/{version}/{sha256}"


def vocabulary_of(term: str, asked: Iterable[Emotion], pack: str) -> str:
    """The address for one word. `asked`: what the scene asked for; `pack`: the address of the pack's words.

    A pack may name a list for a word it asks for. That stands, unless the list is known here and the word is not in it.
    """
    wanted = next((emotion for emotion in asked if emotion.term == term), None)
    if wanted is not None and wanted.vocabulary and term in LISTED.get(wanted.vocabulary, {term}):
        return wanted.vocabulary
    if term in LISTED[EVERYDAY]:
        return EVERYDAY
    return pack if wanted is not None else OWN_WORDS
