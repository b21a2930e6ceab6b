"""Making a take, apart from when: create its folder, seal what was developed, recover what was cut short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.library.library import Library
from perfstudio.library.take_row import OpenTake
from perfstudio.model.checks import FaceModel
from perfstudio.model.device import DevicesUsed
from perfstudio.model.errors import ErrorCode, LibraryError, PerfstudioError
from perfstudio.model.ids import new_id
from perfstudio.model.pack_2 import as_role
from perfstudio.model.take import EndReason, TakeManifest
from perfstudio.packs.pack_store import PackStore
from perfstudio.session.offset_store import ForDevices, OffsetStore, none_measured
from perfstudio.session.settings import SettingsStore
from perfstudio.session.takes.continuity import with_continuity
from perfstudio.session.takes.face_detector import wanted
from perfstudio.session.takes.manifest_draft import completed, draft
from perfstudio.session.takes.partner_clips import PartnerClips
from perfstudio.session.takes.processing_in_child import develop_apart
from perfstudio.session.views import SceneCard
from perfstudio.session.worker import Failed, Worker

if TYPE_CHECKING:
    from perfstudio.session.takes.processed_take import ProcessedTake

__all__ = ["OpenTake", "TakeLifecycle", "recover_take", "seal_take"]


def seal_take(
    library: Library, before: TakeManifest, developed: ProcessedTake, ended: EndReason | None = None
) -> TakeManifest:
    """Write the final manifest and rename the folder: from here on the take is safe."""
    made = completed(before, developed.finished, developed.checks, ended, developed.voice)
    manifest = with_continuity(library, made.model_copy(update={"raw": developed.raw or None}))
    return library.seal(before.take_id, manifest.sealed())


def recover_take(
    library: Library,
    opened: OpenTake,
    calibration: ForDevices,
    ended: EndReason | None = None,
    face_model: FaceModel | None = None,
    *,
    clip: Path | None = None,
    apart: bool = False,
) -> TakeManifest:
    """Make a take of what an unfinished folder holds; `apart` in a process of its own. Idempotent; deletes nothing.

    `clip` is the file of the partner that was played in it, where that is here.
    Without `ended` its raw files say why it ended, or that nothing could say so any more (RECOVERED).
    Raises CaptureError or MediaError when nothing readable was recorded, LibraryError when the folder cannot be used.
    """
    from perfstudio.checks.limits import limits_for  # noqa: PLC0415 - as below

    before = opened.manifest
    if before is None:
        raise LibraryError(ErrorCode.TAKE_DAMAGED, take=opened.take_id, detail="not_json")
    limits = limits_for(before.prompt.limits, before.prompt.pack_title)
    offset = calibration(before.devices)
    make = _developer(apart=apart)
    developed = make(opened.folder, before.devices, calibration=offset, limits=limits, face_model=face_model, clip=clip)
    return seal_take(library, before, developed, ended)


def _developer(*, apart: bool) -> Callable[..., ProcessedTake]:
    if apart:
        return develop_apart
    from perfstudio.session.takes.processing import develop  # noqa: PLC0415 - media libraries load when there is something to do

    return develop


class TakeLifecycle:
    """The library side of the stage, on the library's worker."""

    def __init__(
        self,
        library: Library,
        shelf: PackStore,
        settings: SettingsStore,
        worker: Worker,
        calibration: ForDevices = none_measured,
    ) -> None:
        self._library = library
        self._shelf = shelf
        self._settings = settings
        self._worker = worker
        self._session_id = new_id()
        self._calibration = calibration

    def next_number(self, card: SceneCard) -> int:
        """The number the next take of this prompt will get."""
        return self._library.next_take_number(card.pack_id, card.prompt.id)

    def calibration(self, devices: DevicesUsed) -> OffsetStore:
        """What is applied to the takes of these devices."""
        return self._calibration(devices)

    def create(
        self,
        card: SceneCard,
        devices: DevicesUsed,
        done: Callable[[OpenTake, TakeManifest], None],
        failed: Failed,
        *,
        countdown_s: int = 0,
    ) -> None:
        """Make the take's folder with its first manifest."""

        def work() -> tuple[OpenTake, TakeManifest]:
            source, prompt = self._shelf.find_prompt(f"{card.pack_id}/{card.prompt.id}")
            manifest = draft(
                source,
                as_role(source.pack, prompt, card.role),
                self.next_number(card),
                devices=devices,
                performer_id=self._settings.now.performer_id,
                session_id=self._session_id,
                countdown_s=countdown_s,
                language=card.scene.language,
            )
            opened = self._library.create(manifest)
            return opened, opened.manifest or manifest

        self._worker.run(work, lambda made: done(*made), failed)

    def seal(
        self, before: TakeManifest, developed: ProcessedTake, done: Callable[[TakeManifest], None], failed: Failed
    ) -> None:
        """Seal a take whose files have been developed."""
        self._worker.run(lambda: seal_take(self._library, before, developed), done, failed)

    def recover(self, opened: OpenTake, done: Callable[[TakeManifest], None], failed: Failed) -> None:
        """Seal what a dead recorder left behind."""
        model = wanted(self._settings.now.face_model)
        clips = PartnerClips(self._library, self._shelf)

        def work() -> TakeManifest:
            ended, clip = EndReason.RECORDER_DIED, clips.of(opened)
            return recover_take(self._library, opened, self._calibration, ended, model, clip=clip, apart=True)

        self._worker.run(work, done, failed)

    def drop_empty(self, opened: OpenTake) -> None:
        """Forget a folder in which nothing was recorded."""
        self._worker.run(lambda: self._library.drop_empty(opened.take_id), lambda _: None, _ignore)


def _ignore(problem: PerfstudioError) -> None:
    """An empty folder that cannot be removed does no harm: the next start lists it."""
