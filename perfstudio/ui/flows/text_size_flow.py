"""Larger and smaller text by key, on any page; a take that is being made is left alone."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.session.session import Session
from perfstudio.session.settings import TEXT_SIZES
from perfstudio.texts import formatting
from perfstudio.ui.keyboard import CTRL
from perfstudio.ui.main_window import MainWindow


class TextSizeFlow:
    """Owns the two keys."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window, self._session = window, session
        window.on_key(f"{CTRL} +", lambda: self._step(1))
        window.on_key(f"{CTRL} −", lambda: self._step(-1))

    def _step(self, by: int) -> None:
        if self._session.director.recording:
            return
        now = self._session.settings.now.text_percent
        at = min(range(len(TEXT_SIZES)), key=lambda place: abs(TEXT_SIZES[place] - now))
        size = TEXT_SIZES[max(0, min(len(TEXT_SIZES) - 1, at + by))]
        self._session.settings.change(text_percent=size)
        self._window.toast.show_message(_("Text {size}", size=formatting.percent(size / 100)))
