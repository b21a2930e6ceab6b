"""From what a person types to one take id."""

from __future__ import annotations

from perfstudio.library.index import Index
from perfstudio.library.take_row import TakeFilter, TakeRow
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.take import Decision

_SHOWN = 5
"""Matches named in TAKE_AMBIGUOUS."""


def find(index: Index, text: str) -> str:
    """The take meant by `text`: an id, `prompt/3`, `pack/prompt/3`, `prompt`, `pack/prompt`, or the beginning of an id.

    A prompt without a number means its latest take that is not in the bin. Raises TAKE_UNKNOWN, TAKE_AMBIGUOUS.
    """
    wanted = text.strip().lower()
    if index.row(wanted) is not None:
        return wanted
    by_prompt = _by_prompt(index, wanted)
    if by_prompt:
        return _only(text, _latest_of_each_prompt(by_prompt))
    beginning = index.ids_with_prefix(wanted, _SHOWN + 1) if wanted else ()
    if not beginning:
        raise LibraryError(ErrorCode.TAKE_UNKNOWN, take=text)
    return _only(text, beginning)


def _by_prompt(index: Index, wanted: str) -> tuple[TakeRow, ...]:
    *names, last = wanted.split("/")
    number = int(last) if names and last.isascii() and last.isdigit() and len(last) < 10 else None
    if number is None:
        names.append(last)
    if not names or len(names) > 2:
        return ()
    pack = names[0] if len(names) == 2 else None
    rows = index.rows(TakeFilter(pack_id=pack, prompt_id=names[-1]))
    return rows if number is None else tuple(row for row in rows if row.take_number == number)


def _latest_of_each_prompt(rows: tuple[TakeRow, ...]) -> tuple[str, ...]:
    """One take id per pack: the latest outside the bin, else the latest."""
    latest: dict[str, TakeRow] = {}
    for row in sorted(rows, key=lambda r: (r.decision is not Decision.BINNED, r.take_number, r.take_id)):
        latest[row.pack_id] = row
    return tuple(row.take_id for row in latest.values())


def _only(text: str, take_ids: tuple[str, ...]) -> str:
    if len(take_ids) == 1:
        return take_ids[0]
    shown = ", ".join(take_ids[:_SHOWN]) + (" …" if len(take_ids) > _SHOWN else "")
    raise LibraryError(ErrorCode.TAKE_AMBIGUOUS, take=text, matches=shown)
