"""Systems that tell of devices, by the form of each: libraries of macOS and Windows in memory, a socket of Linux."""

from __future__ import annotations

import ctypes
import socket
import struct
import uuid
from pathlib import Path
from typing import Any

from perfstudio.capture.devices.device_notices import (
    InterfaceFilter,
    LinuxCameras,
    LinuxMicrophones,
    MacProperties,
    NoticeSource,
    PropertyAddress,
    PropertyKey,
    WindowsCameras,
    WindowsMicrophones,
)
from perfstudio.capture.devices.node_events import NodeEvents, NodePlace

FORM: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
POINTER, NUMBER = ctypes.c_void_p, ctypes.c_uint32
UNKNOWN, CLIENT = "00000000-0000-0000-C000-000000000046", "7991EEC9-7E89-4D85-8390-6C703CEC60C0"


def kernels(subsystem: str) -> bytes:
    """The kernel's word of a device."""
    return f"add@/devices/x\0ACTION=add\0DEVPATH=/devices/x\0SUBSYSTEM={subsystem}\0SEQNUM=7\0".encode()


def udevs(subsystem: str, magic: int = 0xFEEDCAFE) -> bytes:
    """That of udev, which is damaged with another `magic`."""
    told = f"SUBSYSTEM={subsystem}\0ACTION=add\0".encode()
    return b"libudev\0" + struct.pack(">I", magic) + struct.pack("=3I", 40, 40, len(told)) + b"\xff" * 16 + told


class Telling:
    """One version, the system that it asks, and what it has been told."""

    source: NoticeSource
    refuses = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = 0

    def start(self) -> None:
        self.source.start(self.hear)

    def hear(self) -> None:
        self.told += 1

    def speak(self) -> None:
        """Something came or went."""

    def is_left(self) -> bool:
        """Whether the system was asked to speak no more."""
        return True


class TellingNodes(Telling):
    """Uevents from a socket of our own, by the form of the kernel."""

    subsystem = "video4linux"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.kernel, self.ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ours.setblocking(False)
        places = () if self.refuses else (NodePlace(folder),)
        self.source = self.made(NodeEvents((self.subsystem,), places, self.opened))

    def made(self, events: NodeEvents) -> NoticeSource:
        return LinuxCameras(events)

    def opened(self) -> socket.socket:
        if self.refuses:
            raise PermissionError
        return self.ours

    def speak(self) -> None:
        self.kernel.send(kernels(self.subsystem))

    def is_left(self) -> bool:
        self.kernel.close()
        return self.ours.fileno() < 0


class TellingCards(TellingNodes):
    """The same of sound cards, where there is no sound server."""

    subsystem = "sound"

    def made(self, events: NodeEvents) -> NoticeSource:
        return LinuxMicrophones(events)


class CoreMediaIO(Telling):
    """Core Audio and Core Media I/O: listeners by the property that they wait for."""

    prefix, selectors = "CMIOObject", ("dev#",)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.listeners: dict[int, Any] = {}
        self.thread: list[int] = []
        self.source = MacProperties("None", self.prefix, self.selectors, self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self, "on_" + name.removeprefix(type(self).prefix))

    def on_AddPropertyListener(self, thing: Any, address: Any, listener: Any, context: Any) -> int:  # noqa: N802
        assert (thing.value, address._obj.scope, address._obj.element) == (1, int.from_bytes(b"glob", "big"), 0)
        if not self.refuses:
            self.listeners[address._obj.selector] = listener
        return 560947818 if self.refuses else 0

    def on_RemovePropertyListener(self, thing: Any, address: Any, listener: Any, context: Any) -> int:  # noqa: N802
        assert self.listeners.pop(address._obj.selector) is listener
        return 0

    def on_SetPropertyData(self, *words: Any) -> int:  # noqa: N802
        assert words[1]._obj.selector == int.from_bytes(b"rnlp", "big")
        self.thread.append(words[4].value)
        return 0

    def speak(self) -> None:
        for selector, listener in self.listeners.items():
            address = PropertyAddress(selector, 0, 0)
            assert listener(1, 1, ctypes.addressof(address), None) == 0

    def is_left(self) -> bool:
        return not self.listeners


class CoreAudio(CoreMediaIO):
    """Its lists are told on a thread of its own, which it is asked for."""

    prefix, selectors = "AudioObject", ("dev#", "dIn ")

    def speak(self) -> None:
        assert self.thread == [ctypes.sizeof(POINTER)]
        super().speak()


class ConfigurationManager(Telling):
    """cfgmgr32.dll."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.heard: dict[int, tuple[bytes, Any]] = {}
        self.source = WindowsCameras(self)

    def CM_Register_Notification(self, wanted: Any, context: Any, callback: Any, handle: Any) -> int:  # noqa: N802
        told = wanted._obj
        assert (ctypes.sizeof(InterfaceFilter), told.size, told.flags, told.kind) == (416, 416, 0, 0)
        if self.refuses:
            return 0x1F
        handle._obj.value = len(self.heard) + 40
        self.heard[handle._obj.value] = bytes(told.interface_class), callback
        return 0

    def CM_Unregister_Notification(self, handle: Any) -> int:  # noqa: N802
        del self.heard[handle.value]
        return 0

    def speak(self) -> None:
        classes = {str(uuid.UUID(bytes_le=name)) for name, _ in self.heard.values()}
        assert classes == {"e5323777-f976-4f5b-9b55-b94699c46e44", "65e8773d-8f56-11d0-a3b9-00a0c9223196"}
        for handle, (_, callback) in self.heard.items():
            assert callback(handle, None, 0, None, 0) == 0

    def is_left(self) -> bool:
        return not self.heard


class ObjectLibrary(Telling):
    """ole32.dll, and an IMMDeviceEnumerator in memory that calls its client as COM does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.entered = self.held = self.client = 0
        functions = [FORM(NUMBER, POINTER)(self.released)] * 6
        functions += [FORM(NUMBER, POINTER, POINTER)(ask) for ask in (self.registered, self.unregistered)]
        self._functions = functions
        self._table = (POINTER * 8)(*(ctypes.cast(function, POINTER).value for function in functions))
        self._maker = POINTER(ctypes.addressof(self._table))
        self.source = WindowsMicrophones(self)

    def CoInitializeEx(self, reserved: Any, way: Any) -> int:  # noqa: N802
        self.entered += 1
        return 1

    def CoUninitialize(self) -> None:  # noqa: N802
        self.entered -= 1

    def CoCreateInstance(self, maker: Any, outer: Any, where: Any, kind: Any, answer: Any) -> int:  # noqa: N802
        assert str(uuid.UUID(bytes_le=maker.raw)) == WindowsMicrophones.MAKER.lower()
        assert (str(uuid.UUID(bytes_le=kind.raw)), where.value) == (WindowsMicrophones.KIND.lower(), 0x17)
        answer._obj.value = ctypes.addressof(self._maker)
        self.held += 1
        return 0

    def released(self, this: int) -> int:
        self.held -= 1
        return 0

    def registered(self, this: int, client: int) -> int:
        self.client = 0 if self.refuses else client
        return 0x80004001 if self.refuses else 0

    def unregistered(self, this: int, client: int) -> int:
        assert client == self.client
        self.client = 0
        return 0

    def call(self, place: int, form: tuple[Any, ...], *words: Any) -> int:
        """One of the client's functions, by its place in its table."""
        table = ctypes.cast(self.client, ctypes.POINTER(ctypes.POINTER(POINTER)))[0]
        return int(FORM(NUMBER, POINTER, *form)(table[place])(self.client, *words))

    def speak(self) -> None:
        for name, known in ((UNKNOWN, True), (CLIENT, True), (WindowsMicrophones.KIND, False)):
            asked, answer = ctypes.create_string_buffer(uuid.UUID(name).bytes_le, 16), POINTER(7)
            said = self.call(0, (POINTER, POINTER), asked, ctypes.byref(answer))
            assert (said, answer.value) == ((0, self.client) if known else (0x80004002, None))
        assert self.call(1, ()) == 1 == self.call(2, ())
        before = self.told
        assert self.call(7, (POINTER, PropertyKey), None, PropertyKey()) == 0
        assert self.told == before, "a volume is no news"
        assert self.call(3, (POINTER, NUMBER), None, 8) == 0
        assert self.call(4, (POINTER,), None) == 0 == self.call(5, (POINTER,), None)
        assert self.call(6, (NUMBER, NUMBER, POINTER), 1, 0, None) == 0
        assert self.told == before + 4

    def is_left(self) -> bool:
        return (self.entered, self.held, self.client) == (0, 0, 0)
