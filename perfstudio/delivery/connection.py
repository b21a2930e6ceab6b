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

from perfstudio.delivery.failure import Fault
from perfstudio.delivery.watch import Watch

logging.getLogger("urllib3").setLevel(logging.WARNING)  # its debug lines hold upload addresses, which are access rights


def session(watch: Watch, *, ca_file: Path | None, public_only: bool) -> requests.Session:
    """A session whose sockets `watch` sees. `public_only` refuses private networks."""
    made = requests.Session()
    made.trust_env = False
    made.verify = str(ca_file) if ca_file else True
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.mount("https://", _Adapter(watch, public_only=public_only))
    made.mount("http://", _Adapter(watch, public_only=public_only))
    return made


def fault(problem: BaseException, *, expired: bool) -> tuple[Fault, str]:
    """What an exception of this session means, and its detail; `expired`: the watch had run out."""
    chain = list(_causes(problem))
    if expired or any(isinstance(p, TimeoutError | requests.ReadTimeout) for p in chain):
        return Fault.STALLED, ""
    tls = [p for p in chain if isinstance(p, ssl.SSLError) and not isinstance(p, ssl.SSLEOFError)]
    if tls:
        refused = any(isinstance(p, ssl.SSLCertVerificationError) for p in tls)
        return Fault.CERTIFICATE, "certificate" if refused else "tls"
    if any(isinstance(p, _PrivateAddressError) for p in chain):
        return Fault.UNSAFE, "private_address"
    gone = ConnectionError | http.client.RemoteDisconnected | http.client.IncompleteRead
    if any(isinstance(p, http.client.HTTPException) for p in chain) and not any(isinstance(p, gone) for p in chain):
        return Fault.PROTOCOL, "not_http"
    unreached = any(isinstance(p, urllib3.exceptions.NewConnectionError) for p in chain)
    return Fault.NETWORK if unreached else Fault.RESET, ""


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


class _Adapter(HTTPAdapter):
    """Shows every new socket to the watch, and never retries by itself."""

    def __init__(self, watch: Watch, *, public_only: bool) -> None:
        self._watch = watch
        self._public_only = public_only
        super().__init__(pool_connections=2, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Pools whose connections report their sockets, TLS ones before the handshake (which may hang, too)."""
        watch, public_only = self._watch, self._public_only

        class Watched(ssl.SSLSocket):
            def do_handshake(self, block: bool = False) -> None:
                watch.add(self)
                super().do_handshake(block)

        context = create_urllib3_context(ssl_minimum_version=ssl.TLSVersion.TLSv1_2)
        context.sslsocket_class = Watched
        super().init_poolmanager(*args, ssl_context=context, **kwargs)

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                _opened(self.sock, watch, public_only=public_only)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> Any:
                sock = super()._new_conn()
                _opened(sock, watch, public_only=public_only)
                return sock

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _opened(sock: Any, watch: Watch, *, public_only: bool) -> None:
    watch.add(sock)
    if public_only and not ipaddress.ip_address(sock.getpeername()[0].split("%")[0]).is_global:
        sock.close()
        raise _PrivateAddressError
