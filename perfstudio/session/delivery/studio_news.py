"""Hearing from studios what they say of takes that they have, and keeping it beside the takes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.news import ask_news
from perfstudio.library.library import Library
from perfstudio.model.delivery import DeliveryState, Studio
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.pair_document import PairTold
from perfstudio.model.ruling import Ruling
from perfstudio.session.delivery.delivery_service import DeliveryService


@dataclass(frozen=True, slots=True)
class StudioNews:
    """What came of asking one studio. Without a problem: it has answered."""

    studio_id: str
    studio_name: str
    rulings: tuple[Ruling, ...] = ()
    """What was not known here before, and is beside its take now."""
    pairs: tuple[PairTold, ...] = ()
    """The same of scenes for two that takes are one side of."""
    problem: PerfstudioError | None = None


class NewsDesk:
    """Asks; never raises for a studio's sake. May take a while."""

    def __init__(self, library: Library, delivery_service: DeliveryService) -> None:
        self._library = library
        self._delivery_service = delivery_service
        self._wire: HttpClient | None = None
        self._stopped = False

    def stop(self) -> None:
        """Break off what is being asked, and ask no more. From any thread."""
        self._stopped = True
        if self._wire is not None:
            self._wire.abort()

    def ask(self, studio_id: str | None = None) -> tuple[StudioNews, ...]:
        """Ask every studio that has something (or the one named)."""
        takes = self._takes_by_studio()
        asked = [s for s in self._delivery_service.studios.all() if takes[s.id] and studio_id in (None, s.id)]
        return tuple(self._ask(studio, takes[studio.id]) for studio in asked if not self._stopped)

    def _ask(self, studio: Studio, take_ids: list[str]) -> StudioNews:
        new: list[Ruling] = []
        pairs: list[PairTold] = []
        problem = None
        try:
            token = self._delivery_service.token(studio)
            said = ask_news(studio, token, take_ids, on_wire=self._connected)
            for ruling in said.rulings:
                if self._is_new(ruling):
                    self._library.write_ruling(ruling.take_id, ruling)
                    new.append(ruling)
            for take_id in dict.fromkeys(told.take_id for told in said.pairs):
                pairs += self._library.pairs.keep(take_id, said.pairs)
        except PerfstudioError as found:
            problem = found
        return StudioNews(studio.id, studio.name, tuple(new), tuple(pairs), problem)

    def _connected(self, wire: HttpClient) -> None:
        self._wire = wire
        if self._stopped:
            wire.abort()

    def _is_new(self, ruling: Ruling) -> bool:
        """An earlier one never takes the place of a later one, and the same is not written twice."""
        try:
            known = self._library.ruling(ruling.take_id)
        except PerfstudioError:  # it cannot be read: this one takes its place
            return True
        return known is None or known.receipt_id != ruling.receipt_id or known.number < ruling.number

    def _takes_by_studio(self) -> dict[str, list[str]]:
        """Takes that a studio has confirmed: by the outbox, and by their receipts where that is younger."""
        found: dict[str, list[str]] = defaultdict(list)
        known = set()
        for status in self._delivery_service.outbox.statuses():
            if status.state is DeliveryState.DELIVERED:
                found[status.studio_id].append(status.take_id)
                known.add(status.take_id)
        for row in self._library.list():
            if row.sent == "accepted" and row.take_id not in known:
                for studio_id in self._delivery_service.receivers_of(row.take_id):
                    found[studio_id].append(row.take_id)
        return found
