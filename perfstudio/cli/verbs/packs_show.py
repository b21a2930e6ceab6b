"""`packs show`: one scene, as the one who plays it reads it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import _
from perfstudio.model.prompt_2 import ShownPrompt
from perfstudio.session.headless.scene_choice import scene_to_read
from perfstudio.session.views import SceneCard
from perfstudio.texts import states
from perfstudio.texts.briefs import Part, as_sentence, character_sheet, spoken_to, wanted
from perfstudio.texts.formatting import chain, listing, minutes_range
from perfstudio.texts.scenes import lens_line, tag_names, who


def add(verb: argparse.ArgumentParser) -> None:
    """Options of `packs show`."""
    verb.add_argument("prompt", metavar="PROMPT", help=_("a prompt, or pack/prompt"))
    verb.add_argument(
        "--role", metavar="ROLE", help=_("who you play in a scene for two; what the other knows is left out")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Read it out."""
    with open_home(args) as home:
        card = scene_to_read(home, args.prompt, args.role)
    for line in scene_lines(card):
        out.say(line)
    out.document(
        {
            "pack": card.pack_id,
            "prompt": card.prompt.to_json(),
            "brief": card.brief.to_json() if card.brief is not None else None,
            "roles": [role.to_json() for role in card.scene.roles],
            "languages": list(card.scene.languages),
            "content_tags": None if card.scene.tags is None else list(card.scene.tags),
        }
    )
    return DONE


def scene_lines(card: SceneCard) -> Iterator[str]:
    """The scene, line by line."""
    prompt = card.prompt
    yield f"{prompt.title} ({card.pack_id}/{prompt.id})"
    feelings = [f"{one.term} ({states.intensity(one.intensity)})" for one in prompt.emotions]
    yield chain([listing(feelings), minutes_range(prompt.min_s, prompt.max_s), states.prompt_kind(prompt.kind)])
    if touched := [*tag_names(card.scene.tags or ()), *prompt.content_notes]:
        yield _("Good to know first: {matters}", matters=listing(touched))
    for role in card.scene.roles if card.role is None else ():
        yield _("If you play {name}, read on with --role {role}", name=role.name, role=role.id)
    yield ""
    yield prompt.situation
    yield ""
    for heading, text in (*_who_plays(card), *_what_is_played(card.prompt)):
        if text:
            yield _("{heading}: {words}", heading=heading, words=text)


def _who_plays(card: SceneCard) -> tuple[Part, ...]:
    brief = card.brief
    return (
        (_("Who you play"), who(card.prompt, brief)),
        *(character_sheet(brief) if brief is not None else ()),
        (_("You speak to"), spoken_to(card.prompt)),
    )


def _what_is_played(prompt: ShownPrompt) -> tuple[Part, ...]:
    return (
        *wanted(prompt),
        (_("Try to"), listing(prompt.verbs)),
        (_("Beats"), " ".join(as_sentence(beat) for beat in prompt.beats)),
        (_("It ends when"), as_sentence(prompt.ends_when)),
        (_("Near the lens"), lens_line(prompt)),
        (_("The director's note"), prompt.note or ""),
    )
