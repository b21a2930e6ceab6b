"""Saving everything of mine into a folder: asked where to, copied behind the window, said once it was read back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from PySide6.QtWidgets import QFileDialog

from perfstudio.language.catalogue import _
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.session.events import CopyMoved, StageChanged
from perfstudio.session.mine_export import HASHES, UNFINISHED, MineExport, MineReport
from perfstudio.session.session import Session
from perfstudio.session.worker import SerialWorker
from perfstudio.texts import errors, formatting, mine
from perfstudio.ui.main_window import MainWindow

TELL_EVERY_S = 0.25


class MineSaving:
    """One copy at a time; `show` says how far it is, in words, and that it is over with none."""

    def __init__(self, window: MainWindow, session: Session, show: Callable[[str], object]) -> None:
        self._window, self._session, self._show = window, session, show
        self._export = MineExport(session.home.library, session.home.shelf, lambda: session.settings.now)
        self._stop = threading.Event()
        self._go_on = threading.Event()
        self._go_on.set()
        self.copying = False
        self._worker = SerialWorker(session.bus.post, "copying")
        session.bus.subscribe(CopyMoved, lambda event: self._moved(event.share))
        session.bus.subscribe(StageChanged, lambda _: self._rest(on=session.director.recording))

    def ask(self) -> None:
        """Where to; then it begins."""
        if self.copying:
            return
        words = _("A disk or folder for everything of mine")
        dialog = QFileDialog(self._window, words, str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(lambda chosen: self.begin(Path(chosen)))
        dialog.open()

    def begin(self, chosen: Path) -> None:
        """Copy into a new folder inside `chosen`, or go on with the copy that `chosen` is, or that lies in it."""
        self.copying = True
        self._moved(0.0)
        self._window.toast.show_message(
            _("Copying has begun. Carry on meanwhile; you will be told once everything has been read back.")
        )
        self._worker.run(lambda: self._run(chosen), self._done, self._failed)

    def close(self) -> None:
        """The window closes: what was copied stays, and says that it is unfinished."""
        self._stop.set()
        self._go_on.set()
        self._worker.close()

    def _rest(self, *, on: bool) -> None:
        """A take that rolls has the disk to itself."""
        if on:
            self._go_on.clear()
        else:
            self._go_on.set()

    def _run(self, chosen: Path) -> MineReport:
        told_s = 0.0

        def tick(done: int, total: int) -> None:
            nonlocal told_s
            self._go_on.wait()
            if monotonic() - told_s >= TELL_EVERY_S:
                told_s = monotonic()
                self._session.bus.publish(CopyMoved(done / total if total else 1.0))

        return self._export.run(folder_in(chosen), mine.words(), tick=tick, stop=self._stop)

    def _moved(self, share: float) -> None:
        if self.copying:
            self._show(_("Copying everything of mine: {share}", share=formatting.percent(share)))

    def _done(self, report: MineReport) -> None:
        self._over()
        where = _("It is in {folder}.", folder=str(report.folder))
        left = [*mine.left(report), *mine.earlier(report)]
        self._window.note(f"{mine.done(report)} {where}", "look" if left else "good", detail="\n".join(left))

    def _failed(self, problem: PerfstudioError) -> None:
        self._over()
        if problem.code is not ErrorCode.EXPORT_STOPPED:
            self._window.note(errors.sentence(problem), "look")

    def _over(self) -> None:
        self.copying = False
        self._show("")
        self._session.bus.publish(CopyMoved(1.0))


def folder_in(chosen: Path) -> Path:
    """The copy that was chosen, or an unfinished one in the chosen folder, or a new one there, named by the day."""
    if (chosen / UNFINISHED).exists() or (chosen / HASHES).exists():
        return chosen
    try:
        found = sorted(place for place in chosen.iterdir() if (place / UNFINISHED).exists())
    except OSError:
        found = []
    return found[0] if found else chosen / f"perfstudio-{utc_now().astimezone():%Y-%m-%d}"
