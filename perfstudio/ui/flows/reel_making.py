"""Making a film for the reel from the window: where it goes, how far it is, and what became of it."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.reel import make_reel
from perfstudio.session.reel_made import ReelMade
from perfstudio.session.session import Session
from perfstudio.texts import errors, reel
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.review.reel_card import ReelActs, ReelAsked, ReelCard, ReelPart
from perfstudio.ui.review.slate_picture import slate_picture
from perfstudio.ui.system_access import open_folder

ENDING = ".mp4"
_LEAST_STEP = 0.01
"""Of all of it: what is told more often nobody sees."""


class ReelMaking:
    """Owns the part of Review. One film at a time is made, in the background."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window, self._session = window, session
        self._stopped, self._closed = threading.Event(), False
        self.part = ReelPart(ReelActs(self._where, self.stop, self._show))

    def stop(self) -> None:
        """End what is being made; nothing of it is left."""
        self._stopped.set()

    def close(self) -> None:
        """The window goes, or is made anew: nobody is told any more."""
        self._closed = True
        self.stop()

    def _where(self, asked: ReelAsked) -> None:
        line = asked.review.line
        dialog = QFileDialog(self._window, _("Save the video"), str(Path.home()), _("Videos (*.mp4)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING[1:])
        dialog.selectFile(reel.file_name(line.title, line.number))
        dialog.fileSelected.connect(lambda name: self.write(Path(name), asked))
        dialog.open()

    def write(self, file: Path, asked: ReelAsked) -> None:
        """Make it there; the dialog has asked about a file that is there already."""
        card = self.part.card
        if card is None:
            return
        final = file if file.suffix.lower() == ENDING else file.with_name(file.name + ENDING)
        slate = slate_picture(asked.review, asked.name) if asked.slated else None
        stopped = self._stopped = threading.Event()
        told = [0.0]

        def tick(share: float) -> bool:
            if share - told[0] >= _LEAST_STEP:
                told[0] = share
                self._session.bus.post(lambda: self._show_share(card, share))
            return not stopped.is_set()

        takes, take_id = self._session.home.takes, asked.review.line.take_id
        card.begin()
        self._session.background.run(
            lambda: make_reel(takes, take_id, final, whole=asked.whole, slate=slate, tick=tick),
            lambda made: self._end(card, reel.done(made) if made is not None else _(reel.STOPPED), made),
            lambda problem: self._refused(card, problem),
        )

    def _show_share(self, card: ReelCard, share: float) -> None:
        if not self._closed and card is self.part.card and card.busy:
            card.show_share(share)

    def _end(self, card: ReelCard, said: str, made: ReelMade | None) -> None:
        if self._closed:
            return
        if card is self.part.card:
            card.end(said, made)
        else:
            self._window.toast.show_message(said)

    def _refused(self, card: ReelCard, problem: PerfstudioError) -> None:
        self._end(card, errors.sentence(problem), None)

    def _show(self, made: ReelMade) -> None:
        open_folder(made.film.parent, self._window.note)
