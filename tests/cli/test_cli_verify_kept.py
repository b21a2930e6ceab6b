"""Takes of 0.1.0 are listed, reviewed, labelled, signed, delivered, verified and rebuilt, and keep their seal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from cli_wrong import typed

from perfstudio.consent import permissions
from perfstudio.consent.keyfile import write_once
from perfstudio.consent.keys import KeyCard
from perfstudio.library.folder import TakeLocation, read_manifest
from perfstudio.model.consent import UseId
from perfstudio.model.emotion_words import OWN_WORDS
from perfstudio.model.labels import Labels, Labels1
from perfstudio.model.take import FileRole, TakeState, Trim
from perfstudio.model.take_1 import TakeManifest1
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.paths import AppPaths
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.takes.missing import BUNDLED_STUDIO
from perfstudio.session.takes.recovery import recover_unsealed
from perfstudio.session.takes.review import read_review
from rigs.kept_takes import CIRCLED, KILLED, RECOVERED, SEALED, SIGNED, SOUND_ONLY, hashes, kept_home
from rigs.quiet_lab import signed_in

TOKEN = "a-token-for-this-test-only"


@pytest.fixture
def takes(home: Path) -> Path:
    return kept_home(home)


@pytest.fixture
def opened(takes: Path) -> Iterator[Home]:
    with Home(AppPaths(takes.parent), use_keyring=False) as home:
        yield home


def sealed_part(takes: Path, take_id: str) -> dict[str, object]:
    living = {"decision", "circled", "labels", "note", "trim", "intended", "consent", "ledger"}
    return {k: v for k, v in json.loads((takes / take_id / "take.json").read_bytes()).items() if k not in living}


def test_they_are_listed_and_shown(takes: Path) -> None:
    before = {take: hashes(takes / take) for take in SEALED}
    listed = {line["take_id"]: line for line in json.loads(typed(["takes", "list", "--json"]).out)}
    states = {take: (line["state"], line["circled"]) for take, line in listed.items()}
    assert states == {
        SIGNED: ("accepted", False), CIRCLED: ("kept", True), SOUND_ONLY: ("undecided", False),
        RECOVERED: ("undecided", False), KILLED: ("rolling", False),
    }  # fmt: skip
    shown = json.loads(typed(["takes", "show", SIGNED, "--json"]).out)["manifest"]
    assert shown["format"] == "perfstudio-take/1"
    assert shown["labels"]["meant"] == ["tenderness", "grief"]
    assert {take: hashes(takes / take) for take in SEALED} == before


@pytest.mark.parametrize("take", SEALED)
def test_they_are_verified_with_their_sync_recomputed(takes: Path, take: str) -> None:
    said = typed(["verify", str(takes / take), "--json"])
    told = json.loads(said.out)
    assert (said.code, told["problems"], told["sync_recomputed"]) == (0, [], True)
    assert told["consent"] == ("signed" if take == SIGNED else "none")


def test_they_are_reviewed(opened: Home) -> None:
    review = read_review(opened.takes, opened.sides, CIRCLED)
    assert review.picture is not None
    assert review.manifest.trim == Trim(in_s=1.4, out_s=2.2)
    assert read_review(opened.takes, opened.sides, SOUND_ONLY).picture is None
    assert read_review(opened.takes, opened.sides, SIGNED).manifest.said() == Labels(
        meant=("tenderness", "grief"), intensity="strong", valence=3, arousal=6, held_character="all_the_way",
        note="It came at the second line.",
    )  # fmt: skip


def test_labels_are_written_in_the_words_of_their_own_format(opened: Home, takes: Path) -> None:
    before = sealed_part(takes, CIRCLED)
    opened.takes.label(CIRCLED, Labels(meant=("happy", "spite"), valence=7))
    written = json.loads((takes / CIRCLED / "take.json").read_bytes())["labels"]
    assert written["scale"] == "SAM-9"
    assert written["vocabulary"].split(" ") == ["http://www.w3.org/TR/emotion-voc/xml#everyday-categories", OWN_WORDS]
    assert sealed_part(takes, CIRCLED) == before
    manifest = opened.library.manifest(CIRCLED)
    assert isinstance(manifest, TakeManifest1)
    assert isinstance(manifest.labels, Labels1)


def test_they_are_signed_and_delivered_to_a_receiver_of_today(opened: Home, takes: Path, tmp_path: Path) -> None:
    for take in (CIRCLED, SOUND_ONLY, RECOVERED):
        opened.takes.keep(take)
        opened.takes.label(take, Labels(meant=("anger",)))
        opened.consents.sign(
            take,
            frozenset({UseId.STORE_REVIEW}),
            "Ada Example",
            passphrase=lambda: "three horses",
            stated=Statements(adult=True),
        )
    delivered(opened, tmp_path / "inbox", (CIRCLED, SOUND_ONLY, RECOVERED))
    for take in (CIRCLED, SOUND_ONLY, RECOVERED):
        assert not (tmp_path / "inbox" / take / "raw").exists()
        assert opened.library.state(take) is TakeState.DELIVERED


def test_what_was_signed_then_is_delivered_as_it_was_signed(
    opened: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day after it was signed: its term is over some day, and a receiver goes by its own clock."""
    record = opened.library.consent(SIGNED)
    assert record is not None
    card = KeyCard(installation="then", place="keyring", public_key=record.public_key)
    write_once(opened.paths.home / "keys" / "signing-key.json", card)  # as that home knew whose key it was
    day = record.events[-1].at + timedelta(days=1)
    monkeypatch.setattr(permissions, "utc_now", lambda: day)
    delivered(opened, tmp_path / "inbox", (SIGNED,), clock=lambda: day, without_age=True)
    said = typed(["verify", str(tmp_path / "inbox" / SIGNED), "--consent", "--json"])
    assert (said.code, json.loads(said.out)["sync_recomputed"]) == (0, False)


def delivered(home: Home, inbox: Path, chosen: tuple[str, ...], **options: object) -> None:
    gate = admission(BUNDLED_STUDIO, **options)  # type: ignore[arg-type]
    settings = ReceiverSettings(studio_id=BUNDLED_STUDIO, name="Receiver")
    with (
        closing(DeliveryService(home.library, home.paths)) as service,
        signed_in(service, Receiver(inbox, token=TOKEN, admission=gate, settings=settings), TOKEN) as studio,
    ):
        for take in chosen:
            assert service.send(take, studio).level == "B"
            manifest = read_manifest(TakeLocation(take, inbox / take, sealed=True))
            assert manifest == home.library.manifest(take)


def test_the_index_is_rebuilt_from_them(takes: Path) -> None:
    assert typed(["takes", "list"]).code == 0
    (takes.parent / "index.sqlite").unlink()
    told = json.loads(typed(["rebuild", "--json"]).out)
    assert (told["takes"], told["damaged"]) == (5, [])


def test_one_that_0_1_0_was_killed_in_is_recovered_as_a_take_of_today(opened: Home, takes: Path) -> None:
    assert recover_unsealed(opened.library).recovered == (KILLED,)
    manifest = opened.library.manifest(KILLED)
    assert isinstance(manifest, TakeManifest2)
    assert manifest.file(FileRole.TIMING) is not None
    assert typed(["verify", str(takes / KILLED)]).code == 0
    left = {path.name for path in (takes / KILLED / "raw").iterdir()}
    assert left >= {"picture.mp4", "sound.flac", "blocks.bin"}, "what a kill left open stays as it was recorded"
    assert "ballast.bin" not in left
    assert {file.name for file in manifest.raw or ()} == left, "what stays is named by hash"
    damaged = takes / KILLED / "raw" / "events.jsonl"
    damaged.write_bytes(damaged.read_bytes().replace(b"roll", b"rolt", 1))
    said = typed(["verify", str(takes / KILLED)])
    assert (said.code, "raw/events.jsonl" in said.err) == (1, True), said


def test_one_of_a_later_version_is_left_as_it_is_and_says_so(takes: Path) -> None:
    paper = takes / SIGNED / "take.json"
    later = paper.read_bytes().replace(b"perfstudio-take/1", b"perfstudio-take/3").replace(b'"ended"', b'"ended_by"')
    paper.write_bytes(later)
    for words in (["verify", str(takes / SIGNED)], ["takes", "keep", SIGNED], ["check", str(takes / SIGNED)]):
        said = typed(words)
        assert said.code == 1
        assert "a newer perfstudio wrote it" in said.err, said
    assert paper.read_bytes() == later
    assert hashes(takes / SIGNED).keys() >= {"take.mp4", "raw/sound.flac"}
