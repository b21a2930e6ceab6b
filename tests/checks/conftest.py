"""Puts the material of this folder within reach of the evaluation below it, and works as the program does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from perfstudio.checks.decode_ahead import single_minded


@pytest.fixture(autouse=True, scope="session")
def on_one_thread() -> Iterator[None]:
    """OpenCV's helpers sleep, as in the recorder and in a report: between small pictures they would spin."""
    with single_minded():
        yield
