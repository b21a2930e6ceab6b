"""The Settings page: lists devices, shows what they give, and puts into force what is chosen."""

from __future__ import annotations

from dataclasses import replace

from perfstudio.language.catalogue import N_, _
from perfstudio.library.take_row import RebuildReport
from perfstudio.model.device import DeviceSelection, Encode
from perfstudio.model.errors import PerfstudioError
from perfstudio.session import works
from perfstudio.session.devices import away
from perfstudio.session.events import DevicesBack, DevicesChanged, StageChanged, TakesEmptied
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.session.storage_location import place_of
from perfstudio.session.takes.storage import storage_by_pack
from perfstudio.session.views import StageState, StageView
from perfstudio.texts import devices as words
from perfstudio.texts import errors
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.flows.calibration_flow import CalibrationFlow
from perfstudio.ui.flows.device_choosing import DeviceChoosing
from perfstudio.ui.flows.face_model_flow import FaceModelFlow
from perfstudio.ui.flows.key_flow import KeyFlow
from perfstudio.ui.flows.links_flow import LinksFlow
from perfstudio.ui.flows.naming import named
from perfstudio.ui.flows.sending_flow import SendingFlow
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.settings import SettingsPage
from perfstudio.ui.settings.devices_section import DeviceActs
from perfstudio.ui.settings.storage_section import Storage
from perfstudio.ui.system_access import open_folder, open_settings_page

_BUSY = (StageState.OPENING,)
_CHOOSE_BOTH = N_("Choose a camera and a microphone.")
_CHOOSE_SOUND = N_("Choose a microphone too.")
_CHOOSE_PICTURE = N_("Choose a camera too, or sound only.")


class SettingsFlow:
    """Owns the Settings page. `entered` when the page is shown, `left` when another one is chosen."""

    def __init__(self, window: MainWindow, session: Session, bridge: Bridge) -> None:
        self._window = window
        self._session = session
        self._store = session.settings
        self._here = False
        self.choosing = DeviceChoosing(window, session, self._found)
        self._open: DeviceSelection | None = None
        """What this page asked the director to open."""
        acts = DeviceActs(
            self.choosing.camera, self.choosing.microphone, self.choose_size, self.choose_encode, self._retry,
            lambda problem: open_settings_page(problem, window.note),
        )  # fmt: skip
        self.faces = FaceModelFlow(window, session, self.change)
        self.sending = SendingFlow(session, self.change)
        self.page = SettingsPage(
            poll=session.calibrating.pulse,
            acts=acts,
            change=self.change,
            open_folder=self._open_folder,
            rebuild=self.rebuild,
            turned=lambda _: self._turned(),
            checks=self.faces.section,
            sending=self.sending.section,
        )
        self.page.help.works_button.clicked.connect(self._show_works)
        self.key = KeyFlow(window, session, self.page.you)
        self.links = LinksFlow(window, session, self.page.you.links)
        self.page.devices.show_practice(on=session.practice)
        self.calibration = CalibrationFlow(window, session, self.page.devices)
        window.add_page("settings", self.page, area="settings")
        self._show_settings(self._store.now)
        self._store.on_change(lambda now: bridge.post(lambda: self._changed(now)))
        session.bus.subscribe(StageChanged, lambda event: self._stage_changed(event.view))
        session.bus.subscribe(DevicesChanged, lambda _: self._devices_changed())
        session.bus.subscribe(DevicesBack, lambda _: self._retry())

    def entered(self) -> None:
        """The page is in front: look for devices, show what the chosen ones give."""
        if self._here:
            return
        self._here = True
        self._open = None
        self._show_settings(self._store.now)
        self.choosing.look()
        self.page.devices.show_devices(self.choosing.seen)
        self._turned()

    def left(self) -> None:
        """Another page is in front: the camera's light goes off."""
        if self._here:
            self._here = False
            self.page.setFocus()  # a field that is being typed in is done
            self._let_go()

    def change(self, **values: object) -> None:
        """Put settings in force; they hold even when the disk refuses to keep them."""
        self._store.change(**values)

    # devices

    def choose_size(self, width: int, height: int) -> None:
        """Another size of picture, at 30 a second."""
        camera = self._store.now.camera
        if camera is not None:
            self.change(camera=camera.model_copy(update={"width": width, "height": height, "fps": 30.0}))

    def choose_encode(self, when: Encode) -> None:
        """When the film is made of what the camera sends."""
        camera = self._store.now.camera
        if camera is not None:
            self.change(camera=camera.model_copy(update={"encode": when}))

    def _devices_changed(self) -> None:
        if self._here and self._session.devices is not None:
            self.choosing.saw(self._session.devices)

    def _found(self) -> None:
        self.page.devices.show_devices(self.choosing.seen)
        if self._here:
            self._show_stage(self._session.director.view)
            self.choosing.complete()

    # preview

    def _turned(self) -> None:
        """Another section is in front: devices are open only while they are seen."""
        if not self._here:
            return
        section = self.page.section
        if section == "devices":
            self._show_stage(self._session.director.view)
            self._preview()
            return
        self._let_go()
        if section == "storage":
            self._measure()
        elif section == "checks":
            self.faces.entered()
        elif section == "sending":
            self.sending.entered()
        elif section == "you":
            self.key.entered()
            self.links.entered()

    def _seen(self) -> bool:
        return self._here and self.page.section == "devices" and not self._session.director.recording

    def _preview(self) -> None:
        """Open what is chosen, unless it is open already; what is being opened is waited for."""
        wanted, director = self._session.selection(), self._session.director
        if not self._seen() or director.view.state in _BUSY:
            return
        if wanted is None:
            director.leave()
        elif director.view.state is StageState.CLOSED or wanted != (self._open or director.opened):
            self._retry()
        else:
            self._open = wanted

    def _retry(self) -> None:
        wanted = self._session.selection()
        if wanted is not None and self._seen():
            self._open = wanted
            self._session.director.open(wanted)

    def _let_go(self) -> None:
        self.calibration.close()
        self._open = None
        if not self._session.director.recording:
            self._session.director.leave()

    def _stage_changed(self, view: StageView) -> None:
        if self._here:
            self._show_stage(view)
            if view.state in (StageState.READY, StageState.FAILED) and self._open is not None:
                self._preview()  # something else may have been chosen meanwhile

    def _show_stage(self, view: StageView) -> None:
        problem = named(view.problem, self._store.now)
        self.page.devices.show_view(replace(view, problem=problem), self._idle())

    def _idle(self) -> str:
        """Why nothing is open: what is still to be chosen, or who is away."""
        now = self._store.now
        pictured = now.sound_only or now.camera is not None
        if now.microphone is None:
            return _(_CHOOSE_SOUND) if pictured else _(_CHOOSE_BOTH)
        if not pictured:
            return _(_CHOOSE_PICTURE)
        seen = self.choosing.seen
        missing = away(now, seen) if seen is not None else None
        return words.away(missing[1] or words.spoken(missing[0])) if missing else ""

    def _show_settings(self, now: Settings) -> None:
        self.page.show_settings(now)
        self.sending.show_settings(now)

    def _changed(self, now: Settings) -> None:
        self._show_settings(now)
        if self._here:
            self._show_stage(self._session.director.view)
            self._preview()

    def _show_works(self) -> None:
        self._session.background.run(works.brought, self.page.help.show_works, self._session.trouble)

    # storage

    def rebuild(self) -> None:
        """Read all take folders anew."""
        self.page.storage.show_rebuilding(on=True)
        self._session.worker.run(self._session.home.library.rebuild, self._rebuilt, self._not_rebuilt)

    def _rebuilt(self, report: RebuildReport) -> None:
        self.page.storage.show_rebuilding(on=False)
        self._window.toast.show_message(words.rebuilt(report.takes, len(report.damaged)))
        self._session.bus.publish(TakesEmptied())
        self._measure()

    def _not_rebuilt(self, problem: PerfstudioError) -> None:
        self.page.storage.show_rebuilding(on=False)
        self._window.note(errors.sentence(problem), "look")

    def _measure(self) -> None:
        home = self._session.home

        def work() -> Storage:
            takes = home.takes
            used, free, time_left_s = takes.storage_bytes(), takes.free_bytes(), takes.time_left_s()
            rows = takes.rows()
            packs = storage_by_pack(rows, home.pack_title)
            return Storage(home.paths.takes, len(rows), used, free, time_left_s, place_of(home.paths.takes), packs)

        self._session.worker.run(work, self.page.storage.show_storage, self._session.trouble)

    def _open_folder(self) -> None:
        open_folder(self._session.home.paths.takes, self._window.note)
