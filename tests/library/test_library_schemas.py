"""The schema files say what the models say, and real documents keep to them."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from library_papers import consent_of, receipt_of

from perfstudio import schemas
from perfstudio.library.library import Library
from perfstudio.model.delivery import Studio
from perfstudio.resources import asset


def validator(name: str) -> jsonschema.Draft202012Validator:
    document = json.loads(schemas.file(asset("schemas"), name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


@pytest.mark.parametrize("name", sorted(schemas.DOCUMENTS))
def test_files_and_models_agree(name: str) -> None:
    """When this fails, run `python -m perfstudio.schemas`."""
    assert schemas.file(asset("schemas"), name).read_text(encoding="utf-8") == schemas.text(name)


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


def refuses(name: str, document: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator(name).validate(document)
