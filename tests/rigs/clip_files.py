"""Clips as files, with media of any bytes: what only reads and writes the file opens none of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from perfstudio.model.base import sha256_hex
from perfstudio.model.clip import ClipAgreed, ClipDocument, ClipPicture, ClipRole, ClipScene, ClipSound, ClipUse
from perfstudio.session.clips.clip_file import write_clip
from rigs.take_bundles import noise

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)


def clip_of(sound: bytes, picture: bytes | None, **changes: Any) -> ClipDocument:
    """A clip of two seconds of the role "a"."""
    seen = None
    if picture is not None:
        seen = ClipPicture(size=len(picture), sha256=sha256_hex(picture), width=640, height=480, fps=30, first_s=-0.5)
    may = (ClipUse.HEAR, ClipUse.SEE) if picture is not None else (ClipUse.HEAR,)
    told: dict[str, Any] = {
        "clip_id": "12345678-1234-1234-1234-123456789abc", "made_utc": MADE, "take_id": "1" * 26,
        "seal_sha256": "ab" * 32, "performer_id": "somebody", "role": ClipRole(id="a", name="The one"),
        "answer": ClipRole(id="b", name="The other"), "first_sample": 48_000, "go_s": 0.0,
        "scene": ClipScene(
            studio_id="small-lab", pack_id="evening", pack_version="1.0", pack_title="Evening", prompt_id="kitchen",
            title="Kitchen", sha256="cd" * 32, language="en",
        ),
        "sound": ClipSound(size=len(sound), sha256=sha256_hex(sound), rate_hz=48_000, channels=1, samples=96_000),
        "picture": seen,
        "agreed": ClipAgreed(at=MADE, language="en", text="It goes out.", may=may, keep_until=MADE.replace(year=2027)),
    }  # fmt: skip
    return ClipDocument.model_validate(told | changes)


def made_clip(folder: Path, *, picture: bool = True, **changes: Any) -> Path:
    """Such a clip as a file in `folder`."""
    media = {"sound.flac": noise(1, 5000)} | ({"picture.mp4": noise(2, 9000)} if picture else {})
    for name, data in media.items():
        (folder / name).write_bytes(data)
    clip = clip_of(media["sound.flac"], media.get("picture.mp4"), **changes)
    write_clip(folder / "clip.perfclip", clip, {name: folder / name for name in media})
    for name in media:
        (folder / name).unlink()
    return folder / "clip.perfclip"
