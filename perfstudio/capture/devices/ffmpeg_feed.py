"""Pictures through FFmpeg: cameras that speak rtsp, and whatever film comes over http that is no JPEG.

The line is tried by hand first, for FFmpeg tells neither an unknown name from a closed port nor whose certificate it is
that cannot be trusted. FFmpeg checks certificates as well; left alone it would take any.
"""

from __future__ import annotations

import contextlib
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import av

from perfstudio.capture.devices.addresses import Address
from perfstudio.capture.devices.camera import Image
from perfstudio.capture.devices.camera_feed import ArrivedPicture, LineEndedError
from perfstudio.capture.devices.camera_problems import other_answer, problem_of, refusal
from perfstudio.capture.devices.camera_trust import CameraTrust
from perfstudio.capture.devices.http_line import Deadline, dial
from perfstudio.model.clock import host_ns
from perfstudio.model.errors import DeviceError

_READ_LIMIT_S: Final = 2.0
_STATUS: Final = {
    av.error.HTTPUnauthorizedError: 401, av.error.HTTPForbiddenError: 403, av.error.HTTPNotFoundError: 404,
    av.error.HTTPServerError: 500, av.error.HTTPTooManyRequestsError: 429, av.error.HTTPBadRequestError: 400,
    av.error.HTTPOtherClientError: 400,
}  # fmt: skip
_WAITED_NS: Final = 2_000_000
_ANALYSE_US: Final = "1000000"
"""How much of a stream is looked at before its first picture is given."""


class FfmpegFeed:
    """A stream that FFmpeg reads and decodes. A read that is under way ends by its own limit."""

    backend = "FFMPEG"
    pixel_format = ""
    needed = 1
    fresh = False

    def __init__(self, address: Address, trust: CameraTrust, limit_s: float) -> None:
        self._address = address
        try:
            _try_line(address, trust, limit_s)
            with _options(trust) as options:
                self._container = av.open(address.whole(), options=options, timeout=(limit_s, _READ_LIMIT_S))
        except (av.FFmpegError, OSError) as cause:
            raise _named(cause, address, limit_s) from cause
        if not self._container.streams.video:
            self._container.close()
            sound = bool(self._container.streams.audio)
            raise other_answer(address, "gives_sound" if sound else "no_pictures")
        stream = self._container.streams.video[0]
        stream.thread_type = "SLICE"  # frame by frame it would hold back as many as there are cores
        stream.codec_context.flags |= av.codec.context.Flags.low_delay
        self.fps = float(stream.average_rate or stream.guessed_rate or 0)
        self.fps = round(self.fps, 3) if 1 <= self.fps <= 240 else 0.0
        self._packets: Iterator[av.Packet[Any]] = self._container.demux(stream)

    def arrivals(self, wait_s: float) -> list[ArrivedPicture]:
        """The pictures of the next packet."""
        begun = host_ns()
        try:
            packet = next(self._packets)
            now = host_ns()
            self.fresh = now - begun > _WAITED_NS
            if not packet.size:
                raise LineEndedError
            return [ArrivedPicture(now + number, image) for number, image in enumerate(_images(packet))]
        except (StopIteration, av.error.EOFError) as cause:
            raise LineEndedError from cause
        except av.error.ExitError as cause:
            raise TimeoutError from cause
        except av.error.InvalidDataError:
            return [ArrivedPicture(host_ns(), jpeg=b"")]
        except av.FFmpegError as cause:
            raise OSError(cause.errno, "the stream broke") from cause

    def no_pictures(self) -> DeviceError:
        """Nothing of it could be looked at."""
        return other_answer(self._address, "no_pictures")

    def close(self) -> None:
        """Nothing to be done from outside."""

    def release(self) -> None:
        """Close the stream."""
        self._container.close()


def _images(packet: av.Packet[Any]) -> list[Image]:
    return [cast(Image, frame.to_ndarray(format="bgr24")) for frame in packet.decode()]


def _try_line(address: Address, trust: CameraTrust, limit_s: float) -> None:
    deadline = Deadline(limit_s)
    line = trust.secured(lambda: dial(address, deadline), address) if address.encrypted else dial(address, deadline)
    line.close()


@contextlib.contextmanager
def _options(trust: CameraTrust) -> Iterator[dict[str, str]]:
    """What FFmpeg is told. It reads certificates from a file, which is made where the system keeps them elsewhere."""
    plain = {"rtsp_flags": "prefer_tcp", "fflags": "nobuffer", "analyzeduration": _ANALYSE_US}
    system = ssl.get_default_verify_paths().cafile
    if trust.anybody:
        yield plain | {"tls_verify": "0"}
    elif system is not None and not trust.certificates:
        yield plain | {"tls_verify": "1", "ca_file": system}
    else:
        known = trust.certificates or ssl.create_default_context().get_ca_certs(binary_form=True)
        with tempfile.TemporaryDirectory(prefix="perfstudio-") as folder:
            file = Path(folder) / "certificates.pem"
            file.write_text("".join(ssl.DER_cert_to_PEM_cert(one) for one in known), "ascii")
            yield plain | {"tls_verify": "1", "ca_file": str(file)}


def _named(cause: Exception, address: Address, limit_s: float) -> DeviceError:
    status = next((number for kind, number in _STATUS.items() if isinstance(cause, kind)), 0)
    if status:
        return refusal(address, status)
    if isinstance(cause, av.error.ExitError):
        return problem_of(TimeoutError(), address, limit_s)
    if isinstance(cause, av.FFmpegError):
        return other_answer(address, "not_rtsp" if address.scheme.startswith("rtsp") else "no_pictures")
    assert isinstance(cause, OSError)  # noqa: S101 - what is caught
    return problem_of(cause, address, limit_s)
