"""The stage with a recorded partner: who is heard, what is said where nobody is, and that a take rolls all the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from perfstudio.model.errors import DeviceError, ErrorCode, MediaError
from perfstudio.model.partner import ClipToPlay, PartnerWish
from perfstudio.model.prompt import PackMedia
from perfstudio.model.prompt_2 import PartnerKind, RoleName, RolePrompt
from perfstudio.session import recorder_messages as rm
from perfstudio.session.devices import PRACTICE_PAIR
from perfstudio.session.partner import asked_partner
from perfstudio.session.partner_view import PartnerView
from perfstudio.session.scene_facts import MediaFile, SceneFacts
from perfstudio.session.stage.director import Director
from perfstudio.session.views import SceneCard, SceneState, StageState
from perfstudio.texts import partner as words
from rigs.fake_stage import CARD, FakeStage, in_memory

WISH = PartnerWish(ClipToPlay(Path("clip.flac"), media="brother"), "pulse:ears")
VIEW = PartnerView("A voice", longest_s=60.0)


def media(name: str, kind: Any = "sound") -> MediaFile:
    entry = PackMedia(id=name, file=f"media/{name}.flac", kind=kind, sha256="0" * 64, about=f"About {name}")
    return MediaFile(entry, Path(f"/packs/{name}.flac"))


def card(kind: PartnerKind = PartnerKind.RECORDED, own: tuple[str, ...] = ("echo", "brother", "photo")) -> SceneCard:
    """A scene with a picture, a sound of the brief's, and two of its own."""
    prompt = RolePrompt(
        id="duet", title="Duet", situation="A room.", ends_when="it ends", partner_kind=kind, media=own, max_s=60,
        role=RoleName(id="a", name="A"), opposite=RoleName(id="b", name="B"),
    )  # fmt: skip
    files = (media("laugh"), media("photo", "image"), media("brother"), media("echo"))
    return SceneCard("pack", prompt, None, SceneState.UNTOUCHED, 0, scene=SceneFacts(media=files))


def test_the_last_sound_of_the_scene_is_the_partner_and_plays_the_other_role() -> None:
    asked = asked_partner(card(), "pulse:ears", "Ears")
    assert asked is not None
    view, wish = asked
    assert wish is not None
    assert wish.called == "Ears"
    assert (wish.clip.media, wish.clip.role, wish.headphones) == ("brother", "b", "pulse:ears")
    assert (view.about, view.problem) == ("About brother", None)


@pytest.mark.parametrize("kind", [PartnerKind.IMAGINED, PartnerKind.LIVE, PartnerKind.ANY])
def test_other_scenes_have_no_recorded_partner(kind: PartnerKind) -> None:
    assert asked_partner(card(kind), "pulse:ears") is None


@pytest.mark.parametrize(
    ("scene", "headphones", "code"),
    [(card(own=("photo",)), "pulse:ears", ErrorCode.PARTNER_NOT_IN_PACK), (card(), "", ErrorCode.HEADPHONES_UNCHOSEN)],
)
def test_why_nobody_is_heard_is_known_before(scene: SceneCard, headphones: str, code: ErrorCode) -> None:
    asked = asked_partner(scene, headphones)
    assert asked is not None
    view, wish = asked
    assert wish is None
    assert view.problem is not None
    assert view.problem.code is code
    assert words.hint(view)
    assert words.slate(view) == "no partner is heard"


@dataclass
class Duet:
    """A stage whose scenes have a partner as long as `asked` says so."""

    stage: FakeStage
    asked: dict[str, Any] = field(default_factory=lambda: {"now": (VIEW, WISH)})

    def __post_init__(self) -> None:
        stage = self.stage
        stage.director = Director(
            bus=stage.bus, recorder=stage.router, making=stage.making, timer=stage.timer, countdown_s=0,  # type: ignore[arg-type]
            partner=lambda _: self.asked["now"],
        )  # fmt: skip

    def open(self) -> None:
        self.stage.director.choose(CARD)
        self.stage.director.open(PRACTICE_PAIR)
        self.stage.settle()

    def wishes(self) -> list[PartnerWish | None]:
        return [command.wish for command in self.stage.recorder.asked if isinstance(command, rm.Partner)]


@pytest.fixture
def duet(monkeypatch: pytest.MonkeyPatch) -> Duet:
    return Duet(FakeStage(in_memory(monkeypatch)))


def test_the_recorder_is_asked_when_the_devices_are_open_and_the_page_hears_of_it(duet: Duet) -> None:
    duet.open()
    assert duet.wishes()[-1] == WISH
    shown = duet.stage.director.view.partner
    assert shown is not None
    assert (shown.seconds, shown.headphones, shown.outlasts) == (42.0, "Headphones", False)
    assert words.slate(shown) == "partner in Headphones"
    assert words.hint(shown) == ""


def test_another_scene_lets_the_partner_go(duet: Duet) -> None:
    duet.open()
    duet.asked["now"] = None
    duet.stage.director.choose(CARD)
    duet.stage.settle()
    assert duet.wishes()[-1] is None
    assert duet.stage.director.view.partner is None


@pytest.mark.parametrize(
    "problem",
    [
        DeviceError(ErrorCode.HEADPHONES_UNKNOWN, id="pulse:ears"),
        MediaError(ErrorCode.PARTNER_SILENT, file="clip.flac"),
        MediaError(ErrorCode.MEDIA_UNREADABLE, file="clip.flac"),
    ],
)
def test_a_partner_that_cannot_be_heard_is_told_and_the_take_rolls(duet: Duet, problem: DeviceError) -> None:
    duet.stage.recorder.partner, duet.stage.recorder.partner_problem = None, problem
    duet.open()
    shown = duet.stage.director.view.partner
    assert shown is not None
    assert shown.problem is problem
    assert words.hint(shown).startswith("The ")
    asked = len(duet.wishes())
    duet.stage.director.roll()
    duet.stage.settle()
    assert duet.stage.director.view.state is StageState.ROLLING
    assert len(duet.wishes()) == asked + 1, "one more try, in case the headphones are there again"


def test_headphones_that_go_while_it_rolls_end_nothing(duet: Duet) -> None:
    duet.open()
    duet.stage.director.roll()
    duet.stage.settle()
    lost = DeviceError(ErrorCode.HEADPHONES_LOST, id="Ears")
    duet.stage.recorder.say(rm.PartnerStands(duet.stage.router._opening, problem=lost))
    duet.stage.settle()
    assert duet.stage.director.view.state is StageState.ROLLING
    duet.stage.director.cut()
    duet.stage.settle()
    view = duet.stage.director.view
    assert view.state is StageState.READY
    assert "went away" in words.hint(view.partner)


def test_a_clip_that_outlasts_the_scene_is_told() -> None:
    view = PartnerView("A voice", seconds=300.0, headphones="Ears", longest_s=60.0)
    assert view.outlasts
    assert "5:00" in words.hint(view)
    assert "1:00" in words.hint(view)
