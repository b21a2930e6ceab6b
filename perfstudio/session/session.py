"""Everything one window needs, built and closed in order: home, recorder process, stage, deliveries.

Threads it owns: the workers, the listener of the recorder link, the courier, the watch over devices; all speak through
`post`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.model.device import DeviceSelection
from perfstudio.model.errors import CaptureError, ErrorCode, LibraryError, PerfstudioError
from perfstudio.model.partner import PartnerWish
from perfstudio.paths import AppPaths
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus, RunOnOwner
from perfstudio.session.calibration.headphone_clicks import HeadphoneClicks
from perfstudio.session.calibration.wizard import CalibrationWizard
from perfstudio.session.care import Care
from perfstudio.session.clips.clip_post import ClipPost
from perfstudio.session.clips.clip_room import ClipRoom
from perfstudio.session.delivery.delivery_queue import DeliveryQueue
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.studio_listener import StudioListener
from perfstudio.session.device_access import DeviceAccess
from perfstudio.session.devices import PRACTICE_PAIR, Devices, are_here, with_practice
from perfstudio.session.events import (
    ClipsHeard,
    DevicesChanged,
    StageChanged,
    TakeSealed,
    TakesEmptied,
    Trouble,
)
from perfstudio.session.headphones import HeadphoneChoice
from perfstudio.session.home import Home
from perfstudio.session.partner import asked_partner
from perfstudio.session.partner_view import PartnerView
from perfstudio.session.reading_aloud import ReadingAloud
from perfstudio.session.recorder.link import RecorderLink
from perfstudio.session.recorder.update_detection import ProgramFiles
from perfstudio.session.recorder_router import RecorderPort, RecorderRouter
from perfstudio.session.room_check.room_check import RoomCheck
from perfstudio.session.room_check.store import RoomStore
from perfstudio.session.stage.director import Director
from perfstudio.session.stage.reopening import Reopening
from perfstudio.session.stage.state_machine import RECORDING
from perfstudio.session.stage.timer import Timer
from perfstudio.session.takes.decisions import TakeDecisions
from perfstudio.session.takes.face_detector import wanted
from perfstudio.session.takes.partner_clips import PartnerClips
from perfstudio.session.takes.recovery import Recovery, recover_unsealed
from perfstudio.session.takes.take_lifecycle import TakeLifecycle
from perfstudio.session.time_spent import Spell
from perfstudio.session.views import SceneCard
from perfstudio.session.work_clock import Piece, WorkClock
from perfstudio.session.worker import SerialWorker

if TYPE_CHECKING:
    from perfstudio.capture.devices import hotplug
    from perfstudio.session.delivery.practice_receiver import PracticeReceiver

RecorderMaker = Callable[
    [RunOnOwner, Callable[[rm.Answer], None], Callable[[], None], Callable[[], bool]], RecorderPort
]
"""Called with: what runs on the window's thread, who hears answers, who hears of its death, whether it may renew."""


def _start_practice_receiver(paths: AppPaths, delivery_service: DeliveryService) -> PracticeReceiver:
    from perfstudio.session.delivery.practice_receiver import PracticeReceiver  # noqa: PLC0415 - a web server loads only for practice

    return PracticeReceiver(paths, delivery_service)


class Session:
    """One performer at one window."""

    devices: Devices | None = None
    """What the watch saw last; None until it has looked, or when nobody watches."""

    def __init__(
        self,
        paths: AppPaths,
        post: RunOnOwner,
        timer: Timer,
        *,
        practice: bool = False,
        recorder: RecorderMaker = RecorderLink,
    ) -> None:
        self.bus = Bus(post)
        self.home = Home(paths, self.bus)
        self.settings, self.practice = self.home.settings, practice
        self.settings.trouble = self.trouble
        self.worker = SerialWorker(post)
        self.signing = SerialWorker(post, "signing")
        """For what may wait for a keyring."""
        self.background = SerialWorker(post, "background")
        """For what nobody waits for: waveforms, lists of devices."""
        offsets = self.home.calibrations.for_devices
        self._making = TakeLifecycle(self.home.library, self.home.shelf, self.settings, self.worker, offsets)
        self._program = ProgramFiles()
        self._recorder = recorder(post, self._hear, self._recorder_died, self._may_renew)
        self._router = RecorderRouter(self._recorder)
        self.access = DeviceAccess(self.bus, timer)
        self.director = self._make_director(timer)
        self.decisions = TakeDecisions(self.home.takes, self.worker, self.bus)
        self.rooms, self.care = RoomStore(paths.rooms, tell=self.home.asides.add), Care(self.settings, self.bus)
        self.green_room = RoomCheck(
            bus=self.bus, director=self.director, recorder=self._router, library=self.home.library,
            store=self.rooms, scratch=paths.green_room, worker=self.worker, calibration=offsets,
        )  # fmt: skip
        self.calibrating = self._calibration(paths.calibrating)
        self.work = WorkClock(self.bus, timer, self._measured)
        self.headphones = HeadphoneChoice(self.settings, self.background)
        self.clicks = self._headphone_clicks(paths.clicking, timer)
        self.reading = self._reading_aloud(paths.reading_aloud)
        service = self.delivery_service = DeliveryService(self.home.library, paths, tell=self.home.asides.add)
        self.deliveries = DeliveryQueue(self.home.library, service, self.home.takes, self.settings, self.bus)
        self.listener = StudioListener(post, self.bus, self._hear_studios, self._may_listen)
        self.clip_room = ClipRoom(self.home, service, ClipPost(self.home, service))
        service.follow(self.home.consents)
        self.home.consents.withdrawn, self.home.consents.given = self.deliveries.withdrawn, self.deliveries.given
        self.bus.subscribe(StageChanged, lambda event: self._rolling(event.view.state in RECORDING))
        self._practice_receiver = _start_practice_receiver(paths, service) if practice else None
        self._reopening = Reopening(self.bus, timer, lambda: self.director.view, self.devices_are_back)
        self._watch: hotplug.HotplugWatch | None = None
        self._closed, self._told_of_model = False, dict[str, str | int | float]()

    def _calibration(self, scratch: Path) -> CalibrationWizard:
        return CalibrationWizard(
            bus=self.bus, director=self.director, recorder=self._router, store=self.home.calibrations,
            scratch=scratch, worker=self.worker,
        )  # fmt: skip

    def _measured(self, piece: Piece) -> None:
        self.background.run(lambda: self._keep(piece), lambda _: None, self.trouble)

    def _keep(self, piece: Piece) -> None:
        """Of a take that is not in the index any more nothing is kept: nobody knows of which scene it was."""
        about = piece.about
        if isinstance(about, SceneCard):
            scene = about.pack_id, about.prompt.id, about.prompt.title
        else:
            try:
                row = self.home.library.row(about)
            except LibraryError:
                return
            scene = row.pack_id, row.prompt_id, row.prompt_title
        self.home.time_spent.add(Spell(piece.began, *scene, piece.work, piece.seconds))

    def _make_director(self, timer: Timer) -> Director:
        return Director(
            bus=self.bus, recorder=self._router, making=self._making, timer=timer, admit=self.access.admit,
            partner=self._asked_partner,
            countdown_s=self.settings.now.countdown_s, face_model=lambda: wanted(self.settings.now.face_model),
        )  # fmt: skip

    def _asked_partner(self, card: SceneCard) -> tuple[PartnerView, PartnerWish | None] | None:
        headphones, called = self.headphones.chosen
        microphone = self.settings.now.microphone
        measured = self.home.loopbacks.of(headphones, microphone.id) if headphones and microphone else None
        colleague = self.home.clips.for_card(card)
        return asked_partner(card, headphones, called, measured, colleague=colleague)

    def _headphone_clicks(self, scratch: Path, timer: Timer) -> HeadphoneClicks:
        return HeadphoneClicks(
            bus=self.bus, director=self.director, recorder=self._router, headphones=self.headphones,
            store=self.home.loopbacks, scratch=scratch, worker=self.worker, timer=timer,
        )  # fmt: skip

    def _reading_aloud(self, scratch: Path) -> ReadingAloud:
        return ReadingAloud(
            bus=self.bus, director=self.director, recorder=self._router, scratch=scratch, worker=self.background
        )

    def selection(self) -> DeviceSelection | None:
        """The devices to open: the practice pair in practice, else what was chosen."""
        return PRACTICE_PAIR if self.practice else self.settings.now.selection()

    def watch_devices(self) -> None:
        """From now on, say when a camera or microphone comes or goes. Practice has its own pair and needs no watch."""
        if self._watch is None and not self.practice and not self._closed:
            from perfstudio.capture.devices.hotplug import HotplugWatch  # noqa: PLC0415 - device code loads late

            self._watch = HotplugWatch(self._devices_changed)
            self._watch.rolling(self.director.recording)
            self._watch.start()

    def devices_are_back(self) -> bool:
        """Whether the chosen devices are all there, as far as the watch can tell."""
        selection = self.selection()
        return selection is not None and self.devices is not None and are_here(selection, self.devices)

    def recover(self, done: Callable[[Recovery], None]) -> None:
        """Make takes of what was cut short. On the worker; the window is usable meanwhile."""

        def sealed(recovery: Recovery) -> None:
            for take_id in recovery.recovered:
                self.bus.publish(TakeSealed(take_id, recovered=True))
            done(recovery)

        offsets, model = self.home.calibrations.for_devices, wanted(self.settings.now.face_model)
        clips = PartnerClips(self.home.library, self.home.shelf)
        self.worker.run(
            lambda: recover_unsealed(self.home.library, offsets, model, clip_of=clips.of, apart=True),
            sealed, self.trouble,
        )  # fmt: skip

    def rebuild(self) -> None:
        """Make the index anew, on the worker."""
        self.worker.run(self.home.library.rebuild, lambda _: self.bus.publish(TakesEmptied()), self.trouble)

    def trouble(self, problem: PerfstudioError) -> None:
        """Say what no page asked for."""
        self.bus.publish(Trouble(problem))

    def close(self) -> None:
        """A rolling take is cut and closed; a transfer stops where it is; then everything lets go."""
        self._closed = True
        self.work.close()
        if self._watch is not None:
            self._watch.close()
        self._reopening.close()
        self.access.close()
        self._recorder.close()
        self.deliveries.close()
        self.clip_room.post.stop()
        self.listener.close()
        for worker in (self.worker, self.signing, self.background):
            worker.close()
        if self._practice_receiver is not None:
            self._practice_receiver.close()
        self.delivery_service.close()
        self.home.close()

    def _devices_changed(self, word: hotplug.HotplugChange) -> None:
        """On the watch's thread."""
        devices = with_practice(word.devices.cameras, word.devices.microphones)

        def tell() -> None:
            self.devices = devices
            self.bus.publish(DevicesChanged())

        self.bus.post(tell)

    def _rolling(self, on: bool) -> None:
        """While a take is being made nothing is sent, and no device is looked for."""
        self.deliveries.rolling(on)
        if self._watch is not None:
            self._watch.rolling(on)

    def _hear_studios(self) -> None:
        """What they decided, and what they say of clips. On the listener's thread."""
        self.deliveries.hear()
        for news in self.clip_room.post.hear():
            if news.is_new:
                self.bus.publish(ClipsHeard(news))

    def _may_listen(self) -> bool:
        return not (self.settings.now.deliveries_paused or self.director.recording)

    def _hear(self, answer: rm.Answer) -> None:
        if isinstance(answer, rm.FaceModelRefused) and answer.problem.facts != self._told_of_model:
            self._told_of_model = answer.problem.facts  # once, not at every opening of the devices
            self.trouble(answer.problem)
        self._router.hear(answer)

    def _may_renew(self) -> bool:
        """Whether a recorder started now is of the program that this window is of; if not, that is said."""
        if self._program.replaced():
            self.trouble(CaptureError(ErrorCode.PROGRAM_REPLACED))
            return False
        return True

    def _recorder_died(self) -> None:
        self._may_renew()  # a new one starts in any case; that it may not fit is said
        self._router.died()
        self.director.recorder_died()
