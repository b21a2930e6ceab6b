"""The schema files say what the models say, and real documents keep to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from library_papers import consent_of, receipt_of
from schemas_documents import described, validator

from perfstudio import schemas
from perfstudio.library.library import Library
from perfstudio.model.delivery import Studio
from perfstudio.resources import asset

DATA = Path(__file__).with_name("data")


@pytest.mark.parametrize("name", sorted(schemas.DOCUMENTS))
def test_files_and_models_agree(name: str) -> None:
    """When this fails, run `python -m perfstudio.schemas`."""
    assert schemas.file(asset("schemas"), name).read_text(encoding="utf-8") == schemas.text(name)


@pytest.mark.parametrize("name", sorted(schemas.DOCUMENTS))
def test_files_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(validator(name).schema)


def test_documents_of_a_real_take_keep_to_their_schemas(library: Library, take: str) -> None:
    library.keep(take)
    library.write_consent(take, consent_of(library.manifest(take)))
    library.write_receipt(take, receipt_of(library.manifest(take)))
    for name in ("take", "consent", "receipt"):
        document = json.loads((library.folder(take) / f"{name}.json").read_bytes())
        validator(name).validate(document)
        refuses(name, document | {"surprise": 1})


def test_the_bundled_pack_and_a_studio_keep_to_their_schemas() -> None:
    pack = json.loads(asset("packs", "practice", "pack.json").read_bytes())
    validator("pack").validate(pack)
    refuses("pack", pack | {"id": "../takes"})
    studio = Studio(id="attic", name="Attic", legal_name="Attic Ltd", contact="x", tus="https://attic.example/files")
    validator("studio").validate(studio.to_json())


@pytest.mark.parametrize("name", ["take", "take-1"])
def test_every_field_and_every_value_of_a_take_is_described(name: str) -> None:
    document = described(name)
    parts = {"take": document, **document["$defs"]}
    silent = [f"{part}.{field}" for part, inside in parts.items() for field in undescribed(inside)]
    assert silent == []


def undescribed(part: dict[str, Any]) -> list[str]:
    values = {f"- {value}" for value in part.get("enum", ())}
    said = set(part.get("description", "").splitlines())
    fields = [name for name, field in part.get("properties", {}).items() if not field.get("description")]
    return fields + sorted(values & said) + ([] if said else ["itself"])


def test_format_1_allows_what_it_allowed_when_it_was_published_and_no_more() -> None:
    published = json.loads((DATA / "take-1.as-0.1.0-published-it.schema.json").read_bytes())
    assert bare(described("take-1")) == bare(published)


def bare(document: dict[str, Any]) -> Any:
    """What a schema asks for, without its words and without the names of its parts."""

    def inside(part: Any) -> Any:
        if isinstance(part, list):
            return [inside(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return inside(document["$defs"][part["$ref"].rsplit("/", 1)[1]] | {"default": part.get("default")})
        words = ("title", "description", "$defs", "$id")
        fields = {"properties", "facts"}
        kept = {key: value for key, value in part.items() if key not in words and value is not None}
        return {
            key: {name: inside(field) for name, field in value.items()} if key in fields else inside(value)
            for key, value in kept.items()
        }

    return inside(document)


def refuses(name: str, document: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator(name).validate(document)
