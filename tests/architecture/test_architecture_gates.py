"""The gates as tests: lint, format, types, floors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rigs import beforehand

TOP = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent


def passes(*command: str | Path) -> None:
    """Run a tool at the top of the tree; what it says is the test's message."""
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_lint() -> None:
    passes(TOOLS / "ruff", "check", "--quiet", ".")


def test_format() -> None:
    passes(TOOLS / "ruff", "format", "--check", "--quiet", "--diff", ".")


@pytest.mark.timeout(600)
def test_types() -> None:
    code, said = beforehand.types()
    assert code == 0, said


def test_floors() -> None:
    passes(TOOLS / "lint-imports", "--no-cache")
