"""The Takes page: what it shows stays as new as the library, and its actions lead to the other pages."""

from __future__ import annotations

from perfstudio.session.events import DeliveryChanged, TakeChanged, TakeSealed, TakesEmptied
from perfstudio.session.session import Session
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.takes import TakesPage
from perfstudio.ui.playback.film import warm_up


class TakesFlow:
    """Owns the Takes page."""

    def __init__(self, window: MainWindow, session: Session, ways: Ways) -> None:
        self._window = window
        self.page = TakesPage(
            takes=session.home.takes,
            worker=session.worker,
            toast=window.toast,
            ask=window.ask,
            busy=session.deliveries.busy,
            review=ways.to_take,
            consent=ways.to_consent,
            label=ways.to_label,
            deliver=ways.to_sending,
            clip=ways.to_clip,
            scenes=lambda: window.go("scenes"),
        )
        window.add_page("takes", self.page, area="takes")
        for kind in (TakeSealed, TakeChanged, TakesEmptied):
            session.bus.subscribe(kind, lambda _: self._stale())
        session.bus.subscribe(DeliveryChanged, self._moved)

    def entered(self) -> None:
        """The page comes to the front."""
        self.page.refresh()
        warm_up()  # one of them will be played

    def _stale(self) -> None:
        if self._window.current == "takes":
            self.page.refresh()

    def _moved(self, event: DeliveryChanged) -> None:
        line = self.page.line(event.status.take_id)
        if line is not None and self._window.current == "takes" and event.status.bytes_per_s == 0:
            self.page.refresh()
