"""A performer's home opened: library, shelf, settings, and the rooms that only need these. The same for all verbs."""

from __future__ import annotations

from types import TracebackType

from perfstudio.library.library import Library
from perfstudio.model.errors import PackError
from perfstudio.packs.bundled import bundled_folders
from perfstudio.packs.pack_store import PackStore
from perfstudio.paths import AppPaths
from perfstudio.session.bus import Bus
from perfstudio.session.clips.clip_store import ClipStore
from perfstudio.session.clips.clips_away import ClipsAway
from perfstudio.session.clips.fitting import ClipDesk
from perfstudio.session.consents import ConsentService
from perfstudio.session.duet.blocked import BlockedPartners
from perfstudio.session.key_changing import KeyDesk
from perfstudio.session.loopback_store import Loopbacks
from perfstudio.session.offset_store import Calibrations
from perfstudio.session.pack_media import first_unfit
from perfstudio.session.performer import performer_of
from perfstudio.session.scenes import Scenes
from perfstudio.session.set_aside import SetAsideLog
from perfstudio.session.settings import SettingsStore
from perfstudio.session.skips import SkipStore
from perfstudio.session.takes.missing import STUDIOS
from perfstudio.session.takes.other_side import OtherSides
from perfstudio.session.takes.rulings import TakeRulings
from perfstudio.session.takes.takes import Takes
from perfstudio.session.time_spent import TimeStore
from perfstudio.session.undo import UndoStack


class Home:
    """Owns the library (and closes it); everything else reads through it."""

    def __init__(self, paths: AppPaths, bus: Bus | None = None, *, use_keyring: bool = True) -> None:
        self.paths = paths.prepare()
        self.bus = bus or Bus()
        self.asides = SetAsideLog()
        """What could not be read here and was laid aside, to be said once."""
        self.settings = SettingsStore(
            paths.settings, remembered=lambda: performer_of(paths.takes), tell=self.asides.add
        )
        self.calibrations = Calibrations(paths.calibration, tell=self.asides.add)
        self.loopbacks = Loopbacks(paths.loopback, tell=self.asides.add)
        self.library = Library(paths.home, paths.index)
        self.shelf = PackStore(paths.packs, bundled_folders(), first_unfit, self._studio_keys)
        self.blocked = BlockedPartners(paths.blocked, tell=self.asides.add)
        """Partners with whom nothing is played again."""
        self.rulings = TakeRulings(self.library)
        """What studios decided of takes."""
        skips = SkipStore(paths.skips, tell=self.asides.add)
        self.time_spent = TimeStore(paths.time_spent, tell=self.asides.add)
        self.undo = UndoStack(self.bus.publish)
        """What can be undone; each `Turned` is told on the bus."""
        self.scenes = Scenes(
            self.shelf, self.library, self.bus, self.rulings, settings=self.settings, skips=skips, undo=self.undo
        )
        self.takes = Takes(self.library, self.bus, self.settings, self.rulings, self.undo)
        self.clips = ClipDesk(ClipStore(paths.clips), self.library, self._performer_id)
        self.clip_papers = ClipsAway(paths.clips)
        """Clips that wait at studios, and those that came from there."""
        self.sides = OtherSides(self.library, self.shelf, self.clips, self.clip_papers.was_taken_back)
        """The other sides of takes."""
        self.consents = ConsentService(
            self.library, self.shelf, self.settings, self.bus, paths.home, use_keyring=use_keyring
        )
        self.keys = KeyDesk(self.library, self.settings, paths, use_keyring=use_keyring)

    def pack_title(self, pack_id: str) -> str:
        """The title of a pack; its id where it is not on the shelf, as of a take that came from elsewhere."""
        try:
            return self.shelf.pack(pack_id).pack.title
        except PackError:
            return pack_id

    def _performer_id(self) -> str:
        return self.settings.now.performer_id

    def _studio_keys(self) -> dict[str, str]:
        """The public keys of the studios that are connected, by their ids."""
        folder = self.paths.home / STUDIOS
        if not folder.is_dir():
            return {}
        from perfstudio.delivery.studios import Studios  # noqa: PLC0415 - loads when a studio is connected

        return {studio.id: studio.public_key for studio in Studios(folder).all() if studio.public_key is not None}

    def close(self) -> None:
        """Let the library go."""
        self.library.close()

    def __enter__(self) -> Home:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, bad: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
