"""A take that was played to a partner and cut short by a kill: how much of the partner is heard is measured when it is
made whole, as after any cut."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.library.take_row import OpenTake
from perfstudio.model.checks import CheckCode, Verdict
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.partner import PARTNER_FILE, PartnerBegun
from perfstudio.model.take import EndReason
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.paths import AppPaths
from perfstudio.session.headless.partner_choice import PartnerAsked, partner_for
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.headless.scene_choice import chosen_scene
from perfstudio.session.home import Home
from perfstudio.session.played_files import PlayedFiles
from perfstudio.session.takes.partner_clips import PartnerClips
from perfstudio.session.takes.recovery import recover_unsealed
from rigs.gig_packs import gig_pack
from rigs.pair_takes import draft, pack
from rigs.partner import add_ears
from rigs.pulse import PulseServer, speech

SCENE = "the-letter"
KILLED = """
import sys, threading
from pathlib import Path
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.paths import AppPaths
from perfstudio.session.headless.partner_choice import PartnerAsked
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
place, scene, ears = sys.argv[1:]
pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=f"{ears}.monitor"))
hooks = RecordingHooks(threading.Event(), status=lambda status, _: print(status.elapsed_s, flush=True))
with Home(AppPaths(Path(place))) as home:
    record_take(home, scene, pair, 60.0, hooks, partner=PartnerAsked(f"{scene}/1", ears))
"""
"""A recording that goes on until it is killed, played to the scene's first take."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(AppPaths(tmp_path / "home")) as made:
        yield made


def roll_and_kill(place: Path, ears: str, seconds: float) -> None:
    """A second program records, and is killed once so much is in the take."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", KILLED, str(place), SCENE, ears]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env) as program:
        assert program.stdout is not None
        try:
            assert any(float(line) >= seconds for line in program.stdout), "it ended by itself"
        finally:
            program.kill()


@pytest.mark.realtime
def test_what_the_microphone_heard_of_the_partner_is_measured_after_a_kill(home: Home, tmp_path: Path) -> None:
    with PulseServer() as server, server.chosen():
        ears = add_ears(server)
        pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=f"{ears}.monitor"))
        asked = PartnerAsked(str(speech(tmp_path, 3.0)), ears)
        first = record_take(home, SCENE, pair, 2.5, RecordingHooks(threading.Event()), partner=asked)
        roll_and_kill(home.paths.home, ears, 3.3)
    clips = PartnerClips(home.library, home.shelf)
    found = recover_unsealed(home.library, clip_of=clips.of)
    assert found.left == ()
    (take_id,) = found.recovered
    made = home.library.manifest(take_id)
    assert isinstance(made, TakeManifest2)
    assert made.ended is EndReason.RECOVERED
    assert made.partner is not None
    assert made.partner.take_id == first.take_id
    bleed = next(check for check in made.checks if check.code is CheckCode.BLEED)
    assert bleed.verdict is Verdict.RETAKE, "the microphone hears nothing but the partner"


def unfinished(folder: Path, **begun: object) -> OpenTake:
    """A take that was begun with a partner."""
    facts = {"sha256": "0" * 64, "from_s": 0.0, "clip_rate_hz": 48000, "clip_samples": 9, "rate_hz": 48000}
    whole = PartnerBegun.model_validate(facts | {"headphones": "Ears", "latency_s": 0.1} | begun)
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / PARTNER_FILE).write_text(whole.model_dump_json())
    return OpenTake("take", folder)


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_file_that_was_named_is_found_again_while_it_is_the_same(home: Home, tmp_path: Path) -> None:
    file, earlier = speech(tmp_path, 1.0), tmp_path / "earlier.wav"
    earlier.write_bytes(b"another")
    clips, named = PartnerClips(home.library, home.shelf), PartnerAsked(str(file), "pulse:ears")
    opened = unfinished(tmp_path / "cut", sha256=sha256(file))
    assert clips.of(opened) is None
    wish = partner_for(home, chosen_scene(home, SCENE), named, pytest.fail)
    assert wish is not None
    played = PlayedFiles(home.paths.played_files)
    played.note(earlier)
    assert clips.of(opened) == wish.clip.file == file
    file.write_bytes(b"changed since")
    assert clips.of(opened) is None
    home.paths.played_files.write_bytes(b"{")
    played.note(earlier)
    assert clips.of(unfinished(tmp_path / "other", sha256=sha256(earlier))) == earlier, "damaged: begun anew"


def test_the_clip_of_a_pack_is_found_again(home: Home, tmp_path: Path) -> None:
    home.shelf.import_pack(gig_pack("harbour", tmp_path))
    file = next(one for one in home.shelf.packs() if one.pack.media)
    (media,) = [one for one in file.pack.media if one.kind == "sound"]
    manifest = draft("a", pack(), "somebody")
    shown = manifest.prompt.model_copy(update={"pack_sha256": file.sha256})
    begun = unfinished(tmp_path / "cut", media=media.id, sha256=media.sha256)
    opened = OpenTake("take", begun.folder, manifest.model_copy(update={"prompt": shown}))
    found = PartnerClips(home.library, home.shelf).of(opened)
    assert found is not None
    assert sha256(found) == media.sha256


def test_only_the_very_bytes_that_were_played_are_the_clip(home: Home, tmp_path: Path) -> None:
    clips = PartnerClips(home.library, home.shelf)
    assert clips.of(OpenTake("take", tmp_path)) is None, "played alone"
    torn = unfinished(tmp_path / "torn")
    (torn.folder / "raw" / PARTNER_FILE).write_text("{")
    assert clips.of(torn) is None
    assert clips.of(unfinished(tmp_path / "file")) is None, "a file that nobody knows of"
    assert clips.of(unfinished(tmp_path / "gone", take_id="0" * 26)) is None, "a take that is not here"


@pytest.mark.realtime
def test_a_clip_that_was_changed_since_is_another_one(home: Home, tmp_path: Path) -> None:
    pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id="practice"))
    take_id = record_take(home, SCENE, pair, 0.5, RecordingHooks(threading.Event())).take_id
    sound = home.library.folder(take_id) / "audio.flac"
    clips = PartnerClips(home.library, home.shelf)
    opened = unfinished(tmp_path / "of-a-take", take_id=take_id, sha256=hashlib.sha256(sound.read_bytes()).hexdigest())
    assert clips.of(opened) == sound
    shutil.copy(speech(tmp_path, 1.0), sound)
    assert clips.of(opened) is None
