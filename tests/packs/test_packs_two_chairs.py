"""The pack "Two chairs": what it has to cover is covered, and every scene can be read and played."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from perfstudio.model.emotion_words import LISTED
from perfstudio.model.pack_2 import Pack2, as_role, brief_of
from perfstudio.model.prompt import Intensity, PromptKind, Status
from perfstudio.model.prompt_2 import PartnerKind, Prompt2, RolePrompt
from perfstudio.packs.bundled import TWO_CHAIRS, bundled_packs
from perfstudio.packs.gaps import PackGap, gaps
from perfstudio.packs.reader import PackFile

CELLS = tomllib.loads((Path(__file__).parent / "two_chairs.toml").read_text(encoding="utf-8"))
FEELINGS = (
    "disgust", "surprise", "sadness", "boredom", "calm", "excitement", "frustration", "gratitude", "hope", "desire",
    "awe", "curiosity", "fear",
)  # fmt: skip
"""Those of which the practice room has none, or one."""
TWENTY_SECONDS = 20 * 260 // 60 + 1
"""Words read in twenty seconds: English fiction is read silently at 260 words a minute (Brysbaert 2019, "How many words
do we read per minute?", a mean over 190 studies)."""


@pytest.fixture(scope="module")
def found() -> PackFile:
    return next(file for file in bundled_packs() if file.pack.id == TWO_CHAIRS)


@pytest.fixture(scope="module")
def pack(found: PackFile) -> Pack2:
    assert isinstance(found.pack, Pack2)
    return found.pack


def sides(pack: Pack2) -> list[RolePrompt]:
    """Every scene as each of its roles reads it."""
    read = [as_role(pack, scene, role.id) for scene in pack.prompts for role in scene.roles or ()]
    read += [as_role(pack, scene) for scene in pack.prompts if not scene.roles]
    return [side for side in read if isinstance(side, RolePrompt)]


def test_what_it_covers(pack: Pack2) -> None:
    """Prints the table (`-s`), and fails where a cell is empty or names a scene that is not there."""
    known = {scene.id for scene in pack.prompts}
    for group, cells in CELLS.items():
        print(f"\n{group}")
        for cell, scenes in cells.items():
            print(f"  {cell:24} {len(scenes):2}  {', '.join(scenes)}")
            assert scenes, f"{group}: no scene for {cell}"
            assert set(scenes) <= known, f"{group}, {cell}: {set(scenes) - known}"
    by_feeling: dict[str, dict[tuple[bool, Intensity], int]] = defaultdict(lambda: defaultdict(int))
    for scene in pack.prompts:
        for emotion in scene.emotions:
            by_feeling[emotion.term][bool(scene.roles), emotion.intensity] += 1
    print("\nfeelings: for two, then for one; light, medium, strong")
    for term, counts in sorted(by_feeling.items()):
        print(f"  {term:24} " + "  ".join(f"{counts[two, size]}" for two in (True, False) for size in Intensity))
    for term in FEELINGS:
        counts = by_feeling[term]
        for two in (True, False):
            assert any(counts[two, size] for size in Intensity), f"{term}: for two {two}"
        assert counts[True, Intensity.STRONG] + counts[False, Intensity.STRONG], f"{term}: once as strong as it gets"


def test_it_is_as_large_as_it_says(pack: Pack2) -> None:
    two = [scene for scene in pack.prompts if scene.roles]
    assert (len(two), len(pack.prompts) - len(two)) == (50, 28)
    assert "Fifty scenes for two and twenty-eight light ones for one" in pack.summary
    placed = [name for section in pack.sections for name in section.prompts]
    assert sorted(placed) == sorted(scene.id for scene in pack.prompts)


def test_each_of_two_knows_and_wants_something_of_its_own(pack: Pack2) -> None:
    names = [brief.name for brief in pack.briefs]
    assert len(names) == len(set(names)) == len({brief.id for brief in pack.briefs})
    for scene in pack.prompts:
        roles = scene.roles or ()
        assert len(roles) in (0, 2)
        assert len({role.brief for role in roles}) == len(roles)
        assert len({role.secret for role in roles}) == len({role.objective for role in roles}) == len(roles)
        assert all(role.brief and role.secret and role.objective for role in roles), scene.id
        pair = {role.status for role in roles}
        equal = pair <= {Status.EQUAL} or pair <= {Status.SHIFTING}
        assert not roles or equal or pair & {Status.HIGH, Status.LOW}, scene.id
        assert scene.partner_kind is (PartnerKind.ANY if roles else PartnerKind.IMAGINED)


def test_what_one_reads_is_read_in_twenty_seconds(pack: Pack2) -> None:
    for side in sides(pack):
        brief = brief_of(pack, side)
        told = (side.situation, side.ends_when, side.line, side.objective, side.secret, side.note)
        about = (brief.who, brief.sounds) if brief else ()
        words = sum(len(text.split()) for text in (*told, *about) if text)
        assert words <= TWENTY_SECONDS, f"{side.id}, {side.role}: {words} words"


def test_titles_premises_lines_and_ends_fit_where_they_stand(pack: Pack2) -> None:
    titles = [scene.title for scene in pack.prompts]
    assert len(set(titles)) == len(titles)
    for scene in pack.prompts:
        assert scene.title is not None
        assert len(scene.title) <= 32, scene.id
        assert scene.premise is not None
        assert len(scene.premise) <= 60, f"{scene.id}: a card has room for two lines with the names"
        assert scene.ends_when[0].islower(), f"{scene.id}: continues 'It ends when …'"
        assert not scene.ends_when.endswith("."), scene.id
        assert not scene.situation.casefold().startswith(scene.title.casefold()), f"{scene.id}: says its title twice"
    for side in sides(pack):
        read_out = side.kind is PromptKind.PAIR
        assert len(side.line or "") <= (200 if read_out else 60), side.id


def test_anybody_can_play_anybody(pack: Pack2) -> None:
    """No age, and no gender but that of a mother who is rung up and is on the line for nobody."""
    assert [brief.id for brief in pack.briefs if brief.age is not None] == []
    gendered = re.compile(r"\b(he|she|him|her|his|hers|man|woman|boy|girl|sir|madam)\b", re.IGNORECASE)
    found = {scene.id for scene in pack.prompts if gendered.search(json.dumps(scene.to_json(), ensure_ascii=False))}
    assert found == {"whose-turn"}
    assert not gendered.search(json.dumps([brief.to_json() for brief in pack.briefs]))


def test_every_scene_says_what_it_touches(found: PackFile) -> None:
    unsaid = gaps(found)
    assert PackGap.CONTENT_TAGS not in unsaid
    assert PackGap.TITLE not in unsaid
    tags = {scene.id: scene.content_tags for scene in found.pack.prompts if isinstance(scene, Prompt2)}
    assert (tags["here-yell"], tags["handover"]) == (("loud-voice",), ("none",))


def test_what_is_read_is_played_again_in_own_words(pack: Pack2) -> None:
    groups = defaultdict(list)
    for scene in pack.prompts:
        if scene.kind is PromptKind.PAIR:
            groups[scene.group].append(scene)
    assert len(groups) == len(CELLS["read-and-improvised"])
    for read, own in groups.values():
        assert read.line is not None
        assert own.line is None
        assert [emotion.term for emotion in read.emotions] == [emotion.term for emotion in own.emotions][:1]
    rungs = [scene for scene in pack.prompts if scene.kind is PromptKind.LADDER]
    assert len({scene.line for scene in rungs}) == 1
    assert len(rungs) == 3


def test_long_ones_are_long(pack: Pack2) -> None:
    long = {name for cell in ("ten minutes, for two", "ten minutes, for one") for name in CELLS["voice"][cell]}
    assert {scene.id for scene in pack.prompts if scene.min_s >= 600} == long


def test_words_of_published_lists_name_them(pack: Pack2) -> None:
    (name, words) = next((name, words) for name, words in LISTED.items() if "fsre" in name)
    for scene in pack.prompts:
        for emotion in scene.emotions:
            assert emotion.vocabulary == (name if emotion.term in words else "")


def test_its_terms_are_those_of_the_practice_room_and_say_what_holds_of_two() -> None:
    room, chairs = (file.pack for file in bundled_packs())
    assert (room.studio, room.uses, room.pay, room.rights) == (chairs.studio, chairs.uses, chairs.pay, chairs.rights)
    for alone, for_two in zip(room.terms, chairs.terms, strict=True):
        assert (alone.language, alone.summary, alone.text) == (for_two.language, for_two.summary, for_two.text)
        assert for_two.of_partner
        assert alone.id != for_two.id, "another text"
    assert PackGap.PARTNER_PAY not in gaps(bundled_packs()[1])
