"""A statement that is read aloud for a consent: from the recording to the receiver, and gone when all is taken back."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from perfstudio.consent import keyfile
from perfstudio.consent.receipt import receipt_text
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import read_bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.outbox import Outbox
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.device import PRACTICE, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode, MediaError, PerfstudioError
from perfstudio.model.prompt import Terms
from perfstudio.model.take import FileEntry, FileRole
from perfstudio.paths import AppPaths
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session import mine_files, spoken
from perfstudio.session.delivery.admission import admission
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.takes.bundle_files import file_problems
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts.errors import sentence
from rigs.asking_pack import write_pack
from rigs.read_aloud import STATEMENT, reading, speaking_pack

FILE, STUDIO, TOKEN = "spoken-consent.flac", "north-lab", "a-token-for-this-test-only"
REVIEW, VOICE = UseId.STORE_REVIEW, UseId.REPLICA_VOICE
SECRET = "three calm horses"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one kept take of a pack that wants its statement read."""
    root = tmp_path_factory.mktemp("spoken")
    with Home(AppPaths(root / "home"), use_keyring=False) as home:
        home.scenes.import_pack(write_pack(root / "p.perfpack", speaking_pack()))
        alone = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
        made = record_take(home, "thresholds/own-door", alone, 0.7, RecordingHooks(threading.Event()))
        home.takes.keep(made.take_id)
    reading(root / "read.wav", channels=2)
    return root


@dataclass
class Desk:
    """A performer with a take to sign and a recording of the statement."""

    home: Home
    take_id: str
    wav: Path

    @property
    def folder(self) -> Path:
        return self.home.library.folder(self.take_id)

    @property
    def terms(self) -> Terms:
        return self.home.consents.offer(self.take_id).terms

    def aloud(self, name: str = "") -> spoken.ReadAloud:
        return spoken.read_aloud(self.wav, self.terms, name=name)

    def sign(self, aloud: spoken.ReadAloud | None, *uses: UseId) -> ConsentRecord:
        return self.home.consents.sign(
            self.take_id, frozenset(uses or (REVIEW,)), "Ines Example", passphrase=lambda: SECRET,
            stated=Statements(adult=True), aloud=aloud,
        )  # fmt: skip

    def withdraw(self, *uses: UseId) -> None:
        self.home.consents.withdraw(self.take_id, frozenset(uses) or None, passphrase=lambda: SECRET)

    def problems(self) -> list[tuple[object, object]]:
        return [(p.facts["file"], p.facts["problem"]) for p in verify_bundle(self.folder).problems]


@pytest.fixture
def desk(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)
    shutil.copytree(recorded / "home", tmp_path / "home")
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        yield Desk(home, home.library.list()[0].take_id, recorded / "read.wav")


def refusal(ask: Callable[[], object]) -> PerfstudioError:
    with pytest.raises(PerfstudioError) as told:
        ask()
    return told.value


def test_what_is_read_lies_beside_the_record_for_as_long_as_anything_stands(desk: Desk) -> None:
    missing = refusal(lambda: desk.sign(None))
    assert missing.code is ErrorCode.CONSENT_SPOKEN_MISSING
    assert "aloud" in sentence(missing)
    assert not (desk.folder / "consent.json").exists()
    record = desk.sign(desk.aloud(), REVIEW, VOICE)
    said = record.spoken
    assert said is not None
    assert (said.text, said.language) == (STATEMENT, "en")
    assert said.sha256 == sha256_hex((desk.folder / FILE).read_bytes())
    assert 4 < said.duration_s <= 6
    assert desk.problems() == []
    assert STATEMENT in receipt_text(record)
    assert said.sha256 in receipt_text(record)
    assert any(file.name == FILE and file.sha256 == said.sha256 for file in read_bundle(desk.folder, STUDIO).files)
    desk.withdraw(VOICE)
    assert (desk.folder / FILE).exists(), "a line still stands"
    assert desk.problems() == []
    desk.withdraw()
    assert not (desk.folder / FILE).exists()
    assert desk.problems() == []
    assert "deleted" in receipt_text(desk.home.consents.record(desk.take_id))
    gone = refusal(lambda: desk.home.consents.give(desk.take_id, frozenset({REVIEW}), passphrase=lambda: SECRET))
    assert gone.code is ErrorCode.CONSENT_SPOKEN_GONE
    again = desk.sign(desk.aloud("Ines Example"))
    assert again.spoken is not None
    assert again.spoken.text.startswith("I am Ines Example. ")
    assert desk.problems() == []


def test_what_is_not_as_it_was_signed_is_found(desk: Desk) -> None:
    desk.sign(desk.aloud())
    file = desk.folder / FILE
    good = file.read_bytes()
    file.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert desk.problems() == [(FILE, "hash_differs")]
    file.write_bytes(good[:-1])
    assert desk.problems() == [(FILE, "size_differs")]
    file.unlink()
    assert desk.problems() == [(FILE, "missing")]
    file.write_bytes(good)
    manifest, record = desk.home.library.manifest(desk.take_id), desk.home.library.consent(desk.take_id)
    entry = FileEntry(role=FileRole.SPOKEN_CONSENT, name=FILE, size=len(good), sha256=sha256_hex(good))
    smuggled = manifest.model_copy(update={"files": (*manifest.files, entry)})
    found = [(p.facts["file"], p.facts["problem"]) for p in file_problems(desk.folder, smuggled, record)]
    assert found == [("take.json", "names")], "the record names it, and no one else"


def test_a_recording_that_nothing_names_goes_at_the_next_look(desk: Desk) -> None:
    """A kill came between the recording and the record."""
    (desk.folder / FILE).write_bytes(desk.aloud().sound)
    assert desk.problems() == [(FILE, "not_listed")]
    desk.home.library.report_now()
    assert not (desk.folder / FILE).exists()
    assert desk.problems() == []


@pytest.mark.parametrize(
    ("seconds", "level", "code"),
    [(4.0, 0.0, ErrorCode.SPOKEN_SILENT), (0.9, 1.0, ErrorCode.SPOKEN_SILENT), (190.0, 0.0, ErrorCode.SPOKEN_TOO_LONG)],
)
def test_without_a_voice_nothing_is_kept(
    seconds: float, level: float, code: ErrorCode, desk: Desk, tmp_path: Path
) -> None:
    desk.wav = reading(tmp_path / "other.wav", seconds, level=level)
    found = refusal(desk.aloud)
    assert found.code is code
    assert sentence(found)
    desk.wav = tmp_path / "none.wav"
    desk.wav.write_bytes(b"no sound at all")
    assert isinstance(refusal(desk.aloud), MediaError)


def test_other_words_and_words_that_nobody_asked_for(desk: Desk) -> None:
    read = desk.aloud()
    other = spoken.ReadAloud(read.sound, read.duration_s, "I agree to everything.", "en")
    assert refusal(lambda: desk.sign(other)).facts["problem"] == "other_words"
    foreign = spoken.ReadAloud(read.sound, read.duration_s, STATEMENT, "de")
    assert refusal(lambda: desk.sign(foreign)).facts["problem"] == "other_words"
    named = refusal(lambda: desk.aloud("x" * 201))
    assert (named.facts["where"], named.facts["problem"]) == ("name", "too_long")
    assert desk.aloud("In\u202ees\n Example").text.startswith("I am Ines Example. ")
    silent = desk.terms.model_copy(update={"spoken": None})
    assert refusal(lambda: spoken.read_aloud(desk.wav, silent)).code is ErrorCode.CONSENT_SPOKEN_UNASKED


def test_terms_that_ask_for_nothing_have_the_hash_they_had() -> None:
    plain = {"id": "t", "version": "1", "language": "en", "title": "T", "summary": "S", "text": "X"}
    assert json.loads(Terms.model_validate(plain).canonical()) == plain


class Studio:
    """A receiver of the studio, and what is sent to it."""

    def __init__(self, folder: Path, outbox: Outbox) -> None:
        self.folder, self.outbox = folder, outbox
        rules = admission(STUDIO, practice=True)
        self.receiver = Receiver(folder, token=TOKEN, admission=rules, settings=ReceiverSettings(studio_id=STUDIO))

    def take(self, desk: Desk) -> str:
        bundle = read_bundle(desk.folder, STUDIO)
        receipt = deliver(
            bundle, self.receiver.studio(), TOKEN, outbox=self.outbox, may_send=lambda: True, patience_s=20.0,
            tuning=Tuning(),
        )  # fmt: skip
        desk.home.library.write_receipt(desk.take_id, receipt)
        return receipt.state


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        made = Studio(tmp_path / "in", outbox)
        yield made
        made.receiver.stop()


def test_it_goes_with_the_take_and_the_receiver_plays_it(desk: Desk, studio: Studio) -> None:
    record = desk.sign(desk.aloud())
    assert studio.take(desk) == "accepted"
    (arrived,) = studio.folder.rglob(FILE)
    assert sha256_hex(arrived.read_bytes()) == (record.spoken.sha256 if record.spoken else "")
    assert verify_bundle(arrived.parent, consent_needed=True).problems == ()
    assert desk.problems() == [], "the receipt names it too"
    (mine,) = mine_files.find(desk.home.library).takes
    assert FILE in dict(mine.files)
    library = desk.home.library
    library.bin(desk.take_id)
    assert library.empty_bin().deleted == (desk.take_id,)
    papers = library.papers_folder(desk.take_id)
    assert (papers / FILE).read_bytes() == arrived.read_bytes(), "the performer's evidence outlives the take"
    desk.withdraw()
    assert (papers / "consent.json").exists()
    assert not (papers / FILE).exists()


def test_a_receiver_takes_nothing_else_for_it(desk: Desk, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is no sound under a hash that was signed; and a record without what its text asks for."""
    read = desk.aloud()
    desk.sign(spoken.ReadAloud(b"fLaC\x00" + b"no frames" * 99, read.duration_s, read.text, read.language))
    with pytest.raises(DeliveryError) as refused:
        studio.take(desk)
    assert refused.value.code is ErrorCode.RECEIVER_REFUSED
    desk.withdraw()
    monkeypatch.setattr("perfstudio.consent.record.require_spoken", lambda *_, **__: None)
    desk.sign(None)
    with pytest.raises((DeliveryError, ConsentError)) as without:
        studio.take(desk)
    assert "not read aloud" in sentence(without.value)
