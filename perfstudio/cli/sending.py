"""Sending as `deliver` does it: one take after another, said before the first byte; and letting it rest."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.delivery.how_far import HowFar
from perfstudio.delivery.origin import origin_of
from perfstudio.language.catalogue import _
from perfstudio.model.delivery import DELIVERY_ENDED, Arrival, DeliveryState, Receipt, Studio
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.sending_checks import GENERAL, paused, require_free, taken_out
from perfstudio.session.delivery.sending_plan import SendingPlan
from perfstudio.session.home import Home
from perfstudio.texts import sending
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import count, percent, size, span
from perfstudio.texts.states import delivery_state

ONCE_S = 30.0
MOST_BETWEEN_S = 60.0
"""Between two rounds of --wait."""


@dataclass(frozen=True, slots=True)
class Way:
    """To whom, how fast and by which network."""

    studio: Studio
    home: Home
    service: DeliveryService
    out: Output
    cap: float | None = None
    """Bytes a second; infinite: none this time; None: as it is set."""
    any_network: bool = False

    @property
    def rate(self) -> float | None:
        """The cap that holds."""
        if self.cap is None:
            return self.home.settings.now.sending_cap
        return self.cap if self.cap < math.inf else None


def send_all(
    takes: tuple[str, ...], way: Way, *, wait: bool, named: bool = False
) -> tuple[list[Arrival], dict[str, PerfstudioError]]:
    """Each take in its turn; with `wait`, again and again those that may still arrive by themselves.

    A take that was paused by itself or taken out stays here, unless it is `named`.
    """
    arrived: list[Arrival] = []
    left: dict[str, PerfstudioError] = {}
    if not named:
        takes = tuple(take_id for take_id in takes if not _rests(take_id, way))
    rounds, due = 0, takes
    while due:
        for take_id in due:
            try:
                receipt = _send(take_id, way)
            except PerfstudioError as problem:
                way.out.progress_done()
                _say_problem(take_id, problem, left, way)
                left[take_id] = problem
            else:
                arrived.append(receipt)
                left.pop(take_id, None)
                _say_arrived(receipt, way)
        due = tuple(t for t, problem in left.items() if wait and way.service.goes_on(t, way.studio.id, problem))
        if due:
            time.sleep(min(2.0**rounds, MOST_BETWEEN_S))
            rounds += 1
    return arrived, left


def pause(home: Home, service: DeliveryService, take: str | None, out: Output) -> int:
    """Let everything rest, or one take. Whoever sends just now stops within a second."""
    if take is None:
        service.outbox.switches.rest(on=True)
        out.say(_("All deliveries are paused. Resume them with “perfstudio deliver --go-on”, or in the window."))
        out.document({"paused": "all"})
        return DONE
    take_id = home.takes.find(take)
    open_ones = [s for s in service.outbox.statuses() if s.take_id == take_id and s.state not in DELIVERY_ENDED]
    for status in open_ones:
        service.outbox.set_state(take_id, status.studio_id, DeliveryState.PAUSED)
    if open_ones:
        rests = _(
            "{take} is paused. Resume it with “perfstudio deliver --go-on --take TAKE”.", take=_named(take_id, home)
        )
        out.say(rests)
    else:
        out.warn(_("{take} is not being delivered. Nothing was changed.", take=_named(take_id, home)))
    out.document({"paused": [take_id] if open_ones else []})
    return DONE if open_ones else REASON


def go_on(home: Home, service: DeliveryService, take: str | None) -> None:
    """End a pause: of everything, or of one take."""
    if take is None:
        service.outbox.switches.rest(on=False)
        return
    take_id = home.takes.find(take)
    for status in service.outbox.statuses():
        if paused(service, status.take_id, status.studio_id) and status.take_id == take_id:
            service.outbox.retry(take_id, status.studio_id)


def _rests(take_id: str, way: Way) -> bool:
    if paused(way.service, take_id, way.studio.id):
        way.out.say(_("{take} is paused, and stays here until you resume it.", take=_named(take_id, way.home)))
        return True
    if taken_out(way.service, take_id, way.studio.id):
        way.out.say(
            _(
                "{take} was removed from the deliveries, and stays here. “perfstudio deliver --take TAKE” sends it.",
                take=_named(take_id, way.home),
            )
        )
        return True
    return False


def _send(take_id: str, way: Way) -> Arrival:
    require_free(way.service, way.home.settings.now, way.studio, any_network=way.any_network)
    total = way.service.bundle(take_id, way.studio.id).size
    host = origin_of(way.studio.tus).host
    plan = SendingPlan(way.studio.name, host, total, studio_id=way.studio.id)
    way.out.say(_("{take}: {sending}", take=_named(take_id, way.home), sending=sending.goes(plan, way.rate)))

    def progress(state: DeliveryState, sent: int) -> None:
        share, whole = percent(sent / max(1, total)), size(total)
        way.out.progress(_("{state} {share} of {size}", state=delivery_state(state), share=share, size=whole))

    def quiet(now: HowFar) -> None:
        if now.left_s is None:
            share = percent(now.read / max(1, total))
            way.out.progress(_("reading its files before they are sent, {share}", share=share))
        else:
            way.out.progress(_("no answer yet, trying again in {length}", length=span(max(1, round(now.left_s)))))

    receipt = way.service.send(take_id, way.studio, progress=progress, quiet=quiet, patience_s=ONCE_S, cap=way.rate)
    way.out.progress_done()
    return receipt


def _say_problem(take_id: str, problem: PerfstudioError, left: dict[str, PerfstudioError], way: Way) -> None:
    """Once, while it stays the same; what is no fault of this take, once for all of them."""
    before = left.values() if problem.code in GENERAL else (left[one] for one in (take_id,) if one in left)
    if problem.code in {one.code for one in before}:
        return
    if problem.code in GENERAL:
        way.out.warn(sentence(problem))
    else:
        way.out.warn(f"{way.home.takes.line(take_id).title}: {sentence(problem)}")


def _say_arrived(receipt: Arrival, way: Way) -> None:
    signed = _("read back by the receiver, which signed for it")
    how = signed if isinstance(receipt, Receipt) else _("sent; this receiver has no way to confirm what arrived")
    line = way.home.takes.line(receipt.take_id)
    way.out.say(
        _(
            "{title}, take {number}: {files}, {how}.",
            title=line.title,
            number=line.number,
            files=count(len(receipt.files), "file"),
            how=how,
        )
    )


def _named(take_id: str, home: Home) -> str:
    line = home.takes.line(take_id)
    return _("{title}, take {number}", title=line.title, number=line.number)
