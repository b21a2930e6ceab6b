"""Takes that were recorded once and are copied for each test: `finish` only reads `raw/`."""

from __future__ import annotations

import copy
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from core_rig import ScriptedCamera, ScriptedMicrophone, devices, make_recorder, record, take_folder

from perfstudio.capture.files.live_mp4 import SUFFIX, LiveMp4


@dataclass(frozen=True)
class RawTake:
    """A closed take, the devices that know the truth about it, and the film that grew beside it."""

    folder: Path
    camera: ScriptedCamera
    microphone: ScriptedMicrophone
    movie: LiveMp4 | None

    @property
    def devices(self) -> tuple[ScriptedCamera, ScriptedMicrophone]:
        """Both."""
        return self.camera, self.microphone

    def copied(self, place: Path) -> RawTake:
        """The same take in another folder, for one test to change."""
        folder = Path(shutil.copytree(self.folder, place / self.folder.name))
        return replace(self, folder=folder, movie=None if self.movie is None else twin(self.movie, folder))


def twin(movie: LiveMp4, folder: Path) -> LiveMp4:
    """The film of the copy: it has the same bytes behind it, and a life of its own."""
    made = copy.copy(movie)
    made._lock, made._hash = threading.Lock(), movie._hash.copy()
    made._picture, made._sound = copy.deepcopy(movie._picture), copy.deepcopy(movie._sound)
    made._final = folder / movie._final.name
    made._temporary = made._final.with_name(made._final.name + SUFFIX)
    return made


class RawTakes:
    """Records each take that is asked for once."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._made: dict[str, RawTake] = {}

    def of(self, name: str, seconds: float, **recorder: Any) -> RawTake:
        """The take of this name, recorded by `make_recorder(**recorder)`."""
        if name not in self._made:
            folder, made = take_folder(self._place, name), make_recorder(**recorder)
            record(made, folder, seconds)
            self._made[name] = RawTake(folder, *devices(made), made.movie)
        return self._made[name]


@pytest.fixture(scope="module")
def raw_takes(tmp_path_factory: pytest.TempPathFactory) -> RawTakes:
    """Those of a module."""
    return RawTakes(tmp_path_factory.mktemp("raw"))


@pytest.fixture
def raw_take(raw_takes: RawTakes, tmp_path: Path) -> Callable[..., RawTake]:
    """A copy of a take: `raw_take("plain", 2.0, camera={}, microphone={})`."""

    def take(name: str, seconds: float, **recorder: Any) -> RawTake:
        return raw_takes.of(name, seconds, **recorder).copied(tmp_path)

    return take
