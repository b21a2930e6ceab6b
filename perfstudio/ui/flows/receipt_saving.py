"""Saving a receipt from the window: where to, as what, and what became of it."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.receipts import ReceiptFile, ReceiptKind, kind_of, receipt_file, save_receipt
from perfstudio.session.worker import Worker
from perfstudio.texts import errors, receipts
from perfstudio.texts.template import sentences
from perfstudio.ui.consent.receipt_pdf import receipt_pdf
from perfstudio.ui.main_window import MainWindow

_FILTERS: Messages[dict[ReceiptKind, str]] = {
    ReceiptKind.PDF: "PDF, to print and show (*.pdf)",
    ReceiptKind.PAGE: "Web page, for any screen or reader (*.html)",
    ReceiptKind.LINKED: "Linked data, for programs (*.jsonld)",
}
_NO_NAME = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')
"""What no system or not every system takes in the name of a file (Windows: "Naming Files, Paths, and Namespaces")."""
FAILED = N_("The receipt could not be saved as {name}.")


class ReceiptSaving:
    """Asks for a file; `worker` writes it."""

    def __init__(self, window: MainWindow, worker: Worker) -> None:
        self._window, self._worker = window, worker

    def ask(self, name: str, record: ConsentRecord) -> None:
        """Ask where to save it, and as what."""
        dialog = QFileDialog(self._window, _("Save the receipt"), str(Path.home()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        kinds = {_(words): kind for kind, words in _FILTERS.items()}
        dialog.setNameFilters(list(kinds))
        dialog.setDefaultSuffix(ReceiptKind.PDF.suffix[1:])
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(kinds[chosen].suffix[1:]))
        dialog.selectFile(_NO_NAME.sub(" ", name).strip(" .") or ReceiptKind.PDF.value)
        dialog.fileSelected.connect(
            lambda file: self.write(Path(file), record, kinds.get(dialog.selectedNameFilter(), ReceiptKind.PDF))
        )
        dialog.open()

    def write(self, file: Path, record: ConsentRecord, chosen: ReceiptKind) -> None:
        """Write it as what its name says, else as what was chosen, under a name that says so."""
        kind = kind_of(file) or chosen
        named = kind_of(file) is not None
        target = file if named else file.with_name(file.name + kind.suffix)
        made = receipt_file(record, kind, receipt_pdf)
        self._worker.run(
            lambda: save_receipt(made, target, over=named),  # the dialog asked about the name typed, and no other
            lambda _: self._done(target.name, made),
            lambda problem: self._not(target, problem),
        )

    def _done(self, name: str, made: ReceiptFile) -> None:
        said = receipts.saved(name, letters_missing=made.letters_missing)
        if made.letters_missing:
            self._window.note(said, "look")
        else:
            self._window.toast.show_message(said)

    def _not(self, file: Path, problem: PerfstudioError) -> None:
        self._window.note(sentences(_(FAILED, name=file.name), errors.sentence(problem)), "look")
