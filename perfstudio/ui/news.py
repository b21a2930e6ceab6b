"""What happened that no page asked for: said over the page in front, and never to somebody who plays."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.language.catalogue import _
from perfstudio.session.care import CareDue, CareKind
from perfstudio.session.events import ClipsHeard, PairsChanged, StudioDecided, TakeNoted, Trouble
from perfstudio.session.session import Session
from perfstudio.session.storage_location import StorageLocation, place_of
from perfstudio.session.takes.recovery import Recovery
from perfstudio.texts import care, clips_waiting, devices, errors, formatting, notices, pair_news, rulings, set_aside
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.flows.discarding import Discarding
from perfstudio.ui.flows.unsaid import Unsaid
from perfstudio.ui.main_window import MainWindow


class WindowNews:
    """Begins to hear when it is made, and looks at once for takes that were cut short."""

    def __init__(self, window: MainWindow, session: Session, bridge: Bridge) -> None:
        self._window, self._session = window, session
        self._unsaid = Unsaid(session)
        self._discarding = Discarding(window, session)
        session.bus.subscribe(TakeNoted, lambda event: self._later([notices.sentence(event.note)]))
        session.bus.subscribe(StudioDecided, self._decided)
        session.bus.subscribe(PairsChanged, self._pairs_changed)
        session.bus.subscribe(ClipsHeard, lambda event: self._later(clips_waiting.news(event.news)))
        session.bus.subscribe(CareDue, self._care)
        session.bus.subscribe(Trouble, lambda event: window.note(errors.sentence(event.problem), "look"))
        session.home.asides.tell(lambda aside: bridge.post(lambda: window.note(set_aside.sentence(aside), "look")))
        session.recover(self._recovered)
        session.worker.run(lambda: place_of(session.home.paths.takes), self._placed, session.trouble)

    def _later(self, sentences: Iterable[str]) -> None:
        """Nothing is lost by it: it is said once the take that rolls is safe."""
        said = tuple(sentences)
        self._unsaid.now_or_later(*(lambda one=one: self._window.note(one) for one in said))

    def _care(self, due: CareDue) -> None:
        """After a heavy scene its take can be gone at once."""
        heavy = due.kind is CareKind.COOL_DOWN
        action = (_(care.DISCARD), lambda: self._discarding.ask(due.take_id)) if heavy else None
        self._unsaid.now_or_later(lambda: self._window.note(care.sentence(due), action=action))

    def _decided(self, event: StudioDecided) -> None:
        titles = tuple(self._session.home.takes.title(ruling.take_id) for ruling in event.rulings)
        self._later(rulings.news(event.studio_name, event.rulings, titles))

    def _pairs_changed(self, event: PairsChanged) -> None:
        titles = tuple(self._session.home.takes.title(told.take_id) for told in event.pairs)
        self._later(pair_news.news(event.studio_name, event.pairs, titles))

    def _placed(self, place: StorageLocation) -> None:
        """A folder of takes that is no plain one of this computer is told of once."""
        settings, folder = self._session.settings, str(self._session.home.paths.takes)
        sentence = devices.place(place.kind, place.keeper)
        if sentence and settings.now.place_told != folder:
            settings.change(place_told=folder)
            self._window.note(sentence, "look")

    def _recovered(self, recovery: Recovery) -> None:
        if recovery.recovered:
            takes = formatting.count(len(recovery.recovered), "take")
            self._window.note(_("{takes} recovered. Nothing that was recorded is lost.", takes=takes), "good")
        for _take, problem in recovery.left:
            self._window.note(errors.sentence(problem), "look")
