"""The README tells the truth: its examples validate, and its verbs are the verbs."""

from __future__ import annotations

import json
import re
from pathlib import Path

from perfstudio.cli.main import VERBS
from perfstudio.model.delivery import Studio
from perfstudio.model.prompt import Pack
from perfstudio.packs.reader import parse
from perfstudio.resources import asset

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def examples() -> list[str]:
    return re.findall(r"```json\n(.*?)```", README, re.DOTALL)


def test_the_examples_validate() -> None:
    pack_text, studio_text = examples()
    pack = Pack.model_validate_json(pack_text)
    assert pack.brief(pack.prompts[0]).name == "Ada"
    assert Studio.model_validate_json(studio_text).id == pack.studio.id


def test_the_scene_for_two_validates() -> None:
    (scene,) = re.findall(r"^    (\{\"id\": \"letter\".*?\]\})$", README, re.MULTILINE | re.DOTALL)
    pack = json.loads(examples()[0]) | {"format": "perfstudio-pack/2", "prompts": [json.loads(scene)]}
    pack["briefs"] += [{"id": "mara", "name": "Mara"}]
    assert parse(json.dumps(pack).encode(), "README")[0].prompts[0].id == "letter"


def test_the_verbs_are_the_verbs() -> None:
    named = re.findall(r"^\| `([a-z-]+)", README, re.MULTILINE)
    assert named == list(VERBS)


def test_the_practice_room_is_as_large_as_said() -> None:
    pack = Pack.model_validate_json(asset("packs", "practice", "pack.json").read_bytes())
    assert "thirty-five scenes for fourteen characters" in README
    assert (len(pack.prompts), len(pack.briefs)) == (35, 14)


def test_every_package_is_in_the_house() -> None:
    house = README.split("## The house on one page")[1]
    for folder in (ROOT / "perfstudio").iterdir():
        if (folder / "__init__.py").is_file():
            assert re.search(rf"\b{folder.name}\b", house), folder.name
