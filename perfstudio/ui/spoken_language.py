"""The language of the window: what the performer chose, else what the environment or the system asks for."""

from __future__ import annotations

import os

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from perfstudio.language.catalogue import ENGLISH, VARIABLE, language, preferred, speak


def asked_for(chosen: str) -> tuple[str, ...]:
    """The languages to try, the most wanted first; `chosen` is empty where the performer leaves it to the system.

    Whoever names a catalogue in the environment wants to see that one.
    """
    if chosen and not os.environ.get(VARIABLE):
        return (chosen,)
    return preferred() or tuple(QLocale.system().uiLanguages())


class SpokenLanguage:
    """Speaks at once, and lets Qt say what it says by itself (in the menu of a field) in the same language."""

    def __init__(self, app: QApplication) -> None:
        """What is spoken already stays."""
        self._app = app
        self._qt: QTranslator | None = None
        self._let_qt_speak()

    def speak(self, *languages: str) -> bool:
        """The first of these that there is a catalogue for. Whether it is another one than before."""
        before = language()
        changed = speak(*languages) != before
        if changed:
            self._let_qt_speak()
        return changed

    def _let_qt_speak(self) -> None:
        if self._qt is not None:
            self._app.removeTranslator(self._qt)
        words, folder = QTranslator(self._app), QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if language() != ENGLISH and words.load(QLocale(language()), "qtbase", "_", folder):
            self._app.installTranslator(words)
        self._qt = words
