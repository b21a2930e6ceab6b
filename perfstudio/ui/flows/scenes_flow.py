"""The Scenes page and the shelf: lists, imports, and what is wrong with a pack."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.content_limits import ContentLimits, limits_of
from perfstudio.session.events import DeliveryChanged, PacksChanged, TakeChanged, TakeSealed, TakesEmptied
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.session.views import PackView, SceneCard
from perfstudio.texts import errors, formatting, pack_author
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.scenes import ScenesPage
from perfstudio.ui.refresher import Refresher
from perfstudio.ui.widgets.question import Choice


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
            open_scene=read, import_file=self._import, choose_file=self._choose, open_limits=open_limits
        )
        self._limits: ContentLimits | None = None
        """In force when the settings changed last."""
        self._refresher = Refresher(session.worker, session.home.scenes.packs, self.page.show_packs, session.trouble)
        self._doubtful: deque[tuple[Path, PerfstudioError]] = deque()
        """Packs that a person has to decide about; asked for one after another, with this page in front."""
        self._asking = False
        window.add_page("scenes", self.page, area="scenes")
        for kind in (PacksChanged, TakeSealed, TakeChanged, TakesEmptied, DeliveryChanged):
            session.bus.subscribe(kind, lambda _: self.refresh())
        self.page.show_packs(session.home.scenes.packs())

    def entered(self) -> None:
        """The page comes to the front; it is always up to date."""
        self._ask_next()

    def settings_changed(self, now: Settings) -> None:
        """Other limits show other scenes."""
        limits = limits_of(now)
        if limits != self._limits:
            self._limits = limits
            self.refresh()

    def refresh(self) -> None:
        """Read the packs again, soon."""
        self._refresher.refresh()

    def _choose(self) -> None:
        dialog = QFileDialog(self._window, _("Import a pack"), str(Path.home()), _("Packs (*.perfpack)"))
        dialog.fileSelected.connect(lambda name: self._import(Path(name)))
        dialog.open()

    def _import(self, file: Path, accept: str | None = None) -> None:
        scenes = self._session.home.scenes
        self._session.worker.run(
            lambda: scenes.import_pack(file, accept=accept),
            self._imported,
            lambda problem: self._refused(file, problem),
        )

    def _imported(self, pack: PackView) -> None:
        self._window.toast.show_message(
            _("{title} is in: {scenes}.", title=pack.title, scenes=formatting.count(len(pack.cards), "scene"))
        )

    def _refused(self, file: Path, problem: PerfstudioError) -> None:
        if pack_author.acceptance(problem) is None:
            self._window.note(errors.sentence(problem), "look")
            return
        self._doubtful.append((file, problem))
        self._ask_next()

    def _ask_next(self) -> None:
        """Whether a pack comes in that its studio may not have made: never over a take that rolls."""
        if self._asking or not self._doubtful or self._window.current != "scenes":
            return
        self._asking = True
        file, problem = self._doubtful.popleft()
        choices = (
            Choice(_(pack_author.LEAVE_OUT), self._answered),
            Choice(_(pack_author.TAKE_IN), lambda: self._take_in(file, problem)),
        )
        self._window.ask(_(pack_author.ASKED), errors.sentence(problem), choices)

    def _take_in(self, file: Path, problem: PerfstudioError) -> None:
        self._import(file, pack_author.acceptance(problem))
        self._answered()

    def _answered(self) -> None:
        self._asking = False
        self._ask_next()
