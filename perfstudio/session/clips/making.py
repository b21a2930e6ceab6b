"""A clip of a kept take: what would go out, and the file once its performer has agreed to that."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from perfstudio.capture.finishing.clip_media import CutPicture, cut_picture, cut_sound
from perfstudio.durable import disk_error, file_error, private_folder, sha256_of
from perfstudio.library.folder import damaged
from perfstudio.library.library import Library
from perfstudio.model.clip import (
    PICTURE,
    SOUND,
    ClipAgreed,
    ClipDocument,
    ClipPicture,
    ClipRole,
    ClipScene,
    ClipSound,
    ClipUse,
)
from perfstudio.model.clip_given import ClipGiven
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, LibraryError, MediaError
from perfstudio.model.ids import new_id
from perfstudio.model.pair import scene_digest
from perfstudio.model.take import FileEntry, FileRole, TakeManifest
from perfstudio.model.timing import AudioStats, MarkerName
from perfstudio.session.clips.clip_file import write_clip
from perfstudio.session.clips.offer import offer, part_of, roles_of


def make_clip(
    library: Library, scratch: Path, take_id: str, final: Path, agreed: ClipAgreed, *, called: str = ""
) -> ClipGiven:
    """Make `final`, and keep beside the take that it went out. `called`: what the performer wants to be called in it.
    `scratch`: a folder of the home in which the media are cut.

    Raises as `offer` does, and MediaError (CLIP_SILENT, MEDIA_UNREADABLE), CaptureError and LibraryError; then no
    file went out, and none is said to have.
    """
    offered, manifest = offer(library, take_id), library.manifest(take_id)
    folder = library.folder(take_id)
    with _scratch(scratch) as place:
        media = Path(place)
        clip = _cut(manifest, folder, media, agreed, called)
        kept: list[ClipGiven] = []

        def before(size: int, sha256: str) -> None:
            given = ClipGiven(
                clip_id=clip.clip_id, file=final.name[:255], size=size, sha256=sha256, from_s=offered.from_s,
                to_s=offered.to_s, agreed=agreed,
            )  # fmt: skip
            library.clips.add(take_id, given)
            kept.append(given)

        try:
            write_clip(final, clip, {name: media / name for name in clip.members}, before)
        except BaseException:
            for given in kept:
                library.clips.drop(take_id, given.clip_id)
            raise
    return kept[0]


def _scratch(folder: Path) -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix=".making-", dir=private_folder(folder))
    except OSError as problem:
        raise disk_error(problem, folder, LibraryError) from problem


def _cut(manifest: TakeManifest, folder: Path, media: Path, agreed: ClipAgreed, called: str) -> ClipDocument:
    from_s, to_s = part_of(manifest)
    audio, sound = manifest.audio, manifest.file(FileRole.SOUND)
    assert audio is not None and sound is not None  # noqa: S101, PT018 - `_part` has looked
    first, end = round(from_s * audio.rate_hz), round(to_s * audio.rate_hz)
    form = (audio.rate_hz, audio.channels, audio.sample_format)
    with _silent_said(manifest.take_id):
        samples = cut_sound(_whole(folder, sound, manifest.take_id), media / SOUND, (first, end), form)
    picture = manifest.file(FileRole.PICTURE) if ClipUse.SEE in agreed.may else None
    if ClipUse.SEE in agreed.may and picture is None:
        raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=manifest.take_id)
    seen = None
    if picture is not None:
        seen = cut_picture(_whole(folder, picture, manifest.take_id), media / PICTURE, from_s, to_s)
    mine, answer = roles_of(manifest)
    go_s = next((mark.at_s for mark in manifest.markers if mark.name is MarkerName.GO), from_s)
    return ClipDocument(
        clip_id=new_id(),
        made_utc=utc_now(),
        take_id=manifest.take_id,
        seal_sha256=manifest.seal_sha256 or "",
        performer_id=manifest.slate.performer_id,
        called=called or None,
        practice=manifest.practice,
        scene=_scene(manifest),
        role=ClipRole(id=mine.id, name=mine.name) if mine is not None else None,
        answer=ClipRole(id=answer.id, name=answer.name) if answer is not None else None,
        first_sample=first,
        go_s=round(go_s - first / audio.rate_hz, 6),
        sound=_sound(media / SOUND, audio, samples),
        picture=_picture(media / PICTURE, manifest, seen, first / audio.rate_hz),
        agreed=agreed,
    )


@contextlib.contextmanager
def _silent_said(take_id: str) -> Iterator[None]:
    """A part of a take in which nobody is heard is said as whoever makes a clip knows it."""
    try:
        yield
    except MediaError as problem:
        if problem.code is ErrorCode.PARTNER_SILENT:
            raise MediaError(ErrorCode.CLIP_SILENT, take=take_id) from problem
        raise


def _whole(folder: Path, entry: FileEntry, take_id: str) -> Path:
    """A file of the take that is the one that was sealed. Raises LibraryError(TAKE_DAMAGED)."""
    path = folder / entry.name
    try:
        with path.open("rb") as file:
            same = sha256_of(file) == entry.sha256
    except OSError as problem:
        raise damaged(take_id, "unreadable", file=entry.name, where="files", problem="unreadable") from problem
    if not same:
        raise damaged(take_id, "file")
    return path


def _scene(manifest: TakeManifest) -> ClipScene:
    slate, shown, played = manifest.slate, manifest.prompt, manifest.how_played()
    return ClipScene(
        studio_id=shown.studio.id,
        pack_id=slate.pack_id,
        pack_version=slate.pack_version,
        pack_title=shown.pack_title,
        prompt_id=slate.prompt_id,
        title=shown.prompt.title,
        sha256=scene_digest(shown.prompt),
        language=(played.language if played is not None else None) or shown.language,
    )


def _sound(path: Path, audio: AudioStats, samples: int) -> ClipSound:
    size, sha256 = _measured(path)
    return ClipSound(size=size, sha256=sha256, rate_hz=audio.rate_hz, channels=audio.channels, samples=samples)


def _picture(path: Path, manifest: TakeManifest, seen: CutPicture | None, from_s: float) -> ClipPicture | None:
    if seen is None or manifest.video is None:
        return None
    size, sha256 = _measured(path)
    fps = max(0.1, seen.fps or manifest.video.measured_fps)
    return ClipPicture(
        size=size, sha256=sha256, width=seen.width, height=seen.height, fps=fps,
        first_s=round(seen.starts_s - from_s, 6),
    )  # fmt: skip


def _measured(path: Path) -> tuple[int, str]:
    try:
        with path.open("rb") as file:
            return path.stat().st_size, sha256_of(file)
    except OSError as problem:
        raise file_error(problem, path, LibraryError) from problem
