"""A colleague's clip in a home: taken in, kept until its day, and played in the one scene that it is for."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from perfstudio.library.take_row import OpenTake
from perfstudio.model.base import sha256_hex
from perfstudio.model.clip import ClipAgreed, ClipUse
from perfstudio.model.clock import utc_now
from perfstudio.model.device import PRACTICE, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import ErrorCode, MediaError, PerfstudioError
from perfstudio.model.pair import PairKind
from perfstudio.model.pair_document import PairState, PairTold
from perfstudio.model.partner import PARTNER_FILE, PartnerBegun
from perfstudio.model.prompt_2 import RolePrompt
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.paths import AppPaths
from perfstudio.session.clips.clip_file import read_clip
from perfstudio.session.clips.clip_store import KeptClip
from perfstudio.session.clips.fitting import to_play
from perfstudio.session.clips.making import make_clip
from perfstudio.session.headless.partner_choice import PartnerAsked, as_played, partner_for
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.headless.scene_choice import ChosenScene, chosen_scene
from perfstudio.session.home import Home
from perfstudio.session.takes.partner_clips import PartnerClips
from perfstudio.texts.errors import sentence
from rigs.clip_files import MADE, clip_of, made_clip
from rigs.pair_takes import heard
from rigs.take_bundles import noise

SCENE = "two-chairs/handover"
HEARD = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
EARS = "pulse:ears"


def agreed(days: float = 30, *may: ClipUse) -> ClipAgreed:
    at = utc_now()
    return ClipAgreed(
        at=at, language="en", text="It goes out.", may=may or (ClipUse.HEAR,), keep_until=at + timedelta(days=days)
    )


def take(home: Home, scene: str, role: str) -> str:
    made = record_take(home, scene, HEARD, 1.5, RecordingHooks(threading.Event()), role=role)
    home.takes.keep(made.take_id)
    return made.take_id


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The home of Ana, with a kept take; and a clip of it."""
    folder = tmp_path_factory.mktemp("ana")
    with Home(AppPaths(folder / "home")) as home:
        make_clip(home.library, home.paths.clips, take(home, SCENE, "a"), folder / "ana.perfclip", agreed())
    return folder / "home", folder / "ana.perfclip"


@pytest.fixture
def clip(recorded: tuple[Path, Path]) -> Path:
    return recorded[1]


@pytest.fixture
def bo(tmp_path: Path) -> Iterator[Home]:
    with Home(AppPaths(tmp_path / "bo")) as made:
        yield made


def chosen(home: Home, role: str = "b", scene: str = SCENE) -> ChosenScene:
    return chosen_scene(home, scene, role=role)


def why_not(home: Home, kept: KeptClip, scene: ChosenScene) -> ErrorCode | None:
    problem = home.clips.why_not(kept.clip, as_played(scene), kept.file)
    if problem is not None:
        assert kept.clip.scene.title in sentence(problem), "it is said of which clip"
    return problem.code if problem is not None else None


def test_a_clip_is_kept_once_and_played_in_its_scene_by_the_other_role(bo: Home, clip: Path) -> None:
    kept = bo.clips.store.take_in(clip)
    assert bo.clips.store.take_in(clip).folder == kept.folder
    assert [one.clip for one in bo.clips.store.all()] == [read_clip(clip)]
    assert bo.clips.for_scene(as_played(chosen(bo))) == kept
    assert bo.clips.store.of_sound(kept.clip.sound.sha256) == kept
    wish = partner_for(bo, chosen(bo), PartnerAsked(kept, EARS), pytest.fail)
    assert wish is not None
    assert wish.clip == to_play(kept)
    without = partner_for(bo, chosen(bo), PartnerAsked(None, EARS), pytest.fail)
    assert without == wish, "as the scene stands here, it is played to the clip"
    begun = PartnerBegun(
        sha256=kept.clip.sound.sha256, take_id=kept.clip.take_id, from_s=0, clip_rate_hz=48000, clip_samples=9,
        rate_hz=48000, headphones="Ears", latency_s=0.1,
    )  # fmt: skip
    (bo.paths.home / "cut" / "raw").mkdir(parents=True)
    (bo.paths.home / "cut" / "raw" / PARTNER_FILE).write_text(begun.model_dump_json())
    short = PartnerClips(bo.library, bo.shelf).of(OpenTake("cut", bo.paths.home / "cut"))
    assert short == kept.sound, "also of a take that was cut short by a kill"
    assert bo.clips.store.remove(kept)
    assert bo.clips.for_scene(as_played(chosen(bo))) is None
    assert not list(bo.paths.clips.iterdir())


def test_a_clip_is_not_played_where_a_studio_would_refuse_the_pair(bo: Home, clip: Path, tmp_path: Path) -> None:
    kept = bo.clips.store.take_in(clip)
    assert why_not(bo, kept, chosen(bo, "a")) is ErrorCode.CLIP_SAME_ROLE
    assert why_not(bo, kept, chosen(bo, "b", "two-chairs/three-words")) is ErrorCode.CLIP_OTHER_SCENE
    scene = chosen(bo)
    assert isinstance(scene.prompt, RolePrompt)
    later = scene.prompt.model_copy(update={"situation": "Another one."})
    assert why_not(bo, kept, ChosenScene(scene.source, later, "en")) is ErrorCode.CLIP_OTHER_WORDS
    for role, other in (("a", SCENE), ("b", "two-chairs/three-words")):
        assert bo.clips.for_scene(as_played(chosen(bo, role, other))) is None
        with pytest.raises(MediaError):
            partner_for(bo, chosen(bo, role, other), PartnerAsked(kept, EARS), pytest.fail)
    assert why_not(bo, kept, scene) is None


def test_a_clip_whose_day_is_over_is_neither_taken_in_nor_kept(bo: Home, clip: Path, tmp_path: Path) -> None:
    kept = bo.clips.store.take_in(clip)
    assert bo.clips.store.all(at=kept.clip.agreed.keep_until) == ()
    assert not kept.folder.exists()
    old = made_clip(tmp_path, agreed=ClipAgreed(at=MADE, language="en", text="x", may=("hear",), keep_until=MADE))
    with pytest.raises(MediaError) as lapsed:
        bo.clips.store.take_in(old)
    assert lapsed.value.code is ErrorCode.CLIP_LAPSED
    assert "March 2026" in sentence(lapsed.value)
    assert not list(bo.paths.clips.iterdir())


def test_media_that_are_none_are_not_taken_in(bo: Home, tmp_path: Path) -> None:
    later = ClipAgreed(at=MADE, language="en", text="x", may=("hear",), keep_until=utc_now() + timedelta(days=9))
    with pytest.raises(MediaError) as refused:
        bo.clips.store.take_in(made_clip(tmp_path, agreed=later))
    assert refused.value.code in (ErrorCode.MEDIA_UNREADABLE, ErrorCode.CLIP_INVALID), "noise may begin like a FLAC"
    assert not list(bo.paths.clips.iterdir())


def test_a_clip_that_its_performer_took_back_at_the_studio_is_played_no_more_and_deleted(bo: Home, clip: Path) -> None:
    kept, answer = bo.clips.store.take_in(clip), take(bo, SCENE, "b")
    told = PairTold(
        studio_id="practice", pair_id="12345678-1234-1234-1234-123456789abc", kind=PairKind.RECORDED, take_id=answer,
        partner_take_id=kept.clip.take_id, state=PairState.CLOSED, partner_gone_at=utc_now(), changed_at=utc_now(),
    )  # fmt: skip
    bo.library.pairs.keep(answer, [told.model_copy(update={"partner_gone_at": None, "changed_at": MADE})])
    assert why_not(bo, kept, chosen(bo)) is None
    bo.library.pairs.keep(answer, [told])
    assert why_not(bo, kept, chosen(bo)) is ErrorCode.CLIP_TAKEN_BACK
    assert bo.clips.for_scene(as_played(chosen(bo))) is None
    assert not kept.folder.exists()
    again = bo.clips.store.take_in(clip)
    with pytest.raises(PerfstudioError) as refused:
        partner_for(bo, chosen(bo), PartnerAsked(again, EARS), pytest.fail)
    assert refused.value.code is ErrorCode.CLIP_TAKEN_BACK
    assert bo.library.manifest(answer).ended, "what was played to it stays"


def test_ones_own_clip_is_played_until_its_take_is_gone(recorded: tuple[Path, Path], tmp_path: Path) -> None:
    shutil.copytree(recorded[0], tmp_path / "ana")
    with Home(AppPaths(tmp_path / "ana")) as ana:
        kept = ana.clips.store.take_in(recorded[1])
        assert why_not(ana, kept, chosen(ana)) is None
        ana.takes.bin(kept.clip.take_id)
        assert why_not(ana, kept, chosen(ana)) is ErrorCode.CLIP_TAKE_GONE
        ana.takes.empty_bin()
        assert why_not(ana, kept, chosen(ana)) is ErrorCode.CLIP_TAKE_GONE


@pytest.mark.parametrize("may", [(ClipUse.HEAR,), (ClipUse.HEAR, ClipUse.SEE)], ids=["heard", "seen"])
def test_review_finds_the_colleague_beside_a_take_as_far_as_they_allowed_it(bo: Home, may: tuple[ClipUse, ...]) -> None:
    clip = clip_of(noise(1, 5000), noise(2, 9000), agreed=agreed(30, *may))
    folder = bo.paths.clips / sha256_hex(clip.canonical())
    folder.mkdir(parents=True)
    for name, data in (
        ("clip.json", clip.canonical()),
        ("sound.flac", noise(1, 5000)),
        ("picture.mp4", noise(2, 9000)),
    ):
        (folder / name).write_bytes(data)
    (kept,) = bo.clips.store.all()
    manifest = bo.library.manifest(take(bo, SCENE, "b"))
    assert isinstance(manifest, TakeManifest2)
    partner = heard(manifest, sha256=clip.sound.sha256, take_id=clip.take_id)
    side = bo.sides.of(manifest.model_copy(update={"partner": partner}))
    assert side is not None
    assert side.film is not None
    assert clip.picture is not None
    is_seen = ClipUse.SEE in may
    assert (side.film.sound, side.film.picture) == (kept.sound, kept.picture if is_seen else None)
    assert not is_seen or side.film.picture_from_s == clip.picture.first_s
    bo.clips.store.remove(kept)
    gone = bo.sides.of(manifest.model_copy(update={"partner": partner}))
    assert gone is not None
    assert gone.film is None


def test_a_clip_without_headphones_is_said_before_anything_rolls(bo: Home, clip: Path) -> None:
    kept = bo.clips.store.take_in(clip)
    with pytest.raises(PerfstudioError) as refused:
        partner_for(bo, chosen(bo), PartnerAsked(kept), pytest.fail)
    assert refused.value.code is ErrorCode.HEADPHONES_UNCHOSEN
    assert "Name them with --headphones" in sentence(refused.value), "whoever types has no green room"
    told: list[PerfstudioError] = []
    assert partner_for(bo, chosen(bo), PartnerAsked(None), told.append) is None
    assert [problem.code for problem in told] == [ErrorCode.HEADPHONES_UNCHOSEN], (
        "and one that is not named is not heard"
    )


def test_what_a_kill_left_is_no_clip_and_what_is_damaged_is_not_played(bo: Home, clip: Path) -> None:
    kept = bo.clips.store.take_in(clip)
    (bo.paths.clips / ".taking-12345678").mkdir()
    (bo.paths.clips / "else").mkdir()
    kept.sound.write_bytes(b"x")
    assert bo.clips.store.all() == ()
    assert bo.clips.store.take_in(clip).sound.stat().st_size == kept.clip.sound.size, "taken in anew"
