"""Floor 4: the window's composition root. Builds everything, wires it, runs it, closes it in order."""

from __future__ import annotations

import errno
import gc
import logging
import logging.handlers
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from perfstudio.session.recorder.process_memory import stay_small
from perfstudio.session.session import Session  # before Qt, which reads the source of all that is imported after it

# isort: split
from PySide6.QtCore import QLockFile, QSysInfo, Qt
from PySide6.QtWidgets import QApplication

from perfstudio.durable import disk_error
from perfstudio.language.catalogue import speak
from perfstudio.model.errors import ErrorCode, LibraryError, PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.systems.identity import IDENTITY
from perfstudio.ui import theme
from perfstudio.ui.application import WindowApplication
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.door import Door, knock
from perfstudio.ui.ending import EndingBySignal, hold_until_safe
from perfstudio.ui.icons import mark
from perfstudio.ui.net import Net
from perfstudio.ui.refusal import show_refusal
from perfstudio.ui.spoken_language import asked_for
from perfstudio.ui.widgets.heard import hear_by_role
from perfstudio.ui.window_trial import WindowStep, WindowTrial

LOCK = "window.lock"
PATIENCE_S, BETWEEN_MS = 15.0, 100
"""How long a window that is there is asked to answer, and the time between two tries."""


Begun = Callable[[Coordinator, Session], object]


def open_window(
    home: Path | None, *, practice: bool = False, opened: Sequence[str] = (), begun: Begun = lambda *_: None
) -> int:
    """Run the window until it is closed; the exit code. A second start brings the first window to the front.

    `opened` is what the system was asked to open, an invitation or addresses of packs: it is shown, by the first window
    where there is one. `begun` is called when the window is shown. Raises PerfstudioError where it cannot be made.
    """
    os.umask(0o077)
    stay_small()
    speak(*asked_for(""))
    paths = AppPaths.choose(home).prepare()
    _log_to(paths.logs)
    app = _application()
    lock = QLockFile(str(paths.home / LOCK))
    try:
        if not _is_first(lock, paths.home, opened):
            return 0
        return _run(app, paths, practice=practice, opened=opened, begun=begun)
    finally:
        lock.unlock()


def refuse(sentence: str) -> None:
    """Say why there is no window, in a box; returns when it was read."""
    show_refusal(_application(), sentence)


def _application() -> QApplication:
    """The one of this process, with our name, mark and letters."""
    IDENTITY.take()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)  # a film's pictures, too: GL costs 80 MB
    app = QApplication.instance() or WindowApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - for the type checker
    hear_by_role()
    app.setApplicationName("perfstudio")
    app.setDesktopFileName("perfstudio")  # by which a desktop finds our name and mark
    return app


def _run(app: QApplication, paths: AppPaths, *, practice: bool, opened: Sequence[str], begun: Begun) -> int:
    app.setWindowIcon(mark())
    theme.load_fonts()
    bridge = Bridge()
    session = Session(paths, bridge.post, bridge, practice=practice)
    speak(*asked_for(session.settings.now.language))
    try:
        window = Coordinator(app, session, bridge)
        door = _door(paths, window)
        net = Net(lambda sentence: bridge.post(lambda: window.main.note(sentence, "look")))
        ending = EndingBySignal(bridge, window.end, app.quit)
        hold_until_safe(app, window.save, lambda: window.safe)
        window.show()
        begun(window, session)
        for text in opened:
            window.opened.open(text)
        if isinstance(app, WindowApplication):
            app.on_opened(window.opened.open)
        gc.freeze()  # what the start made stays
        gc.enable()
        code = app.exec()
        ending.close()
        net.close()
        window.close()
        door.close()
    finally:
        session.close()
        bridge.close()
    return code


def try_window(home: Path, told: Callable[[WindowStep, float], object]) -> bool:
    """Open the window with practice devices, let it try itself, and say whether all of it was seen."""
    trials: list[WindowTrial] = []

    def begun(window: Coordinator, session: Session) -> None:
        trials.append(WindowTrial(window, session, told))
        trials[0].begin()

    code = open_window(home, practice=True, begun=begun)
    return code == 0 and bool(trials) and trials[0].passed


def _door(paths: AppPaths, window: Coordinator) -> Door:
    return Door(paths.home, front=window.to_front, opened=window.opened.open)


def _is_first(lock: QLockFile, home: Path, opened: Sequence[str]) -> bool:
    """Whether this is the one window of the home; else the window that is open has heard what was to be opened.

    One that just starts is waited for, and so is one that closes. Raises PerfstudioError: WINDOW_SILENT (host, where it
    is another computer's), what `disk_error` says where the lock is another account's.
    """
    until, pause_ms = time.monotonic() + PATIENCE_S, 0
    while not lock.tryLock(pause_ms):
        IDENTITY.give_way()
        if all(knock(home, text) for text in opened or ("",)):
            return False
        if lock.error() is not QLockFile.LockError.LockFailedError:
            denied = lock.error() is QLockFile.LockError.PermissionError
            raise disk_error(OSError(errno.EACCES if denied else errno.EIO, "lock"), home, LibraryError, file=LOCK)
        if time.monotonic() > until:
            host = lock.getLockInfo()[1]  # process, host, program
            here = host.casefold() == QSysInfo.machineHostName().casefold()
            raise PerfstudioError(ErrorCode.WINDOW_SILENT, host="" if here else host)
        pause_ms = BETWEEN_MS
    return True


def _log_to(folder: Path) -> None:
    """Codes and numbers, a little of them, in the home."""
    handler = logging.handlers.RotatingFileHandler(
        folder / "perfstudio.log", maxBytes=500_000, backupCount=2, encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
