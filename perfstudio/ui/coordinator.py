"""The window assembled: flows and pages over one session, and the look that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from perfstudio.model.opening import CLIP_SUFFIX
from perfstudio.session.events import CopyMoved, StageChanged, TakeFinished
from perfstudio.session.session import Session
from perfstudio.session.settings import Settings
from perfstudio.session.views import SceneCard, StageState
from perfstudio.ui import theme, window_place
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.consent.draft import Drafts
from perfstudio.ui.flows.text_size_flow import TextSizeFlow
from perfstudio.ui.flows.undo_flow import UndoFlow
from perfstudio.ui.flows.work_watch import Abouts, watch_work
from perfstudio.ui.key_map import put_in_force
from perfstudio.ui.letting_go import LettingGo
from perfstudio.ui.main_window import PAGES, MainWindow
from perfstudio.ui.news import WindowNews
from perfstudio.ui.opening import Opening
from perfstudio.ui.spoken_language import SpokenLanguage, asked_for
from perfstudio.ui.system_access import SystemAccess
from perfstudio.ui.window_flows import WindowFlows

if TYPE_CHECKING:
    from perfstudio.ui.network_watch import NetworkWatch

FlowName = Literal["stage", "review", "green_room", "takes", "deliveries", "given", "ledger", "settings", "help"]
FLOWS: tuple[FlowName, ...] = (
    "stage",
    "review",
    "green_room",
    "takes",
    "deliveries",
    "given",
    "ledger",
    "settings",
    "help",
)
"""What is made when it is first asked for, and at the latest, one after the other, soon after the first paint."""
MAKE_AFTER_S, MAKE_EVERY_S = 0.3, 0.1
_WITH_DEVICES = ("green_room", "settings")
"""They want the devices: who asks for one while a take is being checked gets there as soon as it is sealed."""
WATCH_AFTER_S = 2.0
"""The first look for devices takes a second of one core; the window is drawn and the recorder warm before."""
HEAR_AFTER_S = 4.0
"""Studios are asked when everything else of a start is done."""


class RailFlow(Protocol):
    """A flow that the rail leads to."""

    def entered(self) -> None:
        """Its page comes to the front."""
        ...


class Coordinator(WindowFlows):
    """Owns the main window and the flows. Only Scenes, which everybody sees first, is made with it."""

    def __init__(self, app: QApplication, session: Session, bridge: Bridge) -> None:
        self._app = app
        self._session = session
        self._bridge = bridge
        self._wanted: theme.ThemeState | None = None
        self._wished = ""
        self._drafts = Drafts()
        self._language, self._asked = SpokenLanguage(app), session.settings.now.language
        self._letting_go = LettingGo(session)
        self._look(session.settings.now)
        self.main = MainWindow()
        self.system = SystemAccess(app, session.access, self.main)
        self.undoing = UndoFlow(self.main, session)
        self.text_size = TextSizeFlow(self.main, session)
        self.main.may_close = lambda: not self._made("stage") or self.stage.may_close()
        self.opened = Opening(lambda: session.director.recording, invite=self._invite, bring=self._bring)
        self.main.dropped.connect(self.opened.open)
        self.main.page_chosen.connect(self._go)
        self.main.page_came.connect(lambda name: session.deliveries.armed(name == "stage"))
        self.main.page_came.connect(lambda _: bridge.post(self._speak))
        abouts: Abouts = {
            "brief": lambda: self.stage.brief.card,
            "green_room": lambda: self.green_room.card,
            "review": lambda: self.review.about,
            "consent": lambda: self.review.about,
        }
        watch_work(app, self.main, session.work, abouts)
        self._network: NetworkWatch | None = None
        session.settings.on_change(lambda settings: bridge.post(lambda: self._changed(settings)))
        session.bus.subscribe(StageChanged, lambda _: self._go_as_wished())
        session.bus.subscribe(StageChanged, lambda _: self.opened.settle())
        session.bus.subscribe(StageChanged, lambda _: self._speak())
        session.bus.subscribe(CopyMoved, lambda _: self._speak())
        self.news = WindowNews(self.main, session, bridge)
        self._forget = self._flows_from_here()
        self.main.go("scenes")

    # where flows lead to: see `Ways`

    def to_take(self, take_id: str) -> None:
        """Go to the Review page of a take."""
        self.review.review(take_id)

    def to_film(self, film: TakeFinished) -> None:
        """Review, while the checks still run."""
        self.review.watch(film)

    def to_label(self, take_id: str) -> None:
        """Review, at the labels."""
        self.review.label(take_id)

    def to_clip(self, take_id: str) -> None:
        """Review, at the card that makes a clip."""
        self.review.make_clip(take_id)

    def to_consent(self, take_id: str) -> None:
        """Go to the Consent page of a take."""
        self.review.ask_consent(take_id)

    def to_sending(self, take_id: str) -> None:
        """Go to the Deliveries page, to send a take."""
        self.deliveries.send(take_id)

    def to_stage(self, card: SceneCard, *, roll: bool = False) -> None:
        """Go to the brief and the stage of a scene."""
        self.stage.enter(card, roll=roll)

    def to_room_check(self, card: SceneCard | None) -> None:
        """The green room."""
        self.green_room.check(card)

    def to_area(self, area: str, section: str = "") -> None:
        """A page of the rail, or Help; of the settings, a section."""
        self._go(area)
        if section and self.main.current == "settings":
            self.settings.page.turn_to(section)

    def section(self) -> str:
        """The section of the settings that is in front."""
        return self.settings.page.section

    def choose_devices(self, *, headphones: bool) -> None:
        """Beside the page in front."""
        self.devices_panel.open(headphones=headphones)

    def to_calibration(self) -> None:
        """Settings, at the devices."""
        self.to_area("settings", "devices")
        self.settings.calibration.open()

    def keep_devices_open(self) -> None:
        """For "again", and for a short look elsewhere."""
        self.stage.linger()

    # the window

    def show(self) -> None:
        """Open it; from soon after on, devices that come and go are noticed."""
        window_place.bring_back(self.main, self._session.settings)
        self.main.show()
        self._bridge.after(MAKE_AFTER_S, self._make)
        self._bridge.after(WATCH_AFTER_S, self._session.watch_devices)
        self._bridge.after(WATCH_AFTER_S, self._watch_network)
        self._bridge.after(HEAR_AFTER_S, self._session.listener.ask)

    def close(self) -> None:
        """Let go of what pages hold open, and keep where the window stands."""
        window_place.keep(self.main, self._session.settings)
        self._close_flows()
        self._letting_go.close()
        if self._network is not None:
            self._network.close()

    def save(self) -> None:
        """What rolls is cut and kept, without a question."""
        if self._made("stage"):
            self.stage.cut()

    @property
    def safe(self) -> bool:
        """Whether every take is closed on the disk."""
        return not self._session.director.writing

    def end(self) -> None:
        """The window closes without a question, at once or as soon as what rolls is kept."""
        if self._session.director.recording:
            self.stage.cut_and_close()
        else:
            self.main.close()

    def _invite(self, link: str) -> None:
        self._go("deliveries")
        self.deliveries.invited(link)

    def _bring(self, file: Path) -> None:
        self._go("scenes")
        if file.suffix.lower() == CLIP_SUFFIX:
            self.stage.clips.look(file)
        else:
            self.scenes.bring(file)

    def to_front(self) -> None:
        """Somebody started perfstudio a second time. A large window stays large."""
        self.main.setWindowState(self.main.windowState() & ~Qt.WindowState.WindowMinimized)
        self.main.show()
        self.main.raise_()
        self.main.activateWindow()

    def _watch_network(self) -> None:
        """Practice stays on this computer, and asks no network."""
        if self._session.practice:
            return
        from perfstudio.ui.network_watch import NetworkWatch  # noqa: PLC0415 - asks the system, once all is drawn

        self._network = NetworkWatch(self._session.deliveries.network_changed)

    def _made(self, flow: FlowName) -> bool:
        return flow in vars(self)

    def _make(self, flows: tuple[FlowName, ...] = FLOWS) -> None:
        """Make the flows that nobody has asked for yet, with time for clicks and keys between them."""
        self._flow(flows[0])
        if flows[1:]:
            self._bridge.after(MAKE_EVERY_S, lambda: self._make(flows[1:]))

    def _flow(self, name: FlowName) -> object:
        match name:
            case "stage":
                return self.stage
            case "review":
                return self.review
            case _:
                return self._flow_of(name)

    def _flow_of(self, name: str) -> RailFlow:
        """The flow of an area of the rail, or of Help. Raises KeyError for a name that none has."""
        flows: dict[str, Callable[[], RailFlow]] = {
            "scenes": lambda: self.scenes,
            "green_room": lambda: self.green_room,
            "takes": lambda: self.takes,
            "deliveries": lambda: self.deliveries,
            "given": lambda: self.given,
            "ledger": lambda: self.ledger,
            "settings": lambda: self.settings,
            "help": lambda: self.help,
        }
        return flows[name]()

    def _go(self, area: str) -> None:
        director = self._session.director
        checking = director.view.state is StageState.CHECKING
        self._wished = area if checking and area in _WITH_DEVICES else ""
        if director.recording and (not checking or self._wished):
            return
        self._leave(area=area)
        flow = self._flow_of(area)
        self.main.go(area)
        flow.entered()

    def _leave(self, *, area: str) -> None:
        """Pages let go of the devices, unless theirs is the area that comes."""
        if area != "settings" and self._made("settings"):
            self.settings.left()
        if self._made("green_room"):
            self.green_room.left()

    def _go_as_wished(self) -> None:
        if self._wished and not self._session.director.recording:
            self._go(self._wished)

    def _changed(self, settings: Settings) -> None:
        self._session.director.countdown_s = settings.countdown_s
        self._speak()
        self.scenes.settings_changed(settings)
        self._look(settings)

    def _look(self, settings: Settings) -> None:
        put_in_force(settings.keys)
        appearance = theme.Appearance(settings.theme.value)
        theme.follow(self._app, appearance)
        wanted = theme.decide(
            self._app,
            appearance,
            scale=settings.text_percent / 100,
            reduced_motion=True if settings.reduced_motion else None,
        )
        if wanted != self._wanted:
            self._wanted = wanted
            theme.apply(self._app, wanted)

    # another language

    def _flows_from_here(self) -> Callable[[], None]:
        """Make the first flow. The answer ends what all flows hear that are made from now on."""
        bus, settings = self._session.bus.checkpoint(), self._session.settings.checkpoint()
        self.scenes.entered()

        def forget() -> None:
            bus()
            settings()

        return forget

    def _speak(self) -> None:
        """The language that the settings ask for: on a page of the rail, and when nothing rolls or is being copied."""
        asked, copying = self._session.settings.now.language, self._made("given") and self.given.mine.copying
        if asked == self._asked or copying or self._session.director.recording or self.main.current not in PAGES:
            return
        self._asked = asked
        if self._language.speak(*asked_for(asked)):
            self._make_anew()

    def _make_anew(self) -> None:
        """Every page says what it says when it is made: in another language all of them are other ones."""
        area, offers = self.main.current, [card.offer for card in self.scenes.page.offers.cards]
        section = self.settings.page.section if area == "settings" else ""
        self._leave(area="")
        self._close_flows()
        self._forget()
        self.drop_flows()
        self._letting_go.of(self.main.make_anew())
        self._forget = self._flows_from_here()
        self.scenes.arrival.offer_again(offers)
        self._go(area)
        if section:
            self.settings.page.come_back(section)
        self._bridge.after(MAKE_AFTER_S, self._make)

    def _close_flows(self) -> None:
        if self._made("review"):
            self.review.close()
        if self._made("green_room"):
            self.green_room.page.mirror.stop()
        if self._made("given"):
            self.given.mine.close()
