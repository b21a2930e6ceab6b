"""Small packs made by code, whole and broken."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any


def png(width: int = 8, height: int = 8) -> bytes:
    """A real grey PNG (its pixels are only drawn when it is small)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixels = zlib.compress(b"".join(b"\x00" + b"\x80" * width for _ in range(min(height, 64))))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def wav(seconds: float = 0.1) -> bytes:
    data = b"\x00\x01" * int(8000 * seconds)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVE" + form + b"data" + struct.pack("<I", len(data)) + data


def prompt(prompt_id: str = "the-letter", **changes: Any) -> dict[str, Any]:
    return {
        "id": prompt_id,
        "title": prompt_id.replace("-", " ").title(),
        "brief": "mara",
        "line": "Read it to me.",
        "situation": "A kitchen at night.",
        "partner": "Her brother",
        "objective": "To hear it.",
        "obstacle": "He refuses.",
        "secret": "She wrote it.",
        "verbs": ["to press", "to soothe"],
        "beats": ["The letter lies there."],
        "ends_when": "He reads the first word.",
        "emotions": [{"term": "grief", "intensity": "strong"}],
        **changes,
    }


def use(**changes: Any) -> dict[str, Any]:
    return {
        "id": "store_review",
        "exactly": "We keep and watch it.",
        "term": "P2Y",
        "territory": ["world"],
        "recipients": ["Attic"],
        "withdrawal_effect": "We delete it within 30 days.",
        **changes,
    }


def pack(**changes: Any) -> dict[str, Any]:
    return {
        "format": "perfstudio-pack/1",
        "id": "evening",
        "version": "1.0",
        "title": "Evening",
        "summary": "Two scenes in a kitchen.",
        "language": "en",
        "studio": {"id": "attic", "name": "Attic", "legal_name": "Attic Ltd", "contact": "hello@attic.example"},
        "rights": "Research only.",
        "terms": [
            {
                "id": "t",
                "version": "1",
                "language": "en",
                "title": "Terms",
                "summary": "In short.",
                "text": "At length.",
            }
        ],
        "uses": [use()],
        "briefs": [
            {
                "id": "mara",
                "name": "Mara",
                "age": 34,
                "who": "A nurse.",
                "wants": "Rest.",
                "hides": "It.",
                "sounds": "Low.",
            }
        ],
        "prompts": [prompt(), prompt("the-door")],
        **changes,
    }


def media_of(name: str, data: bytes, kind: str) -> dict[str, Any]:
    return {
        "id": name.split(".", maxsplit=1)[0],
        "file": f"media/{name}",
        "kind": kind,
        "sha256": hashlib.sha256(data).hexdigest(),
        "about": "What it is.",
    }


def zipped(path: Path, document: Any, members: dict[str, bytes] | None = None, stored: bool = False) -> Path:
    """A .perfpack; `document` is a JSON value or the raw bytes of pack.json."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pack.json", data)
        for name, member in (members or {}).items():
            archive.writestr(name, member)
    return path
