"""A take that arrived is taken back while something goes wrong: told in the end, and once in effect."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.withdrawal_notices import NoticeOutcome, ReceiverDirectory, tell_all
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.receiver.ledger import DeletionLedger
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.statements import DeletionStatements

ACT = consent_event(2, ConsentStatus.WITHDRAWN, USES)
Break = Callable[[pytest.MonkeyPatch, Receiver], object]


def once(patch: pytest.MonkeyPatch, where: Any, name: str, problem: Exception, *, behind: bool) -> None:
    """The first call raises, before or behind what it does."""
    real, left = getattr(where, name), [problem]

    def breaks(*args: Any, **options: Any) -> Any:
        done = real(*args, **options) if behind or not left else None
        if left:
            raise left.pop()
        return done

    patch.setattr(where, name, breaks)


def full() -> OSError:
    return OSError(errno.ENOSPC, "no space left on device")


TROUBLES: dict[str, Break] = {
    "nobody is there": lambda patch, receiver: receiver.stop(),
    "the receiver's disk is full before it begins": lambda patch, _: once(
        patch, DeletionLedger, "begin", full(), behind=False
    ),
    "the receiver's disk is full when all is gone": lambda patch, _: once(
        patch, DeletionLedger, "close", full(), behind=False
    ),
    "the answer is lost": lambda patch, _: once(patch, DeletionStatements, "answer", full(), behind=True),
    "the sender's disk is full": lambda patch, _: once(
        patch, Outbox, "told", DeliveryError(ErrorCode.DISK_FULL, folder="x", free_mb=0, needed_mb=1), behind=False
    ),
}


@pytest.mark.parametrize("what", TROUBLES)
def test_it_is_told_in_the_end_and_once(what: str, tmp_path: Path, quick: Tuning, monkeypatch: Any) -> None:
    """First something breaks; then the receiver has been started anew, and is to be found somewhere else."""
    folder, settings = tmp_path / "in", ReceiverSettings(studio_id=STUDIO)
    bundle = make_bundle(tmp_path / "takes")

    def told(outbox: Outbox, receiver: Receiver) -> NoticeOutcome:
        directory = ReceiverDirectory(lambda _: receiver.studio(), lambda _: TOKEN)
        (outcome,) = tell_all(outbox, directory, tuning=quick, patience_s=2.0)
        return outcome

    with Outbox(tmp_path / "outbox.db") as outbox:
        with Receiver(folder, token=TOKEN, settings=settings) as receiver:
            deliver(bundle, receiver.studio(), TOKEN, outbox=outbox, may_send=lambda: True, tuning=quick)
            outbox.withdraw(bundle.take_id, bundle.consent.record_id, ACT)
            with monkeypatch.context() as patch:
                TROUBLES[what](patch, receiver)
                broken = told(outbox, receiver)
            assert broken.is_open
            assert [line.deleted_at for line in outbox.statuses()] == [None]
        with Receiver(folder, token=TOKEN, settings=settings) as moved:
            outcome = told(outbox, moved)
            assert outcome.reply is not None
            assert (outcome.is_open, outcome.reply.word) == (False, DeletionWord.DELETED)
        assert outbox.pending() == ()
        (note,) = outbox.withdrawals_of(bundle.take_id)
    assert note.reply is not None
    statement = json.loads(note.reply.statement or b"")
    assert {file["name"] for file in statement["files"]} == {file.name for file in bundle.files}
    assert (
        len(json.loads((folder / ".receiver" / "withdrawals" / f"{bundle.consent.record_id}.json").read_bytes())) == 1
    )
    assert [file for file in folder.rglob("*") if file.suffix in (".mp4", ".flac")] == []
