"""Pairs at the receiver: which takes are two sides of one scene, and what may be done with both together.

Each side is taken in at once, and follows its own record alone. A joint use is open only while both sides lie here and
both records grant it; whoever takes back closes it. Every answer is reckoned anew from the takes and records that lie
here: pair.json is written so that people and programs beside the receiver read the same, and so that a pair is known
after one of its sides has gone. Thread-safe, and over processes.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from perfstudio.durable import write_durably
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import Receipt
from perfstudio.model.pair import PairAlignment, PairSide, alignment_of, pair_id_of, side_of
from perfstudio.model.pair_document import MOST_SIDES, PairDocument, PairState, SideGone
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.model.take_reading import read_take
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout, make_folder, read_or_none
from perfstudio.receiver.ledger import DeletionLedger
from perfstudio.receiver.live_pairs import LivePairs
from perfstudio.receiver.locking import held
from perfstudio.receiver.marks import WhatHolds
from perfstudio.receiver.pair_rule import Found, found_with, pair_as_it_is
from perfstudio.receiver.parsing import read_or_drop
from perfstudio.receiver.removal import erase

log = logging.getLogger(__name__)
_REMEMBERED = 1000
"""Takes whose take.json is not read twice while it does not change."""


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: tuple[int, int, int]
    side: PairSide | None
    alignment: PairAlignment | None


class Pairs:
    """Over one receiver's folder, from any process."""

    def __init__(self, layout: ReceiverLayout, consents: ConsentStore) -> None:
        self._layout = layout
        self._consents = consents
        self._ledger = DeletionLedger(layout)
        self._live = LivePairs(layout)
        self._lock = threading.RLock()
        self._of: dict[str, set[str]] = {}
        self._known = -1
        self._sides: dict[str, _Read] = {}
        self.left_over = False
        """A pair could not be written as it is: it is looked at again."""

    def note(self, bundle: Path) -> None:
        """A whole bundle is about to be accepted: remember the pair that it says it is of. Raises OSError."""
        manifest = _manifest(bundle)
        side = _side(manifest)
        pair_id = pair_id_of(side) if side is not None else None
        if side is None or side.names is None or pair_id is None:
            return
        with self._alone():
            before = self._read(pair_id)
            sides = before.sides if before is not None else ()
            others = tuple(one for one in sides if one.take_id != side.take_id)
            if len(others) >= MOST_SIDES:
                return
            noted = PairDocument(
                pair_id=pair_id,
                kind=side.names.kind,
                state=before.state if before is not None else PairState.WAITING,
                changed_at=before.changed_at if before is not None else utc_now(),
                sides=(*others, side),
                here=before.here if before is not None else (),
            )
            self._write(noted)

    def changed(self, take_id: str) -> None:
        """A take has come, or gone, or its record says something else. Never raises: what could not be written is
        looked at again, and no answer is taken from it."""
        try:
            self.of(take_id)
        except OSError:
            self.left_over = True
            log.error("a pair cannot be written as it is")  # noqa: TRY400 - no traceback

    def of(self, take_id: str) -> tuple[PairDocument, ...]:
        """Every pair of a take as it is now, the one that changed last first. Raises OSError."""
        return self._looked_at(sorted(self._index().get(take_id, ())))

    def all(self) -> tuple[PairDocument, ...]:
        """Every pair as it is now, the one that changed last first. Raises as `of`."""
        return self._looked_at(sorted({one for of in self._index().values() for one in of}))

    def look_again(self) -> None:
        """Bring every pair.json up to what is: after a kill, or where a disk did not play along."""
        self.left_over = False
        if any(self._read(pair_id) is None for pair_id in self._ids()):
            self._learn_anew()
        for pair_id in self._ids():
            try:
                self._look(pair_id)
            except OSError:
                self.left_over = True
                log.error("a pair cannot be written as it is")  # noqa: TRY400 - no traceback

    def _learn_anew(self) -> None:
        """What cannot be read is made again from the takes that say that they are of it."""
        log.error("a pair.json cannot be read, and is made anew")
        for receipt in self._layout.folder.glob(f"*/{self._layout.receipt('').name}"):
            self.note(receipt.parent)

    def _looked_at(self, pair_ids: Iterable[str]) -> tuple[PairDocument, ...]:
        found = (self._look(pair_id) for pair_id in pair_ids)
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.changed_at, reverse=True))

    def _look(self, pair_id: str) -> PairDocument | None:
        """The pair as it is now, on the disk too; None where neither side lies here, and nothing is left to say."""
        with self._alone():
            before = self._read(pair_id)
            if before is None:
                return None
            now = utc_now()
            found = {take_id: self._found(take_id) for take_id in before.takes()}
            pair = pair_as_it_is(before, found, now, self._live.alignment(before))
            if not pair.here:
                erase(self._layout.pair(pair_id).parent)
                return None
            if pair != before:
                self._write(pair)
            return pair

    def _found(self, take_id: str) -> Found:
        """What lies here of a take, or since when it does not any more."""
        receipt = read_or_drop(_read_or_none(self._layout.receipt(take_id)), Receipt)
        read = self._side_of(take_id) if receipt is not None else None
        if receipt is not None and read is not None and read.side is not None:
            return found_with(read.side, read.alignment, self._holds(receipt.record_id))
        gone_at = self._ledger.gone_at(take_id)
        return Found(gone=SideGone(take_id=take_id, at=gone_at) if gone_at is not None else None)

    def _holds(self, record_id: str | None) -> WhatHolds | None:
        """What stands of a record; None where that is not here or cannot be read: then nothing is known to stand."""
        try:
            return self._consents.holds(record_id) if record_id is not None else None
        except RefusedError:  # which paper cannot be read was said when it was
            return None

    def _side_of(self, take_id: str) -> _Read | None:
        folder = self._layout.accepted(take_id)
        try:
            state = (folder / FILE_NAMES[FileRole.MANIFEST]).stat()
        except OSError:
            return None
        stamp = state.st_mtime_ns, state.st_size, state.st_ino
        known = self._sides.get(take_id)
        if known is None or known.stamp != stamp:
            manifest = _manifest(folder)
            alignment = alignment_of(manifest) if manifest is not None else None
            if len(self._sides) >= _REMEMBERED:
                self._sides.clear()
            known = self._sides[take_id] = _Read(stamp, _side(manifest), alignment)
        return known

    def _index(self) -> dict[str, set[str]]:
        """Pairs by take; read anew when one was made, here or by another process."""
        with self._lock:
            now = _changed_ns(self._layout.pairs)
            if now != self._known:
                found: dict[str, set[str]] = {}
                for pair_id in self._ids():
                    known = self._read(pair_id)
                    for take_id in known.takes() if known is not None else ():
                        found.setdefault(take_id, set()).add(pair_id)
                self._of, self._known = found, now
            return self._of

    def _ids(self) -> list[str]:
        if not self._layout.pairs.is_dir():
            return []
        return sorted(place.parent.name for place in self._layout.pairs.glob(f"*/{self._layout.pair('').name}"))

    def _read(self, pair_id: str) -> PairDocument | None:
        known = read_or_drop(_read_or_none(self._layout.pair(pair_id)), PairDocument)
        return known if known is not None and known.pair_id == pair_id else None

    def _write(self, pair: PairDocument) -> None:
        make_folder(self._layout.pair(pair.pair_id).parent)
        write_durably(self._layout.pair(pair.pair_id), pair.canonical())
        for take_id in pair.takes():
            self._of.setdefault(take_id, set()).add(pair.pair_id)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else looks at pairs meanwhile, in this process or another."""
        with self._lock, held(self._layout.pairs_lock):
            yield


def _side(manifest: TakeManifest | None) -> PairSide | None:
    return side_of(manifest) if manifest is not None and manifest.seal_sha256 is not None else None


def _manifest(folder: Path) -> TakeManifest | None:
    data = _read_or_none(folder / FILE_NAMES[FileRole.MANIFEST])
    try:
        return read_take(data) if data is not None else None
    except JsonProblemError:  # it came through a door that asked nothing: it is of no pair
        return None


def _read_or_none(file: Path) -> bytes | None:
    try:
        return read_or_none(file)
    except (NotADirectoryError, IsADirectoryError):
        return None


def _changed_ns(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
