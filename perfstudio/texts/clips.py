"""What is said of clips: before one goes out, when it went, and of one that came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from perfstudio.language.catalogue import N_, Plural, _, ngettext
from perfstudio.model.clip import ClipDocument, ClipUse
from perfstudio.model.clip_given import ClipGiven
from perfstudio.session.clips.offer import DAYS_OF_YEAR, ClipOffer
from perfstudio.texts import formatting
from perfstudio.texts.template import one_line

MAKE = N_("Make a clip for a partner")
NOT_BACK = N_("What goes out as a file cannot be fetched back: whoever has it can copy it and pass it on.")
EARLIER = N_("Its picture may begin up to a second earlier.")
SOUND_ONLY = N_("Sound only")
WITH_PICTURE = N_("Sound and picture")
TICK = N_("I have read this and agree.")
REFUSED = N_("No clip was made.")
HEADING = N_("A clip for a partner")
WHAT = N_("What your partner gets")
HOW_LONG = N_("How long they may keep it")
CALLED = N_("What they may call you, if you like")
SAVE = N_("Save the clip …")
NOT_NOW = N_("Not now")
OPEN = N_("Play with a colleague's clip …")
_DAYS = Plural("{number} day", "{number} days")


def for_days(days: int) -> str:
    """How long a clip may be kept: 30 days, 1 year."""
    return _("1 year") if days == DAYS_OF_YEAR else _DAYS.of(days, number=formatting.number(days))


def what(offered: ClipOffer, *, picture: bool) -> str:
    """What a clip would hold."""
    part = _(
        "It holds take {number} of “{title}” from {start} to {end}, where you would begin and end it. Nothing else of "
        "the take goes along.",
        number=offered.number,
        title=one_line(offered.title),
        start=formatting.duration(offered.from_s),
        end=formatting.duration(offered.to_s),
    )
    return f"{part} {_(EARLIER)}" if picture else part


def agreement(offered: ClipOffer, until: datetime, *, picture: bool) -> str:
    """What is agreed to, word for word; it is kept beside the take and goes along in the clip."""
    facts = {"title": one_line(offered.title), "day": day(until)}
    if picture:
        given = _(
            "I give my voice and my picture in this clip to my partner in “{title}”: to be heard and seen for this "
            "scene alone, and kept until {day} at most.",
            **facts,
        )
    else:
        given = _(
            "I give my voice in this clip to my partner in “{title}”: to be heard for this scene alone, and kept until "
            "{day} at most.",
            **facts,
        )
    return f"{_(NOT_BACK)} {given}"


def made(given: ClipGiven) -> str:
    """That it is there."""
    return _("“{file}” is there: {size}. It is noted beside the take.",
             file=one_line(given.file), size=formatting.size(given.size))  # fmt: skip


def went(given: ClipGiven) -> str:
    """One clip that went out."""
    facts = {
        "day": day(given.agreed.at), "file": one_line(given.file), "until": day(given.agreed.keep_until),
        "length": formatting.duration(given.to_s - given.from_s),
    }  # fmt: skip
    if ClipUse.SEE in given.agreed.may:
        return _(
            "A clip went out on {day}: “{file}”, {length}, sound and picture, to be kept until {until} at most.",
            **facts,
        )
    return _("A clip went out on {day}: “{file}”, {length}, sound only, to be kept until {until} at most.", **facts)


def briefly(clips: Sequence[ClipGiven]) -> str:
    """How many went out, among other facts; empty where none did."""
    return ngettext("{number} clip went out", "{number} clips went out", len(clips)) if clips else ""


def taken_in(clip: ClipDocument) -> str:
    """That a colleague's clip is here, and what may be done with it."""
    facts = {
        "title": one_line(clip.scene.title), "length": formatting.duration(clip.sound.seconds),
        "day": day(clip.agreed.keep_until), "who": who(clip),
    }  # fmt: skip
    if clip.picture is not None:
        return _(
            "The clip of {who} in “{title}” is here: {length}, to be heard while you play and seen beside your take. "
            "It is deleted here on {day}.",
            **facts,
        )
    return _(
        "The clip of {who} in “{title}” is here: {length}, to be heard while you play. It is deleted here on {day}.",
        **facts,
    )


def plays(clip: ClipDocument) -> str:
    """Before a scene: whose clip plays along, and where it is heard."""
    return _(
        "{who} plays with you, in a clip of {length}. You hear it in your headphones from “go” on; choose them in the "
        "green room.",
        who=who(clip),
        length=formatting.duration(clip.sound.seconds),
    )


def kept_until(clip: ClipDocument) -> str:
    """What may be done with it, and until when."""
    facts = {"day": day(clip.agreed.keep_until)}
    if clip.picture is not None:
        return _("You may hear it, and see it beside your take. It is deleted here on {day}.", **facts)
    return _("You may hear it. It is deleted here on {day}.", **facts)


def arrived(clip: ClipDocument) -> str:
    """The same in short: the page says the rest."""
    return _("The clip of {who} is here.", who=who(clip))


def who(clip: ClipDocument) -> str:
    """Whose clip it is: what they want to be called, else whom they play."""
    name = one_line(clip.called or "")
    role = one_line(clip.role.name) if clip.role is not None else ""
    if name and role:
        return _("{name} as {role}", name=name, role=role)
    return name or role or _("your partner")


def day(moment: datetime) -> str:
    """A moment as the day that a person here calls it."""
    return formatting.day(formatting.here(moment))
