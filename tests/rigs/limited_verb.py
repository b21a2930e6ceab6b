"""A verb in a process on which the system puts a limit before it begins."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from rigs.warm_program import Program, Say

PATIENCE_S = 110.0


def limited(limit: str, most: int, folder: Path, *words: str) -> Any:
    """What `perfstudio WORDS` answers in JSON under `resource.RLIMIT_<limit>`; it may end with 0 or 3."""
    out, err = folder / "out", folder / "err"
    with Program(_verb, limit, most, (out, err), words) as program:
        code = program.wait(PATIENCE_S)
    said = err.read_text("utf-8")
    assert code in (0, 3), said
    assert "Traceback" not in said
    return json.loads(out.read_text("utf-8"))


def _verb(_: Say, limit: str, most: int, to: tuple[Path, Path], words: tuple[str, ...]) -> None:
    import resource  # not everywhere

    from perfstudio.cli.main import run  # the process of tests does not need it

    resource.setrlimit(getattr(resource, f"RLIMIT_{limit}"), (most, most))
    for number, file in enumerate(to, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    sys.exit(run(words))
