"""The JSON Schemas of the documents that cross the border, made from the models so that the two cannot part.

`python -m perfstudio.schemas` writes them to `assets/schemas/`; a test holds files and models together. A schema says
what a reader must accept: fields with a default may be absent, unknown fields may not be there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from perfstudio.model.base import Document
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Receipt, Studio
from perfstudio.model.prompt import Pack
from perfstudio.model.take import TakeManifest
from perfstudio.resources import asset

DOCUMENTS: dict[str, type[Document]] = {
    "take": TakeManifest,
    "pack": Pack,
    "consent": ConsentRecord,
    "studio": Studio,
    "receipt": Receipt,
}
"""By the name of the file without its ending: take.json, pack.json …"""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one document."""
    made = DOCUMENTS[name].model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"perfstudio:{name}.schema.json", **made}


def text(name: str) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def file(folder: Path, name: str) -> Path:
    """The file of one schema."""
    return folder / f"{name}.schema.json"


def main() -> None:
    """Write every schema."""
    for name in DOCUMENTS:
        file(asset("schemas"), name).write_text(text(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
