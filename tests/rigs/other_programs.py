"""Programs that work in a home beside the one of a test (`rigs.warm_program`)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from perfstudio.library.library import Library
from perfstudio.session.settings import SettingsStore
from rigs.warm_program import Say

CHANGES = 30


def change_settings(_: Say, file: Path, name: str) -> None:
    """The same setting again and again; the last value is "<name> 29"."""
    store = SettingsStore(file)
    for number in range(CHANGES):
        store.change(**{name: f"{name} {number}"})


def bin_take(_: Say, root: Path, take_id: str) -> None:
    with Library(root) as library:
        library.bin(take_id)


def verb(_: Say, words: list[str], env: dict[str, str]) -> None:
    """`perfstudio WORDS` with more in its environment."""
    from perfstudio.cli.main import run  # the process of tests does not need it

    os.environ.update(env)
    sys.exit(run(words))
