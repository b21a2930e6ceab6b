"""Addresses of network cameras: how they are told from other ids, what they hold, and what of them may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from perfstudio.model.device import DeviceSelection

_PORTS: Final = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
SCHEMES: Final = tuple(_PORTS)
_HIDDEN: Final = "•••"
_TELLING: Final = re.compile(r"(?i)([?&;][\w.-]*(?:pass|pwd|token|auth|key|secret)[\w.-]*=)[^&;#]*")
_SPARED: Final = "/%:@!$&'()*+,;=~?"
"""What a path or a query may hold as it stands; all else is percent-encoded."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart. Name and password are decoded and never shown; `host` is without brackets."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query, as it is asked for: never empty, percent-encoded."""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def netloc(self) -> str:
        """Host and, where it is not the usual one, port, as they stand in an address."""
        host = self.host.partition("%")[0]
        host = f"[{host}]" if ":" in host else host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def encrypted(self) -> bool:
        """Whether it is spoken over TLS."""
        return self.scheme in ("https", "rtsps")

    def whole(self) -> str:
        """Everything, with name and password, percent-encoded: what FFmpeg is given."""
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user or self.password else ""
        return f"{self.scheme}://{who}{self.netloc}{self.path}"


def is_address(device_id: str) -> bool:
    """Whether an id is the address of a network camera."""
    return "://" in device_id


def parted(address: str) -> Address | None:
    """What an address means; None when it is none, or of no known kind."""
    try:
        parts = urlsplit(_decent(address))
        scheme, port = parts.scheme.lower(), parts.port
        host = unquote(parts.hostname or "")
        host.encode("idna" if host.isascii() is False else "ascii")
    except (ValueError, UnicodeError):
        return None
    if scheme not in _PORTS or not host or port == 0:
        return None
    path = quote(parts.path or "/", safe=_SPARED) + (f"?{quote(parts.query, safe=_SPARED)}" if parts.query else "")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Address(scheme, host, _PORTS[scheme] if port is None else port, path, user, password)


def public_address(address: str) -> str:
    """The address without name, password and query: what may be shown and written down."""
    decent = _decent(address)
    try:
        parts = urlsplit(decent)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        return decent.rpartition("@")[2].partition("?")[0]


def hidden(address: str) -> str:
    """The address as it may stand in a field where it was typed: dots in the place of every password."""
    decent = _decent(address)
    scheme, mark, rest = decent.partition("://")
    who, at, where = rest.partition("@") if "@" in re.split(r"[/?#]", rest)[0] else ("", "", rest)
    who = f"{who.partition(':')[0]}:{_HIDDEN}" if ":" in who else who
    return scheme + mark + who + at + _TELLING.sub(rf"\g<1>{_HIDDEN}", where)


def without_secrets(selection: DeviceSelection) -> DeviceSelection:
    """The selection as it may stand in a take."""
    camera = selection.camera
    if camera is None or not is_address(camera.id):
        return selection
    public = camera.model_copy(update={"id": public_address(camera.id), "trust": ""})
    return selection.model_copy(update={"camera": public})


def _decent(address: str) -> str:
    """The address with its name and password percent-encoded: people type a password as it is, slashes and all."""
    scheme, mark, rest = address.strip().partition("://")
    who, at, where = _who(rest)
    if not at:
        return scheme + mark + rest
    user, colon, password = who.partition(":")
    return f"{scheme}{mark}{_encoded(user)}{colon}{_encoded(password)}@{where}"


def _who(rest: str) -> tuple[str, str, str]:
    """Name and password, the @ behind them, and the rest. An @ further on counts where no port could stand before."""
    front = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in front:
        who, at, host = front.rpartition("@")
        return who, at, host + rest[len(front) :]
    _, colon, port = front.rpartition(":")
    if "@" in rest and colon and not front.endswith("]") and not port.isdigit():
        return rest.rpartition("@")[0], "@", rest.rpartition("@")[2]
    return "", "", rest


def _encoded(text: str) -> str:
    """Percent-encoded; what is encoded already stays."""
    return quote(text, safe="%" if re.search(r"%[0-9A-Fa-f]{2}", text) else "")
