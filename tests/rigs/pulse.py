"""A private PulseAudio server with microphones of our own, for tests: real server, real ALSA plug-in, real PortAudio.

    with PulseServer() as server:
        server.add_source("mic")
        server.play("mic", "practice?seed=3")       # the practice voice and clicks, on this process's practice clock
        server.play_file("mic", speech(folder))     # or a WAV file, looped
        with server.chosen():                       # sound libraries of this process talk to it meanwhile
            ...

Works for root and for users, without D-Bus, systemd or a sound card. A source is a FIFO that the server reads: its
clock is the pace of whoever writes.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from perfstudio.capture.devices.microphone import AudioBlock, to_int32
from perfstudio.capture.practice.microphone import PracticeMicrophone
from perfstudio.model.device import MicrophoneRequest
from rigs.waiting import until

START_LIMIT_S = 60.0


class PulseServer:
    """One server process with its own folder; nothing of it is left behind."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pulse-rig-"))
        self.socket = self.folder / "native"
        self.environ = {
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_COOKIE": str(self.folder / "cookie"),
            "PULSE_RUNTIME_PATH": str(self.folder / "run"),
            "PULSE_STATE_PATH": str(self.folder / "state"),
            "XDG_RUNTIME_DIR": str(self.folder),
        }
        self._modules: dict[str, str] = {}
        self._formats: dict[str, str] = {}
        self._players: dict[str, _Player] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PulseServer:
        if not sys.platform.startswith("linux"):
            pytest.skip("not here: PulseAudio is the sound server of Linux")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the server (again) and wait until it answers. Sources have to be added anew."""
        for name in ("run", "state"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--high-priority=no",
                 "--realtime=no", "--disable-shm=yes",
                 f"--load=module-native-protocol-unix socket={self.socket} auth-anonymous=1"],
                env=os.environ | self.environ, stdout=log, stderr=log,
            )  # fmt: skip
        process = self._process
        until(lambda: process.poll() is not None or self._answers(), "pulseaudio", START_LIMIT_S, look_s=0.05)
        if process.poll() is not None:
            raise RuntimeError(f"pulseaudio did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """End players and server."""
        for name in tuple(self._players):
            self._players.pop(name).stop()
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
        self._modules.clear()

    def freeze(self) -> None:
        """The server hangs."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """And goes on."""
        os.kill(self.pid, signal.SIGCONT)

    def add_source(self, name: str, *, rate: int = 48000, channels: int = 1, sample_format: str = "s16le") -> None:
        """A new microphone, s16le or s32le (the pipe module dies of 24-bit frames). The first becomes the default."""
        (self.folder / name).unlink(missing_ok=True)
        self._modules[name] = self.control(
            "load-module", "module-pipe-source", f"source_name={name}", f"file={self.folder / name}", f"rate={rate}",
            f"channels={channels}", f"format={sample_format}", f"source_properties=device.description={name}-rig",
        )  # fmt: skip
        self._formats[name] = sample_format
        if len(self._modules) == 1:
            self.control("set-default-source", name)

    def add_null_source(self, name: str, *, rate: int = 48000) -> None:
        """A microphone that gives exact zeros at the right pace."""
        self._modules[name] = self.control(
            "load-module", "module-null-source", f"source_name={name}", f"rate={rate}", "channels=1"
        )

    def remove_source(self, name: str) -> None:
        """Unplug a microphone."""
        self.control("unload-module", self._modules.pop(name))
        if name in self._players:
            self._players.pop(name).stop()

    def play(self, name: str, practice_id: str = "practice") -> None:
        """Feed a source with a practice microphone: known sound, known clicks, drift as its script says."""
        self._players[name] = _PracticePlayer(self.folder / name, practice_id, wide=self._formats[name] == "s32le")

    def play_file(self, name: str, wav: Path, piece_s: float = 0.01) -> None:
        """Feed a source with a 16-bit WAV file of its own rate and channels, again and again, piece by piece."""
        self._players[name] = _FilePlayer(self.folder / name, wav, piece_s)

    def control(self, *words: str) -> str:
        """One pactl command; its answer."""
        done = subprocess.run(
            ["pactl", *words], env=os.environ | self.environ, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout.strip()

    @contextmanager
    def chosen(self) -> Iterator[PulseServer]:
        """Meanwhile this process, and those it starts, use this server and see PortAudio's "pulse" device."""
        before = {key: os.environ.get(key) for key in self.environ}
        os.environ.update(self.environ)
        try:
            yield self
        finally:
            for key, value in before.items():
                if value is None:
                    os.environ.pop(key, None)
                else:
                    os.environ[key] = value

    def _answers(self) -> bool:
        try:
            self.control("info")
        except (subprocess.SubprocessError, OSError):
            return False
        return True


class _Player:
    """Writes sound into a FIFO until it is stopped."""

    def __init__(self, fifo: Path) -> None:
        self._pipe = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
        self._stopped = False

    def write(self, data: bytes) -> None:
        """A server that does not read loses sound, as a card does whose buffer is full."""
        try:
            os.write(self._pipe, data)
        except BlockingIOError:
            return

    def stop(self) -> None:
        """End; may be called twice."""
        if not self._stopped:
            self._stopped = True
            os.close(self._pipe)


class _PracticePlayer(_Player):
    def __init__(self, fifo: Path, practice_id: str, *, wide: bool) -> None:
        super().__init__(fifo)
        self._microphone = PracticeMicrophone(MicrophoneRequest(id=practice_id))
        granted = self._microphone.granted

        def write(block: AudioBlock) -> None:
            samples = to_int32(block.data, granted.channels, granted.sample_format)
            self.write(samples.tobytes() if wide else block.data)

        self._microphone.start(write, lambda _: None)

    def stop(self) -> None:
        self._microphone.close()
        super().stop()


class _FilePlayer(_Player):
    def __init__(self, fifo: Path, wav: Path, piece_s: float) -> None:
        super().__init__(fifo)
        self._piece_s = piece_s
        with wave.open(str(wav)) as file:
            self._rate, self._frame = file.getframerate(), file.getnchannels() * file.getsampwidth()
            self._data = file.readframes(file.getnframes())
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wav-player", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        step, begun, count = round(self._rate * self._piece_s), time.perf_counter(), 0
        while not self._over.wait(max(0.0, begun + count * self._piece_s - time.perf_counter())):
            first = count * step * self._frame % (len(self._data) - step * self._frame)
            self.write(self._data[first - first % self._frame :][: step * self._frame])
            count += 1

    def stop(self) -> None:
        self._over.set()
        self._thread.join(2)
        super().stop()


def speech(folder: Path, seconds: float = 8.0, rate: int = 48000) -> Path:
    """A mono 16-bit WAV of a spoken sentence (espeak-ng where it is installed, else the practice voice)."""
    path = folder / "speech.wav"
    if shutil.which("espeak-ng") and shutil.which("sox"):
        text = "He opens the door before you knock. I did not come back for the money. I came back for the letter."
        raw = folder / "speech-raw.wav"
        subprocess.run(["espeak-ng", "-s", "150", "-w", str(raw), text], check=True, capture_output=True)
        command = [
            "sox",
            "-R",
            str(raw),
            "-b",
            "16",
            "-c",
            "1",
            "-r",
            str(rate),
            str(path),
            "gain",
            "-n",
            "-6",
            "repeat",
            "3",
        ]
        subprocess.run([*command, "trim", "0", str(seconds)], check=True, capture_output=True)
        return path
    from perfstudio.capture.practice.voice import speech_loop

    samples = (speech_loop(1)[: round(seconds * rate)] * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(np.ascontiguousarray(samples).tobytes())
    return path
