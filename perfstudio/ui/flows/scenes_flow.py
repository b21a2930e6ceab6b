"""The Scenes page and the shelf: lists, and the way to bring a pack in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.session.content_limits import ContentLimits, limits_of
from perfstudio.session.events import DeliveryChanged, PacksChanged, TakeChanged, TakeSealed, TakesEmptied
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.session.views import SceneCard
from perfstudio.ui.flows.pack_arrival import PackArrival
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.scenes import ScenesPage
from perfstudio.ui.refresher import Refresher


class ScenesFlow:
    """Owns the Scenes page. The list is read on the worker, at most once for any number of changes meanwhile."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        read: Callable[[SceneCard], None],
        open_limits: Callable[[], object] = lambda: None,
    ) -> None:
        self._window = window
        self._session = session
        self.page = ScenesPage(
            open_scene=read, import_file=self.bring, choose_file=self._choose, open_limits=open_limits
        )
        self._limits: ContentLimits = limits_of(session.settings.now)
        """In force when the settings changed last."""
        self.arrival = PackArrival(window, session, self.page.offers, self.page.show_offers)
        self._refresher = Refresher(session.worker, session.home.scenes.packs, self.page.show_packs, session.trouble)
        window.add_page("scenes", self.page, area="scenes")
        for kind in (PacksChanged, TakeSealed, TakeChanged, TakesEmptied, DeliveryChanged):
            session.bus.subscribe(kind, lambda _: self.refresh())
        self.page.show_packs(session.home.scenes.packs())

    def entered(self) -> None:
        """The page comes to the front; it is always up to date."""

    def settings_changed(self, now: Settings) -> None:
        """Other limits show other scenes."""
        limits = limits_of(now)
        if limits != self._limits:
            self._limits = limits
            self.refresh()

    def refresh(self) -> None:
        """Read the packs again, soon."""
        self._refresher.refresh()

    def bring(self, file: Path) -> None:
        """Show what a pack is, and let a person say whether it comes in."""
        self.arrival.look(file)

    def _choose(self) -> None:
        dialog = QFileDialog(self._window, _("Import a pack"), str(Path.home()), _("Packs (*.perfpack)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, names: list[str]) -> None:
        for name in names:
            self.bring(Path(name))
