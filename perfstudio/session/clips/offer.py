"""What a clip of a take would be: asked before anything is made, and said before anybody agrees."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from perfstudio.durable import is_file, is_folder, is_there
from perfstudio.library.library import Library
from perfstudio.model.clip import ENDING
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError
from perfstudio.model.partner import LONGEST_CLIP_S
from perfstudio.model.prompt_2 import RoleName, RolePrompt
from perfstudio.model.take import FileRole, TakeManifest, TakeState

DAYS_OF_YEAR: Final = 365
KEPT_DAYS: Final = (30, 90, DAYS_OF_YEAR)
"""How long a clip may be kept, of which one is chosen; the middle one unless another is."""
USUAL_DAYS: Final = 90
CLIPPED: Final = frozenset({TakeState.KEPT, TakeState.ACCEPTED, TakeState.DELIVERED})
"""States of a take of which a clip may be made."""


@dataclass(frozen=True, slots=True)
class ClipOffer:
    """What a clip of a take would be."""

    take_id: str
    title: str
    """Of the scene."""
    number: int
    """Of the take."""
    from_s: float
    """Where in the take it begins and ends, in seconds of take time: where the performer would begin and end it."""
    to_s: float
    has_picture: bool
    answer: str
    """What the role is called that answers it; empty where the scene names none."""
    file_name: str
    """What the file is called, unless somebody wants otherwise."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.to_s - self.from_s


def offer(library: Library, take_id: str) -> ClipOffer:
    """What would go out. Raises LibraryError (TAKE_NOT_READY for a take that is not kept), MediaError (PARTNER_LONG,
    PARTNER_NO_SOUND)."""
    manifest, state = library.manifest(take_id), library.state(take_id)
    if state not in CLIPPED:
        raise LibraryError(ErrorCode.TAKE_NOT_READY, take=take_id, state=state.value, needed=TakeState.KEPT.value)
    slate, shown = manifest.slate, manifest.prompt.prompt
    from_s, to_s = part_of(manifest)
    mine, answer = roles_of(manifest)
    words = (slate.prompt_id, *([mine.id] if mine is not None else []), str(slate.take_number))
    return ClipOffer(
        take_id, shown.title, slate.take_number, from_s, to_s,
        has_picture=manifest.file(FileRole.PICTURE) is not None and manifest.video is not None,
        answer=answer.name if answer is not None else "", file_name="-".join(words) + ENDING,
    )  # fmt: skip


def file_for(asked: Path, offered: ClipOffer) -> Path:
    """Where the file will be: in the folder that was asked for, or under that name with the ending of clips. Raises
    MediaError(CLIP_THERE) where something is there already, or a device was named."""
    if is_folder(asked):
        named = asked / offered.file_name
    else:
        named = asked if asked.suffix.lower() == ENDING else asked.with_name(asked.name + ENDING)
    in_the_way = named if is_there(named) else asked if _is_no_place(asked) else None
    if in_the_way is not None:
        raise MediaError(ErrorCode.CLIP_THERE, file=in_the_way.name)
    return named


def _is_no_place(path: Path) -> bool:
    """Whether it is there, and neither a folder nor a file: a device, a pipe."""
    return is_there(path) and not (is_folder(path) or is_file(path))


def part_of(manifest: TakeManifest) -> tuple[float, float]:
    """From where to where in take time, in seconds. Raises MediaError."""
    audio, trim = manifest.audio, manifest.trim
    if audio is None or manifest.file(FileRole.SOUND) is None:
        raise MediaError(ErrorCode.PARTNER_NO_SOUND, file=manifest.take_id)
    whole_s = audio.samples / audio.rate_hz
    from_s, to_s = max(0.0, trim.in_s or 0.0), min(whole_s, whole_s if trim.out_s is None else trim.out_s)
    if to_s <= from_s:
        raise MediaError(ErrorCode.PARTNER_NO_SOUND, file=manifest.take_id)
    if to_s - from_s > LONGEST_CLIP_S:
        raise MediaError(ErrorCode.PARTNER_LONG, file=manifest.take_id, seconds=LONGEST_CLIP_S)
    return from_s, to_s


def roles_of(manifest: TakeManifest) -> tuple[RoleName | None, RoleName | None]:
    prompt = manifest.prompt.prompt
    return (prompt.role, prompt.opposite) if isinstance(prompt, RolePrompt) else (None, None)
