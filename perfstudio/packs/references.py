"""What a schema cannot say about a pack: references, uniqueness, and the rules about uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from perfstudio.model.consent import SEPARATE_USES
from perfstudio.model.pack_2 import AnyPack, AnyPrompt
from perfstudio.model.prompt import Pack, PackHead
from perfstudio.model.prompt_2 import ShownBrief
from perfstudio.model.strict_json import step
from perfstudio.packs.scene_rules import scene_findings


class Finding(NamedTuple):
    """What does not hold in a pack whose shape is right."""

    where: str
    """The place, as a path."""
    problem: str
    """Which rule: twice, no_such_brief, no_such_media, min_above_max, why_missing, never_required,
    terms_language_missing, file_twice, blank, spoken_in_all; and in version 2 those of `scene_rules`."""
    meant: str = ""
    """What was perhaps meant."""


def findings(pack: AnyPack, plain: dict[str, Any]) -> Iterator[Finding]:
    """Everything that is wrong in a pack whose shape is right. `plain` is the JSON value it was made from."""
    yield from _blanks(plain, "")
    yield from _twice("briefs", (brief.id for brief in pack.briefs))
    yield from _twice("prompts", (prompt.id for prompt in pack.prompts))
    yield from _twice("uses", (use.id for use in pack.uses))
    yield from _twice("media", (media.id for media in pack.media))
    yield from _twice("terms", (f"{terms.id} {terms.language}" for terms in pack.terms))
    if isinstance(pack, Pack):
        yield from _briefs(pack)
    else:
        yield from (Finding(*found) for found in scene_findings(pack))
    yield from _shared_references(pack)
    yield from _uses(pack)
    if pack.language not in {terms.language for terms in pack.terms}:
        yield Finding("terms", "terms_language_missing")
    yield from _spoken(pack)
    files = [media.file.casefold() for media in pack.media]
    yield from (Finding(f"media[{i}].file", "file_twice") for i, file in enumerate(files) if file in files[:i])


def _briefs(pack: Pack) -> Iterator[Finding]:
    briefs = {brief.id for brief in pack.briefs}
    missing = (i for i, prompt in enumerate(pack.prompts) if prompt.brief not in briefs)
    yield from (Finding(f"prompts[{i}].brief", "no_such_brief") for i in missing)


def _shared_references(pack: AnyPack) -> Iterator[Finding]:
    media = {item.id for item in pack.media}
    prompts: Sequence[AnyPrompt] = pack.prompts
    briefs: Sequence[ShownBrief] = pack.briefs
    for i, prompt in enumerate(prompts):
        if prompt.min_s > prompt.max_s:
            yield Finding(f"prompts[{i}].min_s", "min_above_max")
        yield from _unknown(f"prompts[{i}].media", prompt.media, media)
    for i, brief in enumerate(briefs):
        yield from _unknown(f"briefs[{i}].media", brief.media, media)


def _unknown(where: str, named: Sequence[str], media: set[str]) -> Iterator[Finding]:
    yield from (Finding(f"{where}[{j}]", "no_such_media") for j, name in enumerate(named) if name not in media)


def _uses(pack: PackHead) -> Iterator[Finding]:
    for i, use in enumerate(pack.uses):
        if use.required and use.id in SEPARATE_USES:
            yield Finding(f"uses[{i}].required", "never_required")
        if use.required and not use.why:
            yield Finding(f"uses[{i}].why", "why_missing")


def _spoken(pack: PackHead) -> Iterator[Finding]:
    """What is read aloud is asked alike in every language, so that none is the easier one to sign."""
    shapes = [terms.spoken and (terms.spoken.required, terms.spoken.with_name is not None) for terms in pack.terms]
    own = next((shape for shape, t in zip(shapes, pack.terms, strict=True) if t.language == pack.language), shapes[0])
    yield from (Finding(f"terms[{i}].spoken", "spoken_in_all") for i, shape in enumerate(shapes) if shape != own)


def _twice(where: str, ids: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, name in enumerate(ids):
        if name in seen:
            yield Finding(f"{where}[{i}].id", "twice")
        seen.add(name)


def _blanks(value: Any, where: str) -> Iterator[Finding]:
    """Texts that are only spaces: the schema counts them as said."""
    match value:
        case str() if value and not value.strip():
            yield Finding(where, "blank")
        case list():
            for index, item in enumerate(value):
                yield from _blanks(item, step(where, index))
        case dict():
            for key, item in value.items():
                yield from _blanks(item, step(where, key))
