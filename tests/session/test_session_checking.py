"""What a take's own manifest brings to its check: the partner clip that was played, the pack's limits, the intended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from perfstudio.capture.practice.voice import speech_loop
from perfstudio.model.base import sha256_hex
from perfstudio.model.checks import CheckCode, CheckResult, StricterLimit, Verdict
from perfstudio.model.ids import new_id
from perfstudio.model.take import FILE_NAMES, FileEntry, FileRole, TakeManifest
from perfstudio.model.take_reading import read_take
from perfstudio.model.two_in_a_scene import RecordedPartner
from perfstudio.session.headless.check import CheckRequest, check_path
from rigs.take_bundles import manifest_of

RATE = 48000
BEGAN_S = 3.0


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "partner.wav"
    soundfile.write(path, speech_loop(2)[: 8 * RATE], RATE)
    return path


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory, clip: Path) -> Path:
    """A take of sound in which the partner's clip is heard from three seconds on, and that says so."""
    folder = tmp_path_factory.mktemp("take")
    partner, rate = soundfile.read(clip)
    heard = np.resize(speech_loop(1), 14 * rate) * 0.5
    heard[round(BEGAN_S * rate) :][: len(partner)] += 0.25 * partner
    sound = folder / FILE_NAMES[FileRole.SOUND]
    soundfile.write(sound, heard, rate)
    data = sound.read_bytes()
    entry = FileEntry(role=FileRole.SOUND, name=sound.name, size=len(data), sha256=sha256_hex(data))
    played = RecordedPartner(
        media="brother", sha256=sha256_hex(clip.read_bytes()), first_heard_sample=0, offset_s=BEGAN_S,
        until_s=BEGAN_S + 8,
        bound_s=0.03, constant_s=0.1, measured_by="reported_latency", headphones="Ears",
    )  # fmt: skip
    write(folder, manifest_of(new_id(), (entry,)).model_copy(update={"partner": played}))
    return folder


def write(folder: Path, manifest: TakeManifest) -> None:
    (folder / FILE_NAMES[FileRole.MANIFEST]).write_text(manifest.model_dump_json())


def checked(take: Path, wish: CheckRequest) -> dict[CheckCode, CheckResult]:
    return {result.code: result for result in check_path(take, wish)}


def test_the_clip_that_was_played_is_looked_for_when_its_pack_is_here(take: Path, clip: Path) -> None:
    asked: list[TakeManifest] = []

    def played(manifest: TakeManifest) -> Path:
        asked.append(manifest)
        return clip

    bleed = checked(take, CheckRequest(played=played))[CheckCode.BLEED]
    assert asked[0].partner is not None
    assert bleed.verdict is not Verdict.GOOD
    assert bleed.times[0].start_s == pytest.approx(BEGAN_S, abs=0.1)


def test_without_the_pack_nothing_is_said_and_a_named_clip_is_taken_from_where_the_take_says(
    take: Path, clip: Path
) -> None:
    assert CheckCode.BLEED not in checked(take, CheckRequest())
    bleed = checked(take, CheckRequest(partner=clip))[CheckCode.BLEED]
    assert bleed.times[0].start_s == pytest.approx(BEGAN_S, abs=0.1)


def test_the_pack_s_limits_and_what_was_intended_hold_again(take: Path) -> None:
    manifest = read_take((take / FILE_NAMES[FileRole.MANIFEST]).read_bytes())
    asked = StricterLimit(code=CheckCode.SPEECH, look_low=600.0)
    prompt = manifest.prompt.model_copy(update={"limits": (asked,), "pack_title": "Long scenes"})
    write(take, manifest.model_copy(update={"prompt": prompt, "intended": (CheckCode.SPEECH,)}))
    speech = checked(take, CheckRequest())[CheckCode.SPEECH]
    assert (speech.verdict, speech.source, speech.intended) == (Verdict.LOOK, "pack: Long scenes", True)
