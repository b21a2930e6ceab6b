"""What is said of partners' clips that are here: what each is, where it came from, and what its deletion means."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, _, ngettext
from perfstudio.model.clip_waiting import ClipFetched
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.session.clips.clip_here import ClipHere
from perfstudio.texts import formatting
from perfstudio.texts.clips import day, kept_until, who
from perfstudio.texts.errors import sentence
from perfstudio.texts.template import one_line, sentences

DELETE = N_("Delete the clip")
DELETED = N_("The clip is deleted here.")
STAYS = N_("The clip stays.")


def what(here: ClipHere) -> str:
    """Whose clip it is, of which scene, how long and how large, until when; and why it cannot be played to now."""
    clip = here.clip
    said = _(
        "{who} in “{title}”, {length}, {size}. It is deleted here on {day}.",
        who=who(clip), title=one_line(clip.scene.title), length=formatting.duration(clip.sound.seconds),
        size=formatting.size(here.size), day=day(clip.agreed.keep_until),
    )  # fmt: skip
    return sentences(said, sentence(here.unfit) if here.unfit is not None else "")


def origin(here: ClipHere, studio: str) -> str:
    """Where it came from, and whose word there is for whose it is; `studio` is what the studio is called."""
    if here.paper is None:
        return _("It came as a file: whose it is stands in the file alone.")
    return _("It came from {studio}, signed by whoever plays in it.", studio=one_line(studio))


def made_to(here: ClipHere) -> str:
    """How many takes were made to it; empty where none was."""
    many = len(here.takes)
    return (
        ngettext("{number} take of yours was made to it.", "{number} takes of yours were made to it.", many)
        if many
        else ""
    )


def line(here: ClipHere, studio: str) -> str:
    """All of that, in a list."""
    return sentences(what(here), origin(here, studio), made_to(here))


def in_brief(here: ClipHere, studio: str) -> str:
    """Beside whose clip plays along: what may be done with it, until when, how large it is, and where it came from."""
    return sentences(
        kept_until(here.clip), _("Its size is {size}.", size=formatting.size(here.size)), origin(here, studio)
    )


def question(here: ClipHere) -> str:
    """What is asked before it is deleted."""
    return _("Delete the clip of {who}?", who=who(here.clip))


def consequences(here: ClipHere) -> str:
    """What depends on it, and how it would come again."""
    stays = _("They stay as they are and keep its hash; your partner is no longer heard or seen beside them.")
    again = (
        _("It does not come from the studio again.")
        if here.paper is not None
        else _("To have it again you need its file.")
    )
    return sentences(made_to(here), stays if here.takes else "", again)


def not_here(paper: ClipFetched) -> str:
    """A partner's clip at a studio that is not kept here, and why; empty for any other."""
    clip = paper.left.clip
    facts = {"who": who(clip), "title": one_line(clip.scene.title)}
    if paper.deleted_at is not None:
        return _("You deleted the clip of {who} in “{title}” on {day}.", **facts, day=day(paper.deleted_at))
    if paper.refused is not None:
        why = sentence(MediaError(ErrorCode(paper.refused), file=clip.scene.title))
        return sentences(_("The clip of {who} in “{title}” cannot be played.", **facts), why)
    return ""
