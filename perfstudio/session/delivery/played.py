"""A take that has come is played before it is accepted: each media file, by a process with limits, beside take.json."""

from __future__ import annotations

from pathlib import Path

from perfstudio.model.media_claim import MediaClaim, MediaForm, Unfit
from perfstudio.model.spoken import SpokenStatement
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.receiver.admission import Problems
from perfstudio.session.guarded_work import GuardLimits, MediaGuard

_FORMS = {
    FileRole.PICTURE: MediaForm.FILM,
    FileRole.SOUND: MediaForm.FLAC,
    FileRole.ROOM_TONE: MediaForm.FLAC,
    FileRole.PARTNER_HEARD: MediaForm.FLAC,
    FileRole.THUMBNAIL: MediaForm.JPEG,
}
CPU_S, CPU_SHARE = 20.0, 0.1
"""Processor time that a take may cost: to begin with, and of its own length. Half a minute of 720p noise (84 MB, every
picture decoded) took 3.0 s on a machine at work (`tests/bench/test_bench_playing_arrivals.py`)."""
LONGEST_S = 6 * 3600.0
"""What a take says of its length beyond that gives it no more time."""
PATIENCE = 4.0
"""A busy machine and a slow disk may take so many times the processor's time."""


def unplayable(
    guard: MediaGuard, folder: Path, manifest: TakeManifest, aloud: SpokenStatement | None = None
) -> Problems:
    """What is wrong with which file, as codes; `aloud` is what was read aloud for it.

    Raises OSError where that cannot be found out here and now.
    """
    roles = [entry.role for entry in manifest.files if entry.role in _FORMS]
    claims = [_claim(folder / FILE_NAMES[role], role, manifest) for role in roles]
    if aloud is not None:
        role = FileRole.SPOKEN_CONSENT
        place = str((folder / FILE_NAMES[role]).absolute())
        roles.append(role)
        claims.append(MediaClaim(place, MediaForm.FLAC, duration_s=aloud.duration_s))
    found = guard.look(claims, _limits(manifest, aloud)) if claims else ()
    return tuple(_code(unfit, role) for unfit, role in zip(found, roles, strict=False) if unfit is not None)


def _limits(manifest: TakeManifest, aloud: SpokenStatement | None) -> GuardLimits:
    length_s = min(max(manifest.duration_s or 0.0, 0.0), LONGEST_S) + (aloud.duration_s if aloud else 0.0)
    cpu_s = CPU_S + CPU_SHARE * length_s
    return GuardLimits(cpu_s=cpu_s, wall_s=PATIENCE * cpu_s)


def _claim(file: Path, role: FileRole, manifest: TakeManifest) -> MediaClaim:
    place, form = str(file.absolute()), _FORMS[role]
    match role:
        case FileRole.PICTURE:
            film, camera = manifest.video, manifest.devices.camera
            return MediaClaim(
                place,
                form,
                duration_s=manifest.duration_s,
                pictures=film.frames if film else None,
                width=camera.width if camera else None,
                height=camera.height if camera else None,
            )
        case FileRole.SOUND if manifest.audio is not None:
            sound = manifest.audio
            seconds = sound.samples / sound.rate_hz if sound.rate_hz > 0 else manifest.duration_s
            return MediaClaim(place, form, duration_s=seconds, rate_hz=sound.rate_hz, channels=sound.channels)
        case _:
            return MediaClaim(place, form)


def _code(unfit: Unfit, role: FileRole) -> str:
    return f"not_a_{role.value}" if unfit is Unfit.OTHER_KIND else f"{unfit.value}:{role.value}"
