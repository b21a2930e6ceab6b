"""Choosing a camera and a microphone, wherever that is done: what is there, and what is kept of a choice."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.language.catalogue import _
from perfstudio.model.device import CameraRequest, MicrophoneRequest
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.devices import Devices, completed, is_broken_off, list_devices, names
from perfstudio.session.session import Session
from perfstudio.texts import devices as words
from perfstudio.texts import errors
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.settings.device_rows import SOUND_ONLY


class DeviceChoosing:
    """`found` is told when a look was taken, with `seen` brought up to date."""

    def __init__(self, window: MainWindow, session: Session, found: Callable[[], object]) -> None:
        self._window, self._session, self._found = window, session, found
        self._store = session.settings
        self._listing = False
        self.seen: Devices | None = session.devices

    def camera(self, picked: str) -> None:
        """A camera by id, an address, or sound only."""
        if picked == SOUND_ONLY:
            self._store.change(sound_only=True)
        else:
            before = self._store.now.camera or CameraRequest(id=picked)
            camera = before.model_copy(update={"id": picked})
            self._store.change(camera=camera, sound_only=False, **self._named(camera))
        self.complete()

    def microphone(self, picked: str) -> None:
        """A microphone by id."""
        microphone = MicrophoneRequest(id=picked)
        self._store.change(microphone=microphone, **self._named(microphone))

    def look(self) -> None:
        """A look of our own, unless the watch has told: two lists would overtake each other."""
        self.seen = self._session.devices or self.seen
        if self._session.devices is None and not self._listing:
            self._listing = True
            self._session.background.run(list_devices, self._listed, self._not_listed)

    def saw(self, devices: Devices) -> None:
        """This is there now; names of what was chosen are kept."""
        self.seen = devices
        now = self._store.now
        known = names(now.camera, now.microphone, devices)
        if any(getattr(now, field) != name for field, name in known.items()):
            self._store.change(**known)
        self._found()

    def complete(self) -> None:
        """Add what is missing and obvious."""
        if self.seen is not None and (missing := completed(self._store.now, self.seen)):
            self._store.change(**missing)

    def _listed(self, devices: Devices) -> None:
        self._listing = False
        found = self._session.devices or devices
        self.saw(found)
        if is_broken_off(found):
            self._window.note(_(words.BROKEN_OFF), "look")

    def _not_listed(self, problem: PerfstudioError) -> None:
        self._listing = False
        self._window.note(errors.sentence(problem), "look")

    def _named(self, asked: CameraRequest | MicrophoneRequest) -> dict[str, str]:
        """The name to keep with a choice; empty where none is known."""
        seen = self.seen or ((), ())
        if isinstance(asked, CameraRequest):
            return {"camera_name": ""} | names(asked, None, seen)
        return {"microphone_name": ""} | names(None, asked, seen)
