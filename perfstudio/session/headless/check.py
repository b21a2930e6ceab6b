"""Every check on something that lies on disk: a take folder (with what its manifest knows) or any media file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.checks.bleed import PartnerClip
from perfstudio.checks.faces import FaceFinder
from perfstudio.checks.limits import limits_for
from perfstudio.checks.report import check_media
from perfstudio.durable import is_there
from perfstudio.model.checks import CheckResult, FaceModel
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.model.take_reading import read_take, unreadable
from perfstudio.paths import leads_to
from perfstudio.session.takes.face_detector import open_finder

Played = Callable[[TakeManifest], Path | None]
"""Where the partner clip lies that was played in a take, if one was and its pack is here."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What is given along with the path. `partner` is a clip that was played from `partner_at_s` of the take on."""

    sound: Path | None = None
    partner: Path | None = None
    partner_at_s: float | None = None
    face_model: FaceModel | None = None
    played: Played = lambda _: None


def check_path(
    path: Path,
    wish: CheckRequest = CheckRequest(),
    progress: Callable[[float], None] | None = None,
    told: Callable[[MediaError], object] = lambda _: None,
) -> tuple[CheckResult, ...]:
    """Measure a folder or file. Raises MediaError when there is nothing that can be read.

    `told` hears that a face model cannot be used; the embedded finder looks in its place.
    """
    if not is_there(path):
        raise MediaError(ErrorCode.MEDIA_MISSING, file=path.name)
    finder, unused = open_finder(wish.face_model)
    if unused is not None:
        told(unused)
    if path.is_dir():
        return _check_folder(path, wish, finder, progress)
    partner = PartnerClip(wish.partner, wish.partner_at_s or 0.0) if wish.partner is not None else None
    return check_media(path, wish.sound, progress=progress, finder=finder, partner=partner)


def _check_folder(
    folder: Path, wish: CheckRequest, finder: FaceFinder, progress: Callable[[float], None] | None
) -> tuple[CheckResult, ...]:
    name = f"{leads_to(folder).name}/{FILE_NAMES[FileRole.MANIFEST]}"
    try:
        manifest = read_take((folder / FILE_NAMES[FileRole.MANIFEST]).read_bytes())
    except FileNotFoundError:
        raise MediaError(ErrorCode.MEDIA_MISSING, file=name) from None
    except (OSError, JsonProblemError) as bad:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=name, detail=unreadable(bad, "manifest")) from bad
    picture, sound = (folder / FILE_NAMES[role] for role in (FileRole.PICTURE, FileRole.SOUND))
    camera = manifest.devices.camera
    results = check_media(
        picture if manifest.file(FileRole.PICTURE) else None,
        sound if manifest.file(FileRole.SOUND) else None,
        nominal_fps=camera.fps if camera else None,
        video=manifest.video,
        audio=manifest.audio,
        sync=manifest.sync,
        limits=limits_for(manifest.prompt.limits, manifest.prompt.pack_title),
        partner=_partner(manifest, wish),
        finder=finder,
        progress=progress,
    )
    return tuple(r.model_copy(update={"intended": r.code in manifest.intended}) for r in results)


def _partner(manifest: TakeManifest, wish: CheckRequest) -> PartnerClip | None:
    """The clip that is named, else the one the take says was played; from when the take says, unless that is named."""
    clip = wish.partner or wish.played(manifest)
    if clip is None:
        return None
    told = manifest.clip_played()
    if told is None or wish.partner_at_s is not None:
        return PartnerClip(clip, wish.partner_at_s or 0.0)
    return PartnerClip(clip, told.start_s, told.first_sample, told.until_s)
