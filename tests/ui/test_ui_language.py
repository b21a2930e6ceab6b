"""In another language no page has a word of English but what a pack, a performer or a device brought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from test_ui_given import Room
from ui_calibration import FOUND
from ui_calibration import S as CALIBRATION
from ui_calibration import view as calibration
from ui_desks import Desk, Hall, Office, status, studio_file
from ui_gallery import brief_page, packs, pulse, scenes_page, stage_page
from ui_green_room import Acted, check_of, result, stage
from ui_review_room import ReviewRoom, shown
from ui_takes import take_ids
from ui_window import new_window

from perfstudio.consent import warning_words
from perfstudio.consent.verification_code import verification_code
from perfstudio.language.catalogue import speak
from perfstudio.model.calibration import Method, Refusal, Unsure
from perfstudio.model.checks import CheckCode, LiveReading, Verdict
from perfstudio.model.consent import UseId
from perfstudio.model.delivery import DeliveryState, Receipt, ReceivedFile
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.model.room import RoomPart
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.room_views import RoomCheckView, RoomState
from perfstudio.session.take_safety import TakeSafety
from perfstudio.session.views import DeliveryLine, Progress, StageState
from perfstudio.texts.calibration import HOW
from perfstudio.ui.coordinator import Coordinator
from perfstudio.ui.deliveries.delivery_row import DeliveryRow
from perfstudio.ui.pages.settings import SECTIONS
from perfstudio.ui.settings.calibration_card import CalibrationActs, CalibrationCard
from rigs.practice_clip import write_clip
from rigs.signing_home import MINE, SECRET, signed_home
from rigs.strange_language import of_the_bundled_packs, ordinary, spoken

BROUGHT = (
    *of_the_bundled_packs(),
    "Example Studio", "Thresholds", "Trains recognition, never a copy of your voice", "while rolling and labelling",
    "Practice camera", "Practice microphone", "Ines Example", "Small Lab", "hello@lab.example", "USD",
    "https://studio.example/studio.json", "Deutsch", "rtsp://192.168.1.20/live", "perfstudio",
)  # fmt: skip
"""What is not ours to say: the practice pack and samples, names, addresses, and ours."""
OWN_NAMES = ("English", "Español", "Português", "Deutsch")
"""Languages are called by what they call themselves."""


@pytest.fixture(autouse=True)
def strangely() -> Iterator[None]:
    with spoken():
        yield


def texts(top: QWidget) -> Iterator[str]:
    """Everything that a page shows or has read out, also what is hidden now."""
    for widget in (top, *top.findChildren(QWidget)):
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QLineEdit):
            yield widget.placeholderText()


def english(top: QWidget, brought: Iterable[str] = ()) -> set[tuple[str, ...]]:
    """Texts of a page with words that were not looked up: the words, and the text."""
    given = (*BROUGHT, *OWN_NAMES, *brought)
    return {(*words, text) for text in texts(top) if (words := ordinary(text, given))}


def test_english_is_found_where_it_is(qtbot: QtBot) -> None:
    """The look itself: one word that nobody looked up is seen."""
    page = scenes_page()
    qtbot.addWidget(page)
    page.import_button.setText("Import a pack")
    assert english(page) == {("Import", "pack", "Import a pack")}


def test_scenes_and_brief(qtbot: QtBot) -> None:
    for page in (scenes_page(), brief_page()):
        qtbot.addWidget(page)
        assert english(page) == set()


def test_the_stage_in_every_state(qtbot: QtBot) -> None:
    problem = DeviceError(ErrorCode.CAMERA_LOST, id="⌁")
    hint = check_of(CheckCode.CENTRING, Verdict.LOOK, 0.4, direction="left")
    levels = [pulse(reading=LiveReading(peak_dbfs=level, hint=hint)) for level in (-120.0, -50.0, -20.0, -4.0, 0.0)]
    moments = [*levels, pulse(safety=TakeSafety()), pulse(battery=0.1), pulse(dropped=4), pulse(disk_s=90.0)]
    for state in StageState:
        failed = problem if state is StageState.FAILED else None
        for moment in moments if state is StageState.ROLLING else moments[:1]:
            page = stage_page(state, moment=moment, practice=True, problem=failed)
            qtbot.addWidget(page)
            assert english(page, ("Move a little to your left.",)) == set(), state


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    write_clip(folder / "take.mp4", 1.0, size=(160, 90))
    return folder


def test_the_green_room_in_every_state(qtbot: QtBot, clip: Path) -> None:
    made = Acted(calibrate=True)
    qtbot.addWidget(made.page)
    made.page.show()
    lost = DeviceError(ErrorCode.MICROPHONE_LOST, id="⌁")
    dark = LiveReading(hint=check_of(CheckCode.BRIGHTNESS, Verdict.LOOK, 20, direction="dark", where="face"))
    views = [
        RoomCheckView(RoomState.LOOK, stage(StageState.OPENING)),
        RoomCheckView(RoomState.LOOK, stage(StageState.FAILED, lost)),
        RoomCheckView(RoomState.LOOK, stage(), problem=lost),
        RoomCheckView(RoomState.LOOK, stage()),
        *(RoomCheckView(RoomState.RUNNING, stage(), part=part) for part in RoomPart),
        RoomCheckView(RoomState.READING, stage()),
        RoomCheckView(RoomState.RESULT, stage(), result=result(clip)),
    ]
    for shown_now in views:
        for reading in (dark, LiveReading(face_box=(0.4, 0.2, 0.2, 0.4))):
            made.pulse = (replace(made.pulse[0], reading=reading), Progress(0.4, again=True))
            made.page.show_view(shown_now, " ")
            made.page._live_s = 5.0
            made.page.refresh()
            assert english(made.page) == set(), shown_now.state


def test_the_calibration_in_every_state(qtbot: QtBot) -> None:
    acts = dict.fromkeys(("open", "begin", "finish", "keep", "forget", "close", "choose"), lambda *_what: None)
    card = CalibrationCard(CalibrationActs(**acts))
    qtbot.addWidget(card)
    refused = [Refusal(why=why, heard=3, paired=2, sure_ms=9.0) for why in Unsure]
    for view in (
        *(calibration(state) for state in CALIBRATION if state not in (CALIBRATION.FOUND, CALIBRATION.REFUSED)),
        calibration(CALIBRATION.FOUND, outcome=FOUND),
        *(calibration(CALIBRATION.REFUSED, outcome=outcome) for outcome in refused),
    ):
        for method in HOW:
            card.show_view(replace(view, method=method), opened=True, ready=True)
            assert english(card) == set(), (view.state, method)
    assert set(HOW) == set(Method)


def test_takes_review_and_consent(qtbot: QtBot, taken: Home) -> None:
    """With real takes and a real signature: tiles, checks, labels, lines, receipt, and what can be done."""
    picture, sound = take_ids(taken)
    host = QWidget()
    qtbot.addWidget(host)
    hall = Hall(taken, host)
    hall.page.refresh()
    taken.takes.keep(picture)
    taken.takes.circle(picture)
    taken.takes.bin(sound)
    hall.page.refresh()
    for name in ("bin", "all"):
        hall.page.filter.choose(name)
        assert english(host) == set()
    hall.page.filter.choose("all")
    tile = hall.page.tiles[picture]
    hall.page.show_actions(tile)
    actions = [action.text() for action in hall.page.menu.actions()]
    assert len(actions) > 3
    assert ordinary(" ".join(actions)) == []
    hall.page.menu.close()
    with shown(qtbot, taken, ReviewRoom) as room:
        room.page.show_take(picture)
        assert english(room.page) == set()
    asked = QWidget()
    qtbot.addWidget(asked)
    desk = Desk(taken, asked)
    desk.show(picture)
    assert desk.page.offer is not None
    for line in desk.page.grid.lines.values():
        line.unfold()
    found = desk.page.offer.told()
    assert found
    quoted = [words for one in found for words in (one.quote, warning_words.source(one)) if words]
    assert english(asked, quoted) == set()
    desk.type_in()
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.setChecked(True)
    desk.page.sign()
    assert taken.library.manifest(picture).consent is not None
    code = verification_code(taken.consents.record(picture))
    recorded_of_it = ("perfstudio-consent/1", "self-recorded in perfstudio", "practice-terms (en)", code)
    assert english(asked, (*recorded_of_it, *quoted)) == set()


def test_deliveries(qtbot: QtBot, taken: Home, tmp_path: Path) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    office = Office(taken, host)
    try:
        office.page.refresh()
        assert english(host) == set()
        office.page._connect(str(studio_file(tmp_path)))
        office.accept(take_ids(taken)[0])
        office.page.refresh()
        assert english(host, ("http://127.0.0.1:9/files/", "127.0.0.1:9")) == set()
    finally:
        office.close()
    for state in DeliveryState:
        now = status(state, bytes_per_s=1e6, next_try_s=40.0, reason=ErrorCode.RECEIVER_UNREACHABLE)
        row = DeliveryRow(
            DeliveryLine(now, "⌁", 3, "Small Lab"),
            retry=print,
            pause=print,
            take_out=print,
            sign_in=print,
            receipt=print,
        )
        qtbot.addWidget(row)
        files = (ReceivedFile(role="picture", name="take.mp4", size=40_000_000, sha256="1" * 64),)
        row.show_receipt(
            Receipt(level="B", take_id="1", studio_id="2", state="accepted", files=files, at=datetime.now(UTC))
        )
        assert english(row) == set(), state


def test_what_was_given(qtbot: QtBot, tmp_path: Path) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    with Home(AppPaths(signed_home(tmp_path / "signed")), use_keyring=False) as home:
        home.consents.withdraw(MINE[0], frozenset({UseId.HUMAN_RESEARCH}), passphrase=lambda: SECRET)
        room = Room(home, host)
        room.row()
        room.choose(room.pack.bulk.back, "")
        assert english(host, ("practice", "This is practice: nobody is paid")) == set()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, home: Path) -> Iterator[Coordinator]:
    with new_window(qapp, home, lambda session: session.deliveries.pause(True), practice=True) as made:
        yield made


def test_the_window_with_every_room(window: Coordinator, home: Path) -> None:
    """Rooms as they are made, the settings section by section, a note, a question."""
    for room in ("scenes", "takes", "deliveries", "settings"):
        window.main.page_chosen.emit(room)
    for section in SECTIONS:
        window.settings.page.turn_to(section)
    window.stage.may_close()
    assert english(window.main, (str(home), "~/")) == set()


def test_what_is_made_afterwards_follows_another_choice(qtbot: QtBot) -> None:
    before = scenes_page()
    speak()
    after = scenes_page()
    for page in (before, after):
        qtbot.addWidget(page)
    assert ordinary(before.import_button.text()) == []
    assert after.import_button.text() == "Import a pack"
    assert packs()
