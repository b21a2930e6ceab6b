"""The Takes page: what it shows stays as new as the library, and its actions lead to the other pages."""

from __future__ import annotations

from perfstudio.session.events import DeliveryChanged, TakeChanged, TakeSealed, TakesEmptied
from perfstudio.session.session import Session
from perfstudio.session.uses_again import UsesDesk
from perfstudio.texts import errors
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.takes import TakesPage
from perfstudio.ui.playback.film import warm_up
from perfstudio.ui.system_access import open_folder
from perfstudio.ui.takes.many_deeds import LeadsTo


class TakesFlow:
    """Owns the Takes page."""

    def __init__(self, window: MainWindow, session: Session, ways: Ways) -> None:
        self._window, self._session = window, session
        self.page = TakesPage(
            takes=session.home.takes,
            worker=session.worker,
            toast=window.toast,
            ask=window.ask,
            busy=session.deliveries.busy,
            leads=LeadsTo(
                ways.to_take, ways.to_consent, ways.to_label, ways.to_sending, ways.to_clip,
                scenes=lambda: window.go("scenes"), show_files=self._show_files,
            ),
            uses=UsesDesk(session.home.consents),
            signing=session.signing,
            view=session.settings.now.takes_view,
            keep_view=lambda view: session.settings.change(takes_view=view.to_json()),
        )  # fmt: skip
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
        known = self.page.has(event.status.take_id)
        if known and self._window.current == "takes" and event.status.bytes_per_s == 0:
            self.page.refresh()

    def _show_files(self, take_ids: tuple[str, ...]) -> None:
        """The folder of a take, or of all takes where several are chosen, in the system's own way."""
        library = self._session.home.library
        self._session.worker.run(
            lambda: library.folder(take_ids[0]) if len(take_ids) == 1 else library.takes,
            lambda folder: open_folder(folder, self._window.note),
            lambda problem: self._window.note(errors.sentence(problem), "look"),
        )
