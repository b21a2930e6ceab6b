"""What a signed take is called where its papers are listed, by the list or by the papers themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from perfstudio.library.take_row import TakeRow
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.take import TakeManifest
from perfstudio.session.unread_papers import UnreadPaper

_Paper = TypeVar("_Paper")


@dataclass(frozen=True, slots=True)
class TakeName:
    """Of whom, and what it is called."""

    studio_id: str
    title: str
    number: int
    pack_id: str
    pack_version: str
    practice: bool


def name_of(row: TakeRow) -> TakeName:
    """By the list."""
    title = row.prompt_title or row.take_id
    return TakeName(row.studio_id, title, row.take_number, row.pack_id, row.pack_version, row.practice)


def name_in(manifest: TakeManifest) -> TakeName:
    """By take.json."""
    slate, shown = manifest.slate, manifest.prompt
    pack = slate.pack_id, slate.pack_version
    return TakeName(shown.studio.id, shown.prompt.title, slate.take_number, *pack, manifest.practice)


def named_paper(take_id: str, problem: PerfstudioError, named: TakeName | None) -> UnreadPaper:
    """A paper that cannot be read, with what is known of its take."""
    if named is None:
        return UnreadPaper(take_id, problem)
    return UnreadPaper(take_id, problem, named.title, named.number, named.studio_id, named.pack_id)


def tried(read: Callable[[], _Paper], problems: list[PerfstudioError]) -> _Paper | None:
    """A paper that takes nothing else of its take with it when it is damaged."""
    try:
        return read()
    except PerfstudioError as problem:
        problems.append(problem)
        return None
