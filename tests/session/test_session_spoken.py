"""A statement that is read aloud for a consent: from the recording to the receiver, and gone when all is taken back."""

from __future__ import annotations

import errno
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from perfstudio.capture.files.flac_in_memory import flac_of
from perfstudio.capture.practice.voice import speech_loop
from perfstudio.checks.foreign_media import unfit
from perfstudio.consent.receipt import receipt_text
from perfstudio.delivery.bundle import read_bundle
from perfstudio.library import documents
from perfstudio.library import spoken as kept
from perfstudio.library.locks import Locks
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.delivery import Studio
from perfstudio.model.device import PRACTICE, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import ErrorCode, MediaError, PerfstudioError
from perfstudio.model.labels import Labels
from perfstudio.model.prompt import Terms
from perfstudio.model.spoken import SpokenRequest
from perfstudio.model.take import FileEntry, FileRole
from perfstudio.paths import AppPaths
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session import mine_files, spoken_sound
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.given import GivenService
from perfstudio.session.guarded_work import MediaGuard
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.spoken import ReadAloud
from perfstudio.session.spoken_sound import read_aloud
from perfstudio.session.statements import Statements
from perfstudio.session.takes.bundle_files import file_problems
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts import aloud as words
from perfstudio.texts.errors import sentence
from rigs.asking_pack import write_pack
from rigs.quick_keys import quick_keys
from rigs.quiet_lab import signed_in
from rigs.read_aloud import STATEMENT, WITH_NAME, reading, speaking_pack
from rigs.signing_home import opened_home

FILE, STUDIO, TOKEN = "spoken-consent.flac", "north-lab", "a-token-for-this-test-only"
REVIEW, VOICE = UseId.STORE_REVIEW, UseId.REPLICA_VOICE
SECRET = "three calm horses"
TERMS = Terms(
    id="t", version="1", language="en", title="T", summary="S", text="X",
    spoken=SpokenRequest(statement=STATEMENT, with_name=WITH_NAME),
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def quick_key() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        quick_keys(patch.setattr)
        yield


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, quick_key: None) -> Path:
    """A home with a key, and one take that is kept and labelled, of a pack that wants its statement read."""
    root = tmp_path_factory.mktemp("spoken")
    with Home(AppPaths(root), use_keyring=False) as home:
        home.scenes.import_pack(write_pack(root / "p.perfpack", speaking_pack()))
        alone = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
        made = record_take(home, "thresholds/own-door", alone, 0.7, RecordingHooks(threading.Event()))
        home.takes.keep(made.take_id)
        home.takes.label(made.take_id, Labels(meant=("joy",)))
        home.consents.open_key(lambda: SECRET)
    return root


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> ReadAloud:
    """The statement, read into the second channel of two."""
    return read_aloud(reading(tmp_path_factory.mktemp("read") / "read.wav", 4.0, channels=2), TERMS)


@dataclass
class Desk:
    """A performer with a take to sign."""

    home: Home
    take_id: str
    service: DeliveryService

    @property
    def folder(self) -> Path:
        return self.home.library.folder(self.take_id)

    def sign(self, aloud: ReadAloud | None, *uses: UseId) -> ConsentRecord:
        return self.home.consents.sign(
            self.take_id, frozenset(uses or (REVIEW,)), "Ines Example", passphrase=lambda: SECRET,
            stated=Statements(adult=True), aloud=aloud,
        )  # fmt: skip

    def withdraw(self, *uses: UseId) -> ConsentRecord:
        return self.home.consents.withdraw(self.take_id, frozenset(uses) or None, passphrase=lambda: SECRET)

    def told(self) -> bool:
        """Whether every receiver has confirmed what was taken back."""
        return [line.problem for line in self.service.tell_withdrawals()] == [None]

    def problems(self) -> list[tuple[object, object]]:
        return [(p.facts["file"], p.facts["problem"]) for p in verify_bundle(self.folder).problems]


@pytest.fixture
def desk(recorded: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(recorded, tmp_path / "home")
    with opened_home(tmp_path / "home") as (home, service):
        yield Desk(home, home.library.list()[0].take_id, service)


def refusal(ask: Callable[[], object]) -> PerfstudioError:
    with pytest.raises(PerfstudioError) as told:
        ask()
    assert sentence(told.value)
    return told.value


# what is read


def test_without_a_voice_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        (reading(tmp_path / "silent.wav", 2.0, level=0.0), ErrorCode.SPOKEN_SILENT),
        (reading(tmp_path / "short.wav", 0.9), ErrorCode.SPOKEN_SILENT),
        (reading(tmp_path / "empty.wav", 0.0), None),
        (reading(tmp_path / "long.wav", 3.1), ErrorCode.SPOKEN_TOO_LONG),
        (tmp_path / "no.wav", None),
        (tmp_path, None),
        (tmp_path / "gone.wav", None),
    ]
    (tmp_path / "no.wav").write_bytes(b"no sound at all")
    monkeypatch.setattr(spoken_sound, "LONGEST_S", 3.0)
    for file, code in rows:
        found = refusal(lambda file=file: read_aloud(file, TERMS, shown=file.name))  # type: ignore[misc]
        assert file.name in sentence(found)
        assert found.code is code or (code is None and isinstance(found, MediaError))
    monkeypatch.setattr(spoken_sound, "MOST_BYTES", 100)
    assert refusal(lambda: read_aloud(reading(tmp_path / "v.wav", 2.5), TERMS)).code is ErrorCode.SPOKEN_TOO_LONG


def test_words_that_nobody_asked_for_and_names_as_they_are_signed(tmp_path: Path) -> None:
    file = reading(tmp_path / "read.wav", 4.0)
    assert refusal(lambda: read_aloud(file, TERMS, name="x" * 201)).code is ErrorCode.CONSENT_NAME_LONG
    assert read_aloud(file, TERMS, name="In\u202ees\n Example").text.startswith("I am Ines Example. ")
    silent = TERMS.model_copy(update={"spoken": None})
    assert refusal(lambda: read_aloud(file, silent)).code is ErrorCode.CONSENT_SPOKEN_UNASKED


def test_terms_that_ask_for_nothing_have_the_hash_they_had() -> None:
    plain = {"id": "t", "version": "1", "language": "en", "title": "T", "summary": "S", "text": "X"}
    assert json.loads(Terms.model_validate(plain).canonical()) == plain


# beside the record


def test_what_is_read_lies_beside_the_record_for_as_long_as_anything_stands(desk: Desk, read: ReadAloud) -> None:
    assert refusal(lambda: desk.sign(None)).code is ErrorCode.CONSENT_SPOKEN_MISSING
    for other in (replace(read, text="I agree to everything."), replace(read, language="de")):
        assert refusal(lambda other=other: desk.sign(other)).facts["problem"] == "other_words"  # type: ignore[misc]
    assert not (desk.folder / "consent.json").exists()
    assert not (desk.folder / FILE).exists()
    record = desk.sign(read, REVIEW, VOICE)
    (given,) = GivenService(desk.home.library, desk.home.shelf).read().takes
    assert given.read_aloud, "so that nobody is told that it can be given again without a reading"
    said = record.spoken
    assert said is not None
    assert (said.text, said.language) == (STATEMENT, "en")
    assert said.sha256 == sha256_hex((desk.folder / FILE).read_bytes())
    assert 2 < said.duration_s <= 4
    assert STATEMENT in receipt_text(record)
    assert said.sha256 in receipt_text(record)
    assert any(file.name == FILE and file.sha256 == said.sha256 for file in read_bundle(desk.folder, STUDIO).files)
    assert FileRole.SPOKEN_CONSENT in desk.home.consents.offer(desk.take_id).files, "what is sent is listed"
    assert desk.home.consents.spoken_left(desk.withdraw(VOICE)) is None
    assert (desk.folder / FILE).exists(), "a line still stands"
    assert desk.problems() == []
    assert desk.home.consents.spoken_left(desk.withdraw()) is False
    assert not (desk.folder / FILE).exists()
    assert desk.problems() == []
    gone = refusal(lambda: desk.home.consents.give(desk.take_id, frozenset({REVIEW}), passphrase=lambda: SECRET))
    assert gone.code is ErrorCode.CONSENT_SPOKEN_GONE
    named = WITH_NAME.replace("{name}", "Ines Example")
    again = desk.sign(replace(read, text=named))
    assert again.spoken is not None
    assert again.spoken.text == named
    assert desk.problems() == []


def test_what_is_not_as_it_was_signed_is_found(desk: Desk, read: ReadAloud) -> None:
    desk.sign(read)
    file = desk.folder / FILE
    good = file.read_bytes()
    manifest, record = desk.home.library.manifest(desk.take_id), desk.home.library.consent(desk.take_id)

    def found() -> list[tuple[object, object]]:
        return [(p.facts["file"], p.facts["problem"]) for p in file_problems(desk.folder, manifest, record)]

    rows = [(good[:-1] + bytes([good[-1] ^ 1]), "hash_differs"), (good[:-1], "size_differs"), (None, "missing")]
    for data, problem in rows:
        file.unlink() if data is None else file.write_bytes(data)
        assert found() == [(FILE, problem)]
    file.write_bytes(good)
    assert desk.problems() == []
    entry = FileEntry(role=FileRole.SPOKEN_CONSENT, name=FILE, size=len(good), sha256=sha256_hex(good))
    manifest = manifest.model_copy(update={"files": (*manifest.files, entry)})
    assert found() == [("take.json", "names")], "the record names it, and no one else"


def test_a_recording_that_nothing_names_goes_at_the_next_look(
    desk: Desk, read: ReadAloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill came between the recording and the record; not while another process is between the two."""
    file, library = desk.folder / FILE, desk.home.library
    file.write_bytes(read.sound)
    with Locks(library.root / "locks").hold("take", desk.take_id):
        library.report_now()
        assert file.exists(), "somebody writes this take at this moment"
    library.report_now()
    assert not file.exists()

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(kept, "write_durably", full)
        assert refusal(lambda: desk.sign(read)).code is ErrorCode.DISK_FULL
    with monkeypatch.context() as patch:
        patch.setattr(documents, "write_document", lambda path, document: full(path, b""))
        assert refusal(lambda: desk.sign(read)).code is ErrorCode.DISK_FULL
    assert not file.exists(), "nothing was signed with it"
    assert not (desk.folder / "consent.json").exists()

    desk.sign(read)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda self, missing_ok=False: full(self, b""))  # another program plays it
        record = desk.withdraw()
    left = desk.home.consents.spoken_left(record)
    assert left is True
    assert "could not be deleted yet" in words.changed(record, left)
    library.report_now()
    assert desk.home.consents.spoken_left(record) is False
    assert "is deleted here" in words.changed(record, left=False)


# at a studio


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """The folder of the receiver."""
    return tmp_path / "in"


@pytest.fixture
def studio(desk: Desk, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A studio whose receiver plays what comes, here without a process for each take."""
    monkeypatch.setattr(MediaGuard, "look", lambda self, claims, limits: tuple(map(unfit, claims)))
    settings = ReceiverSettings(studio_id=STUDIO, practice=True)
    receiver = Receiver(inbox, token=TOKEN, admission=admission(STUDIO, practice=True), settings=settings)
    with signed_in(desk.service, receiver, TOKEN) as found:
        yield found


def test_it_goes_with_the_take_and_is_deleted_at_both_ends(
    desk: Desk, studio: Studio, inbox: Path, read: ReadAloud
) -> None:
    """Sent, played, taken back, signed anew with another reading, sent again, and outlived by its papers."""
    library = desk.home.library
    other = replace(read, sound=flac_of(speech_loop(1)[:96_000], 48_000), duration_s=2.0)
    for aloud in (read, other):
        desk.sign(aloud)
        desk.service.send(desk.take_id, studio, patience_s=10.0)
        (arrived,) = inbox.rglob(FILE)
        assert arrived.read_bytes() == aloud.sound
        assert verify_bundle(arrived.parent, consent_needed=True).problems == ()
        assert desk.problems() == [], "the receipt names it, too"
        if aloud is read:
            (mine,) = mine_files.find(library).takes
            assert FILE in dict(mine.files)
            desk.withdraw()
            assert desk.told()
            assert not any(inbox.rglob(FILE))
            assert not (desk.folder / FILE).exists()
            (note,) = desk.service.outbox.withdrawals_of(desk.take_id)
            assert note.reply is not None
            assert note.reply.statement is not None
            assert FILE.encode() in note.reply.statement, "the studio signs that it is deleted there"
    library.bin(desk.take_id)
    assert library.empty_bin().deleted == (desk.take_id,)
    papers = library.papers_folder(desk.take_id)
    assert (papers / FILE).read_bytes() == other.sound, "the performer's evidence outlives the take"
    desk.withdraw()
    assert desk.told()
    assert not any(inbox.rglob(FILE))
    assert (papers / "consent.json").exists()
    assert not (papers / FILE).exists()


def test_a_receiver_takes_nothing_else_for_it(
    desk: Desk, studio: Studio, inbox: Path, read: ReadAloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is no sound under a hash that was signed; and a record without what its text asks for."""

    def refused() -> str:
        return sentence(refusal(lambda: desk.service.send(desk.take_id, studio, patience_s=10.0)))

    desk.sign(replace(read, sound=b"fLaC\x00" + b"no frames" * 99))
    assert FILE in refused()
    desk.withdraw()
    for place in ("perfstudio.consent.record", "perfstudio.session.consents"):
        monkeypatch.setattr(f"{place}.require_spoken", lambda *_, **__: None)
    desk.sign(None)
    assert "not read aloud" in refused()
    desk.withdraw()
    desk.sign(replace(read, text="I agree to everything."))
    assert "not the pack's statement" in refused()
    assert not any(inbox.rglob(FILE))
