"""Another key in the place of the one in use: studios take it up by themselves, and what was signed stays good."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from perfstudio.consent import keyfile, record
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.delivery import DeliveryState, Studio
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.model.key_change import KeyChange
from perfstudio.model.take import TakeManifest
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.performers import PerformerKnown, Performers
from perfstudio.session.delivery import permits
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.session.key_changing import ChangedKey
from perfstudio.session.statements import Statements
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts import signing_keys
from perfstudio.texts.errors import sentence
from rigs.quiet_lab import quiet_lab, signed_in
from rigs.signing_home import MINE, SECRET, USES, opened_home, signed_home

FIRST, SECOND, THIRD = MINE
NEW_SECRET = "four wet horses"
STUDY = UseId.HUMAN_RESEARCH


@dataclass
class Desk:
    """A performer with signed takes, and their outbox."""

    home: Home
    service: DeliveryService
    inbox: Path
    secret: str = SECRET

    def change(self) -> ChangedKey:
        old, self.secret = self.secret, NEW_SECRET
        return self.home.keys.change(lambda: old, lambda: NEW_SECRET)

    def sign(self, take_id: str) -> ConsentRecord:
        return self.home.consents.sign(
            take_id, USES, "Ines Example", passphrase=lambda: self.secret, stated=Statements(adult=True)
        )

    def back(self, take_id: str, *uses: UseId) -> ConsentRecord:
        return self.home.consents.withdraw(take_id, frozenset(uses) or None, passphrase=lambda: self.secret)

    def arrives(self, take_id: str, studio: Studio) -> bool:
        self.service.send(take_id, studio, patience_s=5.0)
        return (self.inbox / take_id / "receipt.json").exists()

    @property
    def studio_knows(self) -> Performers:
        return Performers(ReceiverLayout(self.inbox))

    def known(self) -> PerformerKnown:
        (known,) = self.studio_knows.all()
        return known

    def pinned(self) -> str:
        """As after a first take: the studio knows the key that is in use now."""
        key = self.home.keys.require_made()
        self.studio_knows.keep(self.home.consents.record(FIRST).subject.id, key)
        return key


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)
    monkeypatch.setattr(permits, "SETTLED_NS", 0)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_home(signed_home(tmp_path / "home")) as (home, service):
        yield Desk(home, service, tmp_path / "in")


@pytest.fixture
def lab(desk: Desk) -> Iterator[Studio]:
    with signed_in(desk.service, quiet_lab(desk.inbox)) as studio:
        yield studio


def refusal(ask: object, *words: object) -> PerfstudioError:
    with pytest.raises(PerfstudioError) as told:
        ask(*words)  # type: ignore[operator]
    return told.value


def signed_by(desk: Desk, take_id: str, key: SigningKey) -> None:
    """consent.json and take.json as whoever holds `key` would write them."""
    pack, terms = desk.home.consents._asked(desk.home.takes.manifest(take_id))
    manifest: TakeManifest = desk.home.library.manifest(take_id)
    ordinary, separate = record.split_uses(USES)
    forged = record.sign(
        manifest, pack=pack, terms=terms, granted=ordinary, separately=separate, name="Ines", key=key, adult=True,
        replaces=desk.home.consents.record(take_id).record_id,
    )  # fmt: skip
    desk.home.library.write_consent(take_id, forged)
    assert forged.reference() == desk.home.library.manifest(take_id).consent


def test_a_studio_takes_new_keys_up_before_what_they_signed(desk: Desk, lab: Studio) -> None:
    """It was away for two changes. A take that the first key signed and that had not been sent goes, too, and is on its
    way when the key is changed once more; nobody at the studio does anything, also when something is taken back.
    """
    assert desk.arrives(FIRST, lab)
    old = desk.known().keys[-1].public_key
    there = {take_id: desk.home.consents.record(take_id).digest() for take_id in MINE}
    first = desk.change().change
    assert set(first.records) == set(there.values())
    assert first.records[-1] == there[FIRST], "what has not left yet is named first"
    second = desk.change().change
    desk.back(THIRD)
    assert desk.sign(THIRD).public_key == second.new_key
    assert desk.arrives(THIRD, lab)
    hows = [(key.public_key, key.how) for key in desk.known().keys]
    assert hows == [(old, "first_contact"), (first.new_key, "signed"), (second.new_key, "signed")]
    assert desk.home.consents.record(SECOND).public_key == old
    on_the_way: list[KeyChange] = []

    def sent(state: DeliveryState, size: int) -> None:
        if size and not on_the_way:
            assert not (desk.inbox / SECOND).exists()
            on_the_way.append(desk.change().change)

    desk.service.send(SECOND, lab, progress=sent, patience_s=5.0)
    (third,) = on_the_way
    assert (desk.inbox / SECOND / "receipt.json").exists()
    assert desk.known().waiting is None
    for take_id in MINE:
        assert verify_bundle(desk.home.library.folder(take_id), consent_needed=True).problems == ()
    assert desk.back(FIRST).events[-1].public_key == third.new_key
    assert [outcome.is_open for outcome in desk.service.tell_withdrawals()] == [False], "no person has to look at it"
    assert not (desk.inbox / FIRST).exists()


def test_a_studio_that_meets_the_newest_key_first_places_the_earlier_ones(desk: Desk, lab: Studio) -> None:
    """Signed anew with the new key what the old one had given in part; then goes what the very first had signed."""
    desk.back(FIRST, STUDY)
    keys = [desk.home.keys.require_made(), *(desk.change().change.new_key for _ in range(2))]
    problem = refusal(lambda: desk.home.consents.give(FIRST, frozenset({STUDY}), passphrase=lambda: NEW_SECRET))
    assert problem.code is ErrorCode.CONSENT_KEY_CHANGED
    assert "Take back what is left" in sentence(problem)
    desk.back(FIRST)
    assert desk.sign(FIRST).public_key == keys[-1] == desk.pinned()
    assert desk.arrives(SECOND, lab)
    assert [key.public_key for key in desk.known().keys] == keys


def test_a_foreign_key_signs_for_nobody(desk: Desk, lab: Studio) -> None:
    """Whole in itself, all lines, this very take: and not signed by whoever works here. Whoever got hold of the old
    key may write any date: what it had signed is named in the change.
    """
    old = desk.home.consents.open_key(lambda: SECRET)
    for take_id, key in ((FIRST, SigningKey.generate()), (SECOND, old)):
        if key is old:
            desk.pinned()
            desk.change()
        signed_by(desk, take_id, key)
    for take_id, code, words in (
        (FIRST, ErrorCode.CONSENT_KEY_STRANGE, "not known here"),
        (SECOND, ErrorCode.CONSENT_KEY_EARLIER, "not among those it vouched for"),
    ):
        problem = refusal(desk.service.send, take_id, lab)
        assert problem.code is code
        assert words in sentence(problem)
        assert not desk.service.may_send(take_id)
        assert desk.service.records_of(take_id) == (), "nor is it told that something was given"
    assert list(ReceiverLayout(desk.inbox).consents.iterdir()) == [], "nothing has left"
    desk.service._permits._keys = None  # as a sender that does not ask
    for take_id, words in ((FIRST, "another signing key"), (SECOND, "you had replaced before")):
        problem = refusal(desk.service.send, take_id, lab)
        assert problem.code is ErrorCode.RECEIVER_REFUSED
        assert words in sentence(problem)
    assert list(ReceiverLayout(desk.inbox).consents.iterdir()) == []
    desk.back(FIRST)
    assert desk.service.records_of(FIRST), "taking back is always told"


def test_keys_that_are_not_here_are_told_and_a_lost_one_is_laid_aside(desk: Desk, lab: Studio, tmp_path: Path) -> None:
    folder = desk.home.paths.home / "keys"
    assert desk.service.may_send(FIRST)
    shutil.move(folder, tmp_path / "copy")
    problem = refusal(desk.service.send, FIRST, lab)
    assert problem.code is ErrorCode.CONSENT_KEY_GONE
    assert "Restore the folder “keys”" in sentence(problem)
    assert not desk.service.may_send(FIRST), "seen at once"
    assert desk.service.why_not(FIRST).code is ErrorCode.CONSENT_KEY_GONE
    shutil.move(tmp_path / "copy", folder)
    assert desk.service.may_send(FIRST)
    desk.pinned()
    desk.home.keys.lay_aside()
    desk.secret = NEW_SECRET
    desk.back(FIRST, STUDY)
    problem = refusal(lambda: desk.home.consents.give(FIRST, frozenset({STUDY}), passphrase=lambda: NEW_SECRET))
    assert problem.code is ErrorCode.CONSENT_KEY_CHANGED
    desk.back(THIRD)
    desk.sign(THIRD)
    assert "another signing key" in sentence(refusal(desk.service.send, THIRD, lab))
    assert desk.known().waiting == desk.home.keys.own().current
    assert desk.arrives(SECOND, lab), "what the lost one signed still goes"
    desk.studio_knows.accept_key(desk.known().performer_id, fingerprint(desk.home.keys.require_made()))
    desk.service.require(THIRD)


def test_takes_on_a_disk_that_is_away_are_told_before_the_key_is_changed(desk: Desk, tmp_path: Path) -> None:
    assert signing_keys.away(desk.home.keys.away()) == ""
    away = desk.home.library.folder(FIRST)
    shutil.move(away, tmp_path / "away")
    desk.home.library.report_now()
    assert "1 take is not here now" in signing_keys.away(desk.home.keys.away())
    named = desk.change().change.records
    shutil.move(tmp_path / "away", away)
    assert desk.home.consents.record(FIRST).digest() not in named
    assert refusal(desk.service.require, FIRST).code is ErrorCode.CONSENT_KEY_EARLIER


def test_what_the_key_has_signed_is_named_wherever_it_lies(desk: Desk) -> None:
    """Records that another replaced, and of deleted takes: a studio that lost them is shown what it is told about. One
    that somebody wrote, and that names the key, is not.
    """
    before = [desk.back(FIRST).digest(), desk.sign(FIRST).digest(), desk.back(SECOND).digest()]
    desk.home.takes.bin(SECOND)
    assert desk.home.takes.empty_bin().deleted == (SECOND,)
    real = desk.home.consents.record(THIRD)
    forged = real.model_copy(update={"events": (real.events[0].model_copy(update={"use_ids": (STUDY,)}),)})
    (desk.home.library.folder(THIRD) / "consent.json").write_bytes(forged.canonical())
    assert desk.home.consents.record(THIRD) == forged
    assert set(desk.change().change.records) == set(before)
