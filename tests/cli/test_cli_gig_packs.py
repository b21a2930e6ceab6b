"""Packs as studios of paid improv write them: validated, imported, and read, each role its own side alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from rigs.gig_packs import TABLE, WRITTEN, document, gig_pack
from rigs.verbs import Type


@pytest.mark.parametrize("name", WRITTEN)
def test_a_studios_pack_comes_in_and_each_role_reads_its_own_side(perfstudio: Type, tmp_path: Path, name: str) -> None:
    file, told = gig_pack(name, tmp_path), document(name)
    checked = perfstudio("packs", "validate", file)
    assert checked.code == 0, checked.err
    brought = perfstudio("packs", "import", file, "--json")
    assert brought.code == 0, brought.err
    assert brought.json["prompts"] == len(told["prompts"])
    for prompt in told["prompts"]:
        roles = prompt["roles"]
        for role in roles:
            shown = perfstudio("packs", "show", f"{told['id']}/{prompt['id']}", "--role", role["id"])
            assert shown.code == 0, shown.err
            words = " ".join(shown.out.split())
            for other in roles:
                secret = other.get("secret", "")
                assert not secret or (secret in words) == (other is role), (prompt["id"], role["id"])


def test_one_liners_of_a_table_are_a_pack(perfstudio: Type, tmp_path: Path) -> None:
    made = perfstudio(
        "packs", "new", tmp_path / "one-liners", "--csv", TABLE, "--studio", "Brisk Lab", "--contact", "a@brisk.example"
    )
    assert made.code == 0, made.err
    assert perfstudio("packs", "validate", tmp_path / "one-liners").code == 0
    brought = perfstudio("packs", "import", tmp_path / "one-liners", "--json")
    assert brought.code == 0, brought.err
    assert brought.json["prompts"] == len(TABLE.read_text("utf-8").splitlines()) - 1
