"""Packs of version 2: light scenes, roles with secrets of their own, sections, languages, tags; version 1 as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from packs_made import media_of, pack, png, prompt, wav, zipped

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.jws import SigningKey
from perfstudio.model.pack_2 import AnyPack, Pack2, as_role, brief_of, in_order, languages_of, roles_of
from perfstudio.model.prompt_2 import RolePrompt, first_words
from perfstudio.packs.content_tags import content_tags, tag_ids
from perfstudio.packs.gaps import PackGap, gaps
from perfstudio.packs.known_languages import is_known
from perfstudio.packs.pack_store import PackStore
from perfstudio.packs.reader import parse, read_pack
from perfstudio.packs.signature import make_signature
from perfstudio.packs.tagging import tags_of
from perfstudio.resources import asset
from perfstudio.texts.errors import sentence
from rigs.duet_pack import LIGHT, duet, pack_2

TAKES = Path(__file__).parents[1] / "library" / "data" / "takes-0.1.0"


def read(**changes: Any) -> AnyPack:
    return parse(json.dumps(pack_2(**changes)).encode(), "a.perfpack")[0]


def refusal(**changes: Any) -> PackError:
    with pytest.raises(PackError) as refused:
        read(**changes)
    return refused.value


def test_version_1_is_what_it_was() -> None:
    """Its hashes are those that takes of 0.1.0 carry, of which the signatures hang."""
    found = read_pack(asset("packs", "practice"))
    takes = [json.loads(file.read_bytes())["prompt"] for file in TAKES.glob("*/take.json")]
    assert takes
    for shown in takes:
        assert found.sha256 == shown["pack_sha256"]
        again = found.pack.prompt(shown["prompt"]["id"])
        assert again is not None
        assert again.digest() == shown["prompt_sha256"]
        assert again.to_json() | shown["prompt"] == again.to_json()
        brief = brief_of(found.pack, as_role(found.pack, again))
        assert brief is not None
        assert brief.digest() == shown["brief_sha256"]
        assert brief.to_json() | shown["brief"] == brief.to_json()


def test_a_pack_of_version_1_is_one_of_version_2_by_its_first_line() -> None:
    plain = json.loads(asset("packs", "practice", "pack.json").read_bytes())
    newer, _ = parse(json.dumps(plain | {"format": "perfstudio-pack/2"}).encode(), "a.perfpack")
    older, _ = parse(json.dumps(plain).encode(), "a.perfpack")
    assert isinstance(newer, Pack2)
    for was, now in zip(older.prompts, newer.prompts, strict=True):
        shown = as_role(newer, now)
        assert {name: getattr(shown, name) for name in type(was).model_fields} == dict(was)


def test_a_situation_and_an_end_are_enough() -> None:
    found = read(prompts=[LIGHT], briefs=[])
    shown = as_role(found, found.prompts[0])
    assert isinstance(shown, RolePrompt)
    assert (shown.title, shown.secret, shown.role) == ("A bus stops on the bridge", None, None)
    assert (brief_of(found, shown), roles_of(found, found.prompts[0])) == (None, ())
    for missing in ("situation", "ends_when"):
        bare = {name: value for name, value in LIGHT.items() if name != missing}
        assert refusal(prompts=[bare]).facts["where"] == f"prompts[0].{missing}"


def test_each_role_reads_its_own_and_nothing_of_the_other() -> None:
    found = read()
    scene = found.prompts[0]
    assert [role.name for role in roles_of(found, scene)] == ["Mara", "The brother"]
    for role, own, other in (("a", "She wrote it.", "He has read it."), ("b", "He has read it.", "She wrote it.")):
        shown = as_role(found, scene, role)
        assert isinstance(shown, RolePrompt)
        words = json.dumps(shown.to_json())
        assert own in words
        assert other not in words
        assert shown.opposite is not None
        assert shown.opposite.id != role
    both = json.dumps(as_role(found, scene).to_json()) + json.dumps(as_role(found, scene, "nobody").to_json())
    assert not [secret for secret in ("She wrote it.", "He has read it.", "Read it.", "Slowly.") if secret in both]
    alone = read(prompts=[duet(roles=[{"id": "a", "secret": "She wrote it."}])])
    assert as_role(alone, alone.prompts[0]).secret == "She wrote it.", "who is alone need not choose"


def test_sections_put_scenes_in_order_and_the_others_follow() -> None:
    three = [LIGHT | {"id": name} for name in ("one", "two", "three")]
    found = read(prompts=three, sections=[{"id": "s", "title": "Warm up", "prompts": ["three", "one"]}])
    assert [(section.title if section else "", scene.id) for section, scene in in_order(found)] == [
        ("Warm up", "three"), ("Warm up", "one"), ("", "two"),
    ]  # fmt: skip


def test_languages_are_the_scenes_or_the_packs_the_packs_own_first() -> None:
    found = read(prompts=[LIGHT, LIGHT | {"id": "b", "languages": ["pt-BR"]}])
    spoken = [languages_of(found, as_role(found, scene)) for scene in found.prompts]
    assert spoken == [("en", "de", "yue"), ("pt-BR",)]
    silent = read(languages=None)
    assert languages_of(silent, as_role(silent, silent.prompts[1])) == ("en",)
    assert [tag for tag in ("en", "de-AT", "yue", "cmn", "sgn-DE", "EN") if not is_known(tag)] == ["sgn-DE"]


ROLES = duet()["roles"]
BROKEN: list[tuple[dict[str, Any], str, str]] = [
    ({"prompts": [duet(roles=[ROLES[0], ROLES[1] | {"id": "a"}])]}, "prompts[0].roles[1].id", "twice"),
    ({"prompts": [duet(roles=[])]}, "prompts[0].roles", "too_few"),
    ({"prompts": [duet(roles=[ROLES[0] | {"id": x} for x in "abc"])]}, "prompts[0].roles", "too_many"),
    ({"prompts": [duet(roles=[ROLES[0] | {"brief": "bo"}])]}, "prompts[0].roles[0].brief", "no_such_brief"),
    ({"prompts": [duet(secret="All know it.")]}, "prompts[0].secret", "belongs_to_a_role"),
    ({"prompts": [duet(brief="mara")]}, "prompts[0].brief", "belongs_to_a_role"),
    ({"prompts": [duet(roles=[ROLES[0] | {"media": ["x"]}])]}, "prompts[0].roles[0].media[0]", "no_such_media"),
    ({"prompts": [LIGHT | {"brief": "bo"}]}, "prompts[0].brief", "no_such_brief"),
    ({"prompts": [LIGHT | {"situation": " "}]}, "prompts[0].situation", "blank"),
    ({"prompts": [LIGHT | {"min_s": 90, "max_s": 60}]}, "prompts[0].min_s", "min_above_max"),
    ({"prompts": [LIGHT | {"partner_kind": "ghost"}]}, "prompts[0].partner_kind", "not_one_of"),
    ({"prompts": [LIGHT | {"content_tags": []}]}, "prompts[0].content_tags", "too_few"),
    ({"prompts": [LIGHT | {"content_tags": ["greif"]}]}, "prompts[0].content_tags[0]", "no_such_tag"),
    ({"prompts": [LIGHT | {"content_tags": ["grief", "none"]}]}, "prompts[0].content_tags[1]", "none_with_tags"),
    ({"prompts": [LIGHT | {"content_tags": ["grief", "grief"]}]}, "prompts[0].content_tags[1]", "twice"),
    ({"prompts": [LIGHT | {"languages": ["xq"]}]}, "prompts[0].languages[0]", "unknown_language"),
    ({"languages": ["en", "EN"]}, "languages[1]", "pattern"),
    ({"languages": ["en", "klingonese"]}, "languages[1]", "pattern"),
    ({"languages": ["en", "qaa"]}, "languages[1]", "unknown_language"),
    ({"languages": []}, "languages", "too_few"),
    ({"sections": [{"id": "s", "title": "S", "prompts": ["duett"]}]}, "sections[0].prompts[0]", "no_such_prompt"),
    ({"sections": [{"id": "s", "title": "S", "prompts": ["bus"] * 2}]}, "sections[0].prompts[1]", "in_two_sections"),
    ({"sections": [{"id": "s", "title": "S", "prompts": [x]} for x in ("bus", "duet")]}, "sections[1].id", "twice"),
    ({"sections": [{"id": "s", "title": "S", "prompts": []}]}, "sections[0].prompts", "too_few"),
    ({"format": "perfstudio-pack/3"}, "format", "newer_format"),
    ({"prompts": [prompt(objective=None) | {"kolour": 1}]}, "prompts[0].kolour", "unknown_field"),
    ({"language": "fr"}, "terms", "terms_language_missing"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where", "problem"), BROKEN)
def test_where_and_which_rule(changes: dict[str, Any], where: str, problem: str) -> None:
    refused = refusal(**changes)
    assert (refused.code, refused.facts["where"], refused.facts["problem"]) == (
        ErrorCode.PACK_INVALID, where, problem,
    )  # fmt: skip
    said = sentence(refused)
    assert "a.perfpack" in said
    assert problem not in said or "_" not in problem, "in words"


def test_what_was_perhaps_meant_is_said() -> None:
    assert "“grief”" in sentence(refusal(prompts=[LIGHT | {"content_tags": ["greif"]}]))
    assert "“duet”" in sentence(refusal(sections=[{"id": "s", "title": "S", "prompts": ["duett"]}]))
    assert "Update this one" in sentence(refusal(format="perfstudio-pack/3"))


def test_it_is_imported_signed_and_kept_like_any_other(shelf: PackStore, tmp_path: Path) -> None:
    sound = wav()
    whole = pack_2(media=[media_of("rain.wav", sound, "sound")], prompts=[duet(media=["rain"])])
    words = zipped(tmp_path / "a.perfpack", whole, {"media/rain.wav": sound})
    sha256 = read_pack(words).sha256
    key = SigningKey.generate()
    members = {"media/rain.wav": sound, "signature.json": make_signature(sha256, key)}
    shelf.import_pack(zipped(tmp_path / "b.perfpack", whole, members))
    kept = PackStore(shelf._root, [tmp_path / "bundled"]).pack("evening")
    assert (kept.sha256, kept.signed_by) == (sha256, key.public_key)
    assert kept.file("rain") is not None
    with pytest.raises(PackError) as refused:
        shelf.import_pack(zipped(tmp_path / "c.perfpack", pack_2(summary="Other words.")))
    assert refused.value.code in (ErrorCode.PACK_CHANGED, ErrorCode.PACK_UNSIGNED)


def test_media_are_judged_as_in_version_1(tmp_path: Path) -> None:
    sound = wav()
    rows: list[tuple[str, str, bytes, ErrorCode, str]] = [
        ("image", "rain.wav", sound, ErrorCode.PACK_INVALID, "not a kind of file"),
        ("sound", "rain.wav", b"<svg/>", ErrorCode.PACK_INVALID, "not a kind of file"),
        ("image", "huge.png", png(60_000, 1), ErrorCode.PACK_TOO_LARGE, "pixels"),
        ("sound", "rain.wav", b"", ErrorCode.PACK_INVALID, "it is missing"),
    ]
    for kind, name, data, code, words in rows:
        whole = pack_2(media=[media_of(name, data, kind)])
        with pytest.raises(PackError) as refused:
            read_pack(zipped(tmp_path / "a.perfpack", whole, {f"media/{name}": data} if data else {}))
        assert refused.value.code is code
        assert words in sentence(refused.value)
        assert "a.perfpack" in sentence(refused.value)


def test_the_published_list_defines_every_tag_once_in_plain_words() -> None:
    tags = content_tags()
    assert len(tag_ids()) == len(tags) == len({tag.name for tag in tags}) >= 30
    assert [tag.id for tag in tags] == sorted(tag.id for tag in tags)
    assert not [tag.id for tag in tags if not tag.means.endswith(".") or len(tag.means) < 25 or tag.id == "none"]
    assert "none" not in tag_ids()


def test_every_scene_of_the_practice_room_says_what_it_touches() -> None:
    found = read_pack(asset("packs", "practice"))
    said = {scene.id: tags_of(found, scene) for scene in found.pack.prompts}
    assert None not in said.values()
    assert not {tag for tags in said.values() for tag in tags or ()} - tag_ids()
    assert said["the-hamster"] == ("animal-harm",)
    assert said["trade-fair"] == ()
    assert gaps(found) == {}


def test_what_a_sound_pack_leaves_unsaid_is_counted(tmp_path: Path) -> None:
    found = read_pack(zipped(tmp_path / "a.perfpack", pack_2(prompts=[duet(), LIGHT | {"partner_kind": "recorded"}])))
    assert gaps(found) == {
        PackGap.CONTENT_TAGS: ("bus",),
        PackGap.TITLE: ("bus",),
        PackGap.BRIEF: ("duet", "bus"),
        PackGap.LINE: ("bus",),
        PackGap.PARTNER_PAY: ("duet",),
        PackGap.RECORDING: ("bus",),
    }
    said = [terms | {"if_partner_takes_back": "You are paid."} for terms in pack_2()["terms"]]
    for number, terms in enumerate((said, [*said[:-1], pack_2()["terms"][-1]])):
        told = read_pack(zipped(tmp_path / f"{number}.perfpack", pack_2(terms=terms)))
        assert (PackGap.PARTNER_PAY in gaps(told)) == bool(number), "in every language"
    older = read_pack(zipped(tmp_path / "b.perfpack", pack()))
    assert gaps(older) == {PackGap.CONTENT_TAGS: ("the-letter", "the-door")}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A bus stops. Nobody gets off.", "A bus stops"),
        (
            "One two three four five six seven eight nine ten eleven twelve",
            "One two three four five six seven eight nine…",
        ),
        ("雨が降る。誰も来ない。", "雨が降る"),
        ("x" * 90, "x" * 47 + "…"),
        ("...", "..."),
    ],
)
def test_the_first_words_stand_for_a_title(text: str, title: str) -> None:
    assert first_words(text) == title
