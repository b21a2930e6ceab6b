"""What studios say of clips, as `clips ask` and `deliver` hear it."""

from __future__ import annotations

from typing import Any

from perfstudio.cli.output import Output
from perfstudio.language.catalogue import _
from perfstudio.session.clips.clip_news import ClipNews
from perfstudio.texts import clips_waiting as words


def say_clips(news: tuple[ClipNews, ...], out: Output) -> None:
    """What is new at studios, and what went wrong there."""
    for heard in news:
        for said in words.news(heard):
            out.say(said)
        for trouble in words.troubles(heard):
            out.warn(_("{studio}: {sentence}", studio=heard.studio_name, sentence=trouble))


def clips_document(news: tuple[ClipNews, ...]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "came": [kept.clip.to_json() for heard in news for kept in heard.came],
        "deleted": [paper.to_json() for heard in news for paper in heard.deleted],
        "at_studios": [paper.to_json() for heard in news for paper in heard.standing],
        "problems": [problem.code.value for heard in news for problem in heard.problems],
    }
