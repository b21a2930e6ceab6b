"""A recorder process whose disk takes nothing while a file stands: every write of it waits until the file is gone."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection
from pathlib import Path

from perfstudio.capture.files.durable_file import DurableFile
from rigs import waiting

HOLD = "PERFSTUDIO_TEST_HOLD"
"""Where that file would stand; the child inherits it."""

LIMIT_S = 300.0
"""Longer than any test holds it."""


def main(pipe: Connection, shared: str) -> None:
    """The recorder, on such a disk."""
    from perfstudio.session.recorder.process import main as recorder

    write, hold = DurableFile.write, Path(os.environ[HOLD])

    def held(file: DurableFile, data: bytes | memoryview) -> int:
        waiting.until(lambda: not hold.exists(), "a disk that takes what is written", LIMIT_S, look_s=0.02)
        return write(file, data)

    DurableFile.write = held  # type: ignore[method-assign]
    recorder(pipe, shared)
