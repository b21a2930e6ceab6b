"""The page of what was given to whom: as new as the library, and its copies are written where they are wanted."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.session.events import ClipsHeard, DeliveryChanged, TakeChanged, TakesEmptied
from perfstudio.session.given import GivenService
from perfstudio.session.session import Session
from perfstudio.ui.flows.file_saving import FileSaving
from perfstudio.ui.flows.mine_saving import MineSaving
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.given import GivenPage


class GivenFlow:
    """Owns the page."""

    def __init__(self, window: MainWindow, session: Session, ways: Ways) -> None:
        self._window = window
        service = GivenService(session.home.library, session.home.shelf, session.delivery_service.outbox.statuses)
        self.saving = FileSaving(window, _("Save what I have given"))
        self.page = GivenPage(
            read=service.read,
            consents=session.home.consents,
            worker=session.signing,
            toast=window.toast,
            ask=window.ask,
            save=self.saving.ask,
            open_consent=ways.to_consent,
            copy_all=lambda: self.mine.ask(),
            clips=session.clip_room,
            takes=lambda: window.page_chosen.emit("takes"),
        )
        self.mine = MineSaving(window, session, self.page.show_copying)
        window.add_page("given", self.page, area="given")
        session.bus.subscribe(TakeChanged, lambda _: self._changed())
        session.bus.subscribe(ClipsHeard, lambda _: self._changed())
        session.bus.subscribe(TakesEmptied, lambda _: self._changed())
        session.bus.subscribe(DeliveryChanged, lambda event: self._moved(event))

    def entered(self) -> None:
        """The page comes to the front."""
        self.page.refresh()

    def _changed(self) -> None:
        if self._window.current == "given":
            self.page.take_changed()

    def _moved(self, event: DeliveryChanged) -> None:
        if self._window.current == "given" and event.status.bytes_per_s == 0:
            self.page.refresh()
