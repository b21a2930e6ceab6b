"""Another key in the place of the one in use: studios take it up by themselves, and what was signed stays good."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from perfstudio.consent import keyfile, record
from perfstudio.consent.verify import reference
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.jws import SigningKey
from perfstudio.model.take import TakeManifest
from perfstudio.paths import AppPaths
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.performers import PerformerKnown, Performers
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.session.key_changing import ChangedKey
from perfstudio.session.statements import Statements
from perfstudio.texts.errors import sentence
from rigs.signing_home import MINE, SECRET, USES, signed_home

LAB = "lab"
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

    def known(self) -> PerformerKnown:
        (known,) = Performers(ReceiverLayout(self.inbox)).all()
        return known


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Home(AppPaths(signed_home(tmp_path / "home")), use_keyring=False) as home:
        service = DeliveryService(home.library, home.paths)
        service.follow(home.consents)
        yield Desk(home, service, tmp_path / "in")
        service.close()


@pytest.fixture
def lab(desk: Desk) -> Iterator[Studio]:
    """A studio whose receiver asks what ours asks, and plays nothing."""
    rules = replace(admission(LAB), bundle=lambda folder: ())
    settings = ReceiverSettings(studio_id=LAB)
    with Receiver(desk.inbox, token="t" * 24, admission=rules, settings=settings) as receiver:
        studio = desk.service.connect(f"{receiver.url}/studio.json")
        desk.service.lend(studio, "t" * 24)
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
    assert reference(forged) == desk.home.library.manifest(take_id).consent


def test_a_studio_takes_the_new_key_up_before_what_it_signed(desk: Desk, lab: Studio) -> None:
    """A take signed with the old key and not sent yet goes, too; nobody at the studio does anything."""
    assert desk.arrives(FIRST, lab)
    old = desk.known().keys[-1].public_key
    there = {take_id: desk.home.consents.record(take_id).digest() for take_id in MINE}
    changed = desk.change()
    assert set(changed.change.records) == set(there.values())
    assert changed.change.records[-1] == there[FIRST], "what has not left yet is named first"
    new = changed.change.new_key
    desk.back(THIRD)
    assert desk.sign(THIRD).public_key == new != old
    assert desk.arrives(THIRD, lab)
    assert [(key.public_key, key.how) for key in desk.known().keys] == [(old, "first_contact"), (new, "signed")]
    assert desk.home.consents.record(SECOND).public_key == old
    assert desk.arrives(SECOND, lab)
    assert desk.known().waiting is None


def test_from_key_to_key_what_the_first_one_signed_is_taken_back_at_once(desk: Desk, lab: Studio) -> None:
    assert desk.arrives(FIRST, lab)
    desk.change()
    new = desk.change().change.new_key
    assert desk.back(FIRST).events[-1].public_key == new
    assert [outcome.is_open for outcome in desk.service.tell_withdrawals()] == [False], "no person has to look at it"
    assert not (desk.inbox / FIRST).exists()
    assert [key.public_key for key in desk.known().keys][2:] == [new]


def test_at_the_first_contact_there_is_nothing_to_lead_to(desk: Desk, lab: Studio) -> None:
    new = desk.change().change.new_key
    desk.back(FIRST)
    desk.sign(FIRST)
    assert desk.arrives(FIRST, lab)
    assert [key.public_key for key in desk.known().keys] == [new]


def test_a_line_of_an_earlier_key_is_given_again_by_signing_anew(desk: Desk) -> None:
    desk.back(FIRST, STUDY)
    desk.change()
    problem = refusal(lambda: desk.home.consents.give(FIRST, frozenset({STUDY}), passphrase=lambda: NEW_SECRET))
    assert problem.code is ErrorCode.CONSENT_KEY_CHANGED
    assert "Take back what is left" in sentence(problem)
    desk.back(FIRST)
    desk.sign(FIRST)
    assert desk.service.may_send(FIRST)


def test_a_key_made_a_second_ago_signs_for_nobody(desk: Desk, lab: Studio) -> None:
    """Whole in itself, all lines, this very take: and not signed by whoever works here."""
    stranger = SigningKey.generate()
    signed_by(desk, FIRST, stranger)
    problem = refusal(desk.service.send, FIRST, lab)
    assert problem.code is ErrorCode.CONSENT_KEY_STRANGE
    assert "never been used here" in sentence(problem)
    assert not desk.service.may_send(FIRST)
    assert desk.service.record_of(FIRST) is None, "nor is it told that something was given"
    assert not (desk.inbox / FIRST).exists()
    assert Performers(ReceiverLayout(desk.inbox)).all() == ()
    desk.back(FIRST)
    assert desk.service.record_of(FIRST) is not None, "taking back is always told"


def test_the_old_key_signs_nothing_new_here_or_there(desk: Desk, lab: Studio) -> None:
    """Whoever got hold of the old key may write any date: what it had signed is named in the change."""
    old = desk.home.consents.open_key(lambda: SECRET)
    assert desk.arrives(FIRST, lab)
    desk.change()
    signed_by(desk, SECOND, old)
    assert refusal(desk.service.send, SECOND, lab).code is ErrorCode.CONSENT_KEY_EARLIER
    assert desk.arrives(THIRD, lab), "the studio has heard of the change"
    desk.service._permits._keys = None  # as a sender that does not ask
    problem = refusal(desk.service.send, SECOND, lab)
    assert problem.code is ErrorCode.RECEIVER_REFUSED
    assert "after you had changed it" in sentence(problem)
    assert not (desk.inbox / SECOND).exists()
    assert desk.known().waiting is None, "nobody is asked to accept it once more"


def test_without_its_keys_a_home_sends_nothing_and_says_what_to_do(desk: Desk, lab: Studio, tmp_path: Path) -> None:
    folder = desk.home.paths.home / "keys"
    shutil.move(folder, tmp_path / "copy")
    problem = refusal(desk.service.send, FIRST, lab)
    assert problem.code is ErrorCode.CONSENT_KEY_GONE
    assert "Bring the folder “keys” back" in sentence(problem)
    shutil.move(tmp_path / "copy", folder)
    assert desk.arrives(FIRST, lab)


def test_a_lost_key_is_laid_aside_and_what_it_signed_still_goes(desk: Desk, lab: Studio) -> None:
    assert desk.arrives(FIRST, lab)
    desk.home.keys.lay_aside()
    assert desk.arrives(SECOND, lab)
    desk.secret = NEW_SECRET
    desk.back(THIRD)
    desk.sign(THIRD)
    problem = refusal(desk.service.send, THIRD, lab)
    assert "another signing key" in sentence(problem)
    (known,) = Performers(ReceiverLayout(desk.inbox)).all()
    assert known.waiting == desk.home.keys.own().current
    Performers(ReceiverLayout(desk.inbox)).accept_key(known.performer_id)
    assert desk.arrives(THIRD, lab)
