"""Whether the media of a clip are what its clip.json says of them, found by a process with limits that plays them."""

from __future__ import annotations

from pathlib import Path

from perfstudio.model.clip import PICTURE, ClipDocument
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.media_claim import MediaClaim, MediaForm, Unfit
from perfstudio.model.partner import LONGEST_CLIP_S
from perfstudio.session.pack_media import first_misfit, problem_of

_NOT_AS_SAID = (Unfit.OTHER_LENGTH, Unfit.OTHER_SHAPE)


def what_is_wrong(clip: ClipDocument, folder: Path, file: str) -> MediaError | None:
    """Why the media in `folder` are not this clip's; None: each figure that can be compared with what was decoded is
    right. `file` is what the clip is called. Sizes and hashes were compared when they were unpacked.

    Raises PackError(UNEXPECTED) where no process can be started to find out.
    """
    if clip.sound.seconds > LONGEST_CLIP_S:
        return MediaError(ErrorCode.PARTNER_LONG, file=file, seconds=LONGEST_CLIP_S)
    names = list(clip.members)
    found = first_misfit([_claim(clip, name, folder / name) for name in names])
    if found is None:
        return None
    at, unfit = found
    if unfit in _NOT_AS_SAID:
        return MediaError(ErrorCode.CLIP_INVALID, file=file, where=names[at], problem="not_as_said")
    return MediaError(ErrorCode.MEDIA_UNREADABLE, file=file, detail=problem_of(unfit))


def _claim(clip: ClipDocument, name: str, path: Path) -> MediaClaim:
    sound, picture, place = clip.sound, clip.picture, str(path.absolute())
    if name == PICTURE and picture is not None:
        return MediaClaim(
            place, MediaForm.SILENT_FILM, duration_s=max(0.0, sound.seconds - picture.first_s), width=picture.width,
            height=picture.height, fps=picture.fps,
        )  # fmt: skip
    return MediaClaim(
        place, MediaForm.FLAC, duration_s=sound.seconds, rate_hz=sound.rate_hz, channels=sound.channels,
        samples=sound.samples,
    )  # fmt: skip
