"""A pack that asks for much: every field of every line filled in, as a studio would that wants it all."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

README = Path(__file__).parents[2] / "README.md"

LINES: tuple[dict[str, Any], ...] = (
    {
        "id": "store_review",
        "required": True,
        "why": "Nobody can study what nobody may keep.",
        "exactly": "Two named reviewers watch the take and rate it.",
        "data": ["voice", "face_video"],
        "term": "P2Y",
        "territory": ["EU", "Norway"],
        "recipients": ["North Lab", "Anyone whom North Lab names"],
        "withdrawal_effect": "Deleted within 30 days.",
        "processing": ["store", "review", "publish"],
        "automated_decisions": True,
        "storage": ["Servers in Leeds"],
        "sublicense": True,
    },
    {
        "id": "replica_voice",
        "exactly": "A synthetic voice for one audio drama.",
        "why": "The drama has nine parts.",
        "data": ["voice"],
        "term": "P6M",
        "territory": ["EU"],
        "recipients": ["North Lab"],
        "compensation": {"basis": "flat", "amount": "1200", "currency": "EUR", "note": "Paid within a week"},
        "withdrawal_effect": "The voice is deleted.",
        "legal_basis": "eu-gdpr:A9-2-a",
        "replica": {
            "media": ["Audio drama", "Trailers"],
            "new_consent_per_use": False,
            "exclusive": True,
            "approval": "Every script",
            "suspension": "During a strike of your union",
            "deletion_on_exit": False,
            "security": "A vault that two people open together",
        },
    },
)

FULL_LINE: dict[str, Any] = LINES[1] | {
    "id": "train_generative",
    "processing": ["train"],
    "storage": ["Leeds"],
    "compensation": {"basis": "flat", "amount": "12", "currency": "EUR", "note": "Soon"},
}
"""One line with every field filled in."""


def example_pack() -> dict[str, Any]:
    """The README's example, whole."""
    found = re.search(r"```json\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    pack: dict[str, Any] = json.loads(found[1])
    return pack


def write_pack(file: Path, pack: dict[str, Any]) -> Path:
    """A .perfpack of it."""
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("pack.json", json.dumps(pack))
    return file


def asking_pack(lines: tuple[dict[str, Any], ...] = LINES) -> dict[str, Any]:
    """The README's example with these lines."""
    return example_pack() | {"uses": list(lines)}
