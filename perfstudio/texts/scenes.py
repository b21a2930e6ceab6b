"""What is said of a scene: who plays it, to whom, what it touches, and what is left out for the performer alone."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.language.catalogue import N_, Messages, Plural, _
from perfstudio.model.prompt_2 import PartnerKind, RolePrompt, ShownBrief, ShownPrompt, character_of
from perfstudio.packs.content_tags import content_tags
from perfstudio.session.scene_facts import LeftOut, Length
from perfstudio.session.skips import SkipReason
from perfstudio.session.views import SceneCard
from perfstudio.texts import formatting
from perfstudio.texts.template import one_line, sentences

LENS_LETTERS = 90
"""A situation of no more letters is read while one plays: two rows near the lens in a small window."""

_PARTNERS: Messages[dict[PartnerKind, str]] = {
    PartnerKind.IMAGINED: "to nobody in the room",
    PartnerKind.RECORDED: "to a recorded partner",
    PartnerKind.LIVE: "to a live partner",
    PartnerKind.ANY: "",
}
_NOT_YET: Messages[dict[PartnerKind, str]] = {
    PartnerKind.LIVE: "The scene is meant for a live partner. perfstudio cannot bring one in, so you play it to nobody "
    "in the room.",
}
_SKIPS: Messages[dict[SkipReason, str]] = {
    SkipReason.LIMIT: "It touches on something I do not play",
    SkipReason.NOT_FOR_ME: "Somebody else should play it",
    SkipReason.CANNOT_HERE: "I cannot play it where I am",
    SkipReason.UNCLEAR: "It is not clear to me",
    SkipReason.OTHER: "Another reason",
}
_BEYOND = Plural(
    "{number} scene is hidden because it touches on what you never play.",
    "{number} scenes are hidden because they touch on what you never play.",
)
_UNSAID = Plural(
    "{number} scene is hidden because nobody has said what it touches on.",
    "{number} scenes are hidden because nobody has said what they touch on.",
)
SKIP_STAYS = N_("It stays on this computer.")
SKIP_WAITS = N_("There is no way to send it yet. It stays on this computer until there is one.")


def who(prompt: ShownPrompt, brief: ShownBrief | None) -> str:
    """Ines, 50; or the role; nothing where the character is the performer's own."""
    name = character_of(prompt, brief)
    return f"{name}, {brief.age}" if brief is not None and brief.age is not None else name


def card_line(card: SceneCard) -> str:
    """Who and what: "Ines, 50 · returns to a brother she has not called in nine years"; for two "Caller and helper"."""
    names = formatting.listing(role.name for role in card.scene.roles) if card.role is None else ""
    prompt = card.prompt
    what = prompt.premise or prompt.line or _beyond_its_title(prompt)
    return " · ".join(part for part in (names or who(prompt, card.brief), what) if part)


def lens_line(prompt: ShownPrompt) -> str:
    """The one line near the lens: the scene's own; else all of a scene that is no longer than that; else its title."""
    if prompt.line:
        return prompt.line
    whole = one_line(prompt.situation)
    return whole if len(whole) <= LENS_LETTERS else prompt.title


def partner_kind(prompt: ShownPrompt) -> str:
    """To whom it is played, in a word or three; empty where that is open."""
    return _(_PARTNERS[prompt.partner_kind]) if isinstance(prompt, RolePrompt) else ""


def partner_not_here(prompt: ShownPrompt) -> str:
    """What is said where a scene wants a partner that perfstudio does not bring in."""
    kind = prompt.partner_kind if isinstance(prompt, RolePrompt) else PartnerKind.ANY
    return _(_NOT_YET[kind]) if kind in _NOT_YET else ""


def skip_reason(reason: SkipReason) -> str:
    """Why a scene is skipped."""
    return _(_SKIPS[reason])


def tag_names(tags: Iterable[str]) -> list[str]:
    """The names of content tags, in the order of the published list; one that is not on it by its id."""
    wanted = set(tags)
    known = [_(tag.name) for tag in content_tags() if tag.id in wanted]
    return known + sorted(wanted - {tag.id for tag in content_tags()})


def touches(tags: tuple[str, ...] | None) -> str:
    """What a scene touches, as its pack says: Death, Grief; or that it touches nothing of the list."""
    if tags is None:
        return ""
    return formatting.chain(tag_names(tags)) if tags else _("Nothing on the list of content tags")


def length_word(prompt: ShownPrompt, length: Length) -> str:
    """What stands beside the time: 2–4 min, then that it is long enough, then that it is past its longest."""
    if length is Length.SHORT:
        return formatting.minutes_range(prompt.min_s, prompt.max_s)
    return _("long enough") if length is Length.ENOUGH else _("past {length}", length=formatting.span(prompt.max_s))


def length_told(prompt: ShownPrompt, length: Length) -> str:
    """The same, to be heard once; nothing at first."""
    match length:
        case Length.SHORT:
            return ""
        case Length.ENOUGH:
            return _("{length} played: long enough.", length=formatting.span(prompt.min_s))
        case Length.LONG:
            return _("{length} played: as long as it should be.", length=formatting.span(prompt.max_s))


def left_out(left: LeftOut) -> str:
    """What the performer's limits leave out; empty where that is nothing."""
    counted = ((_BEYOND, left.beyond), (_UNSAID, left.unsaid))
    return sentences(*(form.of(n, number=formatting.number(n)) for form, n in counted if n))


def _beyond_its_title(prompt: ShownPrompt) -> str:
    """The situation, without what already stands as the title; where that is all of it, what ends the scene."""
    whole = " ".join(prompt.situation.split())
    rest = whole.removeprefix(prompt.title).lstrip(" .!?;:。！？")
    return rest or _("It ends when {moment}", moment=prompt.ends_when)
