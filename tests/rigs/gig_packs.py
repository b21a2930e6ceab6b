"""Five packs as studios of paid improv write them, from the files in `tests/packs/gig`, with terms like the practice
room's: matched pairs with personality notes, one-liners from a table, two sides with secrets, two languages, media."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any, Final

from perfstudio.model.base import sha256_hex
from perfstudio.resources import asset
from rigs import small_media
from rigs.partner import click_clip

FOLDER: Final = Path(__file__).parents[1] / "packs" / "gig"
TABLE: Final = FOLDER / "one-liners.csv"
"""The second pack is made of it by `packs new`."""
WRITTEN: Final = ("matched-pairs", "two-secrets", "languages", "harbour")


def document(name: str) -> dict[str, Any]:
    """What a studio wrote, with terms and uses, which every real pack has."""
    file = FOLDER / name / "pack.json"
    told = json.loads((file if file.is_file() else FOLDER / f"{name}.json").read_text("utf-8"))
    practice = json.loads(asset("packs", "practice", "pack.json").read_bytes())
    return told | {"terms": practice["terms"], "uses": practice["uses"]}


def gig_pack(name: str, folder: Path) -> Path:
    """One of the WRITTEN ones as a file that a performer is sent."""
    told, members = document(name), {}
    for media in told.get("media", ()):
        data = (
            small_media.picture("png", size=(640, 400))
            if media["kind"] == "image"
            else click_clip(folder / "side.wav", 12.0).read_bytes()
        )
        members[media["file"]] = data
        media["sha256"] = sha256_hex(data)
    path = folder / f"{name}.perfpack"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("pack.json", json.dumps(told, ensure_ascii=False))
        for inside, data in members.items():
            box.writestr(inside, data, zipfile.ZIP_STORED)
    return path
