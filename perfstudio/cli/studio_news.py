"""What studios have decided of takes, as `deliver` hears it and `takes` shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from perfstudio.cli.output import Output
from perfstudio.cli.set_aside_notes import title_of
from perfstudio.language.catalogue import _
from perfstudio.model.errors import ErrorCode
from perfstudio.model.pair_document import PairState, PairTold
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.studio_news import NewsDesk, StudioNews
from perfstudio.session.home import Home
from perfstudio.session.views import TakeLine
from perfstudio.texts import pair_news, rulings
from perfstudio.texts.errors import sentence
from perfstudio.texts.pair_news import MOST_SAID


def hear_from_studios(home: Home, delivery_service: DeliveryService, out: Output) -> tuple[StudioNews, ...]:
    """Ask every studio that has a take, and say what is new. A studio that cannot answer now is asked next time."""
    news = NewsDesk(home.library, delivery_service).ask()
    for one in news:
        for ruling in one.rulings:
            said = rulings.decided(ruling, one.studio_name)
            out.say(_("{take}: {said}", take=title_of(home, ruling.take_id).rstrip(","), said=said))
            if more := rulings.consequences(ruling, home.takes.paid(ruling.take_id)):
                out.say(more)
        for told in one.pairs:
            if told.state is not PairState.WAITING:
                said = _pair(home, told, one.studio_name)
                out.say(_("{take}: {said}", take=title_of(home, told.take_id).rstrip(","), said=said))
        if one.problem is not None and one.problem.code is ErrorCode.RULING_UNSIGNED:
            out.warn(_("{studio}: {sentence}", studio=one.studio_name, sentence=sentence(one.problem)))
    return news


def news_document(news: Iterable[StudioNews]) -> dict[str, list[dict[str, Any]]]:
    """What is new, for programs."""
    said = tuple(news)
    return {
        "decided": [ruling.to_json() for one in said for ruling in one.rulings],
        "pairs": [told.to_json() for one in said for told in one.pairs],
    }


def say_pairs(home: Home, take_id: str, out: Output) -> list[dict[str, Any]]:
    """What studios told of a take and its partner's; the same for programs. Raises LibraryError."""
    pairs = home.library.pairs.of(take_id)
    for told in pairs[:MOST_SAID]:
        out.say(_pair(home, told, home.rulings.who(told.studio_id, home.takes.manifest(take_id).prompt.studio)))
    return [told.to_json() for told in pairs]


def _pair(home: Home, told: PairTold, studio: str) -> str:
    record = home.library.consent(told.take_id)
    return pair_news.said(told, studio, record.notice.of_partner if record is not None else "")


def say_ruling(home: Home, line: TakeLine, out: Output) -> None:
    """What was decided of one take, where something was."""
    if line.ruling is not None:
        out.say(rulings.decided(line.ruling, home.takes.decided_by(line.take_id)))
        if more := rulings.consequences(line.ruling, home.takes.paid(line.take_id)):
            out.say(more)
