"""The system's own question whether devices may be used, its page of settings, and the person who comes back from it.

QCameraPermission and QMicrophonePermission are in PySide6's QtCore, and with them what macOS needs (`Q_IMPORT_PLUGIN`
in its sources); they ask with the words of the bundle's Info.plist. Not run on macOS: on Linux Qt grants at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCameraPermission, QMicrophonePermission, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from perfstudio.language.catalogue import _
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.device_access import DeviceAccess, settings_page
from perfstudio.systems.permissions import Guarded

_QUESTIONS: Final = {Guarded.CAMERA: QCameraPermission, Guarded.MICROPHONE: QMicrophonePermission}


class SystemAccess(QObject):
    """Between the application and what the session knows of permissions; ends with its parent."""

    def __init__(self, app: QApplication, access: DeviceAccess, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._access = app, access
        access.ask = self.ask
        app.applicationStateChanged.connect(self._turned)

    def ask(self, kinds: Sequence[Guarded], answered: Callable[[], None]) -> None:
        """One question after the other. What was answered is read elsewhere: Qt calls refused what it cannot ask."""
        if not kinds:
            answered()
            return
        question = _QUESTIONS[kinds[0]]()
        self._app.requestPermission(question, self, lambda: self.ask(kinds[1:], answered))

    def _turned(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._access.look_again()


def open_settings_page(problem: PerfstudioError | None, note: Callable[[str], object]) -> None:
    """Show the system's page for what a problem is about; where that does not open, `note` says its address."""
    page = settings_page(problem)
    if page and not QDesktopServices.openUrl(QUrl(page)):
        note(_("The system did not open its settings. Their page is {page}.", page=page))


def open_folder(folder: Path, note: Callable[[str], object]) -> None:
    """Show a folder in the system's own way."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        note(_("The system has no program that opens folders. You can copy the path from here."))
