"""Each line is taken back and given again after signing; the gate, the outbox and the receiver follow at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from perfstudio.consent.verify import verify_record
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.deletion import WithdrawalState
from perfstudio.model.delivery import DeliveryState, Studio
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.take import TakeState
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.waiting_acts import WaitingActs
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.given import GivenService
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.takes.verify_bundle import verify_bundle
from rigs.other_time import clock_off
from rigs.quiet_lab import LAB, quiet_lab, signed_in
from rigs.signing_home import MINE, SECRET, SIGNED, USES, opened_home, signed_home

TAKE = MINE[0]
KEEP, STUDY, ANALYSE = UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH, UseId.MACHINE_ANALYSIS
S = DeliveryState


@dataclass
class Desk:
    """A performer with signed takes, and their outbox."""

    home: Home
    service: DeliveryService
    inbox: Path

    def back(self, *uses: UseId, take_id: str = TAKE) -> ConsentRecord:
        return self.home.consents.withdraw(take_id, frozenset(uses) or None, passphrase=lambda: SECRET)

    def give(self, *uses: UseId, take_id: str = TAKE) -> ConsentRecord:
        return self.home.consents.give(take_id, frozenset(uses), passphrase=lambda: SECRET)

    def state(self) -> DeliveryState:
        (status,) = self.service.outbox.statuses()
        return status.state

    def tell(self) -> list[tuple[bool, bool]]:
        """(whether something was given, whether it was confirmed) of everything that was to be told."""
        return [(line.given, line.problem is None) for line in self.service.tell_withdrawals()]

    def delivered(self) -> datetime | None:
        """What the page of what was given says."""
        given = GivenService(self.home.library, self.home.shelf, self.service.outbox.statuses).read()
        return next(take.delivered for take in given.takes if take.take_id == TAKE)

    def send(self, studio: Studio) -> None:
        self.service.send(TAKE, studio, patience_s=5.0)

    @property
    def bundle(self) -> Path:
        return self.inbox / TAKE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_home(signed_home(tmp_path / "home")) as (home, service):
        yield Desk(home, service, tmp_path / "in")


@pytest.fixture
def lab(desk: Desk) -> Iterator[Studio]:
    with signed_in(desk.service, quiet_lab(desk.inbox)) as studio:
        yield studio


def refusal(ask: object, *words: object) -> ErrorCode:
    with pytest.raises(PerfstudioError) as told:
        ask(*words)  # type: ignore[operator]
    return told.value.code


def marked(desk: Desk) -> bool:
    return (desk.bundle / "withdrawal.json").exists()


def verify_use(desk: Desk) -> set[UseId]:
    """The lines that the mark beside the take at the receiver names."""
    acts = json.loads((desk.bundle / "withdrawal.json").read_text())
    now = desk.home.consents.record(TAKE).granted()
    return {UseId(use) for act in acts for use in act["use_ids"]} - now


def test_the_gate_follows_each_line(desk: Desk) -> None:
    """The last act about a line decides, however often it moved."""
    rows = [
        (lambda: desk.back(STUDY), {KEEP, ANALYSE}, TakeState.ACCEPTED),
        (lambda: desk.give(STUDY), USES, TakeState.ACCEPTED),
        (lambda: desk.back(KEEP), {STUDY, ANALYSE}, TakeState.KEPT),
        (desk.back, set(), TakeState.WITHDRAWN),
        (lambda: desk.give(STUDY), {STUDY}, TakeState.KEPT),
        (lambda: desk.give(KEEP), {KEEP, STUDY}, TakeState.ACCEPTED),
    ]
    for act, standing, state in rows:
        before = desk.home.consents.record(TAKE)
        after = act()
        assert after.granted() == standing
        assert after.events[: len(before.events)] == before.events, "acts are only ever appended"
        assert verify_record(after, desk.home.takes.manifest(TAKE)) == ()
        assert desk.home.takes.line(TAKE).state is state
        assert desk.service.may_send(TAKE) == (KEEP in standing)
    offer = desk.home.consents.offer(TAKE)
    assert offer.taken_back == {ANALYSE}


def test_what_stands_is_not_given_twice_and_asks_for_no_key(desk: Desk) -> None:
    before = desk.home.consents.record(TAKE)

    def no_key() -> str:
        raise AssertionError

    assert desk.home.consents.give(TAKE, frozenset({KEEP, STUDY}), passphrase=no_key) == before
    assert desk.home.consents.withdraw(TAKE, frozenset({UseId.PUBLISH_PERFORMANCE}), passphrase=no_key) == before


def test_what_cannot_be_given_changes_nothing(desk: Desk) -> None:
    assert refusal(desk.give, UseId.REPLICA_VOICE) is ErrorCode.CONSENT_USE_UNKNOWN, "this pack has no such line"
    assert refusal(desk.give, UseId.TRAIN_RECOGNITION) is ErrorCode.CONSENT_NEVER_GIVEN, "it was not read as given"
    desk.back(STUDY)
    desk.home.takes.bin(TAKE)
    assert refusal(desk.give, STUDY) is ErrorCode.TAKE_NOT_READY
    desk.back(ANALYSE)
    assert desk.home.consents.record(TAKE).granted() == {KEEP}, "from the bin it is taken back all the same"
    lost = frozenset({STUDY})
    desk.home.consents.withdraw(SIGNED, lost, passphrase=lambda: SECRET)
    with pytest.raises(PerfstudioError) as told:
        desk.home.consents.give(SIGNED, lost, passphrase=lambda: SECRET)
    assert told.value.code is ErrorCode.CONSENT_KEY_CHANGED


def test_before_anything_was_sent_nobody_is_told_and_it_goes_on(desk: Desk, lab: Studio) -> None:
    desk.service.outbox.enqueue(desk.service.bundle(TAKE, LAB))
    desk.back(STUDY)
    assert desk.state() is S.QUEUED, "what stands covers the delivery"
    desk.back()
    assert desk.state() is S.CANCELLED
    assert TAKE not in desk.service.ready()
    desk.give(STUDY)
    assert desk.state() is S.CANCELLED, "without the needed line it stays here"
    desk.give(KEEP)
    assert (desk.state(), desk.tell()) == (S.QUEUED, [])
    assert TAKE in desk.service.ready()
    desk.service.outbox.take_out(TAKE, LAB)
    desk.back()
    desk.give(KEEP)
    assert desk.state() is S.CANCELLED, "the performer had taken it out"


def test_the_receiver_hears_of_each_act_and_ends_where_the_record_does(desk: Desk, lab: Studio) -> None:
    desk.send(lab)
    assert desk.state() is S.DELIVERED
    assert desk.delivered() is not None
    desk.back(STUDY)
    assert (desk.state(), desk.tell(), marked(desk)) == (S.DELIVERED, [(False, True)], True)
    whole = desk.give(STUDY)
    assert (desk.tell(), marked(desk)) == ([(True, True)], False)
    now = desk.bundle / "consent-now.json"
    assert now.read_bytes() == whole.canonical()
    assert desk.state() is S.DELIVERED
    assert verify_bundle(desk.bundle).problems == ()
    for forged in (
        whole.model_copy(update={"public_key": "A" * 43}),
        whole.model_copy(update={"events": whole.events[1:]}),
    ):
        now.write_bytes(forged.canonical())
        report = verify_bundle(desk.bundle)
        assert (report.consent, [p.facts["file"] for p in report.problems]) == ("withdrawn", ["consent-now.json"])
    now.write_bytes(whole.canonical())

    desk.back(STUDY)
    desk.give(STUDY)
    assert desk.tell() == [(False, True), (True, True)], "in the order in which it was signed"
    assert desk.bundle.exists()
    assert not marked(desk)
    assert desk.state() is S.DELIVERED

    desk.back(KEEP)
    assert (desk.state(), desk.tell()) == (S.CANCELLED, [(False, True)])
    assert not desk.bundle.exists()
    desk.give(KEEP)
    assert (desk.state(), desk.tell()) == (S.QUEUED, [(True, True)]), "they have let go of it"
    assert desk.delivered() is None
    assert TAKE in desk.service.ready()
    desk.send(lab)
    assert (desk.state(), desk.tell()) == (S.DELIVERED, [])
    assert json.loads((desk.bundle / "receipt.json").read_text())["state"] == "accepted"
    assert desk.home.takes.line(TAKE).state is TakeState.DELIVERED


def test_given_again_before_the_receiver_heard_it_lets_go_and_gets_it_anew(desk: Desk, lab: Studio) -> None:
    """The receiver was away meanwhile; nothing goes before it has heard everything."""
    desk.send(lab)
    desk.back()
    desk.give(KEEP, STUDY)
    assert (desk.state(), desk.home.takes.line(TAKE).state) == (S.QUEUED, TakeState.ACCEPTED)
    desk.send(lab)
    assert (desk.state(), desk.tell()) == (S.DELIVERED, []), "told on the way"
    assert desk.bundle.exists()
    assert [use.value for use in verify_use(desk)] == ["machine_analysis"]


def test_a_kill_between_the_signature_and_the_outbox_is_made_good(desk: Desk, lab: Studio) -> None:
    desk.send(lab)
    desk.back()
    desk.tell()
    desk.home.consents.given = desk.home.consents.withdrawn = lambda take_id: None
    desk.give(KEEP)
    assert desk.tell() == []
    desk.service.note_withdrawals()
    assert (desk.state(), desk.tell()) == (S.QUEUED, [(True, True)])
    desk.send(lab)
    desk.back(KEEP)
    desk.service.note_withdrawals()
    assert (desk.state(), desk.tell()) == (S.CANCELLED, [(False, True)])


def test_taken_back_given_and_taken_back_again_while_the_receiver_was_away_is_believed(desk: Desk, lab: Studio) -> None:
    """Acts that follow lines given again are told with these, and another record has taken their place meanwhile."""
    desk.send(lab)
    desk.back()
    desk.give(KEEP, STUDY)
    desk.back(STUDY)
    desk.give(STUDY)
    desk.back()
    stated = Statements(adult=True)
    desk.home.consents.sign(TAKE, USES, "Ines Example", passphrase=lambda: SECRET, stated=stated)
    assert desk.tell() == [(False, True)] * 3
    words = [note.reply and note.reply.word.value for note in desk.service.outbox.withdrawals_of(TAKE)]
    assert words == ["deleted"] * 3
    assert (desk.bundle.exists(), desk.service.outbox.pending()) == (False, ())


def test_an_act_that_waits_for_a_person_counts_once_what_it_follows_has_come(desk: Desk, lab: Studio) -> None:
    """As an older sender tells it: the act first, and then the record with the lines that were given before it."""
    desk.send(lab)
    desk.back(STUDY)
    desk.give(STUDY)
    record = desk.back()
    receiver = ConsentStore(ReceiverLayout(desk.inbox), admission(LAB))
    last = record.events[-1]
    assert receiver.take_back(record.record_id, last) is WithdrawalState.WAITS
    assert receiver.take_back(record.record_id, record.events[-3]) is None
    given = record.model_copy(update={"events": record.events[:-1]})
    receiver.put(record.record_id, given.canonical())
    assert receiver.take_back(record.record_id, last) is None
    assert WaitingActs(ReceiverLayout(desk.inbox)).all() == ()


def test_what_was_given_again_is_told_on_the_way_of_another_take(desk: Desk, lab: Studio) -> None:
    """And stays to be told while its own papers cannot be read."""
    other = MINE[1]
    for take_id in (TAKE, other):
        desk.service.send(take_id, lab, patience_s=5.0)
    desk.back(STUDY)
    desk.tell()
    desk.give(STUDY)
    papers = desk.home.library.folder(TAKE) / "consent.json"
    papers.rename(papers.with_suffix(".away"))
    desk.service.send(other, lab, patience_s=5.0)
    assert desk.tell() == []
    papers.with_suffix(".away").rename(papers)
    desk.service.send(other, lab, patience_s=5.0)
    assert (desk.service.outbox.pending(), marked(desk)) == ((), False)


def test_papers_that_change_before_the_receipt_came_do_not_stand_in_its_way(
    desk: Desk, lab: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The studio has accepted the take, and nobody heard: it signs for what it has."""

    def lost(calls: ReceiverApi, take_id: str, salt: str) -> None:
        raise TransferError(Failure(DeliveryStep.JSON, Fault.RESET, address=calls.address))

    with monkeypatch.context() as patch:
        patch.setattr(ReceiverApi, "prove", lost)
        assert refusal(partial(desk.service.send, patience_s=0.0), TAKE, lab) is ErrorCode.RECEIVER_UNREACHABLE
    desk.back(STUDY)
    desk.give(STUDY)
    desk.back(ANALYSE)
    desk.send(lab)
    assert (desk.state(), desk.tell(), marked(desk)) == (S.DELIVERED, [], True)
    desk.send(lab)
    assert (desk.state(), desk.home.takes.line(TAKE).state) == (S.DELIVERED, TakeState.DELIVERED)


@pytest.mark.parametrize("off", [timedelta(hours=-9), timedelta(minutes=-40), timedelta(minutes=10)])
def test_a_clock_that_was_set_back_signs_nothing_that_no_receiver_takes(
    off: timedelta, desk: Desk, lab: Studio
) -> None:
    """Less than a day off is in nobody's doubt: another zone, or a second system on the computer."""
    desk.send(lab)
    desk.back(KEEP)
    with clock_off(off):
        desk.give(KEEP)
    acts = [event.at for event in desk.home.consents.record(TAKE).events]
    assert acts == sorted(acts)
    desk.back(STUDY)
    desk.give(STUDY)
    desk.send(lab)
    assert (desk.state(), desk.tell()) == (S.DELIVERED, [])
