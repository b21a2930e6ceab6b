"""The path in a `file:` address, as file managers and browsers write one (RFC 8089).

Linux, macOS   a path of this computer; of another one there is none
Windows        a drive behind a slash, or a share as \\\\host\\share. Not run: by the appendix E of the RFC.
"""

from __future__ import annotations

import sys

SCHEME = "file:"


def path_of(address: str, system: str = sys.platform) -> str:
    """The path, with odd letters as they are, also such of bytes that are no text; empty where there is none."""
    from urllib.parse import unquote  # noqa: PLC0415 - an address is rare, and a quick verb does not wait for it

    rest, host = address[len(SCHEME) :], ""
    if rest.startswith("//"):
        host, slash, rest = rest[2:].partition("/")
        rest = slash + rest
    path, here = unquote(rest, errors="surrogateescape"), host.lower() in ("", "localhost")
    if system != "win32":
        return path if here and path.startswith("/") else ""
    if not here:
        return rf"\\{host}{path}".replace("/", "\\")
    return path.lstrip("/").replace("/", "\\") if path[2:3] == ":" else ""
