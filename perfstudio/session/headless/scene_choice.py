"""Which scene is played without a window: the prompt, the role in it, and the language, as they were named."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.pack_2 import AnyPrompt, as_role, languages_of, roles_of, title_of
from perfstudio.model.prompt_2 import ShownPrompt, role_in
from perfstudio.packs.reader import PackFile
from perfstudio.session.content_limits import Offered
from perfstudio.session.home import Home
from perfstudio.session.views import SceneCard


@dataclass(frozen=True, slots=True)
class ChosenScene:
    """A scene as it will be played."""

    source: PackFile
    prompt: ShownPrompt
    language: str


def chosen_scene(home: Home, reference: str, *, role: str | None = None, language: str | None = None) -> ChosenScene:
    """The scene that these words mean. Raises PackError as `find_prompt` does; PROMPT_ROLE where a role has to be
    named, or another one; PROMPT_LANGUAGE for a language that is not asked for; PROMPT_BEYOND where the performer's own
    limits leave it out.
    """
    source, prompt = _offered(home, reference)
    title = title_of(prompt)
    roles = [name.id for name in roles_of(source.pack, prompt)]
    shown = as_role(source.pack, prompt, role)
    if (roles or role) and (role_in(shown) is None or role not in (None, *roles)):
        raise _no_such_role(title, roles, role)
    spoken = languages_of(source.pack, shown)
    if language is not None and language.casefold() not in {tag.casefold() for tag in spoken}:
        known = ", ".join(spoken)
        raise PackError(ErrorCode.PROMPT_LANGUAGE, prompt=title, language=language, languages=known)
    wanted = (language or home.settings.now.play_language).casefold()
    return ChosenScene(source, shown, next((tag for tag in spoken if tag.casefold() == wanted), spoken[0]))


def scene_to_read(home: Home, reference: str, role: str | None = None) -> SceneCard:
    """The scene that these words mean, as one role reads it; of a scene for two without a role what both may read.
    Raises PackError as `chosen_scene` does."""
    source, prompt = _offered(home, reference)
    roles = [name.id for name in roles_of(source.pack, prompt)]
    if role not in (None, *roles):
        raise _no_such_role(title_of(prompt), roles, role)
    return home.scenes.card(f"{source.pack.id}/{prompt.id}", role)


def _offered(home: Home, reference: str) -> tuple[PackFile, AnyPrompt]:
    source, prompt = home.shelf.find_prompt(reference)
    offered = home.scenes.offers(f"{source.pack.id}/{prompt.id}")
    if offered is not Offered.YES:
        raise PackError(ErrorCode.PROMPT_BEYOND, prompt=title_of(prompt), reason=f"content_{offered.value}")
    return source, prompt


def _no_such_role(title: str, roles: list[str], role: str | None) -> PackError:
    named = {"role": role} if role else {}
    return PackError(ErrorCode.PROMPT_ROLE, prompt=title, roles=", ".join(roles), **named)
