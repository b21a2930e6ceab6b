"""A paper that cannot be read takes nothing else with it: its take stays, and it is said what is not known."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from library.library_papers import receipt_of, sent_of
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import DeliveryState, DeliveryStatus
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.paths import AppPaths
from perfstudio.session import given_document, ledger_document
from perfstudio.session.delivery.delivery_queue import DeliveryQueue
from perfstudio.session.given import GivenService, GivenTake
from perfstudio.session.home import Home
from perfstudio.session.ledger import LedgerState, ledger_of
from perfstudio.session.mine_export import MineExport
from perfstudio.texts import mine, unread_papers
from perfstudio.texts.given import page_text
from perfstudio.texts.ledger import ledger_text
from rigs.signing_home import MINE, SECRET, SIGNED, opened_home, signed_home

TAKE, OTHER, SENT = MINE
EVERY = {*MINE, SIGNED}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Home]:
    """Two takes have arrived, one was sent, and one has not left."""
    with Home(AppPaths(signed_home(tmp_path / "home")), use_keyring=False) as made:
        for take_id in (TAKE, OTHER):
            made.library.write_receipt(take_id, receipt_of(made.library.manifest(take_id)))
            decided = Ruling(
                take_id=take_id,
                studio_id="attic",
                receipt_id="",
                number=1,
                word=RulingWord.ACCEPTED,
                ruled_at=utc_now(),
            )
            made.library.write_ruling(take_id, decided)
        made.library.write_sent(SENT, sent_of(made.library.manifest(SENT)))
        yield made


@pytest.fixture
def service(opened: Home) -> GivenService:
    """With what the outbox knows."""
    knows = DeliveryStatus(TAKE, "attic", DeliveryState.DELIVERED, 1, 1)
    return GivenService(opened.library, opened.shelf, lambda: (knows,))


Harm = Callable[[Path, Path], object]
"""Gets the folder of a take and that of another."""


def garbles(name: str) -> Harm:
    return lambda folder, other: (folder / name).write_text("{", encoding="utf-8")


def takes_from_another(name: str) -> Harm:
    return lambda folder, other: shutil.copy(other / name, folder / name)


def removes(name: str) -> Harm:
    return lambda folder, other: (folder / name).unlink()


def makes_a_folder_of(name: str) -> Harm:
    def harm(folder: Path, other: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return harm


UNKNOWN = LedgerState.UNKNOWN
HARMS: dict[str, tuple[str, Harm, str, LedgerState | None, str]] = {
    "garbled receipt": (TAKE, garbles("receipt.json"), "receipt.json", UNKNOWN, "receipt.json is not valid"),
    "another's receipt": (TAKE, takes_from_another("receipt.json"), "receipt.json", UNKNOWN, "about another take"),
    "no receipt": (TAKE, removes("receipt.json"), "receipt.json", UNKNOWN, "receipt.json is missing"),
    "folder as receipt": (TAKE, makes_a_folder_of("receipt.json"), "receipt.json", UNKNOWN, f"--take {TAKE}”"),
    "garbled note": (SENT, garbles("sent.json"), "sent.json", UNKNOWN, "When it was sent is not known here"),
    "garbled ruling": (TAKE, garbles("ruling.json"), "ruling.json", LedgerState.DELIVERED, "asked for it again"),
    "another's ruling": (TAKE, takes_from_another("ruling.json"), "ruling.json", LedgerState.DELIVERED, "another take"),
    "garbled take": (TAKE, garbles("take.json"), "take.json", LedgerState.ACCEPTED, "Restore take.json"),
    "no take.json": (TAKE, removes("take.json"), "take.json", LedgerState.ACCEPTED, "What you signed is in consent"),
    "garbled consent": (TAKE, garbles("consent.json"), "consent.json", None, "A studio that has the take has that"),
    "another's consent": (TAKE, takes_from_another("consent.json"), "consent.json", None, "belongs to another take"),
    "no consent": (TAKE, removes("consent.json"), "consent.json", None, "consent.json is missing"),
    "not a folder": (TAKE, lambda folder, other: shutil.rmtree(folder), "", None, "Connect the disk"),
}
"""Which take, what happens to it, the paper, its state in the ledger (None: it is not known what was given), words."""


def test_the_take_stays_and_it_is_said_what_is_not_known(opened: Home, service: GivenService, tmp_path: Path) -> None:
    assert service.read().unread == ()
    for case, (take_id, harm, file, state, words) in HARMS.items():
        folder = opened.library.folder(take_id)
        kept = tmp_path / "kept"
        shutil.copytree(folder, kept)
        harm(folder, opened.library.folder(OTHER))
        opened.library.report_now()
        given = service.read()
        ledger = ledger_of(given)
        assert [(paper.take_id, paper.file) for paper in given.unread] == [(take_id, file)], case
        assert {take.take_id for take in given.takes} == EVERY - ({take_id} if state is None else set()), case
        states = {line.take.take_id: line.state for studio in ledger.studios for line in studio.lines}
        assert states.get(take_id) is state, case
        name = unread_papers.name(given.unread[0])
        assert name.startswith("“"), "not by its id alone"
        for said in (page_text(given, utc_now()), ledger_text(ledger, utc_now())):
            assert words in said, (case, said)
            assert f"{name}: " in said, (case, said)
        document = given_document.document(given, utc_now())
        assert [(paper["take_id"], paper["file"]) for paper in document["unread"]] == [(take_id, file)], case
        for table in (given_document.table(given), ledger_document.table_bytes(ledger).decode("utf-8-sig")):
            rows = [row for row in csv.DictReader(io.StringIO(table)) if row["take_id"] == take_id]
            assert {row["unread"] for row in rows} == {file or "folder_missing"}, case
        shutil.rmtree(folder, ignore_errors=True)
        kept.rename(folder)
        opened.library.report_now()
        assert service.read().unread == (), f"{case}: put back, and all is as it was"


def named(takes: tuple[GivenTake, ...], take_id: str) -> GivenTake:
    return next(take for take in takes if take.take_id == take_id)


def test_what_arrived_is_not_said_to_be_here(opened: Home, service: GivenService) -> None:
    garbles("receipt.json")(opened.library.folder(TAKE), Path())
    opened.library.report_now()
    said = page_text(service.read(), utc_now())
    assert "its receipt cannot be read" in said
    assert named(service.read().takes, TAKE).delivered is None


def test_everything_of_mine_says_which_paper_cannot_be_read(opened: Home, tmp_path: Path) -> None:
    garbles("receipt.json")(opened.library.folder(TAKE), Path())
    removes("consent.json")(opened.library.folder(OTHER), Path())
    opened.library.report_now()
    report = MineExport(opened.library, opened.shelf, lambda: opened.settings.now).run(tmp_path / "copy", mine.words())
    assert {(paper.take_id, paper.file) for paper in report.unread} == {
        (TAKE, "receipt.json"),
        (OTHER, "consent.json"),
    }
    said = (tmp_path / "copy" / "README.txt").read_text(encoding="utf-8")
    assert "Its receipt.json is not valid. What became of it" in said
    assert "Its consent.json is missing." in said
    assert (tmp_path / "copy" / "takes" / TAKE / "receipt.json").read_text(encoding="utf-8") == "{"
    assert "{take}" not in said


def test_a_damaged_receipt_stands_in_no_ones_way_when_all_is_taken_back(tmp_path: Path) -> None:
    with opened_home(signed_home(tmp_path / "home")) as (home, service):
        home.library.write_receipt(TAKE, receipt_of(home.library.manifest(TAKE)))
        service.note_withdrawals()
        garbles("receipt.json")(home.library.folder(TAKE), Path())
        home.consents.withdraw(TAKE, passphrase=lambda: SECRET)
        assert [pending.take_id for pending in service.outbox.untold()] == [TAKE], "who has it is told"
        queue = DeliveryQueue(home.library, service, home.takes, home.settings, home.bus)
        try:
            (line,) = queue.lines()
        finally:
            queue.close()
        assert line.taken_back is not None
        assert not line.taken_back.delivered
