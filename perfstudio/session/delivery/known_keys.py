"""The performer's public keys, asked before every byte: read anew when their files have changed."""

from __future__ import annotations

from pathlib import Path

from perfstudio.consent.key_chain import OwnKeys
from perfstudio.consent.keys import FOLDER, own_keys

_Stamp = tuple[tuple[str, int, int, int], ...]


class KnownKeys:
    """Of one home. Any thread."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._read: tuple[_Stamp, OwnKeys] | None = None

    def now(self) -> OwnKeys:
        """The keys as they are now; the same object while nothing changes. Raises ConsentError(KEY_DAMAGED)."""
        before = self._stamp()
        known = self._read
        if known is not None and known[0] == before:
            return known[1]
        keys = own_keys(self._home)
        self._read = (before, keys)
        return keys

    def _stamp(self) -> _Stamp:
        """What changes with any of the files; each is replaced whole."""
        files = sorted((self._home / FOLDER).glob("*.json"))
        found = []
        for file in files:
            try:
                stat = file.stat()
            except OSError:  # on its way to another name
                continue
            found.append((file.name, stat.st_ino, stat.st_size, stat.st_mtime_ns))
        return tuple(found)
