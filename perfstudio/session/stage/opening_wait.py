"""What keeps the devices from being open: the question of the system that nobody has answered, or a device that takes
long. On the owner's thread."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.capture.recording.messages import Stream
from perfstudio.model.device import DeviceSelection
from perfstudio.session import recorder_messages as rm
from perfstudio.session.recorder_router import RecorderRouter
from perfstudio.session.views import OpeningWait

Admit = Callable[[DeviceSelection, Callable[[], None]], bool]
"""Whether the system is asked first whether these may be used; then the call comes when somebody has answered."""
SLOW = {Stream.PICTURE: OpeningWait.CAMERA, Stream.SOUND: OpeningWait.MICROPHONE}


def admit_all(selection: DeviceSelection, answered: Callable[[], None]) -> bool:
    """Where no system asks."""
    return False


class DeviceOpening:
    """One opening at a time: what is late of the one before means nothing. `waits` is what to say."""

    def __init__(
        self, admit: Admit, recorder: RecorderRouter, is_wanted: Callable[[], bool], changed: Callable[[], None]
    ) -> None:
        self._admit, self._recorder, self._is_wanted, self._changed = admit, recorder, is_wanted, changed
        self._number = 0
        self.waits: OpeningWait | None = None

    def begin(self, selection: DeviceSelection, go_on: Callable[[], None]) -> None:
        """Go on at once, or when the system has its answer, whatever that is: the recorder reads it."""
        self._number += 1
        number, asking = self._number, True

        def answered() -> None:
            nonlocal asking
            if asking and number == self._number and self._is_wanted():
                asking = False
                self._wait_for(None)
                go_on()

        if not self._admit(selection, answered):
            answered()
        elif asking:
            self._recorder.shut()  # what was being opened before is not what is asked about
            self._wait_for(OpeningWait.ANSWER)

    def hear(self, slow: rm.OpeningSlow) -> None:
        """A device takes long, or does no more."""
        self._wait_for(SLOW[slow.stream] if slow.now else None)

    def _wait_for(self, waits: OpeningWait | None) -> None:
        if waits is not self.waits:
            self.waits = waits
            self._changed()
