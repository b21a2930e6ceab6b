"""Names and numbers of devices, whatever the system speaks, and whatever they are written in."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.capture.devices import alsa, pulseaudio, v4l2
from perfstudio.capture.devices.device_names import readable, slug
from perfstudio.capture.devices.pulseaudio_connection import NoServerError, PulseConnection
from perfstudio.capture.open_device import list_microphones
from perfstudio.cli.main import run
from rigs.languages import ALL, compiled, spoken
from rigs.pulse import PulseServer
from rigs.systems import posix_only

NAMES = {
    "german": "Mikrofon (Größe)",
    "japanese": "日本語マイク",
    "arabic": "ميكروفون",
    "emoji": "🎤 Blue",
    "quoted": "the 'voice' mic",
    "devanagari": "माइक्रोफ़ोन",
}


@pytest.fixture
def server() -> Iterator[PulseServer]:
    """A private sound server with a microphone for every name; the default is a monitor."""
    with PulseServer() as made, made.chosen():
        made.control("load-module", "module-null-sink", "sink_name=s", "rate=16000", "channels=1")
        for source, name in NAMES.items():
            add(made, source, f'device.description="{name}"')
        yield made


def add(server: PulseServer, source: str, properties: str) -> None:
    escaped = properties.replace("'", "\\'")
    words = [f"source_name={source}", "master=s.monitor", "rate=16000", "channels=1"]
    server.control("load-module", "module-remap-source", *words, f"source_properties='{escaped}'")


def test_microphones_have_their_names_without_any_program(
    server: PulseServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["devices", "--json"]) == 0
    named = {m["id"]: m["name"] for m in json.loads(capsys.readouterr().out)["microphones"]}
    assert {f"pulse:{source}": name for source, name in NAMES.items()}.items() <= named.items()


@pytest.mark.parametrize(
    "languages",
    [("C", "tr_TR.UTF-8"), pytest.param(ALL, marks=pytest.mark.soak)],
    ids=["some", "all"],
)
def test_names_and_numbers_are_the_same_in_every_language(
    server: PulseServer, tmp_path_factory: pytest.TempPathFactory, languages: tuple[str, ...]
) -> None:
    folder = compiled(tmp_path_factory.getbasetemp(), languages)
    command = [sys.executable, "-m", "perfstudio.capture.devices.scan"]
    looks = {
        language: subprocess.Popen(command, env=os.environ | spoken(language, folder), stdout=subprocess.PIPE)
        for language in languages
    }
    told = {language: json.loads(look.communicate()[0]) for language, look in looks.items()}
    for found in told.values():
        microphones = {m["id"]: (m["name"], m["channels"], m["rate_hz"]) for m in found["microphones"]}
        assert microphones == {f"pulse:{source}": (name, 1, 16000) for source, name in NAMES.items()}


def test_a_name_that_is_none_is_found_elsewhere(server: PulseServer) -> None:
    """The server says "(null)" of a description that is no text."""
    add(server, "bytes", "device.description=hex:fffe00")
    add(server, "product", 'device.description=hex:fffe00 device.product.name="Größe 2"')
    add(server, "lines", 'device.description="two\nlines\x07"')
    labels = {source.name: source.label for source in pulseaudio.sources()}
    assert (labels["bytes"], labels["product"], labels["lines"]) == ("bytes", "Größe 2", "two lines")


def test_the_name_goes_into_the_take(server: PulseServer, tmp_path: Path) -> None:
    words = ["record", "the-letter", "--camera", "none", "--microphone", "pulse:german", "--seconds", "1", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "perfstudio", *words],
        env=os.environ | {"PERFSTUDIO_HOME": str(tmp_path / "home"), "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 3), done.stderr
    (written,) = (tmp_path / "home" / "takes").glob("*/take.json")
    used = json.loads(written.read_bytes())["devices"]["microphone"]
    assert (used["name"], used["rate_hz"]) == ("Mikrofon (Größe)", 16000)


def test_bytes_that_are_no_text_neither_raise_nor_hide_others(
    server: PulseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PulseAudio itself refuses such names; other servers of its kind hand them on."""
    tell = pulseaudio._source

    def tampered(told: object, default: str) -> pulseaudio.PulseSource:
        told.description = b"Gr\xf6\xdfe\n\x1b[31m"  # type: ignore[attr-defined]
        return tell(told, default)

    monkeypatch.setattr(pulseaudio, "_source", tampered)
    found = [source for source in pulseaudio.sources() if not source.is_monitor]
    assert [source.name for source in found] == list(NAMES)
    assert {source.label for source in found} == {"Gr\ufffd\ufffde [31m"}


def test_a_server_that_hangs_is_given_up_and_leaves_nothing(server: PulseServer) -> None:
    listening = pulseaudio.Subscription()
    listening.start()
    server.freeze()
    assert pulseaudio.sources() == ()
    assert pulseaudio.streams_of(os.getpid()) is None
    assert not pulseaudio.move(0, 0)
    listening.close()
    server.thaw()
    assert len(pulseaudio.sources()) == len(NAMES) + 1


@posix_only("a sound server is no socket there")
@pytest.mark.parametrize("answer", [None, b"", b"\x00" * 64, b"HTTP/1.1 400 Bad Request\r\n\r\n" * 40])
def test_what_is_no_sound_server_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes | None) -> None:
    """Nothing there, a socket that hangs up, and two that answer with something else."""
    address = tmp_path / "native"
    monkeypatch.setenv("PULSE_SERVER", f"unix:{address}")
    if answer is None:
        assert (pulseaudio.sources(), pulseaudio.default_source(), pulseaudio.streams_of(1)) == ((), "", None)
        return
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(address))
        other.listen()

        def receive() -> None:
            visitor, _ = other.accept()
            with visitor:
                visitor.sendall(answer)

        receiving = threading.Thread(target=receive)
        receiving.start()
        assert pulseaudio.sources() == ()
        receiving.join()


@posix_only("a sound server is no socket there")
def test_a_server_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'native'}")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "native"))
        silent.listen()
        with PulseConnection(0.3) as line, pytest.raises(NoServerError):
            line.connect()
        listening = pulseaudio.Subscription()
        listening.start()
        listening.close()


def test_without_the_library_there_is_the_servers_one_entry(
    server: PulseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfstudio.capture.devices.pulseaudio_connection.library", lambda: None)
    listening = pulseaudio.Subscription()
    listening.start()
    assert [m.id for m in list_microphones()] == ["alsa:pulse", "practice"]
    listening.close()
    assert not listening.take_changes()


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (None, ""),
        ("(null)", ""),
        (b"HD Webcam\x00", "HD Webcam"),
        (b"Gr\xc3\xb6\xc3\x9fe", "Größe"),
        (b"Gr\xf6\xdfe", "Gr\ufffd\ufffde"),
        ("a\r\nb\tc\x1b[0m\x7f", "a b c [0m"),
        ("half \ud83c of one", "half of one"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
        ("ਮਾਈਕ\u2028next", "ਮਾਈਕ next"),
    ],
)
def test_a_name_is_one_readable_line(told: str | bytes | None, read: str) -> None:
    assert readable(told) == read
    readable(told).encode("utf-8")


def test_names_that_differ_have_ids_that_differ() -> None:
    names = ["Größe", "Grüße", "日本語", "日本", "मा", "मी", "🎤", "USB Mic", "USB-Mic (2)"]
    ids = [slug(name) for name in names]
    assert all(ids)
    assert len(set(ids)) == len(ids)
    assert slug("Logitech BRIO (4K)") == "logitech-brio-4k", "plain names keep the ids they had"
    assert slug("e\u0301cran") == slug("\u00e9cran"), "one letter, however it is put together"


def test_a_camera_is_called_as_the_kernel_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v4l2, "_SYSFS", tmp_path)
    for number, name in enumerate(["Größe 日本語\n", "a\nb\x1b\n", "\n"]):
        (tmp_path / f"video9{number}").mkdir()
        (tmp_path / f"video9{number}" / "name").write_text(name, encoding="utf-8")
    (tmp_path / "video99").mkdir()
    (tmp_path / "video99" / "name").write_bytes(b"Gr\xf6\xdfe\n")
    assert [node.name for node in v4l2.nodes()] == ["Größe 日本語", "a b", "video92", "Gr\ufffd\ufffde"]
    assert v4l2._text(b"Webcam Gr\xc3\xb6\xc3\x9fe\0\xff\xff") == "Webcam Größe"


@pytest.mark.parametrize("name", ["Größe: USB (hw:9,9)", "日本語 (hw:9,9)", "🎤", "\udcff (hw:9,9)"])
def test_a_card_of_any_name_is_asked_by_its_address(name: str) -> None:
    assert alsa.sample_bits(name) == 16
