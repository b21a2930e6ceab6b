"""The files that stay in `raw/`, named by hash: they are all there is of what the finished files do not hold."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from perfstudio.capture.recording.rolling_take import BALLAST_FILE, RAW
from perfstudio.durable import sha256_of
from perfstudio.model.take import SECOND_COPY
from perfstudio.model.take_2 import RawFile

_NOT_RECORDED: Final = frozenset({BALLAST_FILE, SECOND_COPY})

_log = logging.getLogger(__name__)


def name_raw(folder: Path) -> tuple[RawFile, ...]:
    """Every file in `folder/raw`, by name. None where one of them cannot be read or named."""
    try:
        return tuple(_named(file) for file in sorted((folder / RAW).iterdir()) if file.name not in _NOT_RECORDED)
    except (OSError, ValueError):
        _log.warning("what stays in raw/ could not be hashed", exc_info=True)
        return ()


def _named(file: Path) -> RawFile:
    with file.open("rb") as source:
        return RawFile(name=file.name, size=file.stat().st_size, sha256=sha256_of(source))
