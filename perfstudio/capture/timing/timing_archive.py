"""timing.zip: every clock observation of a take in one file that goes with it, so that anybody can recompute the sync.

A zip of the files that the recorder wrote while rolling, byte for byte, in the order of MEMBERS, none of them packed.
The same observations make the same zip, to the byte. What is in the files is written down for readers without our
source in `assets/schemas/timing.md`.
"""

from __future__ import annotations

import contextlib
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

from perfstudio.capture.files.durable_file import DurableFile, put_in_place
from perfstudio.capture.timing.timing_log import (
    BLOCK_LOG,
    CAPTURE_FILE,
    EVENTS_FILE,
    FRAME_LOG,
    PLAYED_LOG,
)
from perfstudio.durable import file_error, remove
from perfstudio.model.errors import CaptureError, ErrorCode
from perfstudio.model.partner import PARTNER_FILE

MEMBERS: Final = (CAPTURE_FILE, EVENTS_FILE, BLOCK_LOG, FRAME_LOG, PARTNER_FILE, PLAYED_LOG)
MOST_BYTES: Final = 256 << 20
"""Of a zip that is read. A second of a take has 6 kB of observations: this is half a day."""

_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_COPY: Final = 1 << 20
_WRONG: Final = (
    OSError, ValueError, KeyError, EOFError, RuntimeError, NotImplementedError, struct.error, zipfile.BadZipFile,
)  # fmt: skip
"""What reading a zip ends in when a byte of it is not as it was written."""


class _ZipTarget(DurableFile):
    """A file that a zip can be written to."""

    def flush(self) -> None:
        """Nothing is held back."""


def write_archive(raw: Path, final: Path) -> None:
    """Make `final` of the observations that lie in the folder `raw`. Raises CaptureError; then it is not there."""
    temporary = final.with_name(final.name + ".tmp")
    remove(temporary)
    file = _ZipTarget(temporary)
    try:
        with zipfile.ZipFile(cast(Any, file), "w", zipfile.ZIP_STORED) as archive:
            for name in MEMBERS:
                if (raw / name).is_file():
                    _add(archive, raw / name)
        file.close()
        put_in_place(temporary, final)
    except OSError as problem:
        raise file_error(problem, final, CaptureError) from problem
    finally:
        file.close()
        with contextlib.suppress(OSError):
            remove(temporary)


def read_archive(path: Path) -> dict[str, bytes]:
    """The observations by the names of their files. Raises CaptureError(NOTHING_RECORDED) for what is no such zip."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(path.name)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if names != [name for name in MEMBERS if name in names]:
                raise ValueError(names)
            if any(info.compress_type != zipfile.ZIP_STORED or info.file_size > MOST_BYTES for info in infos):
                raise ValueError(names)
            return {info.filename: archive.read(info) for info in infos}
    except _WRONG as problem:
        raise CaptureError(ErrorCode.NOTHING_RECORDED) from problem


def _add(archive: zipfile.ZipFile, path: Path) -> None:
    entry = zipfile.ZipInfo(path.name, _NO_DATE)
    entry.create_system = 3  # the same on every system
    entry.external_attr = 0o600 << 16
    entry.file_size = path.stat().st_size
    with archive.open(entry, "w") as target:
        for piece in _pieces(path):
            target.write(piece)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(_COPY):
            yield piece
