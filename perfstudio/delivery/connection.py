"""Connections on requests, with every convenience that leaks or hangs switched off.

No environment (proxies, netrc, certificate variables), no cookies, no retries, TLS verification without an off switch
(a private CA goes in as a file); every socket is shown to a watch. Loaded when there is somebody to talk to.
"""

from __future__ import annotations

import http.client
import ipaddress
import logging
import ssl
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from perfstudio.delivery.deadline import DeadlineWatch
from perfstudio.delivery.failure import Fault
from perfstudio.delivery.trust import trust_only

logging.getLogger("urllib3").setLevel(logging.WARNING)  # its debug lines hold upload addresses, which are access rights


_CERTIFICATE_WHY = {9: "not_yet_valid", 10: "expired", 18: "self_signed", 19: "self_signed", 62: "other_name"}
_CERTIFICATE_WHY |= {64: "other_name"}
"""OpenSSL's verification results; every other one is an authority that this computer does not know."""
_CLEAR_TEXT = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
"""What OpenSSL calls an answer that is no TLS at all."""
MOST_INTERIM = 16
"""Interim answers (100 Continue and the like) before the real one: nobody was asked for any."""


def session(
    watch: DeadlineWatch, *, ca_file: Path | None = None, trust: str | None = None, public_only: bool
) -> requests.Session:
    """A session whose sockets `watch` sees. `trust` (PEM) is trusted alone; `public_only` refuses private networks."""
    made = requests.Session()
    made.trust_env = False
    made.verify = str(ca_file) if ca_file else True
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.mount("https://", _Adapter(watch, trust=trust, public_only=public_only))
    made.mount("http://", _Adapter(watch, trust=trust, public_only=public_only))
    return made


def fault(problem: BaseException, *, expired: bool) -> tuple[Fault, str, str]:
    """What an exception of this session means, its detail and the cause; `expired`: the watch had run out."""
    chain = list(_causes(problem))
    if expired or any(isinstance(p, TimeoutError | requests.ReadTimeout) for p in chain):
        return Fault.STALLED, "", ""
    tls = _tls_fault(chain)
    if tls is not None:
        return tls
    if any(isinstance(p, _HandshakeBrokenError) for p in chain):
        return Fault.RESET, "tls_broken", ""
    if any(isinstance(p, _PrivateAddressError) for p in chain):
        return Fault.UNSAFE, "private_address", ""
    gone = ConnectionError | http.client.RemoteDisconnected | http.client.IncompleteRead
    if any(isinstance(p, http.client.HTTPException) for p in chain) and not any(isinstance(p, gone) for p in chain):
        return Fault.PROTOCOL, "not_http", ""
    unreached = any(isinstance(p, urllib3.exceptions.NewConnectionError) for p in chain)
    return Fault.NETWORK if unreached else Fault.RESET, "", ""


def _tls_fault(chain: list[BaseException]) -> tuple[Fault, str, str] | None:
    found = [p for p in chain if isinstance(p, ssl.SSLError) and not isinstance(p, ssl.SSLEOFError)]
    for refused in (p for p in found if isinstance(p, ssl.SSLCertVerificationError)):
        return Fault.CERTIFICATE, "certificate", _CERTIFICATE_WHY.get(refused.verify_code, "unknown_authority")
    clear = any(name in str(p) for p in found for name in _CLEAR_TEXT)
    return (Fault.CERTIFICATE, "tls", "clear_text" if clear else "") if found else None


def _causes(problem: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[Any] = [problem]
    while waiting:
        p = waiting.pop()
        if isinstance(p, BaseException) and id(p) not in seen:
            seen.add(id(p))
            yield p
            waiting += [p.__cause__, p.__context__, getattr(p, "reason", None), *p.args]


class _PrivateAddressError(OSError):
    pass


class _Answer(http.client.HTTPResponse):
    """An answer that comes: http.client would read interim ones for as long as any come."""

    interim = 0

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        self.interim += status < 200
        if self.interim > MOST_INTERIM:
            raise http.client.HTTPException("interim answers without end")
        return version, status, reason


class _Unhurried:
    """Sending has no limit of its own: the watch knows a slow line from a dead one, a socket's timeout does not."""

    sock: Any

    def send(self, data: Any) -> None:
        if self.sock is not None and self.sock.gettimeout() is not None:
            self.sock.settimeout(None)
        super().send(data)  # type: ignore[misc]


class _HandshakeBrokenError(ConnectionResetError):
    """The other end broke off while the connection was being protected."""


class _Adapter(HTTPAdapter):
    """Shows every new socket to the watch, and never retries by itself."""

    def __init__(self, watch: DeadlineWatch, *, trust: str | None, public_only: bool) -> None:
        self._watch = watch
        self._trust = trust
        self._public_only = public_only
        super().__init__(pool_connections=2, pool_maxsize=2, max_retries=0)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """What is trusted: the one certificate that was given, or the authorities that requests brings."""
        if self._trust is None:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        else:
            conn.cert_reqs = "CERT_REQUIRED"

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Pools whose connections report their sockets, TLS ones before the handshake (which may hang, too)."""
        watch, public_only = self._watch, self._public_only

        class Watched(ssl.SSLSocket):
            def do_handshake(self, block: bool = False) -> None:
                watch.add(self)
                try:
                    super().do_handshake(block)
                except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError) as broken:
                    raise _HandshakeBrokenError from broken

        context = create_urllib3_context(ssl_minimum_version=ssl.TLSVersion.TLSv1_2)
        if self._trust is not None:
            trust_only(context, self._trust)
        context.sslsocket_class = Watched
        super().init_poolmanager(*args, ssl_context=context, **kwargs)

        class Plain(_Unhurried, HTTPConnection):
            response_class = _Answer

            def connect(self) -> None:
                super().connect()
                _opened(self.sock, watch, public_only=public_only)

        class Secure(_Unhurried, HTTPSConnection):
            response_class = _Answer

            def _new_conn(self) -> Any:
                sock = super()._new_conn()
                _opened(sock, watch, public_only=public_only)
                return sock

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _opened(sock: Any, watch: DeadlineWatch, *, public_only: bool) -> None:
    watch.add(sock)
    if public_only and not ipaddress.ip_address(sock.getpeername()[0].split("%")[0]).is_global:
        sock.close()
        raise _PrivateAddressError
