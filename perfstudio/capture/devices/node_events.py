"""Nodes of devices that come and go, as the kernel of Linux tells: no tool, no right, and nothing that looks again.

uevents   a netlink socket (NETLINK_KOBJECT_UEVENT of linux/netlink.h): group 1 is the kernel's own word of a device,
          group 2 that of udev, which comes once the node has its rights (systemd, device-monitor.c).
inotify   what is made, removed or given other rights in a folder (inotify(7)): a sandbox may refuse the socket, or hear
          nothing on it, and see the nodes all the same. Also tells when a server makes its socket.
"""

from __future__ import annotations

import ctypes
import os
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_KOBJECT_UEVENT: Final = 15
_GROUPS: Final = 1 | 2
_UDEV: Final = b"libudev\0"
_UDEV_MAGIC: Final = 0xFEEDCAFE
_BYTES: Final = 65_536

_MASK: Final = 0x04 | 0x40 | 0x80 | 0x100 | 0x200
"""IN_ATTRIB, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE."""
_LOST: Final = 0x4000 | 0x8000
"""IN_Q_OVERFLOW, IN_IGNORED: the watched folder is gone itself."""
_ONLY_FOLDERS: Final = 0x01000000
_END_S: Final = 2.0
_LOOKS: Final = 8
"""What was not there may be made while the folder above it begins to be watched: then it is looked for again."""


@dataclass(frozen=True, slots=True)
class NodePlace:
    """Names that begin with `beginning` in a folder, which may not be there yet."""

    folder: Path
    beginning: str = ""


class NodeEvents:
    """Calls `changed` on a thread of its own for every word of these subsystems, and every change at these places."""

    def __init__(
        self, subsystems: tuple[str, ...], places: tuple[NodePlace, ...], open_socket: Callable[[], Any] | None = None
    ) -> None:
        """`open_socket` stands in for the kernel's in tests; it may raise OSError."""
        self._subsystems = {f"SUBSYSTEM={name}".encode() for name in subsystems}
        self._places = places
        self._open_socket = open_socket or uevent_socket
        self._held = ExitStack()
        self._bell, self._ringer = -1, -1
        self._thread: threading.Thread | None = None

    def start(self, changed: Callable[[], None]) -> bool:
        """Begin to listen; whether there is anything to listen to."""
        if self._thread is not None:
            return True
        words = folders = None
        if self._subsystems:
            with suppress(OSError):
                words = self._held.enter_context(self._open_socket())
        with suppress(OSError, AttributeError):
            folders = self._held.enter_context(_Folders(self._places))
        if words is None and folders is None:
            return False
        self._bell, self._ringer = os.pipe()
        self._thread = threading.Thread(target=self._run, args=(words, folders, changed), name="nodes", daemon=True)
        self._thread.start()
        return True

    def close(self) -> None:
        """End; may be called twice."""
        if self._thread is not None:
            os.close(self._ringer)
            self._thread.join(_END_S)
            self._thread = None

    def _run(self, words: Any, folders: _Folders | None, changed: Callable[[], None]) -> None:
        poll = select.poll()
        for descriptor in (self._bell, words, folders):
            if descriptor is not None:
                poll.register(descriptor, select.POLLIN)
        with self._held:
            while self._bell not in (ready := {descriptor for descriptor, _ in poll.poll()}):
                told = words is not None and words.fileno() in ready and self._is_told(words)
                moved = folders is not None and folders.fileno() in ready and folders.changed()
                if told or moved:
                    changed()
        os.close(self._bell)

    def _is_told(self, words: Any) -> bool:
        """Whether one of the words that wait is of these subsystems; the kernel's queue that ran over may have had."""
        told = False
        while True:
            try:
                word = words.recv(_BYTES)
            except BlockingIOError:
                return told
            except OSError:
                return True
            if not word:
                return told
            told = told or not self._subsystems.isdisjoint(properties(word))


def uevent_socket() -> socket.socket:
    """A socket on which the kernel and udev tell of devices. OSError where the system refuses it."""
    kind = socket.SOCK_RAW | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
    words = socket.socket(socket.AF_NETLINK, kind, _KOBJECT_UEVENT)
    try:
        words.bind((0, _GROUPS))
    except OSError:
        words.close()
        raise
    return words


def properties(word: bytes) -> list[bytes]:
    """NAME=value of one word, the kernel's or udev's; empty when it is neither."""
    if word.startswith(_UDEV):
        if len(word) < 24:
            return []
        (magic,), (_, start, length) = struct.unpack_from(">I", word, 8), struct.unpack_from("=3I", word, 12)
        return word[start : start + length].split(b"\0") if magic == _UDEV_MAGIC else []
    head, _, rest = word.partition(b"\0")
    return rest.split(b"\0") if b"@" in head else []


class _Folders:
    """Watches the folder of each place; the nearest one above while it is not there."""

    def __init__(self, places: tuple[NodePlace, ...]) -> None:
        self._places = places
        self._c: Any = ctypes.CDLL(None, use_errno=True)
        self._descriptor = int(self._c.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self._beginnings: dict[int, set[str]] = {}
        self._watch()
        if not self._beginnings:
            self.__exit__()
            raise OSError("no folder can be watched")

    def __enter__(self) -> _Folders:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def fileno(self) -> int:
        """What becomes readable."""
        return self._descriptor

    def changed(self) -> bool:
        """Whether what waits to be read is of one of the places. Folders that came or went are followed."""
        found = False
        for watched, mask, name in self._events():
            beginnings = self._beginnings.get(watched, set())
            found = found or bool(mask & _LOST) or any(name.startswith(beginning) for beginning in beginnings)
        if found:
            self._watch()
        return found

    def _events(self) -> Iterator[tuple[int, int, str]]:
        try:
            read = os.read(self._descriptor, _BYTES)
        except BlockingIOError:
            return
        at = 0
        while at < len(read):
            watched, mask, _, length = struct.unpack_from("iIII", read, at)
            at += 16 + length
            yield watched, mask, os.fsdecode(read[at - length : at].split(b"\0")[0])

    def _watch(self) -> None:
        self._beginnings.clear()
        for place in self._places:
            for _ in range(_LOOKS):
                folder, beginning = place.folder, place.beginning
                while not self._add(folder, beginning) and folder != folder.parent:
                    folder, beginning = folder.parent, folder.name
                if folder == place.folder or not (folder / beginning).is_dir():
                    break

    def _add(self, folder: Path, beginning: str) -> bool:
        watched = self._c.inotify_add_watch(self._descriptor, os.fsencode(folder), _MASK | _ONLY_FOLDERS)
        if watched >= 0:
            self._beginnings.setdefault(watched, set()).add(beginning)
        return bool(watched >= 0)
