"""What our receiver takes in: bundles that lie about their consent are sent for real, and refused before any byte."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perfstudio import frozen
from perfstudio.consent import record as consents
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.withdrawal import tell
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.delivery import Receipt
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.model.others import Others
from perfstudio.model.prompt import Pack
from perfstudio.model.take import TakeManifest
from perfstudio.model.take_reading import read_take
from perfstudio.paths import AppPaths
from perfstudio.receiver import verifier
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.performers import Performers
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.waiting_acts import act_digest
from perfstudio.resources import asset
from perfstudio.session.delivery.admission import admission
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.texts.errors import sentence
from rigs.second_face import second_face
from rigs.stage import SMALL_PAIR

STUDIO, TOKEN = "north-lab", "a-token-for-this-test-only"
REVIEW, PUBLISH = UseId.STORE_REVIEW, UseId.PUBLISH_PERFORMANCE


def pack_of(studio: str) -> Pack:
    """The bundled scenes, asked for by another studio."""
    plain = json.loads(asset("packs", "practice", "pack.json").read_text("utf-8"))
    plain["id"], plain["studio"]["id"], plain["studio"]["name"] = "thresholds", studio, "North Lab"
    return Pack.model_validate(plain)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take of North Lab's pack, sealed and not signed."""
    root = tmp_path_factory.mktemp("recorded")
    with zipfile.ZipFile(root / "thresholds.perfpack", "w") as out:
        out.writestr("pack.json", json.dumps(pack_of(STUDIO).to_json()))
    with Home(AppPaths(root / "home"), use_keyring=False) as home:
        home.scenes.import_pack(root / "thresholds.perfpack")
        made = record_take(home, "thresholds/the-letter", SMALL_PAIR, 0.7, RecordingHooks(threading.Event()))
        return home.library.folder(made.take_id)


@dataclass
class Forger:
    """Somebody with a key of their own, who writes whatever papers they like."""

    folder: Path
    receiver: Receiver
    outbox: Outbox
    key: SigningKey
    pack: Pack

    def manifest(self) -> TakeManifest:
        return read_take((self.folder / "take.json").read_bytes())

    def sign(
        self, *uses: UseId, at: datetime | None = None, adult: bool = True, others: Others | None = None
    ) -> ConsentRecord:
        return consents.sign(
            self.manifest(), pack=self.pack, terms=self.pack.terms[0], granted=uses or (REVIEW,), name="Ada",
            key=self.key, at=at, adult=adult, others=others,
        )  # fmt: skip

    def resign(self, record: ConsentRecord) -> ConsentRecord:
        """The same acts, under a head that was changed, signed anew."""
        bare = record.model_copy(update={"events": (), "public_key": self.key.public_key})
        for act in record.events:
            bare = consents._append(bare, self.key, act.state, act.use_ids, at=act.at, method=act.method)
        return bare

    def bundle(self, record: ConsentRecord) -> Bundle:
        (self.folder / "consent.json").write_bytes(record.canonical())
        manifest = self.manifest().model_copy(update={"consent": record.reference()})
        (self.folder / "take.json").write_bytes(manifest.canonical())
        return read_bundle(self.folder, self.receiver.studio().id)

    def send(self, record: ConsentRecord) -> Receipt:
        return deliver(
            self.bundle(record), self.receiver.studio(), TOKEN, outbox=self.outbox, may_send=lambda: True,
            patience_s=20.0, tuning=Tuning(),
        )  # fmt: skip

    def refused(self, record: ConsentRecord) -> str:
        """What the performer reads."""
        with pytest.raises(DeliveryError) as told:
            self.send(record)
        assert told.value.code in (ErrorCode.RECEIVER_REFUSED, ErrorCode.RECEIVER_DECIDES)
        return sentence(told.value)

    def kept(self) -> list[str]:
        """Media that reached the receiver's disk."""
        there = self.folder.parent.parent / "in"
        return [str(f) for f in there.rglob("*") if f.suffix in (".part", ".upload", ".mp4", ".flac", ".jpg")]


Open = Callable[..., Forger]


@pytest.fixture
def open_receiver(recorded: Path, tmp_path: Path) -> Iterator[Open]:
    """A receiver of a studio, and a forger with a take of North Lab in front of it."""
    (tmp_path / "takes").mkdir()
    folder = Path(shutil.copytree(recorded, tmp_path / "takes" / recorded.name))
    started: list[Receiver] = []
    with Outbox(tmp_path / "outbox.sqlite") as outbox:

        def run(studio: str = STUDIO, *, practice: bool = True) -> Forger:
            rules = admission(studio, practice=practice)
            started.append(
                Receiver(tmp_path / "in", token=TOKEN, admission=rules, settings=ReceiverSettings(studio_id=studio))
            )
            return Forger(folder, started[-1], outbox, SigningKey.generate(), pack_of(STUDIO))

        yield run
        for receiver in started:
            receiver.stop()


@pytest.fixture
def forger(open_receiver: Open) -> Forger:
    return open_receiver()


def test_what_holds_is_accepted(forger: Forger) -> None:
    assert forger.send(forger.sign()).state == "accepted"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(days=4 * 366), "over"),
        (timedelta(days=-1), "future"),
        (timedelta(days=-9 * 365), "future"),
        (timedelta(minutes=-20), "future"),
    ],
)
def test_consent_outside_its_time(ago: timedelta, words: str, forger: Forger) -> None:
    said = forger.refused(forger.sign(at=utc_now() - ago))
    assert words in said
    assert forger.kept() == []


def test_clocks_may_differ_a_little(forger: Forger) -> None:
    assert forger.send(forger.sign(at=utc_now() + timedelta(minutes=5))).state == "accepted"


def test_the_receivers_own_clock_decides(tmp_path: Path, open_receiver: Open) -> None:
    forger = open_receiver()
    record = forger.sign()
    (forger.folder / "consent.json").write_bytes(record.canonical())
    later = admission(STUDIO, practice=True, clock=lambda: datetime(2100, 1, 1, tzinfo=UTC))
    assert later.record(record) == ()
    forger.bundle(record)
    assert later.bundle(forger.folder) == ("expired",)


def test_what_is_allowed_before_what_it_follows_is_out_of_order(forger: Forger) -> None:
    """Taken back, and then given again at a time before that: an act put in afterwards."""
    now = utc_now()
    signed = forger.sign(at=now)
    back = consents.withdraw(signed, forger.key, at=now + timedelta(minutes=2))
    again = consents.renew(back, forger.key, [REVIEW], at=now - timedelta(hours=1))
    assert "not in order" in forger.refused(again)


def test_what_is_given_again_in_its_order_is_accepted(forger: Forger) -> None:
    now = utc_now()
    back = consents.withdraw(forger.sign(at=now), forger.key, at=now + timedelta(minutes=2))
    assert forger.send(consents.renew(back, forger.key, [REVIEW], at=now - timedelta(minutes=5))).state == "accepted"


def test_who_did_not_say_to_be_an_adult_gives_nothing(forger: Forger, tmp_path: Path) -> None:
    record = forger.sign(adult=False)
    assert "18 or older" in forger.refused(record)
    assert forger.kept() == []
    forger.bundle(record)
    assert admission(STUDIO, practice=True).bundle(forger.folder) == ("adult_not_said",)
    older = admission(STUDIO, practice=True, without_age=True)
    assert older.bundle(forger.folder) == ()
    said_no = record.model_copy(update={"subject": record.subject.model_copy(update={"adult": False})})
    forger.bundle(forger.resign(said_no))
    assert admission(STUDIO, practice=True).bundle(forger.folder) == ("adult_not_said",)


def test_who_else_is_in_a_take_is_said_before_it_comes(forger: Forger) -> None:
    """Our own app asks before it signs; a record of this version without an answer is somebody else's making."""
    second_face(forger.folder)
    assert "does not say who" in forger.refused(forger.sign())
    older = admission(STUDIO, practice=True, without_age=True)
    forger.bundle(forger.sign(adult=False))
    assert older.bundle(forger.folder) == (), "nobody was asked then"
    forger.bundle(forger.sign(others=Others.BYSTANDER))
    assert admission(STUDIO, practice=True).bundle(forger.folder) == ()


def test_a_bystander_in_a_take_that_gives_more_is_refused_before_any_byte(forger: Forger) -> None:
    signed = forger.sign(*(use.id for use in forger.pack.uses if use.id in (REVIEW, PUBLISH, UseId.HUMAN_RESEARCH)))
    assert "by chance" in forger.refused(forger.resign(signed.model_copy(update={"others": Others.BYSTANDER})))
    assert forger.kept() == []


def test_another_key_signs_nothing_new_for_a_performer_who_is_known(forger: Forger, tmp_path: Path) -> None:
    known = forger.sign()
    assert forger.send(known).state == "accepted"
    mine, forger.key = forger.key, SigningKey.generate()
    assert "another signing key" in forger.refused(forger.sign())
    back = consents.withdraw(known, forger.key)
    layout = ReceiverLayout(tmp_path / "in")
    store = ConsentStore(layout, admission(STUDIO, practice=True))
    with pytest.raises(RefusedError, match="waits for a person"):
        store.put(back.record_id, back.canonical())
    assert "first has to decide" in forger.refused(back), "it waits: a person may decide any day"
    second = consents.withdraw(known, SigningKey.generate())
    with pytest.raises(RefusedError, match="waits for a person"):
        store.put(second.record_id, second.canonical())
    store.decide(act_digest(second.events[-1]), confirmed=False)
    with pytest.raises(RefusedError, match="was not confirmed") as dismissed:
        store.put(second.record_id, second.canonical())
    assert dismissed.value.status == 422, "nobody need bring it again"
    store.decide(act_digest(back.events[-1]), confirmed=True)  # with any key: a lost one never binds
    store.put(back.record_id, back.canonical())
    assert (
        Performers(layout).accept_key(known.subject.id, fingerprint(forger.key.public_key)).public_key
        == forger.key.public_key
    )
    renewed = forger.sign()
    store.put(renewed.record_id, renewed.canonical())
    forger.key = mine
    assert "another signing key" in forger.refused(forger.sign())


def test_a_required_line_that_was_not_given(forger: Forger) -> None:
    """The forger's record calls it optional; the receiver needs it all the same, and so it does a required one."""
    record = forger.sign()
    lines = tuple(use.model_copy(update={"required": False}) for use in record.uses)
    publish = tuple(e.model_copy(update={"use_ids": (PUBLISH,)}) for e in record.events[:1])
    said = forger.refused(forger.resign(record.model_copy(update={"uses": lines, "events": publish})))
    assert "yes to" in said
    required = tuple(use.model_copy(update={"required": True, "why": "So."}) for use in record.uses)
    said = forger.refused(forger.resign(forger.sign().model_copy(update={"uses": required})))
    assert "yes to" in said
    assert forger.kept() == []


def test_a_required_line_taken_back_since(forger: Forger) -> None:
    record = forger.sign(REVIEW, PUBLISH)
    forger.send(record)
    shorter = consents.withdraw(record, forger.key, (REVIEW,))
    forger.outbox.withdraw(record.take.take_id, record.record_id, shorter.events[-1], blocks=False)
    studio = forger.receiver.studio()
    with closing(HttpClient(studio.tus, TOKEN)) as wire:
        tell(forger.outbox.untold()[0], studio, wire, forger.outbox)
    assert "taken back" in forger.refused(record)


def test_consent_for_another_studio(open_receiver: Open) -> None:
    forger = open_receiver("south-lab")
    assert "another studio" in forger.refused(forger.sign())
    assert forger.kept() == []


def test_a_forged_party_does_not_fit_the_take(open_receiver: Open) -> None:
    """The record names this studio, the take was made for another one."""
    forger = open_receiver("south-lab")
    record = forger.sign()
    party = record.parties[0].model_copy(update={"id": "south-lab"})
    assert "another studio" in forger.refused(forger.resign(record.model_copy(update={"parties": (party,)})))
    assert not (forger.folder.parent.parent / "in" / forger.folder.name).exists()


def test_consent_for_another_take(forger: Forger) -> None:
    record = forger.sign()
    other = record.take.model_copy(update={"take_id": "01m8mah6ryk0wp8q7yrz8xbhz2"})
    assert "another take" in forger.refused(forger.resign(record.model_copy(update={"take": other})))
    wrong = tuple(f.model_copy(update={"sha256": "0" * 64}) for f in record.take.files)
    files = record.take.model_copy(update={"files": wrong})
    assert "not the one" in forger.refused(forger.resign(forger.sign().model_copy(update={"take": files})))
    assert forger.kept() == []


def test_a_broken_signature_is_not_even_kept(forger: Forger) -> None:
    record = forger.sign()
    act = record.events[0].model_copy(update={"use_ids": (REVIEW, PUBLISH)})
    said = forger.refused(record.model_copy(update={"events": (act, *record.events[1:])}))
    assert "is not valid" in said
    assert list((forger.folder.parent.parent / "in" / ".receiver" / "consents").iterdir()) == []


def replaced(forger: Forger, name: str, data: bytes) -> None:
    """Other bytes under the name of a file, in a take that is sealed anew around them."""
    (forger.folder / name).write_bytes(data)
    manifest = forger.manifest()
    digest = hashlib.sha256(data).hexdigest()
    files = tuple(
        f.model_copy(update={"size": len(data), "sha256": digest}) if f.name == name else f for f in manifest.files
    )
    manifest = manifest.model_copy(update={"files": files, "seal_sha256": None}).sealed()
    (forger.folder / "take.json").write_bytes(manifest.canonical())


@pytest.mark.parametrize(("name", "words"), [("take.mp4", "not a video"), ("audio.flac", "not sound")])
def test_noise_under_the_name_of_a_film(name: str, words: str, forger: Forger) -> None:
    replaced(forger, name, os.urandom(5000))
    assert words in forger.refused(forger.sign())
    assert not (forger.folder.parent.parent / "in" / forger.folder.name).exists()


def hollow(film: bytes) -> bytes:
    """The boxes are whole, the pictures are noise."""
    at = film.index(b"mdat") + 4
    length = int.from_bytes(film[at - 8 : at - 4], "big") - 8
    return film[:at] + os.urandom(length) + film[at + length :]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("take.mp4", hollow, "take.mp4 is damaged, or its end is missing"),
        ("take.mp4", lambda film: film[: len(film) // 2], "take.mp4 is "),
        ("audio.flac", lambda sound: sound[: len(sound) // 2], "audio.flac is "),
        ("audio.flac", lambda sound: sound[:42] + os.urandom(5000), "audio.flac is "),
        ("thumbnail.jpg", lambda picture: picture[:200], "thumbnail.jpg is "),
    ],
)
def test_what_does_not_play_is_turned_away(
    name: str, change: Callable[[bytes], bytes], words: str, forger: Forger
) -> None:
    replaced(forger, name, change((forger.folder / name).read_bytes()))
    assert words in forger.refused(forger.sign())
    assert not (forger.folder.parent.parent / "in" / forger.folder.name).exists()


def test_what_brings_its_player_down_is_turned_away(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "command", lambda module: (sys.executable, "-c", "import os; os.abort()"))
    assert "makes the player crash" in forger.refused(forger.sign())


def test_a_take_that_cannot_be_played_now_is_not_turned_away(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process could be started (no memory, no room in the table): that is not the take's fault."""
    monkeypatch.setattr(verifier, "AGAIN_S", 0.01)
    real, tries = frozen.command, iter(range(100))
    monkeypatch.setattr(frozen, "command", lambda module: real(module) if next(tries) else ("/nowhere/at/all",))
    assert forger.send(forger.sign()).state == "accepted"
    assert next(tries) == 2


def test_practice_takes_and_real_ones_never_mix(open_receiver: Open) -> None:
    forger = open_receiver(practice=False)
    assert "practice device" in forger.refused(forger.sign())
    forger.receiver.stop()
    same, forger = forger.key, open_receiver(practice=True)
    forger.key = same
    manifest = forger.manifest().model_copy(update={"practice": False, "seal_sha256": None, "consent": None}).sealed()
    (forger.folder / "take.json").write_bytes(manifest.canonical())
    assert "practice takes only" in forger.refused(forger.sign())
