"""Everything one window needs, built and closed in order: home, recorder process, stage, deliveries.

Threads it owns: the library's lane, the recorder link's listener, the courier. All of them speak through `post`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perfstudio.model.device import (
    PRACTICE,
    CameraInfo,
    CameraRequest,
    DeviceKind,
    DeviceSelection,
    MicrophoneInfo,
    MicrophoneRequest,
)
from perfstudio.model.errors import PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session import recorder_messages as rm
from perfstudio.session.bus import Bus, Post
from perfstudio.session.deliveries import Deliveries
from perfstudio.session.director import Director, Timer
from perfstudio.session.events import StageChanged, TakeSealed, TakesEmptied, Trouble
from perfstudio.session.home import Home
from perfstudio.session.lane import WorkerLane
from perfstudio.session.machine import RECORDING
from perfstudio.session.posting import Posting
from perfstudio.session.recorder_link import RecorderLink
from perfstudio.session.recovery import Recovery, recover_unsealed
from perfstudio.session.takes_making import TakeMaking

if TYPE_CHECKING:
    from perfstudio.session.practice_room import PracticeRoom

Devices = tuple[tuple[CameraInfo, ...], tuple[MicrophoneInfo, ...]]

PRACTICE_PAIR = DeviceSelection(camera=CameraRequest(id=PRACTICE), microphone=MicrophoneRequest(id=PRACTICE))


def list_devices() -> Devices:
    """What is there now. Slow (a second or so): never on the window's thread."""
    from perfstudio.capture.discovery import list_cameras, list_microphones  # noqa: PLC0415 - device libraries load late

    return list_cameras(), list_microphones()


def usual(devices: Devices) -> DeviceSelection | None:
    """The pair most performers want: first real camera, the system's microphone; None when one is missing."""
    cameras = [camera for camera in devices[0] if camera.kind is DeviceKind.LOCAL]
    microphones = [microphone for microphone in devices[1] if microphone.kind is DeviceKind.LOCAL]
    if not cameras or not microphones:
        return None
    microphone = next((m for m in microphones if m.is_default), microphones[0])
    return DeviceSelection(camera=CameraRequest(id=cameras[0].id), microphone=MicrophoneRequest(id=microphone.id))


def _practice_room(paths: AppPaths, posting: Posting) -> PracticeRoom:
    from perfstudio.session.practice_room import PracticeRoom  # noqa: PLC0415 - a web server loads only for practice

    return PracticeRoom(paths, posting)


class Session:
    """One performer at one window."""

    def __init__(self, paths: AppPaths, post: Post, timer: Timer, *, practice: bool = False) -> None:
        self.bus = Bus(post)
        self.home = Home(paths, self.bus)
        self.settings = self.home.settings
        self.practice = practice
        self.lane = WorkerLane(post)
        self.signing = WorkerLane(post, "signing")
        """For what may wait for a keyring."""
        self.background = WorkerLane(post, "background")
        """For what nobody waits for: waveforms, lists of devices."""
        self._making = TakeMaking(self.home.library, self.home.shelf, self.settings, self.lane)
        self._link = RecorderLink(post, self._hear, self._recorder_died)
        countdown_s = self.settings.now.countdown_s
        self.director = Director(
            bus=self.bus, recorder=self._link, making=self._making, timer=timer, countdown_s=countdown_s
        )
        self.posting = Posting(self.home.library, paths)
        self.deliveries = Deliveries(self.home.library, self.posting, self.home.takes, self.settings, self.bus)
        self.home.consents.withdrawn = self.deliveries.withdrawn
        self.bus.subscribe(StageChanged, lambda event: self.deliveries.rolling(event.view.state in RECORDING))
        self._room = _practice_room(paths, self.posting) if practice else None

    def selection(self) -> DeviceSelection | None:
        """The devices to open: the practice pair in practice, else what was chosen."""
        return PRACTICE_PAIR if self.practice else self.settings.now.selection()

    def recover(self, done: Callable[[Recovery], None]) -> None:
        """Make takes of what was cut short. On the lane; the window is usable meanwhile."""

        def sealed(recovery: Recovery) -> None:
            for take_id in recovery.recovered:
                self.bus.publish(TakeSealed(take_id, recovered=True))
            done(recovery)

        self.lane.run(lambda: recover_unsealed(self.home.library), sealed, self.trouble)

    def rebuild(self) -> None:
        """Make the index anew, on the lane."""
        self.lane.run(self.home.library.rebuild, lambda _: self.bus.publish(TakesEmptied()), self.trouble)

    def trouble(self, problem: PerfstudioError) -> None:
        """Say what no page asked for."""
        self.bus.publish(Trouble(problem))

    def close(self) -> None:
        """A rolling take is cut and closed; a transfer stops where it is; then everything lets go."""
        self._link.close()
        self.deliveries.close()
        for lane in (self.lane, self.signing, self.background):
            lane.close()
        if self._room is not None:
            self._room.close()
        self.posting.close()
        self.home.close()

    def _hear(self, answer: rm.Answer) -> None:
        self.director.hear(answer)

    def _recorder_died(self) -> None:
        self.director.recorder_died()
