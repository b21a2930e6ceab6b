"""The system's own word that a camera or a microphone came or went. Nobody looks at intervals.

Linux     uevents of the kernel and udev, and changes in /dev (`node_events`); the sound server's subscription
          (`pulseaudio_listener`). Run.
macOS     listeners on the lists of devices of Core Audio (AudioHardware.h: AudioObjectAddPropertyListener) and of Core
          Media I/O, from which AVFoundation has its own (CMIOHardwareObject.h). Not run: from there.
Windows   CM_Register_Notification of interfaces of cameras (learn.microsoft.com, cfgmgr32.h; Windows 8 and later, and
          needs no window as WM_DEVICECHANGE does), IMMNotificationClient of the audio endpoints (mmdeviceapi.h), which
          tells of a jack and of another choice too, where no interface comes or goes. Run under Wine 8: it has the
          latter, which called, and not the former.

`changed` may be called on any thread, many times for one plug, and returns at once.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
import uuid
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

from perfstudio.capture.devices.node_events import NodeEvents, NodePlace
from perfstudio.capture.devices.pulseaudio_listener import ServerNotices, server_socket

Changed = Callable[[], None]
_FORM: Final = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
_SYSTEM_OBJECT: Final = 1
"""kAudioObjectSystemObject, kCMIOObjectSystemObject."""


class DeviceSort(StrEnum):
    """What comes and goes."""

    CAMERAS = "cameras"
    MICROPHONES = "microphones"


class NoticeSource(Protocol):
    """How one system tells of one sort. Used by one thread."""

    def start(self, changed: Changed) -> None:
        """Begin to be told, or try again what was refused. May raise anything where the system offers no such word."""

    def hears(self, within_s: float) -> bool:
        """Whether the system tells; where that takes a while to know, after so long at most."""

    def close(self) -> None:
        """End; may be called twice."""


class LinuxCameras:
    """Nodes of video4linux."""

    def __init__(self, events: NodeEvents | None = None) -> None:
        self._events = events or NodeEvents(("video4linux",), (NodePlace(Path("/dev"), "video"),))
        self._begun = False

    def start(self, changed: Changed) -> None:
        self._begun = self._events.start(changed)

    def hears(self, within_s: float) -> bool:
        return self._begun

    def close(self) -> None:
        self._events.close()


class LinuxMicrophones:
    """Sources of the sound server and nodes of cards. A server that makes its socket is looked for at once."""

    def __init__(self, events: NodeEvents | None = None) -> None:
        socket = server_socket()
        own = (NodePlace(socket.parent, socket.name),) if socket else ()
        self._events = events or NodeEvents(("sound",), (NodePlace(Path("/dev/snd")), *own))
        self._server = ServerNotices()
        self._begun = self._started = False

    def start(self, changed: Changed) -> None:
        def node_changed() -> None:
            self._server.look_again()
            changed()

        if not self._started:
            self._started = True
            self._server.start(changed)
        self._server.look_again()
        self._begun = self._events.start(node_changed)

    def hears(self, within_s: float) -> bool:
        return self._server.hears(within_s) and self._begun

    def close(self) -> None:
        self._events.close()
        self._server.close()


class PropertyAddress(ctypes.Structure):
    """AudioObjectPropertyAddress, and CMIOObjectPropertyAddress, which is the same: codes of four letters."""

    _fields_ = (("selector", ctypes.c_uint32), ("scope", ctypes.c_uint32), ("element", ctypes.c_uint32))


class MacProperties:
    """Listeners on properties of the system object of Core Audio or Core Media I/O; called on a thread of theirs."""

    def __init__(self, framework: str, prefix: str, selectors: tuple[str, ...], library: Any = None) -> None:
        """`library` stands in for the framework in tests."""
        self._framework, self._prefix, self._selectors = framework, prefix, selectors
        self._library = library
        self._listener: Any = None
        self._heard: dict[str, PropertyAddress] = {}

    def start(self, changed: Changed) -> None:
        if self._listener is None:
            self._library = self._library or ctypes.CDLL(ctypes.util.find_library(self._framework))
            self._on_a_thread_of_its_own()
            self._listener = _listener(changed)
        for selector in self._selectors:
            address = PropertyAddress(_code(selector), _code("glob"), 0)
            if selector not in self._heard and not self._call("AddPropertyListener", address, self._listener, None):
                self._heard[selector] = address

    def hears(self, within_s: float) -> bool:
        return len(self._heard) == len(self._selectors)

    def close(self) -> None:
        for address in self._heard.values():
            self._call("RemovePropertyListener", address, self._listener, None)
        self._heard.clear()

    def _on_a_thread_of_its_own(self) -> None:
        """Core Audio would call on the first thread's run loop, which a verb has not (AudioHardware.h,
        kAudioHardwarePropertyRunLoop: none means a thread of its own)."""
        if self._prefix == "AudioObject":
            none = ctypes.c_void_p()
            address = PropertyAddress(_code("rnlp"), _code("glob"), 0)
            size = ctypes.c_uint32(ctypes.sizeof(none))
            self._call("SetPropertyData", address, ctypes.c_uint32(0), None, size, ctypes.byref(none))

    def _call(self, name: str, address: PropertyAddress, *words: Any) -> int:
        function = getattr(self._library, self._prefix + name)
        return int(function(ctypes.c_uint32(_SYSTEM_OBJECT), ctypes.byref(address), *words))


def _listener(changed: Changed) -> Any:
    """An AudioObjectPropertyListenerProc."""

    def told(thing: int, count: int, addresses: int, context: int) -> int:
        changed()
        return 0

    number, pointer = ctypes.c_uint32, ctypes.c_void_p
    return ctypes.CFUNCTYPE(ctypes.c_int32, number, number, pointer, pointer)(told)


def _code(letters: str) -> int:
    return int.from_bytes(letters.encode("ascii"), "big")


class InterfaceFilter(ctypes.Structure):
    """CM_NOTIFY_FILTER, for a class of interfaces: its union is as large as its longest, 200 letters."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("kind", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("interface_class", ctypes.c_ubyte * 16),
        ("rest", ctypes.c_ubyte * 384),
    )


class WindowsCameras:
    """Interfaces of the two classes that cameras have (ksmedia.h): KSCATEGORY_VIDEO_CAMERA, KSCATEGORY_CAPTURE."""

    CLASSES: Final = ("E5323777-F976-4F5B-9B55-B94699C46E44", "65E8773D-8F56-11D0-A3B9-00A0C9223196")

    def __init__(self, library: Any = None) -> None:
        """`library` stands in for cfgmgr32.dll in tests."""
        self._library = library
        self._callback: Any = None
        self._handles: dict[str, ctypes.c_void_p] = {}

    def start(self, changed: Changed) -> None:
        self._library = self._library or ctypes.WinDLL("cfgmgr32")  # type: ignore[attr-defined,unused-ignore]
        self._callback = self._callback or _notify_callback(changed)
        for interface_class in self.CLASSES:
            wanted, handle = InterfaceFilter(size=ctypes.sizeof(InterfaceFilter)), ctypes.c_void_p()
            wanted.interface_class[:] = uuid.UUID(interface_class).bytes_le
            words = (ctypes.byref(wanted), None, self._callback, ctypes.byref(handle))
            if interface_class not in self._handles and not self._library.CM_Register_Notification(*words):
                self._handles[interface_class] = handle

    def hears(self, within_s: float) -> bool:
        return len(self._handles) == len(self.CLASSES)

    def close(self) -> None:
        for handle in self._handles.values():
            self._library.CM_Unregister_Notification(handle)
        self._handles.clear()


def _notify_callback(changed: Changed) -> Any:
    """A PCM_NOTIFY_CALLBACK."""

    def told(handle: int, context: int, action: int, data: int, size: int) -> int:
        changed()
        return 0

    number, pointer = ctypes.c_uint32, ctypes.c_void_p
    return _FORM(number, pointer, pointer, number, pointer, number)(told)


class PropertyKey(ctypes.Structure):
    """PROPERTYKEY of propsys: what changed about an endpoint."""

    _fields_ = (("group", ctypes.c_ubyte * 16), ("number", ctypes.c_uint32))


class EndpointClient:
    """An IMMNotificationClient in memory: a table of functions as COM calls them, and a pointer to it.

    A property that changed is no news: volume, and meters of drivers, are among them.
    """

    NAMES: Final = frozenset(
        uuid.UUID(name).bytes_le
        for name in ("00000000-0000-0000-C000-000000000046", "7991EEC9-7E89-4D85-8390-6C703CEC60C0")
    )
    """What it may be asked to be: IUnknown, IMMNotificationClient."""

    def __init__(self, changed: Changed) -> None:
        here, number = ctypes.c_void_p, ctypes.c_uint32

        def asked(this: int, name: int, answer: int) -> int:
            known = ctypes.string_at(name, 16) in self.NAMES
            ctypes.cast(answer, ctypes.POINTER(here))[0] = this if known else None
            return 0 if known else _NO_INTERFACE

        def told(this: int, *words: object) -> int:
            changed()
            return 0

        functions = (
            (asked, number, here, here, here),  # QueryInterface
            (lambda this: 1, number, here),  # AddRef: it lives as long as this object
            (lambda this: 1, number, here),  # Release
            (told, number, here, here, number),  # OnDeviceStateChanged
            (told, number, here, here),  # OnDeviceAdded
            (told, number, here, here),  # OnDeviceRemoved
            (told, number, here, number, number, here),  # OnDefaultDeviceChanged
            (lambda this, device, key: 0, number, here, here, PropertyKey),  # OnPropertyValueChanged
        )
        self._functions = tuple(_FORM(*form)(function) for function, *form in functions)
        self._table = (here * len(functions))(*(ctypes.cast(function, here).value for function in self._functions))
        self._pointer = here(ctypes.addressof(self._table))
        self.address = here(ctypes.addressof(self._pointer))


_NO_INTERFACE: Final = 0x80004002
_ANY_SERVER: Final = 0x17
"""CLSCTX_ALL."""
_RELEASE, _REGISTER, _UNREGISTER = 2, 6, 7
"""Places in the table of IMMDeviceEnumerator."""


class WindowsMicrophones:
    """The endpoints of audio: added, gone, plugged into a jack or out of it, chosen by the system or by a person."""

    MAKER: Final = "BCDE0395-E52F-467C-8E3D-C4579291692E"
    KIND: Final = "A95664D2-9614-4F35-A746-DE8DB63617E6"

    def __init__(self, library: Any = None) -> None:
        """`library` stands in for ole32.dll in tests."""
        self._library = library
        self._client: EndpointClient | None = None
        self._maker = ctypes.c_void_p()
        self._entered = False

    def start(self, changed: Changed) -> None:
        if self._client is not None:
            return
        self._library = self._library or ctypes.WinDLL("ole32")  # type: ignore[attr-defined,unused-ignore]
        if not self._entered:  # refused where the thread has entered in another way, and then that one holds
            self._entered = self._library.CoInitializeEx(None, ctypes.c_uint32(0)) in (0, 1)
        maker, kind = (ctypes.create_string_buffer(uuid.UUID(name).bytes_le, 16) for name in (self.MAKER, self.KIND))
        if self._library.CoCreateInstance(maker, None, ctypes.c_uint32(_ANY_SERVER), kind, ctypes.byref(self._maker)):
            return
        client = EndpointClient(changed)
        if self._ask(_REGISTER, client.address) == 0:
            self._client = client
        else:
            self._ask(_RELEASE)

    def hears(self, within_s: float) -> bool:
        return self._client is not None

    def close(self) -> None:
        if self._client is not None:
            self._ask(_UNREGISTER, self._client.address)
            self._ask(_RELEASE)
            self._client = None
        if self._entered:
            self._library.CoUninitialize()
            self._entered = False

    def _ask(self, place: int, *words: ctypes.c_void_p) -> int:
        table = ctypes.cast(self._maker, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
        form = _FORM(ctypes.c_uint32, *(ctypes.c_void_p for _ in (self._maker, *words)))
        return int(form(table[place])(self._maker, *words))


def for_system(system: str) -> Mapping[DeviceSort, NoticeSource]:
    """The sources of a system, by its `sys.platform`."""
    cameras: NoticeSource
    microphones: NoticeSource
    if system == "win32":
        cameras, microphones = WindowsCameras(), WindowsMicrophones()
    elif system == "darwin":
        cameras = MacProperties("CoreMediaIO", "CMIOObject", ("dev#",))
        microphones = MacProperties("CoreAudio", "AudioObject", ("dev#", "dIn "))
    else:
        cameras, microphones = LinuxCameras(), LinuxMicrophones()
    return MappingProxyType({DeviceSort.CAMERAS: cameras, DeviceSort.MICROPHONES: microphones})


class DeviceNotices:
    """Every source of this system. Used by one thread from `start` to `close`: COM wants it so."""

    def __init__(self, changed: Changed, sources: Mapping[DeviceSort, NoticeSource] | None = None) -> None:
        """`sources` stands in for the system's in tests."""
        self._changed = changed
        self._sources = for_system(sys.platform) if sources is None else sources

    def start(self) -> None:
        """Begin to be told; called again, try what could not be had."""
        for source in self._sources.values():
            try:
                source.start(self._changed)
            except Exception:  # noqa: BLE001, S112 - a library that is not there, or is another: this sort is not told
                continue

    def missing(self, within_s: float = 0.0) -> frozenset[DeviceSort]:
        """Sorts that the system does not tell of."""
        return frozenset(sort for sort, source in self._sources.items() if not source.hears(within_s))

    def close(self) -> None:
        """End; may be called twice."""
        for source in self._sources.values():
            source.close()
