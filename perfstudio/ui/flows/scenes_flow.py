"""The Scenes page and the shelf: lists, and the way to bring a pack in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.session.content_limits import ContentLimits, limits_of
from perfstudio.session.events import DeliveryChanged, PacksChanged, TakeChanged, TakeSealed, TakesEmptied
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.session.views import PackView, SceneCard, SceneState
from perfstudio.texts.first_start import STEPS
from perfstudio.ui.flows.pack_arrival import PackArrival
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.scenes import ScenesPage
from perfstudio.ui.refresher import Refresher
from perfstudio.ui.scenes.first_steps import FirstSteps


class ScenesFlow:
    """Owns the Scenes page. The list is read on the worker, at most once for any number of changes meanwhile."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        read: Callable[[SceneCard], None],
        to_area: Callable[[str, str], object] = lambda _area, _section: None,
    ) -> None:
        self._window = window
        self._session = session
        self._first: SceneCard | None = None
        """Of those that are there, the scene to begin with."""
        self.page = ScenesPage(
            open_scene=read, import_file=self.bring, choose_file=self._choose,
            open_limits=partial(to_area, "settings", "limits"), first=self._first_steps(read, to_area),
        )  # fmt: skip
        self._limits: ContentLimits = limits_of(session.settings.now)
        """In force when the settings changed last."""
        self.arrival = PackArrival(window, session, self.page.offers, self.page.show_offers)
        self._refresher = Refresher(session.worker, session.home.scenes.packs, self._show, session.trouble)
        window.add_page("scenes", self.page, area="scenes")
        for kind in (PacksChanged, TakeSealed, TakeChanged, TakesEmptied, DeliveryChanged):
            session.bus.subscribe(kind, lambda _: self.refresh())
        self._show(session.home.scenes.packs())

    def entered(self) -> None:
        """The page comes to the front; it is always up to date."""

    def _first_steps(self, read: Callable[[SceneCard], None], to_area: Callable[[str, str], object]) -> FirstSteps:
        def play() -> None:
            if self._first is not None:
                read(self._first)

        ways = (partial(to_area, "settings", "limits"), partial(to_area, "green_room", ""), play)
        return FirstSteps(ways, lambda behind: self._session.settings.change(first_steps=behind))

    def _show(self, packs: tuple[PackView, ...]) -> None:
        self.page.show_packs(packs)
        cards = [card for pack in packs for card in pack.cards]
        self._first = cards[0] if cards and all(card.state is SceneState.UNTOUCHED for card in cards) else None
        self._show_first()

    def _show_first(self) -> None:
        """Who has played a scene, or has none, is not at the first start."""
        first, behind = self._first, self._session.settings.now.first_steps
        self.page.first.show_step(behind if first is not None else STEPS, first.prompt.title if first else "")

    def settings_changed(self, now: Settings) -> None:
        """Other limits show other scenes."""
        self._show_first()
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
