"""What is given for a partner's clip, and headphones that are not there: heard, or one clear sentence before anything
rolls, for the verb and for the window; and the take that rolls is kept."""

from __future__ import annotations

import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.playing.partner_sound import PartnerSound, read_partner
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode, PerfstudioError
from perfstudio.model.partner import PartnerReady
from perfstudio.paths import AppPaths
from perfstudio.session.headless.partner_choice import PartnerAsked, partner_for
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.headless.scene_choice import chosen_scene
from perfstudio.session.home import Home
from perfstudio.texts import partner as words
from perfstudio.texts.errors import sentence
from rigs import small_media
from rigs.partner import add_ears, click_clip
from rigs.practice_clip import write_clip
from rigs.pulse import PulseServer
from rigs.waiting import until

SCENE = "the-letter"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(AppPaths(tmp_path / "home")) as made:
        yield made


def loud(path: Path, *, rate: int = 48000, channels: int = 1, width: int = 2, seconds: float = 1.0) -> Path:
    """A WAV file of a tone."""
    tone = np.sin(np.arange(round(rate * seconds)) * 2 * np.pi * 440 / rate)[:, None].repeat(channels, 1)
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(
            ((tone + 1) * 127).astype("u1").tobytes() if width == 1 else (tone * 9000).astype("<i2").tobytes()
        )
    return path


def part(path: Path, whole: Path, share: float) -> Path:
    """The beginning of another file."""
    data = whole.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    return path


def silent(path: Path) -> Path:
    loud(path)
    path.write_bytes(path.read_bytes()[:44] + bytes(96000))
    return path


def text(path: Path) -> Path:
    path.write_text("Anna: I did not come back for the money.\n" * 40, "utf-8")
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


HEARD: dict[str, Callable[[Path], Path]] = {
    "a film with sound.mp4": lambda path: (write_clip(path, 1.0, size=(160, 90)), path)[1],
    "eight bits.wav": lambda path: loud(path, width=1),
    "eight kilohertz.wav": lambda path: loud(path, rate=8000),
    "six channels.wav": lambda path: loud(path, channels=6),
    "lossless.flac": small_media.flac,
    "SHOUTED.WAV": loud,
}
NOT_HEARD: dict[str, tuple[Callable[[Path], Path], ErrorCode]] = {
    "a song.mp3": (loud, ErrorCode.PARTNER_KIND),
    "notes.txt": (text, ErrorCode.PARTNER_KIND),
    "a text.wav": (text, ErrorCode.MEDIA_UNREADABLE),
    "half.wav": (lambda path: part(path, loud(path.with_name("whole.wav")), 0.5), ErrorCode.MEDIA_UNREADABLE),
    "half.flac": (
        lambda path: part(path, small_media.flac(path.with_name("whole.flac")), 0.5), ErrorCode.MEDIA_UNREADABLE,
    ),
    "empty.wav": (empty, ErrorCode.MEDIA_UNREADABLE),
    "no sound in it.mp4": (small_media.film, ErrorCode.PARTNER_NO_SOUND),
    "silent.wav": (silent, ErrorCode.PARTNER_SILENT),
}  # fmt: skip


def heard(home: Home, clip: Path) -> PartnerSound:
    """What will be played of a file that was named."""
    wish = partner_for(home, chosen_scene(home, SCENE), PartnerAsked(str(clip), "pulse:ears"), pytest.fail)
    assert wish is not None
    return read_partner(wish.clip, 48000)


@pytest.mark.parametrize("name", HEARD)
def test_what_can_be_heard_is_heard_whatever_its_form(home: Home, tmp_path: Path, name: str) -> None:
    clip = HEARD[name](tmp_path / name)
    sound = heard(home, clip)
    assert sound.frames / 48000 > 0.9
    assert np.abs(np.frombuffer(sound.samples, "<i2")).max() > 300


@pytest.mark.parametrize("name", NOT_HEARD)
def test_what_cannot_be_heard_is_one_clear_sentence_and_stays_as_it_was(home: Home, tmp_path: Path, name: str) -> None:
    """The verb looks at a file first; the window's come out of a pack, and the recorder decodes either before it
    rolls."""
    make, code = NOT_HEARD[name]
    clip = make(tmp_path / name)
    before = clip.read_bytes()
    with pytest.raises(PerfstudioError) as problem:
        heard(home, clip)
    assert problem.value.code is code
    said = sentence(problem.value)
    assert f"“{name}”" in said
    assert "\n" not in said
    assert clip.read_bytes() == before


def test_a_clip_that_is_longer_than_the_take_is_told() -> None:
    ready = PartnerReady(95.0, "Ears")
    assert words.ready_for_take(ready, 60.0).startswith(words.heard(95.0, "Ears"))
    assert words.ready_for_take(ready, 60.0).endswith("The take lasts 1:00, and ends before the clip does.")
    assert words.ready_for_take(ready, float("inf")) == words.heard(95.0, "Ears")


@pytest.mark.realtime
def test_headphones_that_are_pulled_out(home: Home, tmp_path: Path) -> None:
    """Before the roll a clip that was named is not played to nobody; in the middle the take goes on, and is kept."""
    clip = click_clip(tmp_path / "clip.wav", 20.0)
    told: list[PerfstudioError] = []
    with PulseServer() as server, server.chosen():
        server.add_null_source("mic")
        ears = add_ears(server)
        module = server.control("list", "short", "modules").splitlines()[-1].split("\t")[0]
        add_ears(server, "speakers")
        pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id="pulse:mic"))
        asked = PartnerAsked(str(clip), ears)
        stop = threading.Event()

        def look(status: object, _: object) -> None:
            if status.elapsed_s > 0.5 and not told:  # type: ignore[attr-defined]
                server.control("unload-module", module)
                until(lambda: told, "that it was noticed")
                stop.set()

        kept = record_take(
            home, SCENE, pair, 60.0, RecordingHooks(stop, status=look, partner=told.append), partner=asked
        )
        assert [problem.code for problem in told] == [ErrorCode.HEADPHONES_LOST]
        assert (kept.duration_s or 0.0) > 0.5
        with pytest.raises(DeviceError) as problem:
            record_take(home, SCENE, pair, 60.0, RecordingHooks(stop), partner=asked)
    assert problem.value.code is ErrorCode.HEADPHONES_UNKNOWN
    assert len(home.takes.lines()) == 1, "nothing was recorded without them"
    assert home.library.unsealed() == ()
