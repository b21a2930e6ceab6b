"""What studios say of clips, as `clips ask` and `deliver` hear it."""

from __future__ import annotations

from typing import Any

from perfstudio.cli.output import Output
from perfstudio.language.catalogue import _
from perfstudio.session.clips.clip_news import ClipNews
from perfstudio.session.clips.clip_post import ClipPost
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.texts import clips_waiting as words


def say_clips(news: tuple[ClipNews, ...], out: Output) -> None:
    """What is new at studios, and what went wrong there."""
    for heard in news:
        for said in words.news(heard):
            out.say(said)
        for trouble in words.troubles(heard):
            out.warn(_("{studio}: {sentence}", studio=heard.studio_name, sentence=trouble))


def hear_of_clips(home: Home, service: DeliveryService, out: Output) -> dict[str, Any]:
    """Ask every studio, say what is new, and the same for programs."""
    news = ClipPost(home, service).hear()
    say_clips(news, out)
    return {"clips": clips_document(news)}


def clips_document(news: tuple[ClipNews, ...]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "came": [clip.to_json() for heard in news for clip in heard.came],
        "deleted": [paper.to_json() for heard in news for paper in heard.deleted],
        "at_studios": [paper.to_json() for heard in news for paper in heard.standing],
        "unfit": [problem.code.value for heard in news for problem in heard.unfit],
        "refused": [problem.code.value for heard in news for problem in heard.refused],
        "problems": [problem.code.value for heard in news for problem in heard.problems],
    }
