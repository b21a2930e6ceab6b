"""The statement that is read aloud, on the consent page: asked for, read, heard back, signed with, or forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_desks import Desk
from ui_takes import take_ids

from perfstudio.model.base import sha256_hex
from perfstudio.model.checks import LiveReading
from perfstudio.model.consent import UseId
from perfstudio.model.errors import ConsentError, DeviceError, ErrorCode, PerfstudioError
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.spoken import SpokenRequest
from perfstudio.model.take import TakeManifest
from perfstudio.session.home import Home
from perfstudio.session.reading_aloud import ReadingState, ReadingView
from perfstudio.session.spoken import ReadAloud
from perfstudio.session.spoken_sound import read_aloud
from perfstudio.session.views import Pulse
from perfstudio.ui.consent.spoken_card import SpokenCard
from rigs.permissions import said_permissions
from rigs.read_aloud import STATEMENT, WITH_NAME, reading

S = ReadingState
REQUIRED = SpokenRequest(statement=STATEMENT, with_name=WITH_NAME, required=True, why="So that we know it is you.")


class Script:
    """A reading that goes as far as the test lets it."""

    def __init__(self) -> None:
        self.changed: Callable[[ReadingView], None] = lambda _: None
        self.begun: list[str] = []
        self.left = self.finished = 0

    def begin(self, terms: Terms, name: str) -> None:
        self.begun.append(name)
        self.changed(ReadingView(S.READING))

    def pulse(self) -> Pulse:
        return Pulse(None, LiveReading(peak_dbfs=-20.0, rms_dbfs=-30.0))

    def finish(self) -> None:
        self.finished += 1

    def leave(self) -> None:
        self.left += 1


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def desk(taken: Home, qtbot: QtBot, script: Script) -> Desk:
    host = QWidget()
    host.resize(1196, 800)
    qtbot.addWidget(host)
    for take_id in take_ids(taken):
        taken.takes.keep(take_id)
    desk = Desk(taken, host, spoken=SpokenCard(script, begin=script.begin))
    asking(desk, REQUIRED)
    return desk


def asking(desk: Desk, request: SpokenRequest | None) -> None:
    """From now on the pack asks for this."""
    asked = type(desk.consents)._asked

    def changed(manifest: TakeManifest, language: str | None = None) -> tuple[Pack, Terms]:
        pack, terms = asked(desk.consents, manifest, language)
        wanted = terms.model_copy(update={"spoken": request})
        return pack.model_copy(update={"terms": (wanted,)}), wanted

    desk.consents._asked = changed  # type: ignore[method-assign]


def heard(desk: Desk, script: Script, folder: Path, name: str = "") -> ReadAloud:
    terms = desk.page._terms
    assert terms is not None
    aloud = read_aloud(reading(folder / "voice.wav", 3.0), terms, name=name)
    file = folder / "spoken-consent.flac"
    file.write_bytes(aloud.sound)
    script.changed(ReadingView(S.HEARD, aloud, file))
    return aloud


def test_it_is_read_heard_back_and_signed_with(desk: Desk, script: Script, tmp_path: Path) -> None:
    take = take_ids(desk.home)[0]
    desk.show(take)
    card = desk.page.spoken
    assert card.isVisible()
    assert STATEMENT in card.words.text()
    assert "So that we know it is you." in card.about.text()
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    assert "aloud before you sign" in desk.page.problem.sentence.text()
    assert desk.home.library.consent(take) is None
    card.read_button.click()
    assert script.begun == [""], "no name is spoken unless it is wanted"
    assert card.meter.isVisible()
    desk.page.sign()
    assert "Finish reading" in desk.page.problem.sentence.text()
    card.read_button.click()
    assert script.finished == 1
    aloud = heard(desk, script, tmp_path)
    assert card.hear_button.isVisible()
    assert not card.meter.isVisible()
    assert "kept when you sign" in card.said.text()
    desk.page.sign()
    record = desk.consents.record(take)
    assert record.spoken is not None
    assert record.spoken.sha256 == sha256_hex(aloud.sound)
    assert (desk.home.library.folder(take) / "spoken-consent.flac").read_bytes() == aloud.sound
    assert card.isHidden(), "it is signed"
    assert script.left == 1, "and what lay aside is gone"


def test_a_name_is_said_where_it_is_wanted_and_other_words_are_read_again(
    desk: Desk, script: Script, tmp_path: Path
) -> None:
    desk.show(take_ids(desk.home)[0])
    card = desk.page.spoken
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in("")
    card.with_name.toggle.click()
    card.read_button.click()
    assert script.begun == []
    assert "First type your name" in card.said.text()
    assert card.said.isVisible()
    card.typed("\u0958" * 200)  # more letters as it is signed than as it is typed
    card.read_button.click()
    assert script.begun == []
    assert "too long" in card.said.text()
    desk.type_in("Ines")
    desk.page.card.name.textEdited.emit("Ines")
    assert "I am Ines." in card.words.text()
    card.read_button.click()
    assert script.begun == ["Ines"]
    heard(desk, script, tmp_path, "Ines")
    card.with_name.toggle.click()
    desk.page.sign()
    assert "words have changed" in desk.page.problem.sentence.text()


def test_what_is_not_required_may_be_left_out_and_silence_is_told(desk: Desk, script: Script) -> None:
    asking(desk, REQUIRED.model_copy(update={"required": False, "with_name": None}))
    take = take_ids(desk.home)[0]
    desk.show(take)
    card = desk.page.spoken
    assert card.with_name.isHidden()
    assert "leave it out" in card.about.text()
    silent = ConsentError(ErrorCode.SPOKEN_SILENT, voiced_s=0, needed_s=1)
    script.changed(ReadingView(problem=silent))
    assert "No voice was heard" in card.said.text()
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.type_in()
    desk.page.sign()
    assert desk.consents.record(take).spoken is None


def test_who_goes_away_leaves_nothing(desk: Desk, script: Script, tmp_path: Path) -> None:
    first, other = take_ids(desk.home)
    desk.show(first)
    heard(desk, script, tmp_path)
    desk.page.hide()
    assert script.left == 1
    desk.page.show()
    desk.show(other)
    heard(desk, script, tmp_path)
    asking(desk, None)
    desk.show(first)
    assert script.left == 2
    assert desk.page.spoken.isHidden()


def test_a_refused_microphone_leads_to_the_systems_settings(
    qtbot: QtBot, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_permissions(monkeypatch)
    opened: list[PerfstudioError] = []
    card = SpokenCard(script, open_system=opened.append)
    qtbot.addWidget(card)
    card.show()
    for code, leads in ((ErrorCode.MICROPHONE_BUSY, False), (ErrorCode.MICROPHONE_DENIED, True)):
        script.changed(ReadingView(problem=DeviceError(code, id="m")))
        assert card.system.isVisible() is leads
        card.system.click()
    assert [problem.code for problem in opened] == [ErrorCode.MICROPHONE_DENIED]
    script.changed(ReadingView(S.OPENING))
    assert not card.system.isVisible()
