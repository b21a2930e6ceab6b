"""Takes that do not go: every verb that shows one names what it waits for."""

from __future__ import annotations

import json
from pathlib import Path


def test_what_a_take_waits_for_is_said_by_every_verb(perfstudio, passphrase, tmp_path: Path) -> None:
    record = ("record", "the-letter", "--camera", "none", "--microphone", "practice", "--seconds", "1", "--json")
    take_id = perfstudio(*record).json["take_id"]
    perfstudio("takes", "keep", take_id)
    both = "needs a label and your signature"
    assert both in perfstudio("takes", "list").out
    assert both in perfstudio("takes", "show", take_id).out
    signed = perfstudio("consent", "sign", take_id, "--adult", "--uses", "store_review", "--name", "Ada", **passphrase)
    assert "needs a label" in signed.out
    assert "needs a label" in perfstudio("takes", "list").out
    assert "signature" not in perfstudio("takes", "list").out
    (line,) = perfstudio("takes", "list", "--json").json
    assert line["missing"] == ["label"]
    studio = tmp_path / "lab" / "studio.json"
    studio.parent.mkdir()
    plain = {"format": "perfstudio-studio/1", "id": "lab", "name": "Lab", "legal_name": "Lab", "contact": "-"}
    studio.write_text(json.dumps({**plain, "tus": "http://127.0.0.1:9/files/", "sign_in": "none"}))
    left = perfstudio("deliver", "--studio", studio)
    assert "take 1 needs a label, and stays here until then" in left.out
    assert "it needs a label" in perfstudio("deliver", "--studio", studio, "--take", take_id).refused()
    said = perfstudio("takes", "label", take_id, "--meant", "anger,joy", "--words", "at the door").out
    assert all(words in said for words in ("You meant anger and joy.", "“at the door”")), "as it was read back"
    assert "You meant anger and joy." in perfstudio("takes", "show", take_id).out
    assert "waits" not in perfstudio("takes", "list").out
    assert "Played in English" in perfstudio("takes", "show", take_id).out
    asked = ("--language", "de-AT", "--accent", " Vienna,  old ", "--age", "70")
    said = perfstudio("takes", "played", take_id, *asked).out
    assert "Played in German (de-AT), accent: “Vienna, old”, age: 70" in said, "as it was read back"
    assert perfstudio("takes", "played", take_id, "--age", "none", "--json").json["manifest"]["played"] == {
        "language": "de-AT", "accent": "Vienna, old",
    }  # fmt: skip
    assert "“Klingonisch”" in perfstudio("takes", "played", take_id, "--language", "Klingonisch").err
    assert "from 0 to 120" in perfstudio("takes", "played", take_id, "--age", "121").err
    assert "--accent" in perfstudio("takes", "played", take_id).err
    assert "accent" in perfstudio("takes", "played", take_id, "--accent", "x" * 201).refused()
