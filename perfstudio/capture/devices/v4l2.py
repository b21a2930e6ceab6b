"""What Linux says about a camera node, asked of the kernel itself: name, bus, modes, whether somebody else streams.

Layouts and numbers are those of linux/videodev2.h. Nothing here starts a stream.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from perfstudio.capture.devices.device_names import readable, slug
from perfstudio.model.device_info import CameraMode

_QUERYCAP = 0x80685600
_ENUM_FMT = 0xC0405602
_ENUM_FRAMESIZES = 0xC02C564A
_ENUM_FRAMEINTERVALS = 0xC034564B
_REQBUFS = 0xC0145608
_CAPTURE = 1
_MMAP = 1
_CAP_VIDEO_CAPTURE = 0x00000001
_CAP_STREAMING = 0x04000000
_USUAL_SIZES = ((1280, 720), (1920, 1080), (640, 480), (640, 360))
_USUAL_RATES = (24.0, 25.0, 30.0, 50.0, 60.0)
_PLAIN = ("YUYV", "NV12", "UYVY", "YU12")
"""Uncompressed formats OpenCV turns into pictures, the commonest first."""
_SYSFS = Path("/sys/class/video4linux")


@dataclass(frozen=True, slots=True)
class V4l2Node:
    """One capture node. `id` is stable; `bus` is where it hangs now."""

    path: str
    id: str
    name: str
    bus: str


def nodes() -> tuple[V4l2Node, ...]:
    """Every node that gives pictures, in the kernel's order. A node that cannot be opened is listed by its name."""
    found = []
    for folder in sorted(_SYSFS.glob("video*"), key=lambda p: (len(p.name), p.name)):
        path = f"/dev/{folder.name}"
        name = readable(_line(folder / "name")) or folder.name
        driver, bus = "camera", ""
        if os.access(path, os.R_OK | os.W_OK):
            asked = _query(path)
            if asked is None:
                continue
            driver, name, bus = asked[0], once(asked[1]) or name, asked[2]
        found.append(V4l2Node(path, _base_id(folder, driver, name), name, bus))
    return _told_apart(found)


def modes(path: str) -> tuple[CameraMode, ...]:
    """The modes worth offering: MJPG and one plain format, at their usual rates and the best one of each size."""
    try:
        with _open(path) as node:
            offered = set(_formats(node))
            plain = next((fourcc for fourcc in _PLAIN if fourcc in offered), None)
            return tuple(
                CameraMode(width, height, fps, fourcc)
                for fourcc in ("MJPG", plain)
                if fourcc in offered
                for width, height in _sizes(node, fourcc)
                for fps in _worth_offering(tuple(_rates(node, fourcc, width, height)))
            )
    except OSError:
        return ()


def _worth_offering(rates: tuple[float, ...]) -> tuple[float, ...]:
    best = max(rates, default=0.0)
    return tuple(fps for fps in dict.fromkeys(rates) if fps == best or fps in _USUAL_RATES)


def why_not(path: str) -> str:
    """Why a node gives no pictures: "busy", "refused" (no right to open it), "gone" or "" when nothing is found."""
    try:
        with _open(path) as node:
            _ioctl(node, _REQBUFS, bytearray(struct.pack("=5I", 0, _CAPTURE, _MMAP, 0, 0)))
    except OSError as problem:
        reasons = {errno.EBUSY: "busy", errno.EACCES: "refused", errno.EPERM: "refused"}
        gone = problem.errno in (errno.ENODEV, errno.ENOENT, errno.ENXIO)
        return "gone" if gone else reasons.get(problem.errno or 0, "")
    return ""


def _query(path: str) -> tuple[str, str, str] | None:
    """Driver, name and bus of a node that captures pictures; None for the others (metadata, outputs, radios)."""
    reply = bytearray(104)
    try:
        with _open(path) as node:
            _ioctl(node, _QUERYCAP, reply)
    except OSError:
        return None
    driver, card, bus, _, everything, own = struct.unpack_from("=16s32s32s3I", reply)
    offers = own or everything
    if not (offers & _CAP_VIDEO_CAPTURE and offers & _CAP_STREAMING):
        return None
    return _text(driver), _text(card), _text(bus)


def _base_id(folder: Path, driver: str, name: str) -> str:
    device = (folder / "device").resolve()
    for place in (device, device.parent, device.parent.parent):
        vendor, product = _line(place / "idVendor"), _line(place / "idProduct")
        if vendor and product:
            serial = slug(_line(place / "serial"))
            return f"usb:{vendor}:{product}:{slug(name)}" + (f":{serial}" if serial else "")
    return f"v4l2:{slug(driver)}:{slug(name)}"


def _told_apart(found: list[V4l2Node]) -> tuple[V4l2Node, ...]:
    """Twins get their place on the bus, and twins at one place a number."""
    ids = [node.id for node in found]
    placed = [
        V4l2Node(n.path, f"{n.id}@{slug(n.bus)}" if ids.count(n.id) > 1 and n.bus else n.id, n.name, n.bus)
        for n in found
    ]
    told: list[V4l2Node] = []
    for node in placed:
        before = sum(1 for other in told if other.id.partition("#")[0] == node.id)
        told.append(V4l2Node(node.path, f"{node.id}#{before + 1}" if before else node.id, node.name, node.bus))
    return tuple(told)


def once(name: str) -> str:
    """A name without its echo: many drivers say "HD Webcam: HD Webcam", cut off at 31 letters."""
    first, colon, second = name.partition(": ")
    return first if colon and second and first.startswith(second) else name


def _formats(node: int) -> Iterator[str]:
    for index in range(64):
        reply = bytearray(struct.pack("=2I56x", index, _CAPTURE))
        if not _ask(node, _ENUM_FMT, reply):
            return
        yield reply[44:48].decode("latin-1")


def _sizes(node: int, fourcc: str) -> Iterator[tuple[int, int]]:
    for index in range(256):
        reply = bytearray(struct.pack("=I4s36x", index, fourcc.encode("latin-1")))
        if not _ask(node, _ENUM_FRAMESIZES, reply):
            return
        kind, *numbers = struct.unpack_from("=7I", reply, 8)
        if kind == 1:
            yield numbers[0], numbers[1]
            continue
        low_w, high_w, _, low_h, high_h, _ = numbers
        for width, height in _USUAL_SIZES:
            if low_w <= width <= high_w and low_h <= height <= high_h:
                yield width, height
        return


def _rates(node: int, fourcc: str, width: int, height: int) -> Iterator[float]:
    for index in range(64):
        reply = bytearray(struct.pack("=I4s2I36x", index, fourcc.encode("latin-1"), width, height))
        if not _ask(node, _ENUM_FRAMEINTERVALS, reply):
            if index == 0:
                yield 0.0  # the driver does not say
            return
        kind, seconds, per = struct.unpack_from("=3I", reply, 16)
        yield round(per / seconds, 3) if seconds else 0.0
        if kind != 1:
            return


def _ask(node: int, request: int, reply: bytearray) -> bool:
    try:
        _ioctl(node, request, reply)
    except OSError:
        return False
    return True


def _ioctl(node: int, request: int, reply: bytearray) -> None:
    import fcntl  # noqa: PLC0415 - does not exist on Windows, where nothing is asked

    fcntl.ioctl(node, request, reply)


@contextmanager
def _open(path: str) -> Iterator[int]:
    node = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield node
    finally:
        os.close(node)


def _line(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _text(raw: bytes) -> str:
    return readable(raw.split(b"\0")[0])
