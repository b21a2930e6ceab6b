"""Notices that the network is another one, by whatever the system gives Qt; where it gives nothing, by looking.

Qt says that something has changed and, on some systems, whether it costs; what it is called is asked elsewhere
(`session/delivery/this_network.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

SETTLE_MS = 1500
"""A network that comes is named and can be used a moment after the system speaks of it."""
LOOK_EVERY_MS = 60_000


class NetworkWatch(QObject):
    """`changed` gets whether the network costs, None where Qt cannot say. Lives as long as the window."""

    def __init__(self, changed: Callable[[bool | None], object]) -> None:
        from PySide6.QtNetwork import QNetworkInformation  # noqa: PLC0415 - asks the system; after the window is there

        super().__init__()
        self._changed = changed
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SETTLE_MS)
        self._wait.timeout.connect(self._tell)
        self._feature = QNetworkInformation.Feature.Metered
        self._info = QNetworkInformation.instance() if QNetworkInformation.loadDefaultBackend() else None
        self._look = QTimer(self)
        self._look.timeout.connect(self._tell)
        if self._info is None:
            self._look.start(LOOK_EVERY_MS)
            return
        for signal in (
            self._info.reachabilityChanged,
            self._info.isMeteredChanged,
            self._info.transportMediumChanged,
            self._info.isBehindCaptivePortalChanged,
        ):
            signal.connect(lambda _: self._wait.start())
        self._wait.start()

    def close(self) -> None:
        """Say nothing more."""
        self._wait.stop()
        self._look.stop()
        self._changed = lambda _: None

    def _tell(self) -> None:
        info = self._info
        known = info is not None and info.supports(self._feature)
        self._changed(info.isMetered() if known and info is not None else None)
