"""The performer's own record of their time: seconds by day, scene and work, in a document a month in the home.

It is written as the work goes on, each time whole (temporary name, fsync, rename), so that a kill leaves the document
of a minute ago at worst. It is the performer's alone: nothing sends it, and no take and no receipt holds it.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from perfstudio.durable import disk_error, private_folder, write_durably
from perfstudio.model.base import Document
from perfstudio.model.errors import LibraryError
from perfstudio.session.home_document import read_or_lay_aside
from perfstudio.session.set_aside import SetAsideKind, Tell, untold

_MONTH = re.compile(r"\d{4}-\d{2}\.json")
_MOST = 20_000
"""Lines of a month: more than thirty days of a hundred scenes."""


class Work(StrEnum):
    """What time is spent on."""

    PREPARING = "preparing"  # the brief, the green room, and the stage before the first roll
    ROLLING = "rolling"  # the first take of a scene, from its countdown on
    REDO = "redo"  # from the second take on: ready on the stage, and rolling
    LABELLING = "labelling"  # looking at a take, saying what was meant, choosing its uses
    WAITING = "waiting"  # for devices, for a film to be made, for checks, before one can go on
    LOST = "lost"  # by technology: a stage that failed, and the roll that ended so


class SceneWork(Document):
    """Time spent on one scene, on one day."""

    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    """By the clock of this computer, on which the work began."""
    pack_id: str
    prompt_id: str
    title: str
    work: Work
    seconds: Annotated[float, Field(ge=0)]
    """By a clock that only goes forward."""


class TimeMonth(Document):
    """What a month's document holds: each day, scene and work once."""

    format: Literal["perfstudio-time/1"] = "perfstudio-time/1"
    spent: Annotated[tuple[SceneWork, ...], Field(max_length=_MOST)] = ()


@dataclass(frozen=True, slots=True)
class Spell:
    """A piece of work; less than no seconds where what was written before turned out to be another work."""

    began: datetime
    pack_id: str
    prompt_id: str
    title: str
    work: Work
    seconds: float


class TimeStore:
    """The documents of one home, from any thread."""

    def __init__(self, folder: Path, *, tell: Tell = untold) -> None:
        """`tell` hears of a document that cannot be read; it is laid aside."""
        self._folder, self._tell = folder, tell
        self._lock = threading.Lock()
        self._unwritten: list[Spell] = []

    def add(self, spell: Spell) -> None:
        """Keep it; what the disk did not take before goes along. Raises LibraryError for the disk."""
        with self._lock:
            self._unwritten.append(spell)
            for month in sorted({f"{one.began:%Y-%m}" for one in self._unwritten}):
                due = [one for one in self._unwritten if f"{one.began:%Y-%m}" == month]
                self._write(month, due)
                self._unwritten = [one for one in self._unwritten if one not in due]

    def all(self) -> tuple[SceneWork, ...]:
        """Every day's work, the oldest first."""
        with self._lock, contextlib.suppress(OSError):
            names = sorted(file.name for file in self._folder.iterdir() if _MONTH.fullmatch(file.name))
            return tuple(one for name in names for one in self._read(self._folder / name).spent)
        return ()

    def _write(self, month: str, spells: Iterable[Spell]) -> None:
        file = self._folder / f"{month}.json"
        found = {(one.day, one.pack_id, one.prompt_id, one.work): one for one in self._read(file).spent}
        for spell in spells:
            key = (f"{spell.began:%Y-%m-%d}", spell.pack_id, spell.prompt_id, spell.work)
            before = found[key].seconds if key in found else 0.0
            day, pack_id, prompt_id, work = key
            found[key] = SceneWork(
                day=day, pack_id=pack_id, prompt_id=prompt_id, title=spell.title, work=work,
                seconds=round(max(0.0, before + spell.seconds), 3),
            )  # fmt: skip
        try:
            private_folder(self._folder)
            write_durably(file, TimeMonth(spent=tuple(found.values())).model_dump_json(indent=1).encode())
        except OSError as error:
            raise disk_error(error, self._folder, LibraryError, file=file.name) from error

    def _read(self, file: Path) -> TimeMonth:
        return read_or_lay_aside(file, TimeMonth, SetAsideKind.TIME, self._tell) or TimeMonth()


@dataclass(frozen=True, slots=True)
class SceneTime:
    """What one scene took, by work."""

    pack_id: str
    prompt_id: str
    title: str
    seconds: dict[Work, float]

    @property
    def total_s(self) -> float:
        """All of it, in seconds."""
        return sum(self.seconds.values())


def by_scene(spent: Iterable[SceneWork]) -> tuple[SceneTime, ...]:
    """Every scene, the one that took longest first."""
    found: dict[tuple[str, str], dict[Work, float]] = defaultdict(lambda: defaultdict(float))
    titles: dict[tuple[str, str], str] = {}
    for one in spent:
        found[one.pack_id, one.prompt_id][one.work] += one.seconds
        titles[one.pack_id, one.prompt_id] = one.title
    scenes = (SceneTime(pack, prompt, titles[pack, prompt], dict(works)) for (pack, prompt), works in found.items())
    return tuple(sorted(scenes, key=lambda scene: (-scene.total_s, scene.title)))
