"""From what a person types to one prompt, or to the names that come close."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.pack_2 import AnyPrompt, title_of
from perfstudio.packs.reader import PackFile

_CLOSE = 3
"""Names offered."""
_CUTOFF = 0.55
"""How alike a name must be: "the-leter" to "the-letter" is 0.95, two unrelated words stay below 0.5."""
_BAND = 0.2
"""How much less alike than the best a name may be: "the-door" is no help to one who typed "the-leter"."""

Found = tuple[PackFile, AnyPrompt]


def find(files: Sequence[PackFile], reference: str) -> Found:
    """The prompt meant by "prompt" or "pack/prompt". Raises PACK_UNKNOWN, PROMPT_UNKNOWN, PROMPT_AMBIGUOUS."""
    wanted = reference.strip().casefold()
    pack_id, _, prompt_id = wanted.rpartition("/")
    searched = [file for file in files if not pack_id or file.pack.id == pack_id]
    if not searched:
        raise PackError(ErrorCode.PACK_UNKNOWN, pack=pack_id)
    found = [(file, prompt) for file in searched if (prompt := file.pack.prompt(prompt_id))]
    if len(found) == 1:
        return found[0]
    if found:
        matches = ", ".join(f"{file.pack.id}/{prompt.id}" for file, prompt in found)
        raise PackError(ErrorCode.PROMPT_AMBIGUOUS, prompt=reference, matches=matches)
    raise PackError(ErrorCode.PROMPT_UNKNOWN, prompt=reference, close=", ".join(close(searched, prompt_id)))


def close(files: Sequence[PackFile], text: str) -> tuple[str, ...]:
    """At most three prompt ids whose id or title is like `text`, the most alike first."""
    wanted = text.strip().casefold()
    scores: dict[str, float] = {}
    for file in files:
        for prompt in file.pack.prompts:
            alike = max(_alike(wanted, prompt.id), _alike(wanted, title_of(prompt).casefold()))
            scores[prompt.id] = max(alike, scores.get(prompt.id, 0.0))
    least = max(_CUTOFF, max(scores.values(), default=0.0) - _BAND)
    near = sorted((name for name, score in scores.items() if score >= least), key=lambda n: (-scores[n], n))
    return tuple(near[:_CLOSE])


def _alike(wanted: str, name: str) -> float:
    """1 for the same, at least 0.8 when one holds the other whole, else how many letters agree in order."""
    ratio = difflib.SequenceMatcher(None, wanted, name).ratio()
    return max(ratio, 0.8) if len(wanted) >= 3 and wanted in name else ratio
