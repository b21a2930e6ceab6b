"""The Deliveries page: moves with the courier, and takes in what was just signed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import N_, _
from perfstudio.session.events import DeliveryChanged, TakeChanged
from perfstudio.session.session import Session
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.deliveries import DeliveriesPage

CERTIFICATES = N_("Certificates (*.pem *.crt *.cer *.der);;All files (*)")


class DeliveriesFlow:
    """Owns the Deliveries page."""

    def __init__(self, window: MainWindow, session: Session, ways: Ways) -> None:
        self._window, self._session = window, session
        self.page = DeliveriesPage(
            deliveries=session.deliveries,
            worker=session.signing,
            toast=window.toast,
            choose_file=lambda chosen: self._choose(_("The studio's document"), _("Studios (*.json)"), chosen),
            choose_certificate=lambda chosen: self._choose(_("The receiver's certificate"), _(CERTIFICATES), chosen),
            takes=lambda: window.page_chosen.emit("takes"),
            label=ways.to_label,
            consent=ways.to_consent,
        )
        window.add_page("deliveries", self.page, area="deliveries")
        session.bus.subscribe(DeliveryChanged, lambda event: self.page.show_status(event.status))
        session.bus.subscribe(TakeChanged, lambda _: self._stale())

    def entered(self) -> None:
        """The page comes to the front."""
        self.page.refresh()
        self._session.listener.ask()

    def send(self, take_id: str) -> None:
        """Put a take on its way, or show what is still needed for that."""
        self._window.go("deliveries")
        self.page.send(take_id)

    def invited(self, link: str) -> None:
        """Show who invites."""
        self._window.go("deliveries")
        self.page.refresh()
        self.page.invite(link)

    def _stale(self) -> None:
        if self._window.current == "deliveries":
            self.page.refresh()

    def _choose(self, title: str, kinds: str, chosen: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, title, str(Path.home()), kinds)
        dialog.fileSelected.connect(lambda name: chosen(Path(name)))
        dialog.open()
