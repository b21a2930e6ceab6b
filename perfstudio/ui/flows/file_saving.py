"""Saving a document of the window: where to, and what became of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.durable import file_error, write_durably
from perfstudio.language.catalogue import Messages, _
from perfstudio.model.errors import LibraryError
from perfstudio.texts import errors
from perfstudio.texts.template import sentences
from perfstudio.ui.main_window import MainWindow

_KINDS: Messages[dict[str, str]] = {
    "csv": "Tables (*.csv)",
    "json": "JSON documents (*.json)",
    "pdf": "PDF, to print and show (*.pdf)",
}


class FileSaving:
    """`heading` stands over the system's dialog."""

    def __init__(self, window: MainWindow, heading: str) -> None:
        self._window, self._heading = window, heading

    def ask(self, name: str, data: bytes) -> None:
        """Where to; the ending of `name` says what it is."""
        ending = Path(name).suffix.removeprefix(".")
        dialog = QFileDialog(self._window, self._heading, str(Path.home() / name), _(_KINDS[ending]))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.fileSelected.connect(lambda file: self.write(Path(file), data))
        dialog.open()

    def write(self, file: Path, data: bytes) -> None:
        """Write it; the dialog has asked about what was there."""
        try:
            write_durably(file, data)
        except OSError as problem:
            said = _("{name} could not be saved.", name=file.name)
            why = errors.sentence(file_error(problem, file, LibraryError))
            self._window.note(sentences(said, why), "look")
        else:
            self._window.toast.show_message(_("Saved as {name}.", name=file.name))
