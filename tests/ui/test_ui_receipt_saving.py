"""Saving a receipt from the window: as what its name says, never over something unasked, told when it is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeDatabase
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from perfstudio.model.consent import ConsentRecord
from perfstudio.session.receipts import ReceiptKind
from perfstudio.session.worker import InlineWorker
from perfstudio.ui.flows.receipt_saving import ReceiptSaving
from perfstudio.ui.theme import load_fonts
from rigs.take_bundles import consent_record


class Window(QWidget):
    """What the window says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.toast = self

    def show_message(self, text: str) -> None:
        self.said.append(text)

    def note(self, text: str, kind: str) -> None:
        self.said.append(f"{kind}: {text}")


class Desk:
    """Saving at once, into a folder of its own."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        load_fonts()
        self.folder, self.window = folder, Window()
        qtbot.addWidget(self.window)
        self.saving = ReceiptSaving(self.window, InlineWorker())  # type: ignore[arg-type]
        self.record: ConsentRecord = consent_record("01jd0000000000000000000000", ())


@pytest.fixture(scope="module", autouse=True)
def kinds_of_files() -> None:
    """Qt keeps the system's list of them open once a dialog asked for it."""
    QMimeDatabase().mimeTypeForFile("receipt.pdf")


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    """Ready."""
    return Desk(qtbot, tmp_path)


@pytest.mark.parametrize(
    ("typed", "chosen", "written"),
    [
        ("r.pdf", ReceiptKind.PAGE, "r.pdf"),
        ("r.HTML", ReceiptKind.PDF, "r.HTML"),
        ("r.jsonld", ReceiptKind.PDF, "r.jsonld"),
        ("Mr. Ferry take 3", ReceiptKind.PDF, "Mr. Ferry take 3.pdf"),
        ("r", ReceiptKind.PAGE, "r.html"),
    ],
)
def test_it_is_written_as_what_its_name_says(desk: Desk, typed: str, chosen: ReceiptKind, written: str) -> None:
    desk.saving.write(desk.folder / typed, desk.record, chosen)
    begins = {".pdf": b"%PDF", ".html": b"<!doctype html>", ".jsonld": b"{"}
    assert (desk.folder / written).read_bytes().startswith(begins[Path(written).suffix.lower()])
    assert desk.window.said == [f"The receipt is saved as {written}."]


def test_a_name_that_nobody_was_asked_about_is_not_written_over(desk: Desk) -> None:
    there = desk.folder / "r.html"
    there.write_text("mine", encoding="utf-8")
    desk.saving.write(desk.folder / "r", desk.record, ReceiptKind.PAGE)
    assert there.read_text(encoding="utf-8") == "mine"
    assert desk.window.said[0].startswith("look: The receipt could not be saved as r.html.")
    desk.saving.write(there, desk.record, ReceiptKind.PAGE)
    assert desk.window.said[1] == "The receipt is saved as r.html."


def test_a_folder_that_is_gone_is_told(desk: Desk) -> None:
    desk.saving.write(desk.folder / "gone" / "r.html", desk.record, ReceiptKind.PAGE)
    assert desk.window.said[0].startswith("look: The receipt could not be saved as r.html.")


def test_letters_that_the_pdf_has_not_are_told(desk: Desk) -> None:
    subject = desk.record.subject.model_copy(update={"signed_name": "Name \u0378"})
    desk.saving.write(desk.folder / "r.pdf", desk.record.model_copy(update={"subject": subject}), ReceiptKind.PDF)
    assert desk.window.said[0].startswith("look: The receipt is saved as r.pdf. This computer lacks letters for some")


def test_the_dialog_offers_three_kinds_and_a_name_that_every_disk_takes(desk: Desk) -> None:
    desk.saving.ask('Consent Who/what: "where"? take 3', desk.record)
    [dialog] = desk.window.findChildren(QFileDialog)
    assert [text.rpartition("(")[2] for text in dialog.nameFilters()] == ["*.pdf)", "*.html)", "*.jsonld)"]
    assert Path(dialog.selectedFiles()[0]).name.startswith("Consent Who what")
    dialog.filterSelected.emit(dialog.nameFilters()[1])
    assert dialog.defaultSuffix() == "html"
    dialog.fileSelected.emit(str(desk.folder / "chosen.html"))
    assert desk.window.said == ["The receipt is saved as chosen.html."]
    dialog.reject()
