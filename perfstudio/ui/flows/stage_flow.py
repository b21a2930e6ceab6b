"""From a scene to a take: brief, devices, roll and cut, and the one question when the window closes while rolling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from perfstudio.language.catalogue import _
from perfstudio.model.clock import utc_now
from perfstudio.model.device import DeviceSelection
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.room import RoomProfile
from perfstudio.model.timing import MarkerName
from perfstudio.session.clips.clip_here import ClipHere
from perfstudio.session.events import DevicesBack, StageChanged, TakeFinished, TakeSealed
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.session.skips import SkipReason
from perfstudio.session.stage.state_machine import WRITING
from perfstudio.session.takes.earlier import earlier_takes
from perfstudio.session.undo import Step
from perfstudio.session.views import SceneCard, StageAction, StageState, StageView
from perfstudio.texts import errors, green_room, hints
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.brief.choices import asks_for_role
from perfstudio.ui.flows.clip_arrival import ClipArrival
from perfstudio.ui.flows.first_devices import FirstDevices
from perfstudio.ui.flows.naming import named
from perfstudio.ui.flows.ways import Ways
from perfstudio.ui.given.clip_deleting import ClipDeleting
from perfstudio.ui.main_window import MainWindow
from perfstudio.ui.pages.brief import BriefChoices, BriefPage
from perfstudio.ui.pages.stage import StagePage
from perfstudio.ui.playback.film import warm_up
from perfstudio.ui.stage.line_place import LinePlace
from perfstudio.ui.system_access import open_settings_page
from perfstudio.ui.widgets.question import Choice

PREVIEW_LINGERS_S = 60.0
"""Devices stay open this long after the stage was left, so that "again" is never late; then the light goes off."""


class StageFlow:
    """Owns the pages Brief and Stage."""

    def __init__(self, window: MainWindow, session: Session, bridge: Bridge, ways: Ways) -> None:
        self._window = window
        self._session = session
        self._bridge = bridge
        self._ways = ways
        self._first = FirstDevices(window, session)
        self._next: tuple[SceneCard, bool] | None = None
        self._closing = False
        self._cut_soon = False
        self._watched = ""
        """The take whose film was shown last."""
        self._roll_when_ready = False
        self._stop_lingering: Callable[[], None] = lambda: None
        self.clips = ClipArrival(window, session, self.read)
        """Of colleagues, from a file to the brief of its scene."""
        self.brief = BriefPage(
            go_on=self.enter,
            go_back=lambda: window.go("scenes"),
            open_room_check=ways.to_room_check,
            watch=ways.to_take,
            choices=self._choices(),
        )
        self.stage = StagePage(
            poll=session.director.pulse,
            act=self._act,
            hint_words=hints.hint,
            sized=lambda pixels: session.settings.change(prompt_px=pixels),
            hid=lambda hidden: session.settings.change(self_view=not hidden),
            open_system=lambda problem: open_settings_page(problem, window.note),
            placed=lambda place: session.settings.change(line_x=place.x, line_y=place.y),
            choose_devices=lambda: ways.choose_devices(headphones=True),
        )
        self._arrange(session.settings.now)
        window.add_page("brief", self.brief, area="scenes")
        window.add_page("stage", self.stage, area="scenes", full=True)
        session.bus.subscribe(StageChanged, lambda event: self._changed(event.view))
        session.bus.subscribe(TakeFinished, self._finished)
        session.bus.subscribe(TakeSealed, self._sealed)
        session.bus.subscribe(DevicesBack, lambda _: self._devices_back())
        session.settings.on_change(lambda now: bridge.post(lambda: self._arrange(now)))

    def _choices(self) -> BriefChoices:
        return BriefChoices(
            self._take_role, self._take_language, self._skip, self._take_up, self.clips.choose, self._delete_clip
        )

    def read(self, card: SceneCard) -> None:
        """Open a scene's brief."""
        self._show(card)
        self._window.go("brief")
        self._session.worker.run(
            self._session.rooms.newest, lambda room: self.brief.say_note(_checked(room)), self._session.trouble
        )

    def enter(self, card: SceneCard, *, roll: bool = False) -> None:
        """Step on stage with a scene, and roll as soon as it is ready if asked. Devices are asked for first. Of a scene
        for two it has to be said first who is played."""
        if asks_for_role(card):
            self.read(card)
            return
        director = self._session.director
        if director.view.state is StageState.CHECKING:  # the take before is not sealed yet: as soon as it is
            self._next = card, roll
            if director.view.card == card:
                self._window.go("stage")
            return
        director.choose(card)
        self._roll_when_ready = roll
        selection = self._session.selection()
        if selection is None:
            self._first.choose(self._open)
            return
        self._open(selection)

    def _take_role(self, card: SceneCard, role: str) -> None:
        scenes, wanted = self._session.home.scenes, f"{card.pack_id}/{card.prompt.id}"
        self._session.worker.run(lambda: scenes.card(wanted, role), self._chosen, self._session.trouble)

    def _chosen(self, card: SceneCard) -> None:
        """The sheet of the role that was chosen, unless another page is in front meanwhile."""
        if self._window.current == "brief":
            self._show(card)

    def _show(self, card: SceneCard) -> None:
        room = self._session.clip_room
        self.brief.show_card(card)
        self._session.worker.run(
            lambda: room.for_card(card), lambda found: self.brief.show_clip(card, found), self._session.trouble
        )
        library = self._session.home.library
        self._session.worker.run(
            lambda: earlier_takes(library, card),
            lambda found: self.brief.show_earlier(card, found),
            self._session.trouble,
        )

    def _delete_clip(self, card: SceneCard, clip: ClipHere) -> None:
        """Asked first; the sheet is shown again as it is then."""
        window, session = self._window, self._session
        deleting = ClipDeleting(session.clip_room, session.worker, window.toast, window.ask)
        deleting.delete(clip, lambda: self._chosen(card))

    def _take_language(self, card: SceneCard, language: str) -> None:
        self._session.settings.change(play_language=language)
        self.brief.hold(replace(card, scene=replace(card.scene, language=language)))

    def _skip(self, card: SceneCard, reason: SkipReason, words: str, may_send: bool) -> None:
        scenes = self._session.home.scenes
        self._session.worker.run(
            lambda: scenes.skip(card, reason, words, may_send=may_send),
            lambda step: self._skipped(card, step),
            self._refused,
        )

    def _skipped(self, card: SceneCard, step: Step) -> None:
        self._window.go("scenes")
        said = _("“{title}” is skipped.", title=card.prompt.title)
        undo = self._session.home.undo
        self._window.toast.show_message(
            said, undo=lambda: self._session.worker.run(lambda: undo.back(step), lambda _: None, self._refused)
        )

    def _take_up(self, card: SceneCard) -> None:
        scenes, wanted = self._session.home.scenes, f"{card.pack_id}/{card.prompt.id}"

        def work() -> SceneCard:
            scenes.take_up(card)
            return scenes.card(wanted, card.role)

        self._session.worker.run(work, self._chosen, self._refused)

    def _refused(self, problem: PerfstudioError) -> None:
        self._window.note(errors.sentence(problem), "look")

    def may_close(self) -> bool:
        """Ask once while a take is being made; the take is kept whatever the answer."""
        if self._closing or not self._session.director.recording:
            return True
        if self._session.director.view.state is StageState.CHECKING:  # cut already: close as soon as it is sealed
            self._closing = True
            return False
        self._window.ask(
            _("A take is rolling"),
            _("If you cut now, the take is kept. It will be here when you come back."),
            (Choice(_("Keep rolling")), Choice(_("Cut, keep the take and close"), self.cut_and_close)),
        )
        return False

    def cut(self) -> None:
        """Cut what rolls, or is about to, whatever page is in front; the take is kept. Nothing is asked."""
        director = self._session.director
        self._cut_soon = director.view.state is StageState.STARTING
        if director.view.state in (StageState.COUNTDOWN, StageState.ROLLING):
            director.cut()

    def cut_and_close(self) -> None:
        """And close the window as soon as the take is safe."""
        self._closing = True
        self.cut()

    def leave(self) -> None:
        """Away from the stage; the camera's light goes off a little later, or at once when the stage has failed."""
        if self._session.director.view.state is StageState.FAILED:
            self._session.director.leave()
        else:
            self.linger()
        self._window.go("scenes")

    def _open(self, selection: DeviceSelection) -> None:
        self._stop_lingering()
        self._window.go("stage")
        if self._session.director.view.state is StageState.READY and self._session.director.opened == selection:
            self._changed(self._session.director.view)
        else:
            self._session.director.open(selection)

    def _devices_back(self) -> None:
        """A chosen device that was pulled out is there again: go on by itself."""
        if self._window.current == "stage":
            self._retry()

    def _retry(self) -> None:
        selection = self._session.selection()
        if selection is not None:
            self._session.director.open(selection)

    def _act(self, action: StageAction) -> None:
        director = self._session.director
        match action:
            case StageAction.ROLL:
                director.roll()
            case StageAction.CUT:
                director.cut()
            case StageAction.AGAIN:
                director.again()
            case StageAction.MARK:
                director.mark()
            case StageAction.BROKE:
                director.mark(MarkerName.BROKE)
            case StageAction.ABANDON:
                director.abandon()
            case StageAction.LEAVE:
                self.leave()
            case StageAction.RETRY:
                self._retry()

    def _changed(self, view: StageView) -> None:
        self.stage.show_view(replace(view, problem=named(view.problem, self._session.settings.now)))
        if view.state is StageState.FAILED:
            self._next = None
            if self._closing:  # nothing rolled
                self._window.close()
        elif view.state is StageState.CUTTING:
            warm_up()  # the take is watched in a moment
        self._window.show_recording(view.state in WRITING)
        if view.state is StageState.READY and self._roll_when_ready and self._window.current == "stage":
            self._roll_when_ready = False
            self._session.director.roll()
        if self._cut_soon:
            self._bridge.post(self.cut)

    def _finished(self, event: TakeFinished) -> None:
        if not self._closing and self._window.current == "stage":
            self.linger()
            self._watched = event.manifest.take_id
            self._ways.to_film(event)

    def _sealed(self, event: TakeSealed) -> None:
        following, self._next = self._next, None
        if self._closing:
            self._window.close()
        elif following is not None:
            self.enter(following[0], roll=following[1])
        elif event.take_id == self._watched:
            pass  # it is on the screen, or somebody went on from it: the stage belongs to what came after
        elif not event.again and not event.recovered and self._window.current == "stage":
            self.linger()
            self._ways.to_take(event.take_id)

    def linger(self) -> None:
        """Keep the devices open for a while."""
        self._stop_lingering()
        self._stop_lingering = self._bridge.after(PREVIEW_LINGERS_S, self._let_go)

    def _let_go(self) -> None:
        """Unless another page is using them meanwhile; it closes them itself."""
        if self._window.current not in ("settings", "green_room") and not self._session.reading.under_way:
            self._session.director.leave()

    def _arrange(self, now: Settings) -> None:
        self.stage.set_prompt_size(now.prompt_px)
        self.stage.hud.set_line_place(LinePlace(now.line_x, now.line_y))
        self.stage.hud.hide_self(not now.self_view)


def _checked(room: RoomProfile | None) -> str:
    return green_room.last_time(room.measured_utc, utc_now().astimezone()) if room is not None else ""
