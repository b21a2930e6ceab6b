"""`consent sign` where the pack asks for a statement to be read aloud: read at the terminal, or brought as a file."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture import open_device
from perfstudio.capture.devices.camera import LostCall
from perfstudio.capture.devices.microphone import AudioBlock, BlockSink
from perfstudio.capture.practice.voice import speech_loop
from perfstudio.cli import enter_key, passphrase
from perfstudio.cli.main import run
from perfstudio.consent import keyfile, vault
from perfstudio.model.device import PRACTICE, DeviceKind, DeviceSelection, MicrophoneGranted, MicrophoneRequest
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.paths import AppPaths
from perfstudio.session.headless import read_aloud
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from rigs.asking_pack import write_pack
from rigs.read_aloud import STATEMENT, WITH_NAME, reading, speaking_pack

TAKE, RATE = "own-door/1", 48_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one kept take of a pack that wants its statement read."""
    root = tmp_path_factory.mktemp("aloud")
    with Home(AppPaths(root), use_keyring=False) as home:
        home.scenes.import_pack(write_pack(root / "p.perfpack", speaking_pack()))
        alone = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
        home.takes.keep(record_take(home, "own-door", alone, 0.5, RecordingHooks(threading.Event())).take_id)
    return root


class Desk:
    """A performer at a terminal."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys

    def sign(self, *more: str, uses: str = "store_review", adult: bool = True) -> tuple[int, str, str]:
        words = ("consent", "sign", TAKE, "--uses", uses, "--name", "Ines", "--thought-over", uses)
        code = run([*words, *(("--adult",) if adult else ()), *more, "--home", str(self.home)])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def signed(self) -> bool:
        return any(self.home.glob("takes/*/consent.json")) or any(self.home.glob("takes/*/spoken-consent.flac"))


@pytest.fixture
def desk(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    shutil.copytree(made, tmp_path / "home")
    (tmp_path / "passphrase.txt").write_text("three calm horses\n")
    monkeypatch.setattr(vault, "REAL_BACKENDS", ())
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)
    monkeypatch.setenv(passphrase.VARIABLE, str(tmp_path / "passphrase.txt"))
    return Desk(tmp_path / "home", capsys)


def test_a_recording_that_is_brought(desk: Desk, tmp_path: Path) -> None:
    """The words are shown whole, nothing is signed without them, and the verb says what is wrong with the file."""
    code, said, told = desk.sign()
    assert (code, desk.signed()) == (1, False)
    assert STATEMENT in said
    assert WITH_NAME in said
    assert "`--read-aloud` records you" in told
    assert "`--spoken FILE`" in told
    silent = reading(tmp_path / "silent.wav", 2.0, level=0.0)
    for file, why in ((silent, "No voice was heard in “silent.wav”"), (tmp_path / "gone.wav", "gone.wav")):
        code, _, told = desk.sign("--spoken", str(file))
        assert (code, desk.signed()) == (1, False)
        assert why in told
    voice = reading(tmp_path / "voice.wav", 4.0)
    code, said, _ = desk.sign("--spoken", str(voice), "--spoken-name")
    assert code == 0
    assert "What you read aloud" in said
    assert "I am Ines. I have read" in said
    assert any(desk.home.glob("takes/*/spoken-consent.flac"))
    assert run(["consent", "take-back", TAKE, "--home", str(desk.home)]) == 0
    assert "What you read aloud is deleted here." in desk.capsys.readouterr().out
    assert not any(desk.home.glob("takes/*/spoken-consent.flac"))


class Microphone:
    """What was said into it comes at once; then it waits, or goes."""

    said: list[float] = []  # noqa: RUF012 - one for all
    """Seconds of voice of one reading after another; below zero it goes at the end, 0 is silence, inf is nothing."""
    closed = 0

    def __init__(self, request: MicrophoneRequest) -> None:
        self.granted = MicrophoneGranted(
            id=request.id, name="Test", kind=DeviceKind.PRACTICE, host_api="test", rate_hz=RATE, channels=1,
            sample_format="int16", block_frames=480, latency_s=0.01, auto_gain="off", noise_suppression="off",
        )  # fmt: skip

    def start(self, sink: BlockSink, lost: LostCall) -> None:
        """All of it."""
        seconds = self.said.pop(0)
        if seconds == float("inf"):
            return
        voice = np.resize(speech_loop(1), round(abs(seconds or 2.0) * RATE)) * (seconds != 0)
        data = (voice * 32767).astype("<i2").tobytes()
        sink(AudioBlock(data=data, frames=len(voice), first_sample=0, host_ns=1))
        if seconds < 0:
            lost(DeviceError(ErrorCode.MICROPHONE_LOST, id=self.granted.id))

    def close(self, deadline_s: float = 2.0) -> None:
        """Counted."""
        type(self).closed += 1


Reads = Callable[..., None]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reads]:
    """Somebody who reads so many seconds each time, and presses Enter before and, after two looks, at the end."""

    def says(*seconds: float, keys: Callable[[], bool] | None = None) -> None:
        Microphone.said, Microphone.closed = list(seconds), 0
        presses = iter([True, False, False, True] * max(1, len(seconds)))
        monkeypatch.setattr(enter_key, "terminal_is_there", lambda: True)
        monkeypatch.setattr(enter_key, "entered", lambda within_s: keys() if keys else next(presses))
        monkeypatch.setattr(open_device, "open_microphone", Microphone)
        monkeypatch.setattr(read_aloud, "FIRST_SOUND_S", -1.0)

    yield says
    assert Microphone.said == [], "each of them was read"


def test_it_is_read_at_the_terminal(desk: Desk, reads: Reads) -> None:
    """Once more where no voice was heard; and what was taken back is read anew."""
    reads(0, 4.0)
    code, said, told = desk.sign("--read-aloud", "--microphone", PRACTICE)
    assert code == 0, told
    assert "No voice was heard. Read it again" in told
    assert told.count("Press Enter to begin.") == 2
    assert f"\n    {STATEMENT}\n" in told
    assert "They are kept with what you sign now." in told
    assert "What you read aloud" in said
    assert Microphone.closed == 2
    (file,) = desk.home.glob("takes/*/spoken-consent.flac")
    assert file.read_bytes().startswith(b"fLaC")
    assert not any(desk.home.glob("reading-aloud*"))


def test_what_goes_wrong_is_said_and_nothing_is_signed(
    desk: Desk, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[tuple[tuple[float, ...], str]] = [
        ((0.0, 0.0, 0.0), "No voice was heard"),
        ((-1.0,), "cut short and is not kept: nothing more came from the microphone"),
        ((float("inf"),), "has sent only silence"),
    ]
    for seconds, why in rows:
        reads(*seconds)
        code, _, told = desk.sign("--read-aloud", "--microphone", PRACTICE)
        assert (code, desk.signed()) == (1, False)
        assert why in told
        assert Microphone.closed == len(seconds)

    def given_up() -> bool:
        raise KeyboardInterrupt

    reads(keys=given_up)
    code, _, told = desk.sign("--read-aloud", "--microphone", PRACTICE)
    assert (code, desk.signed()) == (130, False)
    assert told.endswith("Stopped.\n")

    def never() -> bool:
        raise AssertionError("asked to read for what cannot be signed")

    reads(keys=never)
    assert "18 or older" in desk.sign("--read-aloud", adult=False)[2]
    assert "does not ask for the use" in desk.sign("--read-aloud", uses="share_third_party")[2]
    monkeypatch.setattr(enter_key, "terminal_is_there", lambda: False)
    code, _, told = desk.sign("--read-aloud", "--microphone", PRACTICE)
    assert (code, desk.signed()) == (1, False)
    assert "`--spoken`" in told


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
def test_enter_is_waited_for_while_something_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "r") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        assert enter_key.terminal_is_there()
        assert not enter_key.entered(0.0)
        os.write(ours, b"abc")
        assert not enter_key.entered(0.0), "a line, not a letter"
        os.write(ours, b"\n\n")
        assert [enter_key.entered(5.0), enter_key.entered(5.0), enter_key.entered(0.0)] == [True, True, False]
    os.close(ours)
    monkeypatch.setattr(sys, "stdin", None)
    assert not enter_key.terminal_is_there()
