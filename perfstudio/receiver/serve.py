"""Runs the receiver: loopback unless told otherwise, one process per folder, an end that keeps what has come.

A token is shown once, when it is made; on disk lies only its hash, so that the same token works after a restart.
"""

from __future__ import annotations

import errno
import functools
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import uvicorn

from perfstudio.durable import disk_error, write_durably
from perfstudio.model.call_servers import CallServers
from perfstudio.model.delivery import SignIn, Studio
from perfstudio.model.errors import DeliveryError, ErrorCode, LibraryError
from perfstudio.receiver.admission import ANYTHING, Admission
from perfstudio.receiver.app import make_app
from perfstudio.receiver.connections import KEEP_ALIVE_S, Connection, Waiting
from perfstudio.receiver.handshake import Handshake
from perfstudio.receiver.inviting import note_reached
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.ledger import DeletionLedger
from perfstudio.receiver.locking import open_lock
from perfstudio.receiver.relay_pass import RelaySecret
from perfstudio.receiver.studio_key import studio_key
from perfstudio.receiver.takes import DEFAULT_LIMITS, ReceiverLimits
from perfstudio.receiver.tls import chain
from perfstudio.receiver.token_file import token_hash
from perfstudio.receiver.tokens import BYTES
from perfstudio.systems.ending_signals import heard
from perfstudio.systems.sockets import SOCKET_CALLS

GRACE_S = 3
"""What a request may still take when the receiver ends; a cut upload goes on at the next start."""


@dataclass(frozen=True, slots=True)
class ReceiverSettings:
    """How one receiver runs. `public_url` is what senders reach when a TLS proxy stands in front."""

    studio_id: str = "receiver"
    name: str = "perfstudio receiver"
    legal_name: str = "perfstudio receiver"
    contact: str = "-"
    public_url: str = ""
    tls: tuple[Path, Path] | None = None
    """Certificate chain and key (PEM) for serving https directly."""
    practice: bool = False
    """For trying things out: senders bring takes of practice devices, and no others."""
    limits: ReceiverLimits = DEFAULT_LIMITS
    calls: CallServers | None = None
    """Servers for two who play together, as the document names them."""
    relay: RelaySecret | None = None
    """What passes to the relay among them are made of."""


DEFAULT_SETTINGS = ReceiverSettings()


class Receiver:
    """A receiver on a thread of its own. A context manager; `stop` ends it."""

    def __init__(
        self,
        folder: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        *,
        admission: Admission = ANYTHING,
        settings: ReceiverSettings = DEFAULT_SETTINGS,
    ) -> None:
        """Start and wait until it answers. Port 0 takes a free one.

        Raises DeliveryError (PORT_TAKEN, FOLDER_IN_USE, CERTIFICATE_UNUSABLE, RECEIVER_OPTION, STUDIO_KEY_UNUSABLE) or
        LibraryError (FOLDER_NOT_WRITABLE, DISK_FULL, DISK_WRITE).
        """
        self._settings = settings
        if settings.tls is not None:
            chain(*settings.tls)
        self._lock = _lock_folder(folder)
        try:
            self.key = studio_key(ReceiverLayout(folder))
            self.set_aside = DeletionLedger(ReceiverLayout(folder)).set_damaged_aside()
            self.new_token = None if token else _first_token(ReceiverLayout(folder))
            sock = _listen(host, port)
        except OSError as problem:
            self._lock.close()
            raise disk_error(problem, folder, LibraryError) from problem
        except BaseException:
            self._lock.close()
            raise
        self.port: int = sock.getsockname()[1]
        self._host = host
        app = make_app(
            folder,
            token,
            admission,
            studio=self.studio,
            studio_id=settings.studio_id,
            key=self.key,
            limits=settings.limits,
            relay=settings.relay,
        )
        self._server = uvicorn.Server(_config(app, settings))
        self._sock = sock
        self._thread = threading.Thread(target=self._run, name="receiver", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.01)
        if not self._server.started:
            self._lock.close()
            raise DeliveryError(ErrorCode.UNEXPECTED, detail="the receiver ended while it was starting")
        self._note_reached(ReceiverLayout(folder))

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it is reached, without a slash at the end."""
        if self._settings.public_url:
            return self._settings.public_url.rstrip("/")
        scheme = "https" if self._settings.tls else "http"
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{scheme}://{host}:{self.port}"

    def studio(self) -> Studio:
        """The document that senders need, as served at /studio.json."""
        s = self._settings
        return Studio(
            id=s.studio_id,
            name=s.name,
            legal_name=s.legal_name,
            contact=s.contact,
            tus=f"{self.url}/files",
            base=self.url,
            sign_in=SignIn.TOKEN,
            practice=s.practice,
            public_key=self.key.public_key,
            calls=s.calls,
        )

    def stop(self, deadline_s: float = 10.0) -> bool:
        """End gracefully; True when it has ended. Uploads in flight are kept as far as they came."""
        self._server.should_exit = True
        self._thread.join(deadline_s)
        ended = not self._thread.is_alive()
        if ended:
            self._lock.close()
        return ended

    def _note_reached(self, layout: ReceiverLayout) -> None:
        try:
            note_reached(layout, self.url, self._settings.studio_id)
        except OSError as problem:
            self.stop()
            raise disk_error(problem, layout.folder, LibraryError) from problem

    def _run(self) -> None:
        with self._sock:
            self._server.run(sockets=[self._sock])


def serve(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8737,
    token: str | None = None,
    *,
    admission: Admission = ANYTHING,
    settings: ReceiverSettings = DEFAULT_SETTINGS,
    ready: Callable[[Receiver], None] = lambda receiver: None,
) -> None:
    """Run until it is asked to end. `ready` hears the address and, when one was made, the new token."""
    ended = threading.Event()
    with Receiver(folder, host, port, token, admission=admission, settings=settings) as receiver, heard(ended.set):
        ready(receiver)
        while not ended.wait(0.5):
            pass


def _config(app: object, settings: ReceiverSettings) -> uvicorn.Config:
    waiting = Waiting()
    plain = functools.partial(Connection, waiting=waiting)
    context = chain(*settings.tls) if settings.tls is not None else None

    def protected(**more: Any) -> Handshake:
        assert context is not None  # noqa: S101 - see below
        return Handshake(functools.partial(plain, **more), context, waiting)

    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=plain if context is None else protected,  # type: ignore[arg-type]  # called, never subclassed
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(KEEP_ALIVE_S),
        timeout_graceful_shutdown=GRACE_S,
    )


def _first_token(layout: ReceiverLayout) -> str | None:
    """A token that all senders share, where nobody has one yet: made just now, told this once."""
    if layout.token_hash.exists() or layout.tokens.exists():
        return None
    made = secrets.token_urlsafe(BYTES)
    write_durably(layout.token_hash, token_hash(made).encode())
    return made


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        SOCKET_CALLS.claim(sock)
        sock.bind((host, port))
        sock.listen(64)
    except (OSError, UnicodeError, TypeError) as problem:
        sock.close()
        number = problem.errno if isinstance(problem, OSError) else None
        if number == errno.EADDRINUSE:
            raise DeliveryError(ErrorCode.PORT_TAKEN, port=port) from None
        if number in (errno.EACCES, errno.EPERM):
            raise DeliveryError(ErrorCode.RECEIVER_OPTION, option=f"--port {port}", problem="EACCES") from None
        raise DeliveryError(ErrorCode.RECEIVER_OPTION, option=f"--host {host}", problem="not_an_address") from None
    return sock


def _lock_folder(folder: Path) -> IO[bytes]:
    """The system lets go of this lock when the process ends, however it ends."""
    layout = ReceiverLayout(folder)
    try:
        layout.make()
        return open_lock(layout.lock, wait=False)
    except BlockingIOError:
        raise DeliveryError(ErrorCode.FOLDER_IN_USE, folder=str(folder)) from None
    except OSError as problem:
        raise disk_error(problem, folder, LibraryError) from problem
