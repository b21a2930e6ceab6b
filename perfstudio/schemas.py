"""The JSON Schemas of the documents that cross the border, made from the models so that the two cannot part.

`python -m perfstudio.schemas` writes them to `assets/schemas/`; a test holds files and models together. A schema says
what a reader must accept: fields with a default may be absent, unknown fields may not be there. What it cannot say
stands in its description, rule by rule, under the code that a refusal carries; everything else a reader and a validator
judge alike, and a test holds them to it value by value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perfstudio.model.base import Document
from perfstudio.model.clip import CLIP_JSON_BYTES, ClipDocument
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Receipt, Studio
from perfstudio.model.key_change import KEY_CHANGE_BYTES, KeyChange
from perfstudio.model.pack_2 import Pack2
from perfstudio.model.pack_signature import PackSignature
from perfstudio.model.pair_document import PairDocument
from perfstudio.model.prompt import Pack
from perfstudio.model.strict_json import CONTROL, MAX_FIELDS, MAX_INTEGER, MAX_ITEMS
from perfstudio.model.take_1 import TakeManifest1
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.take_reading import TAKE_LIMIT, TAKE_LIST_LIMIT
from perfstudio.resources import asset
from perfstudio.schema_words import describe


@dataclass(frozen=True, slots=True)
class PublishedSchema:
    """A document: its model, the size of its lists and its text, and what a schema cannot say about it."""

    kind: type[Document]
    items: int
    size: int
    own_words: bool = False
    """Written by perfstudio itself from what people and devices said: no character is refused."""
    rules: dict[str, str] = field(default_factory=dict)


TEXT_RULES = {
    "too_large": "at most {size} bytes",
    "not_utf8": "UTF-8, with or without a byte order mark",
    "not_json": "JSON as in RFC 8259: no comments, no comma before a closing bracket",
    "not_a_number": "no NaN and no infinity",
    "duplicate_key": "no name twice in one object",
    "control_character": "no lone surrogates",
}
"""Rules about the text, before it is a value."""

_PACK_RULES = {
    "blank": "no text consists of spaces only",
    "twice": "ids are given once: of briefs, prompts, uses and media, and of terms in one language",
    "no_such_brief": "the brief of a prompt is one of the briefs",
    "no_such_media": "the media of a prompt or a brief are among the media",
    "file_twice": "no two media entries name one file, whatever the case of its letters",
    "min_above_max": "min_s is not above max_s",
    "never_required": "replica_voice, replica_likeness and biometric_template are never required",
    "why_missing": "a required use says why",
    "terms_language_missing": "there are terms in the language of the pack",
    "spoken_in_all": "the terms of every language ask alike for what is read aloud, or none of them does",
}
_PACK_2_RULES = _PACK_RULES | {
    "twice": "ids are given once: of briefs, prompts, roles of a prompt, sections, uses and media, and of terms in one "
    "language; and so is each language and each content tag of one list",
    "no_such_brief": "the brief of a prompt or a role is one of the briefs",
    "no_such_media": "the media of a prompt, a role or a brief are among the media",
    "belongs_to_a_role": "where a prompt names roles, brief, line, partner, status, objective, obstacle, secret, verbs "
    "and note stand in these",
    "no_such_prompt": "the prompts of a section are among the prompts",
    "in_two_sections": "a prompt stands in one section at most, and there once",
    "unknown_language": "languages begin with one of languages.txt, which lies beside this schema",
    "no_such_tag": "content tags are those of content-tags.toml, which lies beside this schema, or `none`",
    "none_with_tags": "the content tag `none` stands alone",
}
_STUDIO_RULES = {
    "receiver_unsafe": "tus and base are absolute addresses of one origin: https, or http on the computer itself",
}
_CONSENT_RULES = {
    "not_as_written": "moments are written as perfstudio writes them: Z for UTC, no fraction or one of six digits",
}

_SIGNATURE_RULES = {
    "signature_of_others": "pack_sha256 is the hash of the pack.json beside it",
    "signature_wrong": "signature is that of public_key over the rest of the document in canonical form",
}

_KEY_CHANGE_RULES = {
    "not_signed": "new_signature is that of new_key over the document without both signatures, signature that of "
    "public_key over the document without itself, each in canonical form",
}

DOCUMENTS: dict[str, PublishedSchema] = {
    "take": PublishedSchema(TakeManifest2, TAKE_LIST_LIMIT, TAKE_LIMIT, own_words=True),
    "take-1": PublishedSchema(TakeManifest1, TAKE_LIST_LIMIT, TAKE_LIMIT, own_words=True),
    "pack": PublishedSchema(Pack, 1_000, 4_000_000, rules=_PACK_RULES),
    "pack-2": PublishedSchema(Pack2, 1_000, 4_000_000, rules=_PACK_2_RULES),
    "pack-signature": PublishedSchema(PackSignature, MAX_ITEMS, 4_000, rules=_SIGNATURE_RULES),
    "consent": PublishedSchema(ConsentRecord, MAX_ITEMS, 4 << 20, own_words=True, rules=_CONSENT_RULES),
    "key-change": PublishedSchema(KeyChange, MAX_ITEMS, KEY_CHANGE_BYTES, own_words=True, rules=_KEY_CHANGE_RULES),
    "studio": PublishedSchema(Studio, MAX_ITEMS, 64 << 10, rules=_STUDIO_RULES),
    "pair": PublishedSchema(PairDocument, MAX_ITEMS, 4 << 20, own_words=True),
    "clip": PublishedSchema(ClipDocument, MAX_ITEMS, CLIP_JSON_BYTES),
    "receipt": PublishedSchema(Receipt, 100_000, 4_000_000, own_words=True),
}
"""By the name of the file without its ending: for instance take.json."""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one document."""
    form = DOCUMENTS[name]
    made = form.kind.model_json_schema(by_alias=True, mode="validation")
    describe(made, form.kind)
    for part in _parts(made):
        _bound(part, form)
    description = f"{made.get('description', '')}\n\n{_rules(form)}".strip()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"perfstudio:{name}.schema.json",
        **made,
        "description": description,
    }


def text(name: str) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def file(folder: Path, name: str) -> Path:
    """The file of one schema."""
    return folder / f"{name}.schema.json"


def _rules(form: PublishedSchema) -> str:
    rules = TEXT_RULES | form.rules
    lines = [f"- {code}: {words.format(size=form.size)}" for code, words in rules.items()]
    return "Beyond what a schema can say:\n" + "\n".join(lines)


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself included."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        for inside in list(value.values()):
            yield from _parts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _parts(inside)


def _bound(part: dict[str, Any], form: PublishedSchema) -> None:
    """Add to a part what the strict reader asks of every value of its type."""
    match part["type"]:
        case "integer" | "number":
            if "minimum" not in part and "exclusiveMinimum" not in part:
                part["minimum"] = -MAX_INTEGER
            if "maximum" not in part and "exclusiveMaximum" not in part:
                part["maximum"] = MAX_INTEGER
        case "array":
            part.setdefault("maxItems", form.items)
        case "object" if isinstance(part.get("additionalProperties"), dict):
            part["maxProperties"] = MAX_FIELDS
            if not form.own_words:
                part["propertyNames"] = {"not": {"pattern": f"[{CONTROL}]"}}
        case "string" if "enum" not in part and "const" not in part:
            _bound_text(part, form)


def _bound_text(part: dict[str, Any], form: PublishedSchema) -> None:
    """No control characters; and no newline at the end of a pattern, before which some engines let `$` stand."""
    if str(part.get("pattern", "")).endswith("$"):
        part["not"] = {"pattern": r"\n"}
    elif not form.own_words:
        part["not"] = {"pattern": f"[{CONTROL}]"}


def main() -> None:
    """Write every schema."""
    for name in DOCUMENTS:
        file(asset("schemas"), name).write_text(text(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
