"""Every check on something that lies on disk: a take folder (with what its manifest knows) or any media file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from perfstudio.checks.limits import limits_for
from perfstudio.checks.report import check_media
from perfstudio.model.checks import CheckResult
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest


def check_path(
    path: Path, sound: Path | None = None, progress: Callable[[float], None] | None = None
) -> tuple[CheckResult, ...]:
    """Measure a folder or file. Raises MediaError when there is nothing that can be read."""
    if not path.exists():
        raise MediaError(ErrorCode.MEDIA_MISSING, file=path.name)
    if path.is_dir():
        return _check_folder(path, progress)
    return check_media(path, sound, progress=progress)


def _check_folder(folder: Path, progress: Callable[[float], None] | None) -> tuple[CheckResult, ...]:
    try:
        manifest = TakeManifest.model_validate_json((folder / FILE_NAMES[FileRole.MANIFEST]).read_bytes())
    except FileNotFoundError:
        raise MediaError(ErrorCode.MEDIA_MISSING, file=f"{folder.name}/take.json") from None
    except (OSError, ValidationError) as bad:
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=f"{folder.name}/take.json", detail="manifest") from bad
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
        progress=progress,
    )
    return tuple(r.model_copy(update={"intended": r.code in manifest.intended}) for r in results)
