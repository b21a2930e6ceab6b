"""What a schema cannot say about the scenes of a pack of version 2: roles, sections, languages, content tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from perfstudio.model.pack_2 import Pack2
from perfstudio.model.prompt_2 import NO_TAG, ROLE_WORDS, Prompt2
from perfstudio.packs.content_tags import tag_ids
from perfstudio.packs.known_languages import is_known

Found = tuple[str, str] | tuple[str, str, str]
"""Where, and which rule: twice, no_such_brief, no_such_media, belongs_to_a_role, no_such_prompt, in_two_sections,
unknown_language, no_such_tag, none_with_tags; and what was perhaps meant."""


def scene_findings(pack: Pack2) -> Iterator[Found]:
    """Everything that is wrong in the scenes of a pack whose shape is right."""
    briefs, media = {brief.id for brief in pack.briefs}, {item.id for item in pack.media}
    yield from _languages("languages", pack.languages or ())
    for i, prompt in enumerate(pack.prompts):
        where = f"prompts[{i}]"
        if prompt.brief is not None and prompt.brief not in briefs:
            yield f"{where}.brief", "no_such_brief"
        yield from _roles(where, prompt, briefs, media)
        yield from _languages(f"{where}.languages", prompt.languages or ())
        yield from _tags(f"{where}.content_tags", prompt.content_tags or ())
    yield from _sections(pack)


def _roles(where: str, prompt: Prompt2, briefs: set[str], media: set[str]) -> Iterator[Found]:
    roles = prompt.roles or ()
    if roles:
        said = sorted(name for name in ROLE_WORDS & prompt.model_fields_set if getattr(prompt, name))
        yield from ((f"{where}.{name}", "belongs_to_a_role") for name in said)
    yield from ((f"{where}.roles[{j}].id", "twice") for j in _repeated(role.id for role in roles))
    for j, role in enumerate(roles):
        if role.brief is not None and role.brief not in briefs:
            yield f"{where}.roles[{j}].brief", "no_such_brief"
        missing = (k for k, name in enumerate(role.media) if name not in media)
        yield from ((f"{where}.roles[{j}].media[{k}]", "no_such_media") for k in missing)


def _sections(pack: Pack2) -> Iterator[Found]:
    prompts, placed = {prompt.id for prompt in pack.prompts}, set[str]()
    yield from ((f"sections[{i}].id", "twice") for i in _repeated(section.id for section in pack.sections))
    for i, section in enumerate(pack.sections):
        for j, name in enumerate(section.prompts):
            if name not in prompts:
                yield f"sections[{i}].prompts[{j}]", "no_such_prompt", _close(name, prompts)
            elif name in placed:
                yield f"sections[{i}].prompts[{j}]", "in_two_sections"
            placed.add(name)


def _languages(where: str, tags: tuple[str, ...]) -> Iterator[Found]:
    yield from ((f"{where}[{i}]", "twice") for i in _repeated(tag.casefold() for tag in tags))
    yield from ((f"{where}[{i}]", "unknown_language") for i, tag in enumerate(tags) if not is_known(tag))


def _tags(where: str, tags: tuple[str, ...]) -> Iterator[Found]:
    known = tag_ids()
    yield from ((f"{where}[{i}]", "twice") for i in _repeated(tags))
    for i, tag in enumerate(tags):
        if tag == NO_TAG and len(tags) > 1:
            yield f"{where}[{i}]", "none_with_tags"
        elif tag != NO_TAG and tag not in known:
            yield f"{where}[{i}]", "no_such_tag", _close(tag, known)


def _repeated(names: Iterable[str]) -> Iterator[int]:
    """The places at which something stands that stood there before."""
    seen: Counter[str] = Counter()
    for place, name in enumerate(names):
        if seen[name]:
            yield place
        seen[name] += 1


def _close(name: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(name, known, n=1)), "")
