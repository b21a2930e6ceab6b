"""A take that is recorded without a window and with a partner: heard, written down, and looked for in the sound."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfstudio.model.checks import CheckCode, Verdict
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode, LibraryError, MediaError, PerfstudioError
from perfstudio.model.pair import PairProblem
from perfstudio.model.partner import PartnerReady
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.paths import AppPaths
from perfstudio.session.headless.partner_choice import PartnerAsked, partner_for
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.headless.scene_choice import chosen_scene
from perfstudio.session.home import Home
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.session.takes.verify_pair import verify_pair
from perfstudio.texts import pair_verified
from perfstudio.texts import partner as partner_words
from rigs.partner import add_ears
from rigs.pulse import PulseServer, speech

SCENE = "the-letter"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(AppPaths(tmp_path / "home")) as made:
        yield made


def told_and_ready() -> tuple[list[PerfstudioError], list[PartnerReady], RecordingHooks]:
    told: list[PerfstudioError] = []
    ready: list[PartnerReady] = []
    return told, ready, RecordingHooks(threading.Event(), ready=ready.append, partner=told.append)


@pytest.mark.realtime
def test_a_named_clip_is_heard_and_its_bleed_is_measured_without_being_asked(home: Home, tmp_path: Path) -> None:
    clip = speech(tmp_path, 4.0)
    with PulseServer() as server, server.chosen():
        ears = add_ears(server)
        pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=f"{ears}.monitor"))
        told, ready, watch = told_and_ready()
        named = PartnerAsked(str(clip), ears)
        made = record_take(home, SCENE, pair, 3.5, watch, partner=named)
        assert isinstance(made, TakeManifest2)
        assert made.partner is not None
        assert ready[0].seconds == pytest.approx(4.0, abs=0.01)
        assert not told
        bleed = next(check for check in made.checks if check.code is CheckCode.BLEED)
        assert bleed.verdict is Verdict.RETAKE, "the microphone hears nothing but the partner"
        first = made.take_id
        again = record_take(home, SCENE, pair, 3.0, watch, partner=PartnerAsked(f"{SCENE}/1", ears))
    assert isinstance(again, TakeManifest2)
    assert again.partner is not None
    assert (again.partner.take_id, again.partner.seal_sha256) == (first, made.seal_sha256), "a pair"
    sound = next(entry for entry in made.files if entry.name == "audio.flac")
    assert again.partner.sha256 == sound.sha256, "linked by hash"
    assert made.trim.in_s is not None
    assert again.partner.first_heard_sample == round(made.trim.in_s * 48000), "from its go on"
    both_ways(home.library.folder(first), home.library.folder(again.take_id), again)


def both_ways(asked: Path, answer: Path, again: TakeManifest2) -> None:
    """`verify` reckons it again, alone and beside the other take, and notices when it was written otherwise."""
    assert again.partner is not None
    assert verify_bundle(answer).problems == ()
    assert f"within {again.partner.bound_s * 1000:.0f} ms" in partner_words.written(again.partner)
    found = verify_pair(asked, answer)
    assert not found.problems
    assert found == replace(verify_pair(answer, asked), sides=found.sides), "in either order"
    assert found.alignment is not None
    assert found.alignment.offset_s == again.partner.offset_s
    assert found.sound_agrees, found
    assert pair_verified.holds(found)[-1].startswith("The sound confirms it")
    lie = again.partner.model_copy(update={"offset_s": again.partner.offset_s + 0.2})
    told = again.model_copy(update={"partner": lie}).sealed()
    (answer / "take.json").write_bytes(told.canonical())
    assert "partner_differs" in {str(problem.facts.get("problem")) for problem in verify_bundle(answer).problems}
    assert verify_pair(asked, answer).sound_agrees is False
    alone = again.model_copy(update={"partner": None}).sealed()
    (answer / "take.json").write_bytes(alone.canonical())
    assert verify_pair(asked, answer).problems == (PairProblem.TAKE_DIFFERS,)


def test_what_cannot_be_played_is_refused_before_anything_is_recorded(home: Home, tmp_path: Path) -> None:
    scene = chosen_scene(home, SCENE)
    text = tmp_path / "notes.txt"
    text.write_text("no sound")
    torn = tmp_path / "torn.wav"
    torn.write_bytes(b"RIFF" + bytes(60))
    tried: list[tuple[PartnerAsked, ErrorCode]] = [
        (PartnerAsked("clip.wav"), ErrorCode.HEADPHONES_UNCHOSEN),
        (PartnerAsked(str(text), "pulse:ears"), ErrorCode.PARTNER_KIND),
        (PartnerAsked(str(torn), "pulse:ears"), ErrorCode.MEDIA_UNREADABLE),
        (PartnerAsked("nothing-of-that-name", "pulse:ears"), ErrorCode.TAKE_UNKNOWN),
    ]
    for named, code in tried:
        with pytest.raises((MediaError, DeviceError, LibraryError)) as problem:
            partner_for(home, scene, named, lambda _: None)
        assert problem.value.code is code


def test_a_scene_without_a_recorded_partner_plays_nothing(home: Home) -> None:
    assert partner_for(home, chosen_scene(home, SCENE), PartnerAsked(None, "pulse:ears"), pytest.fail) is None
