"""Fixtures of the library's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from library_takes import sealed_take

from perfstudio.library.library import Library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def library(root: Path) -> Iterator[Library]:
    with Library(root) as opened:
        yield opened


@pytest.fixture
def take(library: Library) -> str:
    return sealed_take(library)


@pytest.fixture
def make_take(library: Library) -> Callable[..., str]:
    return lambda prompt_id="the-letter", pack_id="evening": sealed_take(library, prompt_id, pack_id)
