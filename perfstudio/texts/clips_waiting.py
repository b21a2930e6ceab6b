"""What is said of clips that wait at a studio: before one is left there, how it stands, and what came from there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from perfstudio.language.catalogue import N_, _, ngettext
from perfstudio.model.clip_waiting import ClipFetched, ClipSent
from perfstudio.receiver.clip_record import ClipRecord
from perfstudio.session.clips.clip_news import ClipNews
from perfstudio.session.clips.offer import ClipOffer
from perfstudio.texts.clips import day, taken_in, who
from perfstudio.texts.errors import sentence
from perfstudio.texts.template import one_line, sentences

BACK = N_(
    "You can take it back at any time: it is deleted at the studio at once. A copy that your partner holds by then is "
    "asked to be deleted when their program next speaks to the studio, and you hear when it was."
)


def agreement(offered: ClipOffer, studio: str, until: datetime, *, picture: bool) -> str:
    """What is agreed to, word for word; it is signed, and goes along in the clip."""
    facts = {"title": one_line(offered.title), "studio": one_line(studio), "day": day(until)}
    if picture:
        given = _(
            "I let my voice and my picture in this clip wait at {studio} for the one partner whom the studio names for "
            "“{title}”: to be heard and seen for this scene alone. Their computer holds it, until {day} at most.",
            **facts,
        )
    else:
        given = _(
            "I let my voice in this clip wait at {studio} for the one partner whom the studio names for “{title}”: to "
            "be heard for this scene alone. Their computer holds it, until {day} at most.",
            **facts,
        )
    return sentences(given, _(BACK))


def stands(paper: ClipSent, studio: str) -> str:
    """How an own clip stands, as the studio said last."""
    said, clip = paper.standing, paper.left.clip
    facts = {"title": one_line(clip.scene.title), "studio": one_line(studio), "id": clip.clip_id[:8]}
    if said is not None and said.gone_at is not None:
        return sentences(
            _("Clip {id} of “{title}” is deleted at {studio}, on {day}.", **facts, day=day(said.gone_at)),
            _copies(paper),
        )
    if paper.wanted_back:
        return _("Clip {id} of “{title}” is taken back; {studio} has still to hear of it.", **facts)
    if said is None or not said.whole:
        return _("Clip {id} of “{title}” is on its way to {studio}.", **facts)
    if not said.matched:
        waits = _("Clip {id} of “{title}” waits at {studio}, which has named no partner yet.", **facts)
    else:
        waits = _("Clip {id} of “{title}” waits at {studio} for the partner it named.", **facts)
    return sentences(waits, _copies(paper))


def _copies(paper: ClipSent) -> str:
    """What became of the copies that went out."""
    fetches = paper.standing.fetches if paper.standing is not None else ()
    parts = []
    for fetch in fetches:
        if fetch.deleted_at is not None:
            parts.append(_("Your partner's copy was deleted on {day}, their program says.", day=day(fetch.deleted_at)))
        elif fetch.whole_at is not None:
            parts.append(_("Your partner fetched it on {day}.", day=day(fetch.whole_at)))
        else:
            parts.append(_("Your partner began to fetch it on {day}.", day=day(fetch.begun_at)))
    return sentences(*parts)


def was_deleted(paper: ClipFetched) -> str:
    """That a partner's clip is not here any more."""
    clip = paper.left.clip
    return _(
        "The clip of {who} in “{title}” was taken back, and is deleted here. A take of yours that was made to it stays "
        "yours.",
        who=who(clip), title=one_line(clip.scene.title),
    )  # fmt: skip


def news(heard: ClipNews) -> list[str]:
    """What is new at one studio, a sentence each."""
    return [
        *(taken_in(clip) for clip in heard.came),
        *(sentence(problem) for problem in heard.unfit),
        *(sentence(problem) for problem in heard.refused),
        *(was_deleted(paper) for paper in heard.deleted),
        *(stands(paper, heard.studio_name) for paper in heard.standing),
    ]


def troubles(heard: ClipNews) -> Iterable[str]:
    """What went wrong at one studio."""
    return (sentence(problem) for problem in heard.problems)


def for_studio(record: ClipRecord) -> str:
    """One clip, as the studio's own people read it."""
    clip = record.left.clip
    facts = {"id": record.clip_id[:8], "who": who(clip), "title": one_line(clip.scene.title)}
    if record.gone_at is not None:
        left = sum(one.deleted_at is None for one in record.fetches)
        said = _("{id}: {who} in “{title}”, taken back; deleted here on {day}.", **facts, day=day(record.gone_at))
        open_ones = (
            ngettext(
                "{number} copy is not yet said to be deleted.", "{number} copies are not yet said to be deleted.", left
            )
            if left
            else ""
        )
        return sentences(said, open_ones)
    if not record.whole:
        return _("{id}: {who} in “{title}”, on its way.", **facts)
    until = day(clip.agreed.keep_until)
    if record.partner is None:
        return _("{id}: {who} in “{title}”, until {until}. Nobody may fetch it yet.", **facts, until=until)
    name = one_line(record.partner)
    fetched = next((one.whole_at for one in record.fetches if one.name == record.partner and one.whole_at), None)
    if fetched is None:
        return _("{id}: {who} in “{title}”, until {until}. It waits for {name}.", **facts, until=until, name=name)
    return _(
        "{id}: {who} in “{title}”, until {until}. {name} fetched it on {day}.", **facts, until=until, name=name,
        day=day(fetched),
    )  # fmt: skip
