"""From a clip that was opened, dropped or chosen to the brief of its scene, where it is said whose it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.clips.arrival import ClipArrived, take_in
from perfstudio.session.session import Session
from perfstudio.session.views import SceneCard
from perfstudio.texts import clips, errors
from perfstudio.ui.flows.unsaid import Unsaid
from perfstudio.ui.main_window import MainWindow


class ClipArrival:
    """`read` opens the brief of a scene."""

    def __init__(self, window: MainWindow, session: Session, read: Callable[[SceneCard], object]) -> None:
        self._window, self._session, self._read = window, session, read
        self._unsaid = Unsaid(session)

    def choose(self) -> None:
        """Ask which file it is."""
        dialog = QFileDialog(self._window, _("Open a clip"), str(Path.home()), _("Clips (*.perfclip)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.look(Path(name)))
        dialog.open()

    def look(self, file: Path) -> None:
        """Take it in, where it can be played to; its media are opened by a process with limits."""
        home = self._session.home
        self._session.worker.run(lambda: take_in(home, file), self._arrived, self._refused)

    def _arrived(self, came: ClipArrived) -> None:
        self._unsaid.now_or_later(
            lambda: self._read(came.card),
            lambda: self._window.toast.show_message(clips.arrived(came.kept.clip)),
        )

    def _refused(self, problem: PerfstudioError) -> None:
        self._unsaid.now_or_later(lambda: self._window.note(errors.sentence(problem), "look"))
