"""A camera on loopback that says exactly what a test wants it to say, for whatever a browser would put up with.

    with OddCamera(lambda line, request: line.sendall(...)) as camera:
        open_camera(CameraRequest(id=camera.url))

`stream(parts)` makes such an answer of pictures framed in any way; every connection is answered on a thread of its own.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from perfstudio.capture.open_device import open_camera
from perfstudio.model.device import CameraRequest
from perfstudio.model.errors import DeviceError
from rigs.waiting import until

Answer = Callable[[socket.socket, str], object]
"""Is given the line and the request that came on it."""
HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
FPS = 60


class OddCamera:
    """Listens on 127.0.0.1 (or ::1); `requests` is what was asked so far."""

    def __init__(self, answer: Answer, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.requests: list[str] = []
        self._answer, self._tls = answer, tls
        self._over = threading.Event()
        self._lines: set[socket.socket] = set()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._server = socket.create_server((host, 0), family=family)
        self.port: int = self._server.getsockname()[1]
        self.netloc = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        threading.Thread(target=self._accept, name="odd-camera", daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'http' if self._tls is None else 'https'}://{self.netloc}/video"

    def __enter__(self) -> OddCamera:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End every connection and the server."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for line in tuple(self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), name="odd-camera-line", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            if self._tls is not None:
                line = self._tls.wrap_socket(line, server_side=True)
            self._lines.add(line)
            request = line.recv(65536).decode("latin-1")
            self.requests.append(request)
            self._answer(line, request)
        except OSError:
            return
        finally:
            self._lines.discard(line)
            line.close()


@cache
def jpegs(size: tuple[int, int] = (320, 240), count: int = 8) -> tuple[bytes, ...]:
    """Different pictures with something in them."""
    rng = np.random.default_rng(5)
    ground = cv2.GaussianBlur(rng.integers(0, 255, (size[1], size[0], 3)).astype(np.uint8), (9, 9), 0)
    return tuple(cv2.imencode(".jpg", np.roll(ground, 7 * i, 1))[1].tobytes() for i in range(count))


def part(jpeg: bytes, head: str = "Content-Type: image/jpeg\r\n", *, more: int = 0, sized: bool = True) -> bytes:
    """One part as most cameras frame it; `more` is by how much its length is wrong."""
    length = f"Content-Length: {len(jpeg) + more}\r\n" if sized else ""
    return f"--frame\r\n{head}{length}\r\n".encode() + jpeg + b"\r\n"


def stream(pieces: Callable[[int, bytes], bytes], head: bytes = HEAD, *, pictures: tuple[bytes, ...] = ()) -> Answer:
    """An answer that goes on for ever: the head, then what `pieces` makes of each picture."""
    shown = pictures or jpegs()

    def answer(line: socket.socket, _: str) -> None:
        line.sendall(head)
        pause = threading.Event()
        for number in _forever():
            line.sendall(pieces(number, shown[number % len(shown)]))
            pause.wait(1 / FPS)

    return answer


def _forever() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


def certificate(folder: Path, name: str = "127.0.0.1", *, days: int = 5) -> tuple[ssl.SSLContext, Path]:
    """A certificate of the camera's own making: the context of its server, and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    with contextlib.suppress(ValueError):
        names = [x509.IPAddress(ipaddress.ip_address(name))]
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(30))
        .not_valid_after(now + datetime.timedelta(days)).add_extension(x509.SubjectAlternativeName(names), False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    whose, secret = folder / f"{name}{days}.pem", folder / f"{name}{days}.key"
    whose.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    whose.with_suffix(".cer").write_bytes(made.public_bytes(serialization.Encoding.DER))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(whose, secret)
    return context, whose


def shows_pictures(camera: OddCamera, address: str = "", **asked: str) -> None:
    """It opens, in the size it has, and goes on."""
    source = open_camera(CameraRequest(id=address or camera.url, **asked))
    assert (source.granted.width, source.granted.height) == (320, 240)
    frames: list[object] = []
    source.start(frames.append, frames.append)
    try:
        until(lambda: len(frames) > 5)
    finally:
        source.close()
    assert not [one for one in frames if isinstance(one, DeviceError)]
