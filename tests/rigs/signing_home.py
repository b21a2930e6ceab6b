"""A home with takes to sign, made from those of 0.1.0: nothing is recorded for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from perfstudio.consent import keyfile
from perfstudio.model.consent import UseId
from perfstudio.model.labels import Labels
from perfstudio.paths import AppPaths
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from rigs.kept_takes import CIRCLED, RECOVERED, SEALED, SIGNED, SOUND_ONLY, kept_home

SECRET = "three calm horses"
MINE = (SOUND_ONLY, CIRCLED, RECOVERED)
"""Signed with the key of this home; `SIGNED` was with one that is lost."""
USES = frozenset({UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH, UseId.MACHINE_ANALYSIS})


def signed_home(home: Path, takes: Iterable[str] = MINE) -> Path:
    """Every sealed take kept and labelled, `takes` signed for `USES`; the passphrase of the key is `SECRET`."""
    shutil.copytree(_made(tuple(takes)), home)
    return home


@contextmanager
def opened_home(home: Path) -> Iterator[tuple[Home, DeliveryService]]:
    """A home with its deliveries, which follow what is signed there and taken back."""
    with (
        Home(AppPaths(home), use_keyring=False) as opened,
        closing(DeliveryService(opened.library, opened.paths)) as service,
    ):
        service.follow(opened.consents)
        yield opened, service


@cache
def _made(takes: tuple[str, ...]) -> Path:
    folder = Path(_FOLDER.name) / str(len(list(Path(_FOLDER.name).iterdir())))
    kept_home(folder)
    stretch, keyfile.STRETCH = keyfile.STRETCH, 1 << 14
    try:
        with Home(AppPaths(folder), use_keyring=False) as home:
            home.library.rebuild()
            for take_id in SEALED:
                home.takes.keep(take_id)
                home.takes.label(take_id, Labels(meant=("joy",)))
            for take_id in takes:
                adult = Statements(adult=True)
                home.consents.sign(take_id, USES, "Ines Example", passphrase=lambda: SECRET, stated=adult)
    finally:
        keyfile.STRETCH = stretch
    return folder


_FOLDER = TemporaryDirectory()
__all__ = ["MINE", "SECRET", "SIGNED", "USES", "opened_home", "signed_home"]
