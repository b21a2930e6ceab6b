"""Another take of the same scene, laid beside one that is watched: both at one moment, "go" or the first word."""

from __future__ import annotations

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.model.heard_times import HeardTimes
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.timing import MarkerName
from perfstudio.session.takes.other_take import LockedAt, OtherTake
from perfstudio.session.takes.review import TakeReview
from perfstudio.session.takes.same_scene import SceneTake
from perfstudio.session.takes.takes import Takes


def to_compare(review: TakeReview) -> tuple[SceneTake, ...]:
    """The takes that can be laid beside one: the circled one first, then those played nearest to it."""
    own = review.line
    others = [take for take in review.scene if take.take_id != own.take_id]
    return tuple(sorted(others, key=lambda take: (not take.circled, abs(take.number - own.number), take.number)))


def laid_beside(takes: Takes, review: TakeReview, other: SceneTake, locked: LockedAt) -> OtherTake:
    """The other take's films on this one's time. Where one has no such moment, both are locked at "go", or else where
    they begin. Raises LibraryError, MediaError(MEDIA_MISSING)."""
    manifest = takes.manifest(other.take_id)
    sound, picture = (takes.file(other.take_id, role) for role in (FileRole.SOUND, FileRole.PICTURE))
    if not sound.is_file():
        raise MediaError(ErrorCode.MEDIA_MISSING, file=FILE_NAMES[FileRole.SOUND])
    own, theirs = _moments(review.manifest), _moments(manifest)
    shared = [lock for lock in LockedAt if lock in own and lock in theirs]
    lock = locked if locked in shared else LockedAt.GO
    offset_s = own.get(lock, 0.0) - theirs.get(lock, 0.0)
    until_s = min(review.duration_s, offset_s + (manifest.duration_s or review.duration_s))
    film = BesideFilm(sound, picture if picture.is_file() else None, HeardTimes(offset_s, 1.0, until_s))
    return OtherTake(other, film, lock, other_lock=len(shared) > 1)


def _moments(manifest: TakeManifest) -> dict[LockedAt, float]:
    """Where a take can be locked, in seconds of take time: "go", and the first voice after it."""
    go_s = next((mark.at_s for mark in manifest.markers if mark.name is MarkerName.GO), None)
    found = {LockedAt.GO: go_s} if go_s is not None else {}
    voice = manifest.voice if isinstance(manifest, TakeManifest2) else None
    spans = voice.spans if voice is not None else ()
    first_s = next((max(span.start_s, go_s or 0.0) for span in spans if span.end_s > (go_s or 0.0)), None)
    return found | ({LockedAt.FIRST_WORD: first_s} if first_s is not None else {})
