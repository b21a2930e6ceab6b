"""One scene out of those that both may play, drawn before either reads a brief: within the limits of both."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Protocol

from perfstudio.model.base import Document
from perfstudio.model.duet_scenes import SAID, SceneDrawn, ScenesPossible
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.model.pack_2 import languages_of, roles_of
from perfstudio.model.pair import scene_digest
from perfstudio.session.duet.line_link import Said
from perfstudio.session.scenes import Scenes
from perfstudio.session.views import SceneState

_BYTES = 6


@dataclass(frozen=True, slots=True)
class DuetScene:
    """A scene for two that may be played here."""

    reference: str
    """As "pack/prompt"."""
    roles: tuple[str, str]
    words_sha256: str
    """Of what both read of it."""

    def digest(self, salt: str) -> str:
        """What it is called on the line."""
        named = f"{self.reference} {self.words_sha256}".encode()
        return hmac.new(bytes.fromhex(salt), named, hashlib.sha256).digest()[:_BYTES].hex()


@dataclass(frozen=True, slots=True)
class DrawnScene:
    """What is played here."""

    reference: str
    role: str


class Talk(Protocol):
    """A line on which documents are said; see `LineLink`."""

    def say(self, paper: Document) -> None:
        """To be heard by the other side."""

    def said(self, kind: type[Said]) -> Said:
        """What the other side says."""

    def all_said(self) -> None:
        """Nothing more follows."""


def possible_scenes(scenes: Scenes, language: str | None = None) -> tuple[DuetScene, ...]:
    """Scenes for two within the performer's limits, none that they skipped; in `language`, where one was named."""
    found = []
    for pack in scenes.packs():
        for card in pack.cards:
            reference = f"{pack.id}/{card.prompt.id}"
            source, prompt = scenes.find(reference)
            spoken = {tag.casefold() for tag in languages_of(source.pack, card.prompt)}
            roles = [name.id for name in roles_of(source.pack, prompt)]
            fits = language is None or language.casefold() in spoken
            if len(roles) == 2 and fits and card.state is not SceneState.SKIPPED:
                found.append(DuetScene(reference, (roles[0], roles[1]), scene_digest(card.prompt)))
    return tuple(found)


def draw_scene(link: Talk, mine: tuple[DuetScene, ...], *, first: bool) -> DrawnScene:
    """The scene, and who is played here; the same scene on both sides. Over a line on which both said that they want
    one drawn. Raises CallError: DUET_NO_SCENE, DUET_NO_SENSE, and those of the line."""
    drawn = _offered(link, mine) if first else _chosen(link, mine)
    link.all_said()
    return drawn


def _offered(link: Talk, mine: tuple[DuetScene, ...]) -> DrawnScene:
    salt = secrets.token_hex(16)
    known = {scene.digest(salt): scene for scene in secrets.SystemRandom().sample(mine, min(len(mine), SAID))}
    fill = [secrets.token_hex(_BYTES) for _ in range(SAID - len(known))]
    link.say(ScenesPossible(salt=salt, digests=tuple(sorted([*known, *fill]))))
    answer = link.said(SceneDrawn)
    if answer.digest is None:
        link.say(answer)
        raise CallError(ErrorCode.DUET_NO_SCENE)
    scene = known.get(answer.digest)
    if scene is None or answer.role not in scene.roles:
        raise CallError(ErrorCode.DUET_NO_SENSE)
    return DrawnScene(scene.reference, answer.role)


def _chosen(link: Talk, mine: tuple[DuetScene, ...]) -> DrawnScene:
    offered = link.said(ScenesPossible)
    both = [scene for scene in mine if scene.digest(offered.salt) in set(offered.digests)]
    if not both:
        link.say(SceneDrawn())
        with contextlib.suppress(CallError):  # until it was heard, or the other side is gone
            link.said(SceneDrawn)
        raise CallError(ErrorCode.DUET_NO_SCENE)
    scene = secrets.choice(both)
    turn = secrets.randbelow(2)
    link.say(SceneDrawn(digest=scene.digest(offered.salt), role=scene.roles[turn]))
    return DrawnScene(scene.reference, scene.roles[1 - turn])
