"""The system's own word that a device came or went: the real one on Linux, and libraries of the same form as those of
macOS and Windows (MIC-10)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from perfstudio.capture.devices import node_events, pulseaudio_listener
from perfstudio.capture.devices.device_notices import (
    DeviceNotices,
    DeviceSort,
    LinuxMicrophones,
    MacProperties,
    NoticeSource,
    WindowsCameras,
    for_system,
)
from perfstudio.capture.devices.node_events import NodeEvents, NodePlace, properties, uevent_socket
from perfstudio.capture.devices.pulseaudio_connection import PulseConnection
from perfstudio.capture.devices.pulseaudio_listener import ServerNotices, server_socket
from rigs.pulse import PulseServer
from rigs.systems import posix_only
from rigs.telling_systems import (
    ConfigurationManager,
    CoreAudio,
    CoreMediaIO,
    ObjectLibrary,
    Telling,
    TellingCards,
    TellingNodes,
    kernels,
    udevs,
)
from rigs.waiting import stays, until

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="netlink and inotify are of Linux")


VERSIONS = (
    pytest.param(TellingNodes, marks=ON_LINUX), pytest.param(TellingCards, marks=ON_LINUX),
    CoreMediaIO, CoreAudio, ConfigurationManager, ObjectLibrary,
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")


@pytest.mark.parametrize("version", VERSIONS)
def test_each_system_tells_until_it_is_told_to_stop(version: type[Telling], tmp_path: Path) -> None:
    system = version(tmp_path)
    system.start()
    system.start()  # what is heard already is not asked for again
    assert system.source.hears(5.0)
    system.speak()
    until(lambda: system.told)
    system.source.close()
    system.source.close()
    assert system.is_left()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_system_that_refuses_is_said_not_to_tell_and_is_asked_again(
    version: type[Telling], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version, "refuses", True)
    monkeypatch.setattr(node_events, "_Folders", refuse)
    system = version(tmp_path)
    notices = DeviceNotices(system.hear, {DeviceSort.CAMERAS: system.source})
    notices.start()
    assert notices.missing(5.0) == {DeviceSort.CAMERAS}
    monkeypatch.setattr(version, "refuses", False)
    notices.start()
    assert notices.missing() == frozenset()
    system.speak()
    until(lambda: system.told)
    notices.close()
    assert system.is_left()


def refuse(*_: object) -> Any:
    raise OSError("too many watches")


def test_a_library_that_is_not_there_is_a_system_that_does_not_tell() -> None:
    """Of another system, and one without the function."""
    sources: dict[DeviceSort, NoticeSource] = {
        DeviceSort.CAMERAS: WindowsCameras(object()), DeviceSort.MICROPHONES: MacProperties("None", "X", ("dev#",)),
    }  # fmt: skip
    notices = DeviceNotices(lambda: None, sources)
    notices.start()
    assert notices.missing() == set(DeviceSort)
    notices.close()
    assert all(set(for_system(system)) == set(DeviceSort) for system in ("win32", "darwin", "linux"))


@ON_LINUX
def test_nodes_are_followed_in_folders_that_come_and_go(tmp_path: Path) -> None:
    """Real inotify, without a socket: what a sandbox leaves."""
    told: list[int] = []
    folder = tmp_path / "deep" / "dev"
    events = NodeEvents(("video4linux",), (NodePlace(folder, "video"),), refuse)
    assert events.start(lambda: told.append(1))
    node, other = folder / "video0", folder / "tty7"

    def is_told(act: Callable[[], object]) -> None:
        told.clear()
        act()
        until(lambda: told, str(act))

    is_told(folder.parent.mkdir)
    is_told(folder.mkdir)
    is_told(node.touch)
    is_told(lambda: node.chmod(0o600))
    is_told(lambda: node.rename(folder / "gone"))
    is_told(lambda: (folder / "gone").rename(node))
    is_told(node.unlink)
    told.clear()
    other.touch()
    stays(lambda: not told, 0.1, "another node")
    is_told(lambda: (other.unlink(), folder.rmdir()))
    is_told(lambda: (folder.mkdir(), node.touch()))
    before = len(list(Path("/proc/self/fd").iterdir()))
    events.close()
    assert len(list(Path("/proc/self/fd").iterdir())) < before


@ON_LINUX
def test_words_of_the_kernel_and_of_udev_are_told_apart(tmp_path: Path) -> None:
    """Whatever comes in, what is no word of these subsystems is no news and ends nothing."""
    system = TellingNodes(tmp_path)
    system.start()
    damaged = (
        b"", b"x", b"@", b"libudev\0", udevs("video4linux", magic=0), udevs("video4linux")[:30],
        kernels("block"), udevs("net"), kernels("video4linuxes"), b"SUBSYSTEM=video4linux\0", b"\xff" * 4096,
    )  # fmt: skip
    for word in damaged:
        system.kernel.send(word)
    stays(lambda: not system.told, 0.1)
    for word in (udevs("video4linux"), kernels("video4linux")):
        system.told = 0
        system.kernel.send(word)
        until(lambda: system.told)
    system.source.close()
    assert system.is_left()
    assert properties(kernels("sound"))[2] == b"SUBSYSTEM=sound"


@ON_LINUX
def test_the_kernel_itself_tells() -> None:
    """A word that the kernel is asked to send of a device that is there, to whoever listens."""
    place = Path("/sys/class/mem/null/uevent")
    try:
        uevent_socket().close()
        place.write_text("change", "ascii")
    except OSError as problem:
        pytest.skip(f"not here: {problem}")
    told: list[int] = []
    events = NodeEvents(("mem",), ())
    assert events.start(lambda: told.append(1))
    try:
        until(lambda: place.write_text("change", "ascii") and told, limit_s=5.0, look_s=0.2)
    except AssertionError:
        pytest.skip("this network of processes is not told by the kernel")
    finally:
        events.close()


@posix_only("a sound server of Linux")
def test_the_sound_server_tells_of_microphones_and_its_choice_and_not_of_their_volume() -> None:
    told: list[int] = []
    with PulseServer() as server, server.chosen():
        server.add_null_source("mic")
        notices = ServerNotices()
        notices.start(lambda: told.append(1))
        until(lambda: told, "that it answers")
        told.clear()
        for percent in ("20%", "90%"):
            server.control("set-source-volume", "mic", percent)
        server.control("set-source-mute", "mic", "1")
        server.control("info")
        stays(lambda: not told, 0.2, "as loud as it is")
        for act in (
            lambda: server.add_null_source("late"), lambda: server.control("set-default-source", "late"),
            lambda: server.remove_source("late"),
        ):  # fmt: skip
            told.clear()
            act()
            until(lambda: told)
        assert notices.hears(0.0)
        server.stop()
        until(lambda: not notices.hears(0.0), "its socket is left, and nobody answers")
        notices.close()


@posix_only("a sound server of Linux")
def test_a_sound_server_that_starts_late_is_found_by_its_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks for it any more: the folder says that it is there, and so is whatever it has later."""
    tried: list[int] = []
    told: list[int] = []

    def connection(limit_s: float) -> PulseConnection:
        tried.append(1)
        return PulseConnection(limit_s)

    monkeypatch.setattr(pulseaudio_listener, "PulseConnection", connection)
    monkeypatch.setattr(pulseaudio_listener, "_TRIES_S", (0.01, 0.01))
    server = PulseServer()
    with server.chosen():
        notices = LinuxMicrophones()
        notices.start(lambda: told.append(1))
        assert notices.hears(5.0), "there is none that could tell"
        until(lambda: len(tried) > 2)
        stays(lambda: len(tried) < 7, 0.3, "it is not looked for")
        monkeypatch.setattr(pulseaudio_listener, "_TRIES_S", (0.1,) * 500)
        with server:
            until(lambda: notices._server._listening)
            told.clear()
            server.add_null_source("late")
            until(lambda: told)
        notices.close()


def test_where_the_socket_of_the_server_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (machine := tmp_path / "machine-id").write_text("0123\n", "ascii")
    monkeypatch.setattr("perfstudio.capture.devices.pulseaudio_listener._MACHINE", machine)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    names = ("PULSE_SERVER", "PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR")
    rows: tuple[tuple[tuple[str, str, str], Path | None], ...] = (
        (("unix:/run/p/native", "/x", "/y"), Path("/run/p/native")), (("/run/p", "", ""), Path("/run/p")),
        (("{0123}unix:/run/p unix:/q", "", ""), Path("/run/p")), (("tcp:studio:4713", "/x", ""), None),
        (("", "/run/x", "/y"), Path("/run/x/native")), (("", "", "/run/user/1"), Path("/run/user/1/pulse/native")),
        (("  ", "", ""), tmp_path / ".config/pulse/0123-runtime/native"),
    )  # fmt: skip
    for values, path in rows:
        for name, value in zip(names, values, strict=True):
            monkeypatch.setenv(name, value)
        assert server_socket() == path
    machine.unlink()
    assert server_socket() is None
    assert LinuxMicrophones()  # and then nothing waits for it
