"""What a schema cannot say about a pack: references, uniqueness, and the rules about uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from perfstudio.model.consent import SEPARATE_USES
from perfstudio.model.prompt import Pack
from perfstudio.model.strict_json import step

Finding = tuple[str, str]
"""Where, and which rule: twice, no_such_brief, no_such_media, min_above_max, why_missing, never_required,
terms_language_missing, file_twice, blank, spoken_in_all."""


def findings(pack: Pack, plain: dict[str, Any]) -> Iterator[Finding]:
    """Everything that is wrong in a pack whose shape is right. `plain` is the JSON value it was made from."""
    yield from _blanks(plain, "")
    yield from _twice("briefs", (brief.id for brief in pack.briefs))
    yield from _twice("prompts", (prompt.id for prompt in pack.prompts))
    yield from _twice("uses", (use.id for use in pack.uses))
    yield from _twice("media", (media.id for media in pack.media))
    yield from _twice("terms", (f"{terms.id} {terms.language}" for terms in pack.terms))
    yield from _references(pack)
    yield from _uses(pack)
    if pack.language not in {terms.language for terms in pack.terms}:
        yield "terms", "terms_language_missing"
    yield from _spoken(pack)
    files = [media.file.casefold() for media in pack.media]
    yield from ((f"media[{i}].file", "file_twice") for i, file in enumerate(files) if file in files[:i])


def _references(pack: Pack) -> Iterator[Finding]:
    briefs = {brief.id for brief in pack.briefs}
    media = {item.id for item in pack.media}
    for i, prompt in enumerate(pack.prompts):
        if prompt.brief not in briefs:
            yield f"prompts[{i}].brief", "no_such_brief"
        if prompt.min_s > prompt.max_s:
            yield f"prompts[{i}].min_s", "min_above_max"
        yield from ((f"prompts[{i}].media[{j}]", "no_such_media") for j, m in enumerate(prompt.media) if m not in media)
    for i, brief in enumerate(pack.briefs):
        yield from ((f"briefs[{i}].media[{j}]", "no_such_media") for j, m in enumerate(brief.media) if m not in media)


def _uses(pack: Pack) -> Iterator[Finding]:
    for i, use in enumerate(pack.uses):
        if use.required and use.id in SEPARATE_USES:
            yield f"uses[{i}].required", "never_required"
        if use.required and not use.why:
            yield f"uses[{i}].why", "why_missing"


def _spoken(pack: Pack) -> Iterator[Finding]:
    """What is read aloud is asked alike in every language, so that none is the easier one to sign."""
    shapes = [terms.spoken and (terms.spoken.required, terms.spoken.with_name is not None) for terms in pack.terms]
    own = next((shape for shape, t in zip(shapes, pack.terms, strict=True) if t.language == pack.language), shapes[0])
    yield from ((f"terms[{i}].spoken", "spoken_in_all") for i, shape in enumerate(shapes) if shape != own)


def _twice(where: str, ids: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, name in enumerate(ids):
        if name in seen:
            yield f"{where}[{i}].id", "twice"
        seen.add(name)


def _blanks(value: Any, where: str) -> Iterator[Finding]:
    """Texts that are only spaces: the schema counts them as said."""
    match value:
        case str() if value and not value.strip():
            yield where, "blank"
        case list():
            for index, item in enumerate(value):
                yield from _blanks(item, step(where, index))
        case dict():
            for key, item in value.items():
                yield from _blanks(item, step(where, key))
