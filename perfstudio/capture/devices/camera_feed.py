"""What a network camera's line gives: pictures with the moment at which the last byte of each was there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from perfstudio.capture.devices.addresses import Address
from perfstudio.capture.devices.camera import Image
from perfstudio.capture.devices.camera_problems import no_stream, other_answer, problem_of
from perfstudio.capture.devices.camera_trust import CameraTrust
from perfstudio.capture.devices.http_line import HttpLine
from perfstudio.capture.devices.http_stream import open_stream
from perfstudio.capture.devices.multipart import PictureReader
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import DeviceError

_JPEG_KINDS: Final = ("multipart/", "image/jp", "image/pj", "video/x-motion-jpeg", "video/x-jpeg", "video/mjpeg")
_NO_KIND: Final = ("", "application/octet-stream", "unknown/unknown", "*/*")
_OTHER_KINDS: Final = ("text/", "image/", "audio/", "application/json", "application/xml", "application/xhtml")
_APART_NS: Final = 1000
"""Pictures that came in one piece follow one another by so much: a film's times are microseconds."""


@dataclass(frozen=True, slots=True)
class ArrivedPicture:
    """A picture of either form; an empty `jpeg` came damaged."""

    host_ns: int
    image: Image | None = None
    jpeg: bytes | None = None


class LineEndedError(OSError):
    """The other end closed the line in good order."""


class Feed(Protocol):
    """An open line of pictures. `close` may be called from any thread, `release` by the one that reads."""

    backend: str
    pixel_format: str
    fps: float
    """The stream's own rate; 0 where it says none."""
    needed: int
    """So many pictures prove that it is a stream and no single picture."""
    fresh: bool
    """Whether what came last had to be waited for: then its time is known."""

    def arrivals(self, wait_s: float) -> list[ArrivedPicture]:
        """What comes next, perhaps nothing yet. Raises OSError: TimeoutError after `wait_s`, LineEndedError."""
        ...

    def no_pictures(self) -> DeviceError:
        """Why none came, as far as what came instead tells."""
        ...

    def close(self) -> None: ...

    def release(self) -> None: ...


class JpegFeed:
    """Pictures of a camera that sends JPEG over http."""

    backend = "HTTP"
    pixel_format = "MJPG"
    fps = 0.0

    def __init__(self, line: HttpLine, first: bytes) -> None:
        self.needed = 2 if line.kind.startswith("image/") else 1
        self._line = line
        self._reader = PictureReader()
        self._first = first
        self._last_ns = 0
        self.fresh = False

    def arrivals(self, wait_s: float) -> list[ArrivedPicture]:
        """The pictures that became whole with the next piece."""
        self._line.wait(wait_s)
        self.fresh = not self._first and not self._line.has_more()
        piece, self._first = self._first or self._line.read(), b""
        now = host_ns()
        if not piece:
            raise LineEndedError
        out: list[ArrivedPicture] = []
        for jpeg in self._reader.feed(piece):
            self._last_ns = max(now, self._last_ns + _APART_NS)
            out.append(ArrivedPicture(self._last_ns, jpeg=jpeg))
        return out

    def no_pictures(self) -> DeviceError:
        """By the kinds of the parts that came."""
        return no_stream(self._line.address, min(self._reader.kinds, default=""))

    def close(self) -> None:
        """End the line."""
        self._line.close()

    def release(self) -> None:
        """Release the device."""
        self._line.release()


def open_feed(address: Address, trust: CameraTrust, limit_s: float) -> Feed:
    """Connect within `limit_s`. Raises DeviceError: each cause has a code of its own."""
    if address.scheme.startswith("rtsp"):
        return _by_ffmpeg(address, trust, limit_s)
    line = open_stream(address, trust, limit_s)
    try:
        line.wait(limit_s)
        first = line.read()
    except OSError as cause:
        line.release()
        nothing = isinstance(cause, TimeoutError)
        raise (other_answer(address, "gives_nothing") if nothing else problem_of(cause, address, limit_s)) from cause
    if _looks_like_jpeg(line.kind, first):
        return JpegFeed(line, first)
    line.release()
    kind = line.kind if line.kind not in _NO_KIND else _guessed(first)
    if not first:
        raise other_answer(address, "gives_nothing")
    if kind.startswith(_OTHER_KINDS):
        raise no_stream(address, kind)
    return _by_ffmpeg(line.address, trust, limit_s)


def _by_ffmpeg(address: Address, trust: CameraTrust, limit_s: float) -> Feed:
    from perfstudio.capture.devices.ffmpeg_feed import FfmpegFeed  # noqa: PLC0415 - loads for the cameras that need it

    return FfmpegFeed(address, trust, limit_s)


def _looks_like_jpeg(kind: str, first: bytes) -> bool:
    if first.lstrip()[:2] in (b"--", b"\xff\xd8"):
        return True
    return bool(first) and (kind.startswith(_JPEG_KINDS) or (kind in _NO_KIND and b"\xff\xd8\xff" in first))


def _guessed(first: bytes) -> str:
    """The kind of an answer that does not name it, by how it begins."""
    begin = first.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return {b"<": "text/html", b"{": "application/json", b"[": "application/json"}.get(begin, "")
