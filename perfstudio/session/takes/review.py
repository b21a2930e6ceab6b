"""What the Review page shows of one take: its line, its manifest, and the files that can be played."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfstudio.library.folder import early_row
from perfstudio.model.clip_given import ClipGiven
from perfstudio.model.consent import Compensation
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.session.events import TakeFinished
from perfstudio.session.takes.other_side import OtherSides
from perfstudio.session.takes.same_scene import SceneTake
from perfstudio.session.takes.side_view import OtherSide
from perfstudio.session.takes.takes import Takes, line_of
from perfstudio.session.views import TakeLine


@dataclass(frozen=True, slots=True)
class TakeReview:
    """One take for review. `picture` is None for a take of sound alone, `sound` when the file is not there."""

    line: TakeLine
    manifest: TakeManifest
    picture: Path | None
    sound: Path | None
    paid: Compensation | None = None
    """What was signed for the work, where the studio has decided something."""
    decided_by: str = ""
    """The name of the studio that has."""
    partner: OtherSide | None = None
    """The other side of a take that was played to a clip."""
    clips: tuple[ClipGiven, ...] = ()
    """Which clips of it went out."""
    scene: tuple[SceneTake, ...] = ()
    """The takes of its scene that can be watched, in the order in which they were played."""
    sealed: bool = True
    """False while the checks still run: it can be watched, and nothing can be decided yet."""

    @property
    def duration_s(self) -> float:
        """Length of the take in seconds, 0 when it is not known."""
        return self.line.duration_s or 0.0

    @property
    def fps(self) -> float:
        """Frames per second for stepping; 30 where the take does not say."""
        measured = self.manifest.video.measured_fps if self.manifest.video else 0.0
        return measured if measured > 1 else 30.0

    @property
    def earlier(self) -> SceneTake | None:
        """The take of the scene that was played before it."""
        return next((take for take in reversed(self.scene) if take.number < self.line.number), None)

    @property
    def later(self) -> SceneTake | None:
        """The take of the scene that was played after it."""
        return next((take for take in self.scene if take.number > self.line.number), None)


def read_review(takes: Takes, sides: OtherSides, take_id: str) -> TakeReview:
    """Everything the page needs about a take. Raises LibraryError."""

    def there(role: FileRole) -> Path | None:
        path = takes.file(take_id, role)
        return path if path.is_file() else None

    line = takes.line(take_id)
    paid, by = (takes.paid(take_id), takes.decided_by(take_id)) if line.ruling is not None else (None, "")
    manifest = takes.manifest(take_id)
    return TakeReview(
        line,
        manifest,
        there(FileRole.PICTURE),
        there(FileRole.SOUND),
        paid,
        by,
        partner=sides.of(manifest),
        clips=takes.clips(take_id),
        scene=takes.of_scene(line.pack_id, line.prompt_id),
    )


def watchable_review(film: TakeFinished, sides: OtherSides) -> TakeReview:
    """A take that can be watched while its checks still run."""
    manifest = film.manifest
    made = {file.role: film.folder / FILE_NAMES[file.role] for file in manifest.files}
    line = line_of(early_row(film.folder, manifest), film.folder)
    return TakeReview(
        line, manifest, made.get(FileRole.PICTURE), made.get(FileRole.SOUND), partner=sides.of(manifest), sealed=False
    )
