"""The window as the program builds it: a take from its scene to the receiver, by keys, with everything real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from ui_review_room import FilmStarts
from ui_window import nothing_ahead, shown_window

from library.library_papers import consent_of, receipt_of
from library.library_takes import sealed_take
from perfstudio.capture.recording.messages import PictureChanged
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import UseId
from perfstudio.model.labels import Labels
from perfstudio.model.pair_document import PairState
from perfstudio.model.take import Decision, FileRole, TakeState
from perfstudio.model.timing import MarkerName
from perfstudio.paths import AppPaths
from perfstudio.session.events import PairsChanged, StageChanged, TakeFinished
from perfstudio.session.recorder.fake import FakeRecorder
from perfstudio.session.recorder.link import RecorderLink
from perfstudio.session.session import Session
from perfstudio.session.views import StageState
from perfstudio.ui.bridge import Bridge
from perfstudio.ui.coordinator import Coordinator
from rigs.practice_clip import write_clip
from rigs.stage import SMALL_PAIR
from session.test_session_pairs import told_of

PATIENCE_MS = 60_000

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


ON_THE_FAKE = pytest.mark.parametrize("session", [FakeRecorder], indirect=True, ids=["fake"])
"""For what no real recorder is needed to prove."""
ON_BOTH = pytest.mark.parametrize(
    "session", [FakeRecorder, pytest.param(RecorderLink, marks=pytest.mark.soak)], indirect=True, ids=["fake", "real"]
)
"""For what hangs on the recorder only as far as `test_from_scene_to_receiver` tries it."""


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the fake recorder says it has recorded."""
    file = tmp_path_factory.mktemp("film") / "take.mp4"
    write_clip(file, 1.5, size=(320, 180))
    return file.read_bytes()


@pytest.fixture
def session(
    request: pytest.FixtureRequest, tmp_path: Path, bridge: Bridge, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    monkeypatch.setattr("perfstudio.session.session.PRACTICE_PAIR", SMALL_PAIR)
    kind = getattr(request, "param", RecorderLink)
    made = Session(AppPaths(tmp_path / "home").prepare(), bridge.post, bridge, practice=True, recorder=kind)
    if isinstance(made._recorder, FakeRecorder):
        nothing_ahead(monkeypatch)
        made._recorder.media = {FileRole.PICTURE: film}
        made._recorder.checks = (CheckResult(code=CheckCode.SYNC, verdict=Verdict.GOOD, value=0.2),)
    made.director.countdown_s = 1
    made.settings.change(countdown_s=1)
    yield made
    made.close()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, session: Session, bridge: Bridge) -> Iterator[Coordinator]:
    with shown_window(qapp, session, bridge) as made:
        qtbot.waitExposed(made.main)
        yield made


class Hands:
    """A performer at the keyboard, who waits for what is on the screen."""

    def __init__(self, qtbot: QtBot, window: Coordinator, session: Session) -> None:
        self.qtbot, self.window, self.session = qtbot, window, session

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        page = self.window.main.findChild(type(self.window.main._stack), "") or self.window.main._stack
        QTest.keyClick(page.currentWidget(), key, modifier)

    def wait(self, reached: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(reached, timeout=PATIENCE_MS)

    def page(self, name: str) -> None:
        self.wait(lambda: self.window.main.current == name)

    def stage(self, state: StageState) -> None:
        self.wait(lambda: self.window.stage.stage.view.state is state)

    def film_starts(self) -> FilmStarts:
        """Counts them from now on."""
        return FilmStarts(self.window.review.page.playback)


@pytest.fixture
def hands(qtbot: QtBot, window: Coordinator, session: Session) -> Hands:
    return Hands(qtbot, window, session)


def undecided(session: Session) -> list[int]:
    return [line.number for line in session.home.takes.lines() if line.state is TakeState.UNDECIDED]


def onto_stage(hands: Hands) -> None:
    hands.window.stage.read(hands.session.home.scenes.packs()[0].cards[0])
    hands.page("brief")
    hands.press(Qt.Key.Key_Space)
    hands.page("stage")
    hands.stage(StageState.READY)
    hands.press(Qt.Key.Key_Space)
    hands.stage(StageState.ROLLING)
    hands.wait(lambda: hands.session.director.pulse().elapsed_s > 1.2)


def test_from_scene_to_receiver(hands: Hands, window: Coordinator, session: Session, tmp_path: Path) -> None:
    films = hands.film_starts()
    onto_stage(hands)
    hands.press(Qt.Key.Key_M)
    hands.press(Qt.Key.Key_Space)
    hands.page("review")
    review = window.review.page.review
    assert review is not None
    take_id = review.line.take_id
    assert MarkerName.MARK in {m.name for m in review.manifest.markers}
    hands.wait(lambda: films.count > 0)
    hands.press(Qt.Key.Key_C)
    hands.wait(window.review.page.verbs.next.isVisible)
    assert session.home.takes.manifest(take_id).decision is Decision.KEPT
    chip = window.review.page.labels.findChildren(type(window.review.page.chips[0]))[0]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    hands.wait(lambda: session.home.takes.manifest(take_id).labels is not None)
    hands.press(Qt.Key.Key_Return)
    hands.page("consent")
    consent = window.review.consent
    hands.wait(lambda: consent.offer is not None)
    assert consent.grid.granted() == frozenset(), "everything is off until the performer turns it on"
    consent.grid.choose(frozenset({UseId.STORE_REVIEW}))
    consent.card.name.setText("Ada Example")
    consent.card.adult.toggle.setChecked(True)
    for field in consent.card.findChildren(QLineEdit):
        if field is not consent.card.name and field.isVisible():
            field.setText("three calm horses")
    hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    signed = (TakeState.ACCEPTED, TakeState.DELIVERED)  # it was said that it goes, and it may be there already
    hands.wait(lambda: session.home.takes.line(take_id).state in signed)
    hands.wait(lambda: consent.offer is not None and bool(consent.offer.standing))
    hands.press(Qt.Key.Key_Return)
    hands.page("deliveries")
    hands.wait(lambda: session.home.takes.line(take_id).state is TakeState.DELIVERED)
    arrived = tmp_path / "home" / "practice-room" / take_id
    assert {p.name for p in arrived.iterdir()} >= {"take.mp4", "audio.flac", "take.json", "consent.json"}


@ON_THE_FAKE
def test_a_change_of_size_is_said_when_the_take_is_safe(hands: Hands, window: Coordinator, session: Session) -> None:
    onto_stage(hands)
    recorder = session._recorder
    assert isinstance(recorder, FakeRecorder)
    recorder.notice(PictureChanged(720, 1280, rolling=True))
    assert len(window.main._notes.banners) == 0, "nobody who plays is spoken to"
    hands.press(Qt.Key.Key_Space)
    hands.page("review")
    hands.wait(lambda: len(window.main._notes.banners) == 1)
    (note,) = window.main._notes.banners
    assert note.sentence.text().startswith("The camera changed its picture to 720 by 1280. The take keeps")
    hands.wait(lambda: undecided(session) == [1])


@ON_BOTH
def test_closing_while_rolling_asks_once_and_saves(hands: Hands, window: Coordinator, session: Session) -> None:
    """UI-5: the safe answer keeps rolling; the other one cuts, keeps the take, and closes."""
    onto_stage(hands)
    assert not window.main.close()
    question = window.main._question
    assert question.isVisible()
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert session.director.view.state is StageState.ROLLING
    assert not window.main.close()
    cut = next(b for b in question.findChildren(type(window.scenes.page.import_button)) if "Cut" in b.text())
    QTest.mouseClick(cut, Qt.MouseButton.LeftButton)
    hands.wait(lambda: not window.main.isVisible())
    lines = session.home.takes.lines()
    assert [line.state for line in lines] == [TakeState.UNDECIDED]


@ON_THE_FAKE
def test_again_from_review_rolls_the_next_take(hands: Hands, window: Coordinator, session: Session) -> None:
    onto_stage(hands)
    hands.press(Qt.Key.Key_Space)
    hands.page("review")
    hands.wait(lambda: window.review.page.review is not None)
    hands.press(Qt.Key.Key_R)
    hands.page("stage")
    hands.stage(StageState.ROLLING)
    assert session.director.view.take_number == 2
    hands.press(Qt.Key.Key_Escape)
    hands.page("review")
    hands.wait(lambda: undecided(session) == [2, 1])


@ON_THE_FAKE
def test_a_folder_that_is_copied_elsewhere_is_told_of_once(
    qapp: QApplication, qtbot: QtBot, session: Session, bridge: Bridge, tmp_path: Path
) -> None:
    """DSK-10."""
    (tmp_path / ".stfolder").mkdir()
    noted: list[str] = []
    for _ in range(2):
        made = Coordinator(qapp, session, bridge)
        made.main.may_close = lambda: True
        qtbot.addWidget(made.main)  # gone after its session: what was asked for comes to a window that is there
        made.main.note = lambda sentence, *_, **__: noted.append(sentence)
        done: list[int] = []
        session.worker.run(lambda: 0, done.append, session.trouble)  # behind everything that the window asked for
        qtbot.waitUntil(lambda done=done: bool(done), timeout=PATIENCE_MS)
        made.close()
    (sentence,) = noted
    assert "Syncthing copies to other computers" in sentence
    assert session.settings.now.place_told == str(session.home.paths.takes)


@ON_THE_FAKE
def test_a_partner_who_took_back_is_told_of_in_the_window(qtbot: QtBot, window: Coordinator, session: Session) -> None:
    """Also of a take that was deleted here."""
    library, noted = session.home.library, list[str]()
    take_id = sealed_take(library)
    library.keep(take_id)
    library.label(take_id, Labels(meant=("anger",)))
    library.write_consent(take_id, consent_of(library.manifest(take_id)))
    library.write_receipt(take_id, receipt_of(library.manifest(take_id)))
    window.main.note = lambda sentence, *_, **__: noted.append(sentence)  # type: ignore[method-assign]
    gone = told_of(PairState.CLOSED, take_id=take_id, partner_gone_at=utc_now())
    for number, deleted in ((1, ()), (2, (take_id,))):
        if deleted:
            library.bin(take_id)
            assert library.empty_bin().deleted == deleted
        session.bus.publish(PairsChanged("Small Lab", (gone,)))
        qtbot.waitUntil(lambda number=number: len(noted) == number, timeout=PATIENCE_MS)
    words = "Your partner in “About the-letter” took theirs back. See “What I have given to whom” for what it means."
    assert noted == [words] * 2


def cut_and(act: Callable[[], object], hands: Hands, window: Coordinator, session: Session) -> None:
    """Onto the stage, a take, cut; `act` while the film is there and the checks still run."""
    seen: list[str] = []

    def watched(_: TakeFinished) -> None:  # told after the window, and always before the seal
        seen.extend((session.director.view.state.value, window.main.current, window.main.windowTitle()))
        act()

    onto_stage(hands)
    session.bus.subscribe(TakeFinished, watched)
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: bool(seen))
    assert seen[:2] == ["checking", "review"]
    assert "Recording" not in seen[2]


@ON_BOTH
def test_the_film_plays_and_what_is_decided_before_the_checks_are_done_holds(
    hands: Hands, window: Coordinator, session: Session
) -> None:
    films = hands.film_starts()
    cut_and(lambda: hands.press(Qt.Key.Key_K), hands, window, session)
    page = window.review.page
    hands.wait(lambda: films.count > 0)
    hands.wait(lambda: bool(page.checks.findings))
    hands.wait(lambda: [line.state for line in session.home.takes.lines()] == [TakeState.KEPT])
    hands.wait(page.verbs.next.isVisible)


@ON_THE_FAKE
def test_again_while_the_checks_run_rolls_as_soon_as_it_can(
    hands: Hands, window: Coordinator, session: Session
) -> None:
    cut_and(lambda: hands.press(Qt.Key.Key_R), hands, window, session)
    hands.page("stage")
    hands.stage(StageState.ROLLING)
    assert window.stage.stage.view.take_number == 2
    assert undecided(session) == [1]


@ON_THE_FAKE
def test_again_at_the_moment_of_the_seal_stays_on_the_stage_while_the_next_take_rolls(
    hands: Hands, window: Coordinator, session: Session
) -> None:
    """The stage is ready a turn before everybody has heard that the take is sealed."""
    onto_stage(hands)
    card = session.home.scenes.packs()[0].cards[0]
    pressed: list[StageState] = []

    def ready(event: StageChanged) -> None:
        if event.view.state is StageState.READY and not pressed:
            pressed.append(event.view.state)
            window.stage.enter(card, roll=True)

    session.bus.subscribe(StageChanged, ready)
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: bool(pressed) and session.director.view.state is StageState.ROLLING)
    assert undecided(session) == [1]
    assert window.main.current == "stage"
    hands.stage(StageState.ROLLING)
    hands.press(Qt.Key.Key_Escape)
    hands.page("review")
    hands.wait(lambda: undecided(session) == [2, 1])


@ON_THE_FAKE
def test_another_scene_while_the_checks_run_is_entered_after_them(
    hands: Hands, window: Coordinator, session: Session
) -> None:
    other = session.home.scenes.packs()[0].cards[1]
    cut_and(lambda: window.stage.enter(other), hands, window, session)
    hands.page("stage")
    hands.stage(StageState.READY)
    hands.wait(lambda: window.stage.stage.view.card == other)
    assert undecided(session) == [1]


@ON_THE_FAKE
@pytest.mark.parametrize("room", ["takes", "settings"])
def test_another_room_can_be_gone_to_while_the_checks_run(
    hands: Hands, window: Coordinator, session: Session, room: str
) -> None:
    """Where the devices are wanted, a moment later."""
    cut_and(lambda: window.main.page_chosen.emit(room), hands, window, session)
    hands.page(room)
    hands.wait(lambda: undecided(session) == [1])
    assert window.main.current == room, "the seal does not call back to the review"


@ON_THE_FAKE
def test_closing_while_the_checks_run_closes_when_the_take_is_safe(
    hands: Hands, window: Coordinator, session: Session
) -> None:
    closed: list[bool] = []
    cut_and(lambda: closed.append(window.main.close()), hands, window, session)
    assert closed == [False]
    assert not window.main._question.isVisible(), "nothing is asked: it is cut already"
    hands.wait(lambda: not window.main.isVisible())
    assert undecided(session) == [1]


@ON_THE_FAKE
def test_the_end_of_the_program_asks_nothing_and_keeps_what_rolls(
    hands: Hands, window: Coordinator, session: Session
) -> None:
    onto_stage(hands)
    window.end()
    assert window.main.isVisible()
    hands.wait(lambda: not window.main.isVisible())
    assert not window.main._question.isVisible()
    assert undecided(session) == [1]


@ON_THE_FAKE
def test_the_end_of_a_session_cuts_what_is_about_to_roll_and_leaves_the_window(
    hands: Hands, window: Coordinator, session: Session
) -> None:
    """Who ends it may think again."""
    session.bus.subscribe(StageChanged, lambda e: e.view.state is StageState.STARTING and window.save())
    window.stage.enter(session.home.scenes.packs()[0].cards[0], roll=True)
    hands.wait(lambda: undecided(session) == [1] and window.safe)
    assert window.main.isVisible()


@ON_THE_FAKE
def test_the_end_of_the_program_closes_an_idle_window_at_once(window: Coordinator) -> None:
    window.end()
    assert not window.main.isVisible()
