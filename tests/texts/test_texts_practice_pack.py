"""The bundled practice pack: it validates, and it keeps the promises made to the people who play it."""

from __future__ import annotations

from collections import defaultdict

import pytest

from perfstudio.model.consent import SEPARATE_USES, UseId
from perfstudio.model.prompt import Intensity, Pack, Prompt, PromptKind, Status
from perfstudio.resources import asset

STRENGTH = list(Intensity)
ASKED_FOR = set(
    "sarcasm confusion joy anxiety grief awkwardness empathy anger pride tenderness mischief".split()  # noqa: SIM905
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Pack.model_validate_json(asset("packs", "practice", "pack.json").read_bytes())


def groups(pack: Pack, kind: PromptKind) -> dict[str, list[Prompt]]:
    found: dict[str, list[Prompt]] = defaultdict(list)
    for prompt in pack.prompts:
        if prompt.kind == kind:
            assert prompt.group, prompt.id
            found[prompt.group].append(prompt)
    return found


def test_ids_titles_and_briefs_fit_together(pack: Pack) -> None:
    assert len(pack.prompts) >= 28
    assert 12 <= len(pack.briefs) <= 14
    for values in ([p.id for p in pack.prompts], [p.title for p in pack.prompts], [b.id for b in pack.briefs]):
        assert len(set(values)) == len(values)
    assert {p.brief for p in pack.prompts} == {b.id for b in pack.briefs}, "every character is played"
    assert sum(1 for b in pack.briefs if sum(p.brief == b.id for p in pack.prompts) > 1) >= 10, "characters come back"


def test_the_asked_for_feelings_statuses_and_kinds_are_there(pack: Pack) -> None:
    assert {e.term for p in pack.prompts for e in p.emotions} >= ASKED_FOR
    assert {p.status for p in pack.prompts} == set(Status)
    assert {p.kind for p in pack.prompts} == set(PromptKind)


def test_every_prompt_can_be_read_at_the_lens_and_played(pack: Pack) -> None:
    for prompt in pack.prompts:
        assert len(prompt.line) <= 60, prompt.id
        assert len(prompt.title) <= 32, prompt.id
        assert 60 <= prompt.min_s < prompt.max_s <= 240, prompt.id
        assert prompt.premise, prompt.id
        assert prompt.note, prompt.id
        assert 3 <= len(prompt.verbs) <= 6, prompt.id
        assert 3 <= len(prompt.beats) <= 5, prompt.id
        assert not any('"' in beat for beat in prompt.beats), "beats are not lines of dialogue"
        assert prompt.ends_when[0].islower(), "continues 'It ends when …'"
        assert not prompt.ends_when.endswith("."), prompt.id


def test_ladders_climb_one_moment_with_the_same_words(pack: Pack) -> None:
    ladders = groups(pack, PromptKind.LADDER)
    assert len(ladders) >= 3
    for rungs in ladders.values():
        assert len({p.line for p in rungs}) == 1
        assert len({p.brief for p in rungs}) == 1
        climb = [max(STRENGTH.index(e.intensity) for e in p.emotions) for p in rungs]
        assert climb == [0, 1, 2]


def test_pairs_show_one_character_in_two_moods(pack: Pack) -> None:
    pairs = groups(pack, PromptKind.PAIR)
    assert len(pairs) >= 4
    for pair in pairs.values():
        assert len(pair) == 2
        first, second = pair
        assert first.brief == second.brief
        assert not {e.term for e in first.emotions} & {e.term for e in second.emotions}


def test_turns_have_two_feelings_in_order(pack: Pack) -> None:
    for prompt in pack.prompts:
        if prompt.kind == PromptKind.TURN:
            assert len({e.term for e in prompt.emotions}) >= 2, prompt.id


def test_heavy_scenes_say_so_before_they_are_opened(pack: Pack) -> None:
    for prompt in pack.prompts:
        terms = {(e.term, e.intensity) for e in prompt.emotions}
        if any(term == "grief" or (term in ("anger", "fear") and i == Intensity.STRONG) for term, i in terms):
            assert prompt.content_notes, prompt.id


def test_practice_terms_ask_for_little_and_say_so(pack: Pack) -> None:
    assert pack.studio.id == "practice"
    assert pack.studio.url is None
    assert [u.id for u in pack.uses if u.required] == [UseId.STORE_REVIEW]
    assert all(u.why for u in pack.uses if u.required)
    assert not {u.id for u in pack.uses} & (SEPARATE_USES | {UseId.TRAIN_GENERATIVE})
    assert all(u.term == "P1Y" and u.compensation.basis == "none" for u in pack.uses)
    assert {t.language for t in pack.terms} == {"en", "de", "es"}
    assert len({t.text.count("\n\n") for t in pack.terms}) == 1, "every language has every paragraph"
