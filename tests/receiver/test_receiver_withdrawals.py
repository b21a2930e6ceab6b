"""Consent taken back at the receiver: before, while and after a take arrives."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from receiver_visitor import Visitor
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle

from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import ConsentEvent, ConsentStatus, UseId
from perfstudio.model.deletion import DeletionStatement
from perfstudio.model.errors import DeliveryError
from perfstudio.receiver.admission import Admission, IncomingTake
from perfstudio.receiver.consents import MOST_ACTS, ConsentStore
from perfstudio.receiver.exports import Exports
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits, TakeStore
from perfstudio.receiver.waiting_acts import act_digest
from rigs.held_names import hold_names
from rigs.waiting import until


def act(*uses: UseId) -> ConsentEvent:
    return consent_event(2, ConsentStatus.WITHDRAWN, uses or USES)


def withdraw(visitor: Visitor, *uses: UseId, event: ConsentEvent | None = None) -> requests.Response:
    event = event or act(*uses)
    path = f"/v1/consents/{visitor.bundle.consent.record_id}/withdrawals"
    return visitor.ask("POST", path, data=canonical_bytes(event.to_json()))


def test_withdrawn_while_it_comes(visitor: Visitor, tmp_path: Path) -> None:
    url = visitor.begin()
    visitor.patch(url, visitor.data()[:1000])
    assert withdraw(visitor).status_code == 200
    assert visitor.ask("HEAD", url).status_code == 404
    assert visitor.announce().status_code == 403
    assert visitor.create().status_code == 403
    assert list((tmp_path / "in").rglob("*.part")) == []


def test_withdrawn_while_it_is_announced(tmp_path: Path) -> None:
    """The act comes when the consent was looked at and the announcement is not written: it finds the take all the
    same, or nobody would ever act on it.
    """
    bundle, layout = make_bundle(tmp_path / "t"), ReceiverLayout(tmp_path / "in")
    layout.make()
    record_id, threads = bundle.consent.record_id, []

    def meanwhile(arrival: IncomingTake) -> tuple[str, ...]:
        def back() -> None:
            consents.take_back(record_id, act())
            takes.settle(record_id)

        threads.append(threading.Thread(target=back))
        threads[0].start()
        until(layout.withdrawal(record_id).exists, "the act lies here")
        threads[0].join(0.1)
        return ()

    consents = ConsentStore(layout, Admission(take=meanwhile))
    takes = TakeStore(layout, consents, limits=ReceiverLimits())
    consents.put(record_id, (bundle.folder / "consent.json").read_bytes())
    takes.announce(bundle.take_id, bundle.announcement().canonical())
    threads[0].join()
    assert not layout.coming(bundle.take_id).exists()
    assert set(takes.gone(record_id)) == {bundle.take_id}


def test_withdrawn_in_the_middle_of_a_patch(visitor: Visitor, receiver: Receiver, tmp_path: Path) -> None:
    url, data = visitor.begin(), visitor.data()
    with visitor.patching(url, data, 1000) as sock:
        until(lambda: visitor.patch(url, b"x", 0).status_code == 423, "somebody writes")
        assert withdraw(visitor).status_code == 200
        sock.sendall(data[1000:])
        assert b" 410 " in sock.recv(1000)
    assert list((tmp_path / "in").rglob("*.part")) == []
    assert not (tmp_path / "in" / visitor.bundle.take_id).exists()


@pytest.fixture
def names_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, a file that this process has open cannot be removed."""
    unlink, process = Path.unlink, psutil.Process()

    def refuses(place: Path, **options: Any) -> None:
        if str(place) in {file.path for file in process.open_files()}:
            raise PermissionError(errno.EACCES, "open", str(place))
        unlink(place, **options)

    hold_names(monkeypatch)
    monkeypatch.setattr(Path, "unlink", refuses)


def test_the_writer_ends_before_what_it_writes_goes(names_are_held: None, visitor: Visitor, tmp_path: Path) -> None:
    url, data = visitor.begin(), visitor.data()
    with visitor.patching(url, data, 1000) as sock:
        until(lambda: visitor.patch(url, b"x", 0).status_code == 423, "somebody writes")
        assert withdraw(visitor).status_code == 200
        assert list((tmp_path / "in").rglob("*.part")) == []
        sock.sendall(data[1000:])
        assert b" 410 " in sock.recv(1000)


def test_who_reads_what_came_ends_before_it_goes(
    names_are_held: None, visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To hash gigabytes takes longer than a removal waits."""
    reads = threading.Event()

    def for_ever(file: object, tick: Any) -> str:
        reads.set()
        while True:
            tick()

    monkeypatch.setattr("perfstudio.receiver.verifier.sha256_of", for_ever)
    visitor.patch(visitor.begin(), visitor.data())
    until(reads.is_set, "it is hashed")
    assert withdraw(visitor).status_code == 200
    assert list((tmp_path / "in").rglob("*.part")) == []


def test_withdrawn_after_it_was_accepted(visitor: Visitor, receiver: Receiver, tmp_path: Path) -> None:
    """Lines that the take can do without: it is marked, and stays. The rest: it is deleted, and that is signed."""
    visitor.deliver()
    visitor.settled()
    take_id, bundle = visitor.bundle.take_id, tmp_path / "in" / visitor.bundle.take_id
    Exports(ReceiverLayout(tmp_path / "in")).add("set 1", (take_id,))
    some = withdraw(visitor, USES[1]).json()
    assert (some["state"], some["statements"]) == ("kept", [])
    assert json.loads((bundle / "withdrawal.json").read_text())[0]["use_ids"] == [USES[1]]
    all_of_it = act(USES[0])
    said = withdraw(visitor, event=all_of_it).json()
    assert said["state"] == "deleted"
    assert not bundle.exists()
    assert [file for file in (tmp_path / "in").rglob("*") if file.suffix in (".mp4", ".flac")] == []
    (statement,) = (DeletionStatement.model_validate(plain) for plain in said["statements"])
    assert statement.is_signed_by(receiver.key.public_key)
    assert (statement.studio_id, statement.take_id) == (STUDIO, take_id)
    assert statement.record_id == visitor.bundle.consent.record_id
    assert (statement.use_ids, statement.act_sha256) == ((USES[0],), act_digest(all_of_it))
    lay_there = {(file.name, file.size, file.sha256) for file in statement.files}
    assert lay_there == {(file.name, file.size, file.sha256) for file in visitor.bundle.files}
    assert [held.name for held in statement.exports] == ["set 1"]
    assert withdraw(visitor, event=all_of_it).json()["statements"] == said["statements"], "the same words each time"
    assert visitor.announce().status_code == 403


def test_of_what_never_came_nothing_is_said_to_have_lain_here(visitor: Visitor) -> None:
    visitor.consent()
    (statement,) = withdraw(visitor).json()["statements"]
    assert statement["files"] == []


def test_a_half_of_a_file_is_named_without_a_hash(visitor: Visitor) -> None:
    visitor.patch(visitor.begin(), visitor.data()[:1000])
    (statement,) = withdraw(visitor).json()["statements"]
    assert [(f["name"], f["size"], f.get("sha256")) for f in statement["files"]] == [("take.mp4", 1000, None)]


def test_what_could_not_be_removed_is_not_said_to_be(visitor: Visitor, tmp_path: Path, monkeypatch: Any) -> None:
    url = visitor.begin()
    visitor.patch(url, visitor.data()[:1000])
    unlink, stuck = Path.unlink, [True]

    def refuses(place: Path, *args: Any, **options: Any) -> None:
        if stuck and place.name == "announcement.json":
            raise PermissionError(errno.EACCES, "held open", str(place))
        unlink(place, *args, **options)

    monkeypatch.setattr(Path, "unlink", refuses)
    assert withdraw(visitor).status_code == 507
    assert [f.name for f in (tmp_path / "in" / ".receiver" / "takes").rglob("*") if f.is_file()] == [
        "announcement.json"
    ]
    stuck.clear()
    assert withdraw(visitor).status_code == 200
    assert list((tmp_path / "in" / ".receiver" / "takes").iterdir()) == []


def test_a_kill_behind_the_act_is_made_good_at_the_next_start(tmp_path: Path, monkeypatch: Any) -> None:
    """The act is on the disk, and nothing has been removed yet."""
    settings = ReceiverSettings(studio_id=STUDIO)
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.deliver()
        visitor.settled()
        monkeypatch.setattr("perfstudio.receiver.takes.TakeStore.settle", lambda *args: None)
        withdraw(visitor)
        monkeypatch.undo()
    assert (tmp_path / "in" / visitor.bundle.take_id).is_dir()
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings):
        assert not (tmp_path / "in" / visitor.bundle.take_id).exists()


@pytest.mark.parametrize("damage", [b"{", b"", b"null"], ids=["cut", "empty", "none"])
def test_one_damaged_paper_stops_no_receiver_and_takes_nothing_back(tmp_path: Path, damage: bytes) -> None:
    """It starts, and others come; about this one record it says that it cannot read it, until that is brought anew."""
    settings, layout = ReceiverSettings(studio_id=STUDIO), ReceiverLayout(tmp_path / "in")
    one, two = make_bundle(tmp_path / "takes"), make_bundle(tmp_path / "takes", seed=2)
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        Visitor(receiver, one).begin()
        assert withdraw(Visitor(receiver, one), UseId.HUMAN_RESEARCH).status_code == 200
    record, acts = layout.consent(one.consent.record_id), layout.withdrawal(one.consent.record_id)
    whole = acts.read_bytes()
    record.write_bytes(damage)
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        visitor, other = Visitor(receiver, one), Visitor(receiver, two)
        other.begin()
        assert withdraw(visitor).status_code == 507
        assert visitor.ask("GET", f"/v1/takes/{one.take_id}").status_code == 507
        assert visitor.consent().status_code == 200
        assert visitor.report()["state"] == "uploading", "its sender has the record, and brings it anew"
        acts.write_bytes(damage)
        assert visitor.announce().status_code == 507, "what cannot be read may have taken it back"
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        assert Visitor(receiver, two).report()["state"] == "uploading"
        acts.write_bytes(whole)
        assert withdraw(Visitor(receiver, one)).status_code == 200


@pytest.mark.parametrize("damage", [b"{", b"", b"null", b"\xff"], ids=["cut", "empty", "none", "bytes"])
def test_a_damaged_deletion_is_set_aside_and_the_others_stand(tmp_path: Path, damage: bytes) -> None:
    settings, layout = ReceiverSettings(studio_id=STUDIO), ReceiverLayout(tmp_path / "in")
    one, two = make_bundle(tmp_path / "takes"), make_bundle(tmp_path / "takes", seed=2)
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        assert receiver.set_aside == ()
        for bundle in (one, two):
            Visitor(receiver, bundle).begin()
            assert withdraw(Visitor(receiver, bundle)).status_code == 200
    file, other = layout.deletion(one.take_id), layout.deletion(two.take_id).read_bytes()
    file.write_bytes(damage)
    kept = layout.deletions / f"{one.take_id}.unreadable.json"
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        assert receiver.set_aside == (kept,)
        assert (kept.read_bytes(), file.exists()) == (damage, False)
        assert layout.deletion(two.take_id).read_bytes() == other
        file.write_bytes(damage)  # and once more while it runs
        assert withdraw(Visitor(receiver, one)).status_code == 200
        assert (layout.deletions / f"{one.take_id}.unreadable-2.json").read_bytes() == damage
        (said,) = withdraw(Visitor(receiver, two)).json()["statements"]
        assert [lay["name"] for lay in said["files"]] == ["take.mp4"]
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        assert receiver.set_aside == (), "it is said once"


def test_a_kill_in_the_middle_of_deleting_forgets_nothing_of_what_was(
    visitor: Visitor, receiver: Receiver, tmp_path: Path, monkeypatch: Any
) -> None:
    visitor.deliver()
    visitor.settled()
    unlink, gone = Path.unlink, []

    def dies(place: Path, *args: Any, **options: Any) -> None:
        if place.suffix in (".mp4", ".flac", ".json") and "taken-back" in place.parts:
            if gone:
                raise OSError(errno.EIO, "the disk is pulled", str(place))
            gone.append(place.name)
        unlink(place, *args, **options)

    monkeypatch.setattr(Path, "unlink", dies)
    assert withdraw(visitor).status_code == 507
    assert not (tmp_path / "in" / visitor.bundle.take_id).exists(), "out of sight at once"
    monkeypatch.undo()
    assert receiver.stop()
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as again:
        assert list((tmp_path / "in" / ".receiver" / "takes").iterdir()) == []
        visitor.receiver = again
        (statement,) = withdraw(visitor).json()["statements"]
    assert {file["name"] for file in statement["files"]} == {file.name for file in visitor.bundle.files}


def test_a_damaged_list_of_exports_lets_nothing_be_signed(visitor: Visitor, tmp_path: Path) -> None:
    visitor.deliver()
    visitor.settled()
    exports = tmp_path / "in" / ".receiver" / "exports.json"
    exports.write_text("{")
    refused = withdraw(visitor)
    assert (refused.status_code, "exports" in refused.text) == (507, True)
    assert (tmp_path / "in" / visitor.bundle.take_id).is_dir()
    exports.unlink()
    assert withdraw(visitor).json()["state"] == "deleted"


@pytest.fixture
def doubting(tmp_path: Path) -> Iterator[Visitor]:
    """A visitor with an accepted take, at a receiver that takes no act for the performer's."""
    doubts = Admission(act=lambda record, known, act, keys: ("consent:event_changed",))
    settings = ReceiverSettings(studio_id=STUDIO)
    with Receiver(tmp_path / "in", token=TOKEN, admission=doubts, settings=settings) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.deliver()
        visitor.settled()
        yield visitor


def test_what_nobody_signed_waits_for_a_person(doubting: Visitor, tmp_path: Path) -> None:
    """Four of a record at most; confirmed, it goes although the receiver runs; dismissed, it stays."""
    layout = ReceiverLayout(tmp_path / "in")
    bundle = tmp_path / "in" / doubting.bundle.take_id
    acts = [consent_event(n, ConsentStatus.WITHDRAWN, USES) for n in range(2, 8)]
    codes = [withdraw(doubting, event=one).status_code for one in (*acts, acts[0])]
    assert codes == [202, 202, 202, 202, 409, 409, 202]
    assert bundle.is_dir()
    assert not (bundle / "withdrawal.json").exists()
    assert list(layout.withdrawals.iterdir()) == []
    beside = ConsentStore(layout)
    for one, confirmed in ((acts[0], False), (acts[1], True)):
        beside.decide(act_digest(one)[:12], confirmed=confirmed)
    assert withdraw(doubting, event=acts[0]).json()["state"] == "dismissed"
    said = withdraw(doubting, event=acts[1]).json()
    assert said["state"] == "deleted"
    assert not bundle.exists()
    with pytest.raises(DeliveryError, match="waiting_unknown"):
        beside.decide(act_digest(acts[1])[:12], confirmed=True)


def test_a_running_receiver_follows_what_a_person_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr("perfstudio.receiver.app.LOOK_EVERY_S", 0.05)
    doubting: Visitor = request.getfixturevalue("doubting")
    bundle, one = tmp_path / "in" / doubting.bundle.take_id, act(*USES)
    assert withdraw(doubting, event=one).status_code == 202
    ConsentStore(ReceiverLayout(tmp_path / "in")).decide(act_digest(one), confirmed=True)
    until(lambda: not bundle.exists())


def test_no_more_than_sixty_four_acts_of_a_record_are_kept(visitor: Visitor, tmp_path: Path) -> None:
    visitor.consent()
    acts = [consent_event(n, ConsentStatus.WITHDRAWN, USES) for n in range(2, MOST_ACTS + 2)]
    kept = ReceiverLayout(tmp_path / "in").withdrawal(visitor.bundle.consent.record_id)
    kept.write_bytes(canonical_bytes([one.to_json() for one in acts]))
    assert withdraw(visitor, event=acts[5]).status_code == 200
    assert withdraw(visitor).status_code == 409
    grown = json.loads((visitor.bundle.folder / "consent.json").read_bytes())
    grown["events"] += [one.to_json() for one in acts[:3]]
    path = f"/v1/consents/{visitor.bundle.consent.record_id}"
    assert visitor.ask("PUT", path, data=canonical_bytes(grown)).status_code == 200
    assert withdraw(visitor).status_code == 200, "what the record has by now needs no place beside it"
    assert len(json.loads(kept.read_bytes())) == MOST_ACTS - 3 + 1


def test_withdrawing_what_never_came(visitor: Visitor) -> None:
    assert withdraw(visitor).status_code == 404
    visitor.consent()
    path = f"/v1/consents/{visitor.bundle.consent.record_id}/withdrawals"
    given = canonical_bytes(consent_event(2, ConsentStatus.GIVEN, USES).to_json())
    assert visitor.ask("POST", path, data=given).status_code == 422
