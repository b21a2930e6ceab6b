"""Fixtures of the packs' tests."""

from __future__ import annotations

import json
from pathlib import Path

import packs_made
import pytest

from perfstudio.packs.pack_store import PackStore


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    """A bundled pack of our own, so that these tests do not depend on the words of the real one."""
    folder = tmp_path / "bundled"
    folder.mkdir()
    own = packs_made.pack(id="practice", title="Practice", prompts=[packs_made.prompt("warm-up")])
    (folder / "pack.json").write_text(json.dumps(own))
    return folder


@pytest.fixture
def shelf(tmp_path: Path, bundled: Path) -> PackStore:
    return PackStore(tmp_path / "packs", [bundled])
