"""A pack before it is in: what a person sees who opened a file, and decides by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfstudio.model.jws import fingerprint
from perfstudio.model.prompt import StudioInfo
from perfstudio.packs.pack_look import PackLook
from perfstudio.packs.signature import UNSIGNED, Authorship


@dataclass(frozen=True, slots=True)
class PackOffer:
    """As it was read; nothing of it has been kept."""

    file: Path
    sha256: str
    """Of its words, and by them of its media: what is brought in is what was shown."""
    size_bytes: int
    """Of the file, or of what lies in the folder."""
    title: str
    version: str
    studio: StudioInfo
    scenes: int
    author: Authorship
    signed_by: str
    """The key that signed it, as people compare it; empty without a signature."""
    key_known: bool
    """The studio was known by a key before."""
    is_here: bool
    """Nothing would change by bringing it in."""
    earlier: str
    """The newest version that is here beside it; empty where there is none."""
    is_newer: bool
    """Than that one."""

    @property
    def accept(self) -> str | None:
        """What a person accepts who takes it though its studio may not have made it (see `packs.signature`)."""
        if self.author is Authorship.OTHER_KEY:
            return self.signed_by
        return UNSIGNED if self.author is Authorship.MISSING else None


def pack_offer(file: Path, look: PackLook) -> PackOffer:
    """What is shown of a pack that was looked at. Raises OSError when the file is gone meanwhile."""
    pack, signed_by = look.found.pack, look.found.signed_by
    return PackOffer(
        file=file,
        sha256=look.found.sha256,
        size_bytes=_size(file),
        title=pack.title,
        version=pack.version,
        studio=pack.studio,
        scenes=len(pack.prompts),
        author=look.author,
        signed_by=fingerprint(signed_by) if signed_by else "",
        key_known=look.key_known,
        is_here=look.is_here,
        earlier=look.earlier,
        is_newer=look.is_newer,
    )


def _size(file: Path) -> int:
    if not file.is_dir():
        return file.stat().st_size
    return sum(path.lstat().st_size for path in file.rglob("*") if not path.is_dir())
