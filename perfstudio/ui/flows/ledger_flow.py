"""The Ledger page: as new as the papers beside the takes and the performer's own record of their time."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.session.events import DeliveryChanged, PairsChanged, StudioDecided, TakeChanged, TakesEmptied
from perfstudio.session.given import GivenService
from perfstudio.session.ledger import ledger_of
from perfstudio.session.session import Session
from perfstudio.ui.flows.file_saving import FileSaving
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.ledger import LedgerPage, LedgerRead


class LedgerFlow:
    """Owns the page."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window, home = window, session.home
        given = GivenService(home.library, home.shelf, session.delivery_service.outbox.statuses)
        self.saving = FileSaving(window, _("Save the ledger"))
        self.page = LedgerPage(
            read=lambda: LedgerRead(ledger_of(given.read()), home.time_spent.all()),
            worker=session.background,
            toast=window.toast,
            save=self.saving.ask,
            scenes=lambda: window.page_chosen.emit("scenes"),
        )
        window.add_page("ledger", self.page, area="ledger")
        for kind in (TakeChanged, TakesEmptied, StudioDecided, PairsChanged):
            session.bus.subscribe(kind, lambda _: self._stale())
        session.bus.subscribe(DeliveryChanged, lambda event: self._stale() if event.status.bytes_per_s == 0 else None)

    def entered(self) -> None:
        """The page comes to the front."""
        self.page.refresh()

    def _stale(self) -> None:
        if self._window.current == "ledger":
            self.page.refresh()
