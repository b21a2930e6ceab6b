"""One take without a window: the same recorder, in this process. What `perfstudio record` and `demo` run."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from perfstudio.capture.recording.messages import Notice, RecorderStatus, Stream, TakeEnded
from perfstudio.capture.recording.partner_player import PartnerPlayer
from perfstudio.capture.recording.recorder import Recorder
from perfstudio.capture.recording.rolling_take import RAW
from perfstudio.capture.recording.slow_opening import SlowOpening
from perfstudio.checks.limits import limits_for
from perfstudio.checks.live import LiveChecks
from perfstudio.durable import disk_error
from perfstudio.model.clock import host_ns
from perfstudio.model.device import DeviceSelection, DevicesUsed
from perfstudio.model.errors import CaptureError, PerfstudioError
from perfstudio.model.ids import new_id
from perfstudio.model.partner import PartnerReady, PartnerWish
from perfstudio.model.take import TakeManifest
from perfstudio.model.timing import MarkerName
from perfstudio.session.headless.partner_choice import PartnerAsked, partner_for
from perfstudio.session.headless.scene_choice import ChosenScene, chosen_scene
from perfstudio.session.home import Home
from perfstudio.session.stage.take_loss_judge import TakeLossJudge
from perfstudio.session.take_safety import LossKind, Seriousness, TakeLoss, TakeSafety
from perfstudio.session.takes.face_detector import open_finder, wanted
from perfstudio.session.takes.manifest_draft import draft
from perfstudio.session.takes.processed_take import ProcessedTake
from perfstudio.session.takes.processing import develop
from perfstudio.session.takes.take_lifecycle import OpenTake, seal_take

POLL_S = 0.1
NOBODY_ASKED = PartnerAsked()


@dataclass(slots=True)
class RecordingHooks:
    """How the outside takes part: `stop` cuts, `status` sees progress ten times a second.

    `lost` hears what is being lost, and what else is worth a word, once each; `over` hears that it is over. `made`
    hears how much of a film that is made after the cut is done, 0..1; `ready` what will be heard of a partner. All are
    called on the thread that records; but on any thread `slow`, which hears of a device that takes long to open, and
    that it does no more, and `partner`, which hears why a recorded partner is not heard, or not any more.
    """

    stop: threading.Event
    lost: Callable[[TakeLoss], None] = lambda _: None
    over: Callable[[TakeLoss, TakeSafety], None] = lambda _, __: None
    status: Callable[[RecorderStatus, TakeSafety], None] = lambda _, __: None
    made: Callable[[float], None] = lambda _: None
    slow: Callable[[Stream, bool], None] = lambda _, __: None
    ready: Callable[[PartnerReady], None] = lambda _: None
    partner: Callable[[PerfstudioError], None] = lambda _: None


class PlayedWith:
    """Who plays the other role at another machine, as far as making the take goes. This one: nobody."""

    tap: str | None = None
    """The ring through which they hear the microphone from its opening on (`capture.recording.sound_tap`)."""

    def ready(self, manifest: TakeManifest) -> None:
        """This side is about to roll; raises PerfstudioError where nothing is to be recorded."""

    def go(self) -> None:
        """Wait for the moment both begin at; the take rolls already."""

    def cut(self) -> None:
        """This side has cut."""

    def sealed_with(
        self, folder: Path, before: TakeManifest, made: ProcessedTake
    ) -> tuple[TakeManifest, ProcessedTake]:
        """What is sealed, with what is known of the other side."""
        return before, made


ALONE = PlayedWith()


def record_take(
    home: Home,
    reference: str,
    selection: DeviceSelection,
    seconds: float,
    watch: RecordingHooks,
    *,
    role: str | None = None,
    language: str | None = None,
    partner: PartnerAsked = NOBODY_ASKED,
    with_other: PlayedWith = ALONE,
) -> TakeManifest:
    """Record, develop and seal one take of `seconds` (or until stopped, or until a device or the disk gives up).
    `role` and `language`: who is played, and in what, where the scene leaves a choice.
    `partner`: what was named to be heard meanwhile. `with_other`: who plays the other role at another machine.

    Raises PackError, DeviceError, CaptureError, MediaError, LibraryError. Whatever was recorded before a failure stays
    in the take's folder, where recovery finds it.
    """
    scene = chosen_scene(home, reference, role=role, language=language)
    wish = partner_for(home, scene, partner, watch.partner) if with_other is ALONE or partner.clip else None
    limits = limits_for(scene.source.pack.limits, scene.source.pack.title)
    model = wanted(home.settings.now.face_model)
    live = LiveChecks(open_finder(model)[0], limits)
    safety = _Safety(live, watch)
    slow = SlowOpening(watch.slow)
    recorder = Recorder(
        selection, taps=live, notify=safety.notice, open_camera=slow.camera, open_microphone=slow.microphone
    )
    player = PartnerPlayer(watch.partner)
    try:
        devices = recorder.open()
        recorder.tap_sound(with_other.tap)
        _prepare(player, wish, watch, must=partner.clip is not None)
        devices = recorder.used or devices
        opened, before = _begun(home, scene, devices)
        try:
            with_other.ready(before)
            live.begin_take()
            recorder.roll(opened.folder)
        except PerfstudioError:
            home.library.drop_empty(opened.take_id)
            raise
        _play(player, opened.folder / RAW, watch)
        with_other.go()
        recorder.mark(MarkerName.GO)
        _wait(recorder, seconds, watch, safety)
        recorder.cut()
        with_other.cut()
    finally:
        player.close()
        recorder.close()
        safety.hear()
    calibration, seen = home.calibrations.for_devices(devices), live.end_take()
    developed = develop(
        opened.folder, devices, calibration=calibration, live=seen, limits=limits, face_model=model,
        movie=recorder.movie, progress=watch.made, clip=wish.clip.file if wish is not None else None,
    )  # fmt: skip
    return seal_take(home.library, *with_other.sealed_with(opened.folder, before, developed))


def _begun(home: Home, scene: ChosenScene, devices: DevicesUsed) -> tuple[OpenTake, TakeManifest]:
    """The take's folder, and what it says before it rolls."""
    source, prompt = scene.source, scene.prompt
    number = home.library.next_take_number(source.pack.id, prompt.id)
    begun = draft(
        source, prompt, number, devices=devices, performer_id=home.settings.now.performer_id, session_id=new_id(),
        language=scene.language,
    )  # fmt: skip
    opened = home.library.create(begun)
    return opened, opened.manifest or begun


def _prepare(player: PartnerPlayer, wish: PartnerWish | None, watch: RecordingHooks, *, must: bool) -> None:
    """Headphones and clip are ready before anything rolls. Raises DeviceError and MediaError where they must be."""
    if wish is None:
        return
    try:
        watch.ready(player.prepare(wish))
    except PerfstudioError as problem:
        if must:
            raise
        watch.partner(problem)


def _play(player: PartnerPlayer, raw: Path, watch: RecordingHooks) -> None:
    """The take rolls already, and goes on whatever happens here."""
    try:
        player.begin(raw)
        player.start()
    except (PerfstudioError, OSError) as problem:
        watch.partner(problem if isinstance(problem, PerfstudioError) else disk_error(problem, raw, CaptureError))


class _Safety:
    """The judge of the stage, and what is said of its answers: each loss when it begins and when it is over."""

    def __init__(self, live: LiveChecks, watch: RecordingHooks) -> None:
        self._live, self._watch = live, watch
        self._judge = TakeLossJudge()
        self._notices: queue.SimpleQueue[Notice] = queue.SimpleQueue()
        self._told: dict[LossKind, TakeLoss] = {}

    def notice(self, notice: Notice) -> None:
        """From any of the recorder's threads."""
        self._notices.put(notice)
        if isinstance(notice, TakeEnded):
            self._watch.stop.set()

    def hear(self) -> None:
        """What the recorder noticed since the last time."""
        with contextlib.suppress(queue.Empty):
            while True:
                loss = self._judge.hear(self._notices.get_nowait(), host_ns() * 1e-9)
                if loss is not None and loss.kind not in self._told:
                    self._watch.lost(loss)
                if loss is not None and loss.seriousness is Seriousness.ENDS:
                    self._told[loss.kind] = loss

    def look(self, status: RecorderStatus) -> TakeSafety:
        """The take now."""
        self.hear()
        safety = self._judge.look(status, self._live.reading().hint, host_ns() * 1e-9)
        now = {loss.kind: loss for loss in safety.losses}
        before, self._told = self._told, now
        for kind in now.keys() - before.keys():
            self._watch.lost(now[kind])
        for kind in before.keys() - now.keys():
            self._watch.over(before[kind], safety)
        return safety


def _wait(recorder: Recorder, seconds: float, watch: RecordingHooks, safety: _Safety) -> None:
    """Until `seconds` of the take have really been recorded after "go"."""
    while not watch.stop.wait(POLL_S):
        status = recorder.status()
        watch.status(status, safety.look(status))
        if status.elapsed_s >= seconds:
            return
