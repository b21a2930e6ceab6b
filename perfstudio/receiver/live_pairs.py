"""Where the two takes of a live duet lie to each other, reckoned at the receiver from the stamps that both brought."""

from __future__ import annotations

from pathlib import Path

from perfstudio.model.pair import LiveAlignment, PairKind
from perfstudio.model.pair_document import PairDocument
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.model.take_reading import read_take
from perfstudio.receiver.layout import ReceiverLayout

_REMEMBERED = 1000
"""Pairs that are not reckoned twice while their takes do not change."""
_Stamp = tuple[int, int, int]


class LivePairs:
    """Over the accepted takes of one receiver. Used under the lock of the pairs."""

    def __init__(self, layout: ReceiverLayout) -> None:
        self._layout = layout
        self._known: dict[tuple[_Stamp, ...], LiveAlignment | None] = {}

    def alignment(self, pair: PairDocument) -> LiveAlignment | None:
        """Of a live pair whose two takes lie here; None where the stamps of both do not tell."""
        if pair.kind is not PairKind.LIVE or len(pair.sides) != 2:
            return None
        folders = [self._layout.accepted(side.take_id) for side in pair.sides]
        try:
            stamps = tuple(_stamp(folder / name) for folder in folders for name in _FILES)
            if stamps not in self._known:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[stamps] = _aligned(*folders)
            return self._known[stamps]
        except OSError:
            return None


_FILES = (FILE_NAMES[FileRole.MANIFEST], FILE_NAMES[FileRole.DUET_PINGS])


def _stamp(file: Path) -> _Stamp:
    state = file.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _aligned(one: Path, other: Path) -> LiveAlignment | None:
    """Raises OSError."""
    from perfstudio.model.duet_clocks import ClocksError  # noqa: PLC0415 - numpy, for live pairs alone
    from perfstudio.model.duet_pings import MOST_BYTES  # noqa: PLC0415 - the same
    from perfstudio.model.live_pair import lay_takes  # noqa: PLC0415 - the same

    pings, papers = [], []
    for folder in (one, other):
        with (folder / _FILES[1]).open("rb") as file:
            pings.append(file.read(MOST_BYTES + 1))
        papers.append((folder / _FILES[0]).read_bytes())
    try:
        return lay_takes((read_take(papers[0]), read_take(papers[1])), (pings[0], pings[1]))
    except (ClocksError, ValueError):
        return None
