"""Making a clip from the window: what it would be, where it goes, and what became of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.model.clip import ENDING
from perfstudio.model.clip_given import ClipGiven
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.clips.making import make_clip
from perfstudio.session.clips.offer import offer
from perfstudio.session.events import TakeChanged
from perfstudio.session.session import Session
from perfstudio.texts import clips, errors
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.review.clip_card import ClipAsked, ClipPart


class ClipMaking:
    """Owns the part of Review. The cutting is done in the background: a long take takes seconds."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window, self._session = window, session
        self.part = ClipPart(self._ask, self._where)

    def _ask(self, take_id: str) -> None:
        library = self._session.home.library
        self._session.worker.run(lambda: offer(library, take_id), self.part.offer, self._refused)

    def _where(self, asked: ClipAsked) -> None:
        dialog = QFileDialog(self._window, _("Save the clip"), str(Path.home()), _("Clips (*.perfclip)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING[1:])
        dialog.selectFile(asked.offered.file_name)
        dialog.fileSelected.connect(lambda name: self.write(Path(name), asked))
        dialog.open()

    def write(self, file: Path, asked: ClipAsked) -> None:
        """Make it there; the dialog has asked about a file that is there already."""
        home, take_id = self._session.home, asked.offered.take_id
        final = file if file.suffix.lower() == ENDING else file.with_name(file.name + ENDING)
        self._session.background.run(
            lambda: make_clip(home.library, home.paths.clips, take_id, final, asked.agreed, called=asked.called),
            lambda given: self._made(take_id, given),
            self._refused,
        )

    def _made(self, take_id: str, given: ClipGiven) -> None:
        self.part.close_card()
        self._session.bus.publish(TakeChanged(take_id))
        self._window.toast.show_message(clips.made(given))

    def _refused(self, problem: PerfstudioError) -> None:
        self._window.note(errors.sentence(problem), "look")
