"""Which addresses may see a token or a take: one origin per studio, https, or http on loopback.

Two parsers read every address (urllib's and the one that requests connects with) and must agree; what only one of them
understands is refused. That, and refusing redirects, is the answer to servers that point elsewhere.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from perfstudio.model.errors import DeliveryError, ErrorCode

_PLAIN = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?][!-~]*)?", re.IGNORECASE)
"""An absolute address without user name, fragment, spaces or control characters."""
_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what a token belongs to."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


@lru_cache(maxsize=8)  # asked of every request, and of few addresses
def origin_of(address: str) -> Origin:
    """The origin of an address that may be used. Raises DeliveryError(RECEIVER_UNSAFE)."""
    from urllib3.exceptions import LocationParseError  # noqa: PLC0415 - loads when there is an address to read
    from urllib3.util import parse_url  # noqa: PLC0415 - as above

    if len(address) > _LONGEST or not _PLAIN.fullmatch(address) or "\\" in address or "#" in address:
        raise _unsafe(address)
    try:
        one, two = urlsplit(address), parse_url(address)
        port = one.port
    except (ValueError, LocationParseError):
        raise _unsafe(address) from None
    scheme, host = one.scheme.lower(), (one.hostname or "").lower()
    same = (two.scheme, (two.host or "").strip("[]").lower(), two.port) == (scheme, host, port)
    if not same or not host or port == 0:
        raise _unsafe(address)
    origin = Origin(scheme, host, port or _PORTS[scheme])
    if scheme == "http" and not is_loopback(host):
        raise _unsafe(address)
    return origin


def join_same_origin(address: str, location: str) -> str:
    """The absolute form of a Location (which may be relative), if it stays on the origin of `address`.

    Raises DeliveryError(RECEIVER_UNSAFE, address, detail, elsewhere) when it leaves it or cannot be read without doubt.
    """
    here = origin_of(address)
    if not location or any(ord(c) <= 32 or ord(c) >= 127 for c in location) or "\\" in location:
        raise _leads_elsewhere(address, location)
    try:
        joined = urljoin(address, location)
        there = origin_of(joined)
    except (ValueError, DeliveryError):
        raise _leads_elsewhere(address, location) from None
    if there != here:
        raise _leads_elsewhere(address, location)
    return joined


def elsewhere(address: str, location: str) -> str:
    """Where a Location points to, fit for a sentence; empty when that cannot be said."""
    try:
        there = shown(urljoin(address, location)) if location else "?"
    except ValueError:
        return ""
    return "" if there == "?" else there


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown(address: str) -> str:
    """The address without path and query, fit for a sentence or a log: an upload's path is itself an access right."""
    match = re.match(r"(https?)://(?:[^/?#\s\\]*@)?([^/?#@\s\\]{1,120})", address, re.IGNORECASE)
    return f"{match[1].lower()}://{match[2].lower()}" if match else "?"


def _leads_elsewhere(address: str, location: str) -> DeliveryError:
    there = elsewhere(address, location)
    facts = {"elsewhere": there} if there else {}
    return DeliveryError(ErrorCode.RECEIVER_UNSAFE, address=shown(address), detail="elsewhere", **facts)


def _unsafe(address: str) -> DeliveryError:
    return DeliveryError(ErrorCode.RECEIVER_UNSAFE, address=shown(address))
