"""What a performer never plays is not offered, what they want to be told of is marked, what they skip stays here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfstudio.model.device import PRACTICE, DeviceSelection, DevicesUsed, MicrophoneRequest
from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.take_2 import PromptShown2
from perfstudio.model.take_reading import read_take
from perfstudio.paths import AppPaths
from perfstudio.session.headless.scene_choice import chosen_scene
from perfstudio.session.home import Home
from perfstudio.session.scene_facts import LeftOut
from perfstudio.session.skips import SkipReason
from perfstudio.session.takes.manifest_draft import draft
from perfstudio.session.views import PackView, SceneState
from perfstudio.texts import scenes
from perfstudio.texts.errors import sentence
from rigs.duet_pack import LIGHT, SECRETS, duet, pack_folder

_ASKED = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
DEVICES = DevicesUsed(asked=_ASKED, camera=None, microphone=None)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home with a tagged scene for two, one that touches nothing, and one of which nobody has said."""
    prompts = [duet(), LIGHT | {"content_tags": ["none"]}, LIGHT | {"id": "silent"}]
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as made:
        made.scenes.import_pack(pack_folder(tmp_path / "evening", prompts=prompts))
        yield made


def evening(home: Home) -> PackView:
    return next(pack for pack in home.scenes.packs() if pack.id == "evening")


def offered(home: Home) -> list[str]:
    return [card.prompt.id for card in evening(home).cards]


def test_without_a_limit_everything_is_offered(home: Home) -> None:
    assert offered(home) == ["duet", "bus", "silent"]
    assert not sum((pack.left_out for pack in home.scenes.packs()), LeftOut()).scenes
    assert scenes.left_out(LeftOut()) == ""


LIMITED: list[tuple[dict[str, Any], list[str], LeftOut, set[str]]] = [
    ({"tags_never": ("grief",)}, ["bus"], LeftOut(1, 1), set()),
    ({"tags_never": ("nudity",)}, ["duet", "bus"], LeftOut(0, 1), set()),
    ({"tags_never": (), "tags_noted": ("grief",)}, ["duet", "bus"], LeftOut(0, 1), {"grief"}),
    ({"tags_never": ("grief",), "tags_noted": ("grief",)}, ["bus"], LeftOut(1, 1), set()),
    ({"tags_never": ("of-a-later-list",), "tags_noted": ()}, ["duet", "bus"], LeftOut(0, 1), set()),
]


def test_scenes_are_hidden_or_marked_and_the_hidden_ones_counted(home: Home) -> None:
    for limits, shown, left, noted in LIMITED:
        home.settings.change(**limits)
        assert (offered(home), evening(home).left_out) == (shown, left)
        assert {tag for card in evening(home).cards for tag in card.scene.noted} == noted
        assert scenes.left_out(left).count("hidden") == bool(left.beyond) + bool(left.unsaid)


def test_the_practice_room_says_what_it_touches_so_it_stays(home: Home) -> None:
    home.settings.change(tags_never=("animal-harm",))
    practice = next(pack for pack in home.scenes.packs() if pack.bundled)
    assert (len(practice.cards), practice.left_out) == (34, LeftOut(1, 0))


def test_a_verb_does_not_play_what_the_performer_never_plays(home: Home) -> None:
    home.settings.change(tags_never=("grief",))
    for reference, why in (("evening/duet", "never play"), ("silent", "nobody has said")):
        with pytest.raises(PackError) as refused:
            chosen_scene(home, reference, role="a")
        assert refused.value.code is ErrorCode.PROMPT_BEYOND
        assert why in sentence(refused.value)


def test_role_and_language_are_named_where_there_is_a_choice(home: Home) -> None:
    scene = chosen_scene(home, "duet", role="b", language="DE")
    assert (scene.prompt.secret, scene.language) == (SECRETS[1], "de")
    assert chosen_scene(home, "bus").language == "en"
    home.settings.change(play_language="yue")
    assert chosen_scene(home, "bus").language == "yue"
    wrong: list[tuple[str, dict[str, str], ErrorCode, str]] = [
        ("duet", {}, ErrorCode.PROMPT_ROLE, "--role and one of these: a, b"),
        ("duet", {"role": "c"}, ErrorCode.PROMPT_ROLE, "“c”"),
        ("bus", {"role": "a"}, ErrorCode.PROMPT_ROLE, "no role “a”"),
        ("bus", {"language": "fr"}, ErrorCode.PROMPT_LANGUAGE, "en, de, yue"),
    ]
    for reference, named, code, said in wrong:
        with pytest.raises(PackError) as refused:
            chosen_scene(home, reference, **named)
        assert refused.value.code is code
        assert said in sentence(refused.value)


def test_a_card_shows_one_role_and_before_the_choice_none(home: Home) -> None:
    both = home.scenes.card("evening/duet")
    assert (both.role, both.brief, both.character) == (None, None, "")
    assert [role.name for role in both.scene.roles] == ["Mara", "The brother"]
    assert scenes.card_line(both) == "Mara and The brother · A kitchen at night."
    assert not [secret for secret in SECRETS if secret in repr(both)]
    for role, mine, other in (("a", *SECRETS), ("b", *reversed(SECRETS))):
        card = home.scenes.card("evening/duet", role)
        assert (card.role, mine in repr(card), other in repr(card)) == (role, True, False)
    light = home.scenes.card("evening/bus")
    assert (light.prompt.title, scenes.card_line(light)) == ("A bus stops on the bridge", "Nobody gets off.")
    assert scenes.lens_line(light.prompt) == light.prompt.situation, "a line of its own it has none"
    long = light.prompt.model_copy(update={"situation": "A bus stops on the bridge. " + "Nobody gets off. " * 9})
    assert scenes.lens_line(long) == light.prompt.title


def test_what_was_chosen_is_in_the_take_and_the_other_secret_is_not(home: Home) -> None:
    scene = chosen_scene(home, "duet", role="b", language="de")
    begun = draft(
        scene.source, scene.prompt, 1, devices=DEVICES, performer_id="p",
        session_id="s", language=scene.language,
    )  # fmt: skip
    written = json.dumps(begun.sealed().to_json())
    assert SECRETS[1] in written
    assert SECRETS[0] not in written
    again = read_take(written.encode())
    assert again.to_json() == begun.sealed().to_json()
    shown = again.prompt
    assert isinstance(shown, PromptShown2)
    assert (shown.content_tags, shown.character, shown.brief) == (("grief", "family-rift"), "The brother", None)
    assert (shown.prompt, shown.prompt_sha256) == (scene.prompt, scene.prompt.digest())
    assert begun.played is not None
    assert begun.played.language == "de"
    tags = {}
    for reference in ("bus", "silent", "trade-fair"):
        other = chosen_scene(home, reference)
        begun = draft(other.source, other.prompt, 1, devices=begun.devices, performer_id="p", session_id="s")
        tags[reference] = begun.to_json()["prompt"].get("content_tags", "not said")
    assert tags == {"bus": [], "silent": "not said", "trade-fair": []}


def test_skipped_with_a_reason_that_stays_here(home: Home) -> None:
    card = home.scenes.card("evening/bus")
    home.scenes.skip(card, SkipReason.OTHER, "  No bus\nhere. ", may_send=True)
    skipped = home.scenes.card("evening/bus")
    assert skipped.state is SceneState.SKIPPED
    assert skipped.scene.skipped is not None
    assert (skipped.scene.skipped.words, skipped.scene.skipped.may_send) == ("No bus here.", True)
    assert [card.state for card in evening(home).cards][1] is SceneState.SKIPPED
    home.scenes.skip(card, SkipReason.UNCLEAR)
    home.scenes.take_up(card)
    assert home.scenes.card("evening/bus").state is SceneState.UNTOUCHED


def test_a_damaged_list_of_skips_is_laid_aside_and_said(home: Home) -> None:
    told = []
    home.asides.tell(told.append)
    home.scenes.skip(home.scenes.card("evening/bus"), SkipReason.UNCLEAR)
    home.paths.skips.write_bytes(home.paths.skips.read_bytes()[:-9])
    assert evening(home).cards[1].state is SceneState.UNTOUCHED
    assert [aside.kept.name for aside in told] == ["skips.unreadable.json"]
