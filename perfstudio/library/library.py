"""The library: take folders on disk, in order, whatever happens.

    <root>/takes/<take_id>.part/   being recorded, or waiting for recovery
    <root>/takes/<take_id>/        sealed; never moved, changed only in the living part of take.json
    <root>/records/<take_id>/      what was signed and confirmed for a take that the performer deleted
    <root>/trash/                  deletions that were decided and not finished
    <root>/locks/  counters.json  index.sqlite   see `locks`, `numbers` and `index`, which may be elsewhere

Several processes may use one library at the same time. A change is: take the take's lock, read the folder, write the
folder durably, then let the index read the folder inside a transaction of its own. So the index is never ahead of the
folders, and when it cannot be written (locked, disk full) the change stands all the same and the index follows later.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from perfstudio.durable import disk_error, free_bytes, private_folder
from perfstudio.library import decisions, documents, lookup, sealing, trash
from perfstudio.library.clip_papers import ClipPapers
from perfstudio.library.decisions import Change
from perfstudio.library.folder import (
    Stamp,
    TakeLocation,
    locate,
    read_arrival,
    read_consent,
    read_entry,
    read_manifest,
    read_receipt,
    read_ruling,
    stamp,
)
from perfstudio.library.index import Condition
from perfstudio.library.index_sync import IndexSync
from perfstudio.library.locks import Locks
from perfstudio.library.pair_papers import PairPapers
from perfstudio.library.take_numbers import TakeNumbers
from perfstudio.library.take_row import OpenTake, RebuildReport, TakeFilter, TakeRow
from perfstudio.library.trash import EmptyReport
from perfstudio.model.checks import CheckCode
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.delivery import Arrival, Receipt, SentNote
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.ids import is_take_id
from perfstudio.model.labels import Labels
from perfstudio.model.ruling import Ruling
from perfstudio.model.take import LedgerEntry, TakeManifest, TakeState, Trim

_Written = TypeVar("_Written")
EVERYTHING = TakeFilter()


class Library:
    """One library, from any thread. Errors are LibraryError with a code, unless a docstring says otherwise."""

    def __init__(self, root: Path, index: Path | None = None) -> None:
        """Open or begin a library and bring its index up to what the folders say. `index` defaults to one in `root`.

        Raises LibraryError(FOLDER_NOT_WRITABLE, DISK_FULL, DISK_WRITE) when there is no takes folder and none can be
        made. Everything else that may be wrong is survived: see `condition` and `report`.
        """
        self.root, self.takes = root, root / "takes"
        try:
            private_folder(self.takes)
        except OSError as error:
            raise disk_error(error, root, LibraryError) from error
        self._locks = Locks(root / "locks")
        self._numbers = TakeNumbers(root / "counters.json", self._locks)
        self._index = IndexSync(index or root / "index.sqlite", self.takes, self._locks)
        self._reads_only = self._index.condition is Condition.NEWER
        self.pairs = PairPapers(self._place_or_record, self._write)
        self.clips = ClipPapers(self._place_or_record, self._write)
        self.report = self.report_now()
        if not self._reads_only:
            self._index.refresh(trash.finish(root)[0], forget=True)
            trash.sweep_papers(root, self._locks)

    @property
    def condition(self) -> Condition:
        """How the index was found. NEWER means that this library is for reading only here."""
        return self._index.condition

    def close(self) -> None:
        """Let the index and every lock go. Takes that are still open wait for recovery."""
        self._index.close()
        self._locks.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- recording -------------------------------------------------------------------------------------------------

    def next_take_number(self, pack_id: str, prompt_id: str) -> int:
        """The number the next take of this prompt will get, unless another process is quicker."""
        return self._numbers.next(pack_id, prompt_id)

    def create(self, draft: TakeManifest) -> OpenTake:
        """Begin a take: `<take_id>.part/` with the draft as take.json. The manifest returned is the one written: its
        take number is the next free one when the draft's was given already.
        Raises FOLDER_NOT_WRITABLE, DISK_FULL, DISK_WRITE; then nothing is left behind but the number.
        """
        self._must_write()
        with self._saving():
            number = self._numbers.give(draft.slate.pack_id, draft.slate.prompt_id, draft.slate.take_number)
            slate = draft.slate.model_copy(update={"take_number": number})
            take = sealing.begin(self.takes, self._locks, draft.model_copy(update={"slate": slate}))
        self._index.refresh((take.take_id,))
        return take

    def seal(self, take_id: str, manifest: TakeManifest) -> TakeManifest:
        """Close a take for good: final take.json with its seal, and the folder loses its `.part`. Doing it twice with
        the same manifest is harmless. Every file the manifest names must be there with its size, else TAKE_DAMAGED.
        """
        self._must_write()
        with self._saving(), self._locks.hold("take", take_id):
            sealed = sealing.seal(self._place(take_id), manifest)
        self._locks.release(take_id)
        self._index.refresh((take_id,))
        return sealed

    def unsealed(self) -> tuple[OpenTake, ...]:
        """Takes that wait for recovery: `.part` folders that no living process is working on, oldest first."""
        return tuple(
            OpenTake(take_id, place.folder, sealing.draft_or_none(place))
            for take_id in sorted(self.report_now().unsealed)
            if (place := locate(self.takes, take_id)) and not place.sealed and not self._locks.is_claimed(take_id)
        )

    def claim(self, take_id: str) -> bool:
        """Reserve an unsealed take for recovery by this process; False when a living process is working on it."""
        with self._saving():
            return self._locks.claim(take_id)

    def rolls(self) -> bool:
        """Whether a take is being made in this library, by any process: from its first byte to its seal."""
        return self._locks.any_claimed()

    def release(self, take_id: str) -> None:
        """Give an unsealed take back after a recovery that did not work, so that another process may try."""
        self._locks.release(take_id)

    def drop_empty(self, take_id: str) -> bool:
        """Remove an unsealed take that holds no recorded byte (a device refused before the first one); else False.

        Its number is free again when no later one was given.
        """
        self._must_write()
        place = self._place(take_id)
        draft = sealing.draft_or_none(place)
        with self._saving(), self._locks.hold("take", take_id):
            if not sealing.drop_empty(place):
                return False
        self._locks.release(take_id)
        self._index.refresh((take_id,), forget=True)
        if draft is not None:
            with contextlib.suppress(OSError, LibraryError):
                self._numbers.give_back(draft.slate.pack_id, draft.slate.prompt_id, draft.slate.take_number)
        return True

    # --- looking ---------------------------------------------------------------------------------------------------

    def list(self, chosen: TakeFilter = EVERYTHING, most: int = -1) -> tuple[TakeRow, ...]:
        """The takes that fit, newest first; at most so many, or all."""
        return self._index.ask(lambda index: index.rows(chosen, most))

    def row(self, take_id: str) -> TakeRow:
        """One line. Raises TAKE_UNKNOWN."""
        row = self._index.ask(lambda index: index.row(take_id))
        if row is None:
            raise LibraryError(ErrorCode.TAKE_UNKNOWN, take=take_id)
        return row

    def find(self, text: str) -> str:
        """The take id that a person means: an id, the beginning of one, `prompt/3`, `pack/prompt/3`, or a prompt for
        its latest take. Raises TAKE_UNKNOWN, TAKE_AMBIGUOUS.
        """
        return self._index.ask(lambda index: lookup.find(index, text))

    def state(self, take_id: str) -> TakeState:
        """The one state word, read from the folder."""
        place = self._place(take_id)
        return read_entry(place).row.state

    def stamp(self, take_id: str) -> Stamp:
        """What `state`, `manifest`, `consent` and `receipt` depend on, also of a deleted take: the same stamp, the same
        answers.
        """
        return stamp(self._place_or_record(take_id))

    def manifest(self, take_id: str) -> TakeManifest:
        """take.json as it is now. Raises TAKE_UNKNOWN, TAKE_DAMAGED."""
        return read_manifest(self._place(take_id))

    def folder(self, take_id: str) -> Path:
        """Where the take's files lie now; for a missing take, where they were. Raises TAKE_UNKNOWN."""
        place = locate(self.takes, take_id) if is_take_id(take_id) else None
        if place is None and self.row(take_id).missing:
            return self.takes / take_id
        return self._place(take_id).folder

    def used_bytes(self) -> int:
        """Bytes of all takes, `raw/` included."""
        return self._index.ask(lambda index: index.bytes_used())

    def free_bytes(self) -> int:
        """Bytes free on the disk of the library."""
        return free_bytes(self.takes)

    # --- the performer's part --------------------------------------------------------------------------------------

    def update(self, take_id: str, change: Change) -> TakeManifest:
        """Change the living part of a sealed take. Raises TAKE_UNKNOWN, TAKE_DAMAGED, TAKE_NOT_READY (still open);
        ValueError when `change` touches the sealed part, which is a mistake in the program.
        """
        return self._write(take_id, lambda: sealing.change(self._place(take_id), change))

    def keep(self, take_id: str) -> TakeManifest:
        """Decide for a take: its decision is KEPT."""
        return self.update(take_id, decisions.keep)

    def unkeep(self, take_id: str) -> TakeManifest:
        """Take the decision back: the take is UNDECIDED."""
        return self.update(take_id, decisions.unkeep)

    def circle(self, take_id: str) -> TakeManifest:
        """Circle it, which keeps it too; the circle leaves every other take of the same prompt."""
        slate = self.manifest(take_id).slate
        with self._saving(), self._locks.hold("prompt", f"{slate.pack_id}/{slate.prompt_id}"):
            circled = self.update(take_id, decisions.circle)
            same = TakeFilter(pack_id=slate.pack_id, prompt_id=slate.prompt_id, circled=True)
            for other in self.list(same):
                if other.take_id != take_id and other.state is not TakeState.DAMAGED and not other.missing:
                    self.update(other.take_id, decisions.uncircle)
        return circled

    def uncircle(self, take_id: str) -> TakeManifest:
        """Take the circle away; it stays kept."""
        return self.update(take_id, decisions.uncircle)

    def bin(self, take_id: str) -> TakeManifest:
        """Put it in the bin. Nothing moves and nothing is deleted."""
        return self.update(take_id, decisions.bin_take)

    def restore(self, take_id: str) -> TakeManifest:
        """Take it out of the bin."""
        return self.update(take_id, decisions.restore)

    def label(self, take_id: str, labels: Labels) -> TakeManifest:
        """Keep the performer's own words about it."""
        return self.update(take_id, decisions.labelled(labels))

    def note(self, take_id: str, note: str) -> TakeManifest:
        """Keep a free line of text."""
        return self.update(take_id, decisions.noted(note))

    def trim(self, take_id: str, trim: Trim) -> TakeManifest:
        """Keep in and out points."""
        return self.update(take_id, decisions.trimmed(trim))

    def intend(self, take_id: str, code: CheckCode, is_meant: bool = True) -> TakeManifest:
        """Mark one finding as a choice, or no longer."""
        return self.update(take_id, decisions.intended(code, is_meant))

    def spend(self, take_id: str, entry: LedgerEntry) -> TakeManifest:
        """Add time to the take's ledger."""
        return self.update(take_id, decisions.spent(entry))

    def bind_for_sending(self, take_id: str) -> TakeManifest:
        """Bind by hash what is judged, and name what was signed: the take is put on its way. Writes what is new."""
        return self._write(take_id, lambda: documents.name_for_sending(self._place(take_id)))

    def empty_bin(self, only: Collection[str] | None = None, busy: Collection[str] = ()) -> EmptyReport:
        """Delete binned takes for good: all of them, or those of `only` that are in the bin. The one call that deletes.

        Left alone, with the reason in the report: takes in `busy` (being sent right now), takes with a standing consent
        and no receipt (they may be on their way: withdraw first), damaged ones, and folders with links in them.
        What was signed and confirmed moves to `records/` first.
        """
        self._must_write()
        binned = [row.take_id for row in self.list(TakeFilter(states=frozenset({TakeState.BINNED})))]
        chosen = [take_id for take_id in binned if only is None or take_id in only]
        with self._saving():
            decided = trash.decide(self.root, self._locks, chosen, frozenset(busy))
        self._index.refresh(decided.deleted, forget=True)
        _, stuck = trash.finish(self.root)
        left = decided.left + tuple((take_id, "not_removed") for take_id in stuck)
        return EmptyReport(tuple(i for i in decided.deleted if i not in stuck), left)

    # --- consent and receipt ---------------------------------------------------------------------------------------

    def consent(self, take_id: str) -> ConsentRecord | None:
        """consent.json, also of a deleted take; None when nothing was signed."""
        return read_consent(self._place_or_record(take_id))

    def papers(self, take_id: str) -> TakeManifest:
        """take.json, also of a deleted take. Raises TAKE_UNKNOWN, TAKE_DAMAGED."""
        return read_manifest(self._place_or_record(take_id))

    def papers_folder(self, take_id: str) -> Path:
        """Where take.json and what was signed lie, also of a deleted take. Raises TAKE_UNKNOWN."""
        return self._place_or_record(take_id).folder

    def deleted_with_papers(self) -> tuple[str, ...]:
        """Takes that were deleted here and of which the signed papers are left."""
        here = {row.take_id for row in self.list()}
        return tuple(take_id for take_id in trash.with_papers(self.root) if take_id not in here)

    def write_consent(self, take_id: str, record: ConsentRecord, spoken: bytes | None = None) -> TakeManifest:
        """Keep a signed record beside the take, what was read aloud for it, and its hash in take.json.
        A record only ever grows; a new one may take the place of one that it replaces, or in which nothing stands, and
        that one stays in the folder. Raises ConsentError(CONSENT_INVALID).
        """
        return self._write(take_id, lambda: documents.write_consent(self._place_or_record(take_id), record, spoken))

    def receipt(self, take_id: str) -> Receipt | None:
        """receipt.json, also of a deleted take; None when nothing was confirmed."""
        return read_receipt(self._place_or_record(take_id))

    def arrival(self, take_id: str) -> Arrival | None:
        """The receipt, or else the note that it was sent; also of a deleted take."""
        return read_arrival(self._place_or_record(take_id))

    def write_receipt(self, take_id: str, receipt: Receipt) -> None:
        """Keep what the receiver confirmed. Raises DeliveryError(RECEIPT_DIFFERS) when its hashes are not ours."""
        self._write(take_id, lambda: documents.write_receipt(self._place(take_id), receipt))

    def ruling(self, take_id: str) -> Ruling | None:
        """ruling.json, also of a deleted take; None when the studio has decided nothing that is known here."""
        return read_ruling(self._place_or_record(take_id))

    def write_ruling(self, take_id: str, ruling: Ruling) -> None:
        """Keep what the studio decided of a take, beside it."""
        self._write(take_id, lambda: documents.write_ruling(self._place_or_record(take_id), ruling))

    def write_sent(self, take_id: str, note: SentNote) -> None:
        """Keep that every byte was sent to who confirms nothing. Raises as `write_receipt`."""
        self._write(take_id, lambda: documents.write_sent(self._place(take_id), note))

    # --- index -----------------------------------------------------------------------------------------------------

    def rebuild(self) -> RebuildReport:
        """Make the index anew from the folders. Deletes nothing else and may be interrupted at any moment."""
        self.report = self._index.reconciled(anew=True)
        return self.report

    def report_now(self) -> RebuildReport:
        """Look at the folders again, bring the index up to them, and never fall behind the numbers found on takes."""
        self.report = self._index.reconciled()
        if not self._reads_only:
            with contextlib.suppress(OSError, LibraryError):  # a folder that cannot be written gives no numbers either
                self._numbers.raise_to(self._index.ask(lambda index: index.highest_numbers()))
        return self.report

    def repair(self, take_id: str) -> TakeManifest:
        """A garbled take.json put right by the index's copy, and left beside it. TAKE_DAMAGED if that does not fit."""
        copy, place = self._index.ask(lambda index: index.copy(take_id)), self._place(take_id)
        return self._write(take_id, lambda: sealing.repair(place, copy))

    def _place(self, take_id: str) -> TakeLocation:
        place = locate(self.takes, take_id) if is_take_id(take_id) else None
        if place is None:
            raise LibraryError(ErrorCode.TAKE_UNKNOWN, take=take_id)
        return place

    def _place_or_record(self, take_id: str) -> TakeLocation:
        try:
            return self._place(take_id)
        except LibraryError:
            record = trash.record_of(self.root, take_id) if is_take_id(take_id) else None
            if record is None:
                raise
            return record

    def _write(self, take_id: str, write: Callable[[], _Written]) -> _Written:
        self._must_write()
        with self._saving(), self._locks.hold("take", take_id):
            written = write()
        self._index.refresh((take_id,))
        return written

    def _must_write(self) -> None:
        if self._reads_only:
            raise LibraryError(ErrorCode.LIBRARY_NEWER)

    @contextlib.contextmanager
    def _saving(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise disk_error(error, self.root, LibraryError) from error
