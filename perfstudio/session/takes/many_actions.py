"""What can be done with several takes at once, and with which of them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from perfstudio.library.take_row import TakeRow
from perfstudio.model.take import TakeState
from perfstudio.session.takes.arranging import KEPT


class ManyAction(StrEnum):
    """One thing that can be done with several takes; a circle is for one."""

    KEEP = "keep"
    LABELS_AGAIN = "labels_again"  # what was meant, as the last time
    USES_AGAIN = "uses_again"  # what is allowed, as the last time
    SEND = "send"
    RESTORE = "restore"
    BIN = "bin"
    DELETE = "delete"  # of takes in the bin, for good
    SHOW = "show"  # in the system's own files


def many_actions(rows: Iterable[TakeRow]) -> dict[ManyAction, tuple[str, ...]]:
    """The takes that each thing would be done to, in the order of a bar; without those that it cannot be done to."""
    chosen = tuple(rows)
    found = {action: tuple(row.take_id for row in chosen if _offers(row, action)) for action in ManyAction}
    return {action: take_ids for action, take_ids in found.items() if take_ids}


def _offers(row: TakeRow, action: ManyAction) -> bool:
    in_bin, here = row.state is TakeState.BINNED, row.state in KEPT or row.state is TakeState.UNDECIDED
    return {
        ManyAction.KEEP: row.state is TakeState.UNDECIDED,
        ManyAction.LABELS_AGAIN: here and not row.meant,
        ManyAction.USES_AGAIN: row.state is TakeState.KEPT,
        ManyAction.SEND: row.state is TakeState.ACCEPTED and not row.sent,
        ManyAction.RESTORE: in_bin,
        ManyAction.BIN: here,
        ManyAction.DELETE: in_bin,
        ManyAction.SHOW: not row.missing,
    }[action]
