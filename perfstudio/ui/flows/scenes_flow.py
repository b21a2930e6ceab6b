"""The Scenes page and the shelf: lists, imports, and what is wrong with a pack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.events import DeliveryChanged, PacksChanged, TakeChanged, TakeSealed, TakesEmptied
from perfstudio.session.session import Session
from perfstudio.session.views import PackView, SceneCard
from perfstudio.texts import errors, formatting
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.scenes import ScenesPage
from perfstudio.ui.refresher import Refresher


class ScenesFlow:
    """Owns the Scenes page. The list is read on the worker, at most once for any number of changes meanwhile."""

    def __init__(self, window: MainWindow, session: Session, read: Callable[[SceneCard], None]) -> None:
        self._window = window
        self._session = session
        self.page = ScenesPage(open_scene=read, import_file=self._import, choose_file=self._choose)
        self._refresher = Refresher(session.worker, session.home.scenes.packs, self.page.show_packs, session.trouble)
        window.add_page("scenes", self.page, area="scenes")
        for kind in (PacksChanged, TakeSealed, TakeChanged, TakesEmptied, DeliveryChanged):
            session.bus.subscribe(kind, lambda _: self.refresh())
        self.page.show_packs(session.home.scenes.packs())

    def entered(self) -> None:
        """The page comes to the front; it is always up to date."""

    def refresh(self) -> None:
        """Read the packs again, soon."""
        self._refresher.refresh()

    def _choose(self) -> None:
        dialog = QFileDialog(self._window, _("Import a pack"), str(Path.home()), _("Packs (*.perfpack)"))
        dialog.fileSelected.connect(lambda name: self._import(Path(name)))
        dialog.open()

    def _import(self, file: Path) -> None:
        self._session.worker.run(lambda: self._session.home.scenes.import_pack(file), self._imported, self._refused)

    def _imported(self, pack: PackView) -> None:
        self._window.toast.show_message(
            _("{title} is in: {scenes}.", title=pack.title, scenes=formatting.count(len(pack.cards), "scene"))
        )

    def _refused(self, problem: PerfstudioError) -> None:
        self._window.note(errors.sentence(problem), "look")
