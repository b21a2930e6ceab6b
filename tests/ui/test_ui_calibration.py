"""The card that brings picture and sound in step: what each state offers, by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_calibration import FOUND, S, view

from perfstudio.model.calibration import Method, Refusal, Unsure
from perfstudio.model.errors import DeviceError, ErrorCode
from perfstudio.ui.settings.calibration_card import CalibrationActs, CalibrationCard
from rigs.permissions import said_permissions


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def card(qtbot: QtBot, asked: list[str]) -> CalibrationCard:
    names = ("open", "begin", "finish", "keep", "forget", "close")
    acts = {name: lambda name=name: asked.append(name) for name in names}
    made = CalibrationCard(
        CalibrationActs(
            choose=lambda method: asked.append(method.value),
            open_system=lambda problem: asked.append(problem.code.value),
            **acts,
        )
    )
    qtbot.addWidget(made)
    made.resize(430, 400)
    made.show()
    return made


def offered(card: CalibrationCard) -> list[str]:
    return [button.text() for button in card._buttons if button.isVisible()]


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (S.READY, ["Start", "Cancel"]),
        (S.STARTING, ["Cancel"]),
        (S.LISTENING, ["That is enough", "Cancel"]),
        (S.MEASURING, ["Cancel"]),
        (S.FOUND, ["Keep", "Again", "Cancel"]),
        (S.REFUSED, ["Again", "Cancel"]),
        (S.FAILED, ["Again", "Cancel"]),
    ],
)
def test_each_state_offers_its_own_and_the_first_has_the_focus(
    card: CalibrationCard, state: S, buttons: list[str]
) -> None:
    card.show_view(view(state), opened=True, ready=True)
    assert offered(card) == buttons
    assert card.focusWidget() is not None
    assert card.focusWidget().accessibleName() == buttons[0]


def test_closed_it_says_what_holds_and_offers_to_calibrate(card: CalibrationCard, asked: list[str]) -> None:
    card.show_view(view(S.READY), opened=False, ready=True)
    assert offered(card) == ["Calibrate"]
    assert card.holds.text().startswith("Not calibrated.")
    QTest.keyClick(card.calibrate, Qt.Key.Key_Space)
    assert asked == ["open"]
    card.show_view(view(S.READY), opened=False, ready=False)
    assert not card.calibrate.isEnabled()


def test_the_count_the_answer_and_the_reason_are_read(card: CalibrationCard) -> None:
    card.show_view(view(S.LISTENING), opened=True, ready=True)
    card.show_count(7, 6, 9.0, Method.CLAP)
    assert card.count.text() == "7 claps heard, 6 seen"
    card.show_view(view(S.FOUND, outcome=FOUND), opened=True, ready=True)
    assert card.answer.text() == "Sound is 42 ms late; accurate to 3 ms, by 10 claps."
    card.show_view(view(S.REFUSED, outcome=Refusal(Unsure.NOTHING_SEEN, heard=9)), opened=True, ready=True)
    assert "more light" in card.answer.text()


def test_keys_work_it_and_escape_closes(card: CalibrationCard, asked: list[str]) -> None:
    for state in (S.READY, S.LISTENING, S.FOUND):
        card.show_view(view(state), opened=True, ready=True)
        QTest.keyClick(card.focusWidget(), Qt.Key.Key_Space)
    QTest.keyClick(card.focusWidget(), Qt.Key.Key_Escape)
    assert asked == ["begin", "finish", "keep", "close"]


def test_without_devices_nothing_that_records_is_offered_and_the_way_out_has_the_focus(card: CalibrationCard) -> None:
    card.show_view(view(S.FAILED), opened=True, ready=False)
    assert not card.again.isEnabled()
    assert card.focusWidget() is card.cancel


def test_a_refused_device_leads_to_the_systems_settings(
    card: CalibrationCard, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said_permissions(monkeypatch)
    busy = view(S.FAILED, problem=DeviceError(ErrorCode.MICROPHONE_BUSY, id="m"))
    card.show_view(busy, opened=True, ready=False)
    assert offered(card) == ["Again", "Cancel"], "no matter of the system's"
    refused = view(S.FAILED, problem=DeviceError(ErrorCode.MICROPHONE_DENIED, id="m"))
    card.show_view(refused, opened=True, ready=False)
    assert offered(card) == ["Again", "Open the system's settings", "Cancel"]
    QTest.keyClick(card.system, Qt.Key.Key_Space)
    assert asked == ["microphone_denied"]
