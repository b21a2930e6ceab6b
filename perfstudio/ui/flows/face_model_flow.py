"""The face model on the Settings page: chosen, tried, put in force, given up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.model.checks import FaceModel
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.session import Session
from perfstudio.session.takes.face_detector import open_finder, read_face_model, wanted
from perfstudio.texts import errors
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.settings.checks_section import ChecksSection, FaceActs


class FaceModelFlow:
    """Owns the section. `change` puts settings in force; what is open then is opened anew with the model."""

    def __init__(self, window: MainWindow, session: Session, change: Callable[..., object]) -> None:
        self._window, self._session, self._change = window, session, change
        self.section = ChecksSection(FaceActs(self._ask, self._give_up, self._licensed))

    def entered(self) -> None:
        """The section is in front: does the file still hold?"""
        model = self._show()
        self.section.show_problem("")
        if model is not None:
            self._session.background.run(
                lambda: open_finder(model)[1],
                lambda problem: self.section.show_problem(errors.sentence(problem) if problem else ""),
                self._session.trouble,
            )

    def choose(self, file: Path) -> None:
        """Try a file; it is put in force when it works, else what was in force stays."""
        self.section.show_reading(on=True)
        self._session.background.run(lambda: read_face_model(file), self._read, self._refused)

    def _read(self, model: FaceModel) -> None:
        self.section.show_reading(on=False)
        self.section.show_problem("")
        before = self._session.settings.now.face_model
        same = before is not None and before.sha256 == model.sha256
        self._put(model.model_copy(update={"licence": before.licence}) if before is not None and same else model)

    def _refused(self, problem: PerfstudioError) -> None:
        self.section.show_reading(on=False)
        self.section.show_problem(errors.sentence(problem))

    def _give_up(self) -> None:
        self.section.show_problem("")
        self._put(None)

    def _licensed(self, licence: str) -> None:
        model = self._session.settings.now.face_model
        if model is not None:
            self._put(model.model_copy(update={"licence": licence}))

    def _put(self, model: FaceModel | None) -> None:
        self._change(face_model=model)
        self._show()

    def _show(self) -> FaceModel | None:
        chosen = self._session.settings.now.face_model
        model = wanted(chosen)
        self.section.show_model(model, fixed=model != chosen)
        return model

    def _ask(self) -> None:
        dialog = QFileDialog(self._window, _("A face model"), str(Path.home()), _("Models (*.onnx);;All files (*)"))
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.open()
