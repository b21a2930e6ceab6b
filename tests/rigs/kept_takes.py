"""A home with takes of 0.1.0 in it, as that version left them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

KEPT = Path(__file__).parents[1] / "library" / "data" / "takes-0.1.0"
SIGNED = "01m8mmqmnptmc5h5djypdec8zp"
SOUND_ONLY = "01m8mmqrdwnmx9s83bpzs8hg4b"
CIRCLED = "01m8mmqw3rwq3kenpzkfb1kd1y"
RECOVERED = "01m8mmr01h3zttnrb8yxma1f37"
KILLED = "01m8mpt5tkv1px101b4fwm28gz"
SEALED = (SIGNED, SOUND_ONLY, CIRCLED, RECOVERED)


def kept_home(home: Path) -> Path:
    """The takes, and the room that the killed ones still hold on the disk; returns the folder of takes."""
    takes = home / "takes"
    shutil.copytree(KEPT, takes)
    (takes / f"{KILLED}.part" / ".reserve").write_bytes(b"r" * 1000)
    for raw in (takes / f"{KILLED}.part" / "raw", takes / RECOVERED / "raw"):
        (raw / "ballast.bin").write_bytes(b"b" * 1000)
    return takes


def hashes(folder: Path) -> dict[str, str]:
    """Every file below a folder but the papers that a performer adds to."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    living = {"take.json", "consent.json", "receipt.json"}
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in living
    }
