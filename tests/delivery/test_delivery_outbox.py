"""The outbox: what it promises over kills, broken files, two processes and withdrawals."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from take_bundles import STUDIO, USES, consent_event, make_bundle, write_papers

from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.outbox import Outbox
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.delivery import DeliveryState, Receipt
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.ids import new_id
from perfstudio.model.take import FileRole
from rigs.systems import mode_of, private

WITHDRAWN = consent_event(2, ConsentStatus.WITHDRAWN, USES)


def test_enqueue_is_idempotent(outbox: Outbox, bundle: Bundle) -> None:
    assert outbox.enqueue(bundle) is DeliveryState.QUEUED
    outbox.set_state(bundle.take_id, STUDIO, DeliveryState.WAITING, reason=ErrorCode.RECEIVER_UNREACHABLE)
    assert outbox.enqueue(bundle) is DeliveryState.WAITING
    assert len(outbox.statuses()) == 1
    assert outbox.status(bundle.take_id, STUDIO) == outbox.statuses()[0]
    assert outbox.statuses()[0].bytes_total == bundle.size


def test_files_and_folders_are_private(outbox: Outbox, tmp_path: Path, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    with outbox.turn(0.0):
        pass
    home = tmp_path / "home"
    assert mode_of(home) == private(0o700)
    assert {f.name: oct(mode_of(f)) for f in home.iterdir() if mode_of(f) != private(0o600)} == {}


def test_upload_addresses_are_keyed_by_bytes(outbox: Outbox, tmp_path: Path) -> None:
    one, two = (make_bundle(tmp_path / "t", seed=s) for s in (1, 2))
    picture = one.file(FileRole.PICTURE)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    outbox.keep_upload(one, picture, "https://up/1", moment)
    found = outbox.upload(one, picture)
    assert found is not None
    assert (found.url, found.expires_at) == ("https://up/1", moment)
    assert "up/1" not in repr(found)
    assert outbox.upload(two, two.file(FileRole.PICTURE)) is None
    assert outbox.upload(one, picture.model_copy(update={"sha256": "0" * 64})) is None
    outbox.forget_upload(one.take_id, STUDIO, "audio.flac")
    assert outbox.upload(one, picture) is not None
    outbox.forget_upload(one.take_id, STUDIO, "take.mp4")
    assert outbox.upload(one, picture) is None


def test_t20_withdrawal_blocks_and_waits_to_be_told(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.note(bundle.take_id, STUDIO, level="B")
    outbox.keep_upload(bundle, bundle.files[0], "https://up/1", None)
    assert not outbox.stopped(bundle.take_id, STUDIO)
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    assert outbox.stopped(bundle.take_id, STUDIO)
    assert outbox.statuses()[0].reason is ErrorCode.CONSENT_WITHDRAWN
    outbox.set_state(bundle.take_id, STUDIO, DeliveryState.SENDING)
    outbox.retry(bundle.take_id, STUDIO)
    assert outbox.enqueue(bundle) is DeliveryState.CANCELLED
    assert outbox.stopped(bundle.take_id, STUDIO)
    (pending,) = outbox.untold()
    assert (pending.studio_id, pending.event, pending.blocks) == (STUDIO, WITHDRAWN, True)
    outbox.told(pending)
    assert outbox.untold() == ()
    assert outbox.upload_urls(bundle.take_id, STUDIO) == ()


def test_withdrawal_before_it_was_queued(outbox: Outbox, bundle: Bundle) -> None:
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    assert outbox.enqueue(bundle) is DeliveryState.CANCELLED
    assert outbox.stopped(bundle.take_id, STUDIO)
    assert outbox.untold() == ()  # nobody got anything


def test_a_take_that_waited_for_its_first_byte_has_nobody_to_tell(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    assert outbox.untold() == ()
    (line,) = outbox.statuses()
    assert (line.untold, line.told_at, line.withdrawn_at) == (False, None, WITHDRAWN.at)


def test_when_it_was_sent_taken_back_and_told(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.note(bundle.take_id, STUDIO, level="B")
    outbox.set_state(bundle.take_id, STUDIO, DeliveryState.DELIVERED)
    (sent,) = outbox.statuses()
    assert sent.sent_at is not None
    assert (sent.withdrawn_at, sent.told_at, sent.untold) == (None, None, False)
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    (taken_back,) = outbox.statuses()
    assert (taken_back.sent_at, taken_back.withdrawn_at) == (sent.sent_at, WITHDRAWN.at)
    assert (taken_back.told_at, taken_back.untold) == (None, True)
    outbox.told(outbox.untold()[0])
    (told,) = outbox.statuses()
    assert told.told_at is not None
    assert (told.sent_at, told.untold) == (sent.sent_at, False)


def test_an_outbox_of_an_earlier_version_goes_on(tmp_path: Path, bundle: Bundle) -> None:
    file = tmp_path / "old.sqlite"
    with Outbox(file) as box:
        box.enqueue(bundle)
        box.note(bundle.take_id, STUDIO, level="B")
        box.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    sql = sqlite3.connect(file)
    for table, column in (("deliveries", "sent_at"), ("withdrawals", "withdrawn_at"), ("withdrawals", "told_at")):
        sql.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    sql.close()
    with Outbox(file) as box, Outbox(file):
        (pending,) = box.untold()
        box.told(pending)
        assert box.statuses()[0].told_at is not None


def test_withdrawal_after_the_outbox_was_lost(outbox: Outbox, bundle: Bundle) -> None:
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN, studio_ids=[STUDIO])
    assert [p.studio_id for p in outbox.untold()] == [STUDIO]


def test_lines_taken_back_stand_beside_the_delivery(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.note(bundle.take_id, STUDIO, level="B")
    outbox.set_state(bundle.take_id, STUDIO, DeliveryState.DELIVERED)
    some = consent_event(2, ConsentStatus.WITHDRAWN, USES[1:])
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, some, blocks=False)
    (line,) = outbox.statuses()
    assert (line.state, line.withdrawn_at, line.untold, line.partly) == (DeliveryState.DELIVERED, some.at, True, True)
    outbox.told(outbox.untold()[0])
    (line,) = outbox.statuses()
    assert (line.untold, line.told_at is not None) == (False, True)


def test_a_message_about_a_replaced_record_still_waits_to_be_told(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.note(bundle.take_id, STUDIO, level="B")
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    anew = replace(bundle, consent=bundle.consent.model_copy(update={"record_id": new_id()}))
    assert outbox.enqueue(anew) is DeliveryState.QUEUED
    (line,) = outbox.statuses()
    assert (line.state, line.untold, line.withdrawn_at) == (DeliveryState.QUEUED, True, None)


def test_what_was_taken_back_is_told_in_the_order_in_which_it_was(outbox: Outbox, bundle: Bundle) -> None:
    """Of a record and of the one that took its place: the studio may hold the take for the first."""
    for record_id in ("f" * 8, "0" * 8):
        outbox.withdraw(bundle.take_id, record_id, WITHDRAWN, studio_ids=[STUDIO])
    assert [paper.record_id for paper in outbox.pending()] == ["f" * 8, "0" * 8]


def test_a_take_that_arrived_before_the_outbox_was_made_has_its_line_again(outbox: Outbox, bundle: Bundle) -> None:
    at = utc_now()
    receipt = Receipt(level="B", take_id=bundle.take_id, studio_id=STUDIO, state="accepted", files=(), at=at)
    for _ in range(2):
        outbox.keep_arrived(receipt, bundle.consent.record_id)
    (line,) = outbox.statuses()
    assert (line.state, line.sent_at) == (DeliveryState.DELIVERED, at)
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    (line,) = outbox.statuses()
    assert (line.state, line.untold) == (DeliveryState.CANCELLED, True)


def test_one_use_taken_back_blocks_nothing(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.note(bundle.take_id, STUDIO, level="B")
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN, blocks=False)
    assert not outbox.stopped(bundle.take_id, STUDIO)
    assert len(outbox.untold()) == 1


def test_a_new_record_lifts_the_block(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, WITHDRAWN)
    again = write_papers(bundle.folder, bundle.take_id, bundle.files[:2])
    assert outbox.enqueue(again) is DeliveryState.QUEUED
    assert not outbox.stopped(bundle.take_id, STUDIO)


def test_taken_out_and_put_back(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.take_out(bundle.take_id, STUDIO)
    assert outbox.stopped(bundle.take_id, STUDIO)
    assert outbox.open_takes() == ()
    outbox.retry(bundle.take_id, STUDIO)
    assert outbox.open_takes() == ((bundle.take_id, STUDIO),)


def test_what_is_delivered_stays_delivered(outbox: Outbox, bundle: Bundle) -> None:
    outbox.enqueue(bundle)
    outbox.set_state(bundle.take_id, STUDIO, DeliveryState.DELIVERED)
    outbox.retry(bundle.take_id, STUDIO)
    assert outbox.enqueue(bundle) is DeliveryState.DELIVERED


@pytest.mark.parametrize("garbage", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_broken_outbox_is_set_aside(garbage: bytes, tmp_path: Path, bundle: Bundle) -> None:
    db = tmp_path / "broken" / "outbox.db"
    db.parent.mkdir()
    db.write_bytes(garbage)
    with Outbox(db) as box:
        assert box.set_aside is not None
        assert box.set_aside.read_bytes() == garbage
        assert box.enqueue(bundle) is DeliveryState.QUEUED


def test_unknown_columns_are_refused(outbox: Outbox) -> None:
    with pytest.raises(ValueError, match="columns"):
        outbox.note("t", "s", **{"state=1 --": 1})


HOLDER = """
import sys
from pathlib import Path
from perfstudio.delivery.outbox import Outbox
with Outbox(Path(sys.argv[1])) as box, box.turn(0.0):
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_one_transfer_at_a_time_over_processes(outbox: Outbox, tmp_path: Path) -> None:
    db = str(tmp_path / "home" / "outbox.db")
    command = [sys.executable, "-c", HOLDER, db]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(DeliveryError) as busy, outbox.turn(0.2):
            pass
        assert busy.value.code is ErrorCode.DELIVERY_BUSY
        other.kill()
        other.wait()
        with outbox.turn(5.0):  # the system let go of it
            pass


WRITER = """
import sys, os
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from take_bundles import STUDIO, make_bundle
from perfstudio.delivery.outbox import Outbox
box = Outbox(Path(sys.argv[1]))
bundle = make_bundle(Path(sys.argv[2]))
box.enqueue(bundle)
box.keep_upload(bundle, bundle.files[0], "https://up/kept", None)
print(bundle.take_id, flush=True)
os.kill(os.getpid(), 9)
"""


def test_upl_15_a_commit_outlives_kill_9(tmp_path: Path) -> None:
    db = tmp_path / "killed" / "outbox.db"
    rigs = str(Path(__file__).parents[1] / "rigs")
    command = [sys.executable, "-c", WRITER, str(db), str(tmp_path / "t"), rigs]
    take_id = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    with Outbox(db) as box:
        assert box.open_takes() == ((take_id, STUDIO),)
        assert box.upload_urls(take_id, STUDIO) == ("https://up/kept",)
