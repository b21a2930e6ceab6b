"""What studios have decided of takes, as `deliver` hears it and `takes` shows it."""

from __future__ import annotations

from perfstudio.cli.output import Output
from perfstudio.cli.set_aside_notes import title_of
from perfstudio.language.catalogue import _
from perfstudio.model.errors import ErrorCode
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.studio_news import NewsDesk, StudioNews
from perfstudio.session.home import Home
from perfstudio.session.views import TakeLine
from perfstudio.texts import rulings
from perfstudio.texts.errors import sentence


def hear_from_studios(home: Home, delivery_service: DeliveryService, out: Output) -> tuple[StudioNews, ...]:
    """Ask every studio that has a take, and say what is new. A studio that cannot answer now is asked next time."""
    news = NewsDesk(home.library, delivery_service).ask()
    for one in news:
        for ruling in one.rulings:
            said = rulings.decided(ruling, one.studio_name)
            out.say(_("{take}: {said}", take=title_of(home, ruling.take_id).rstrip(","), said=said))
            if more := rulings.consequences(ruling, home.takes.paid(ruling.take_id)):
                out.say(more)
        if one.problem is not None and one.problem.code is ErrorCode.RULING_UNSIGNED:
            out.warn(_("{studio}: {sentence}", studio=one.studio_name, sentence=sentence(one.problem)))
    return news


def say_ruling(home: Home, line: TakeLine, out: Output) -> None:
    """What was decided of one take, where something was."""
    if line.ruling is not None:
        out.say(rulings.decided(line.ruling, home.takes.decided_by(line.take_id)))
        if more := rulings.consequences(line.ruling, home.takes.paid(line.take_id)):
            out.say(more)
