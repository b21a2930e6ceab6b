"""Sending on the Settings page: a speed that is typed, a network that is kept to, what the system says."""

from __future__ import annotations

from enum import Enum

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from perfstudio.session.delivery.sending_limits import SendingNow
from perfstudio.session.delivery.this_network import Network
from perfstudio.session.settings import Settings
from perfstudio.ui import network_watch
from perfstudio.ui.network_watch import NetworkWatch
from perfstudio.ui.settings.sending_section import SendingSection
from rigs.waiting import stays

HOME = Network("Home", metered=False)


class Change:
    """What was put in force."""

    def __init__(self) -> None:
        self.said: list[dict[str, object]] = []

    def __call__(self, **values: object) -> None:
        self.said.append(values)


@pytest.fixture
def change() -> Change:
    return Change()


@pytest.fixture
def section(qtbot: QtBot, change: Change) -> SendingSection:
    made = SendingSection(change)
    qtbot.addWidget(made)
    made.show_settings(Settings())
    made.show_sending(SendingNow(None, HOME))
    made.show()
    return made


def test_a_speed_that_is_typed_holds_and_one_that_is_none_stays_typed(section: SendingSection, change: Change) -> None:
    section.cap.setText("4 Mbit/s")
    section.cap.editingFinished.emit()
    assert change.said == [{"sending_cap": 500_000}]
    section.show_settings(Settings(sending_cap=500_000))
    assert section.cap.text() == "500 kB/s"
    section.cap.setText("quick")
    section.cap.editingFinished.emit()
    assert "looks like" in section.problem.text()
    assert section.cap.text() == "quick"
    section.cap.setText("")
    section.cap.editingFinished.emit()
    assert change.said[1:] == [{"sending_cap": None}]
    assert section.problem.isHidden()


def test_one_network_is_kept_to_and_let_go(section: SendingSection, change: Change) -> None:
    assert section.only_button.text() == "Only by “Home”"
    section.only_button.click()
    section.show_sending(SendingNow(None, HOME, "Home"))
    assert "only by “Home”" in section.network.text()
    section.only_button.click()
    assert change.said == [{"sending_network": "Home"}, {"sending_network": ""}]


def test_what_the_system_does_not_say_is_not_offered(section: SendingSection) -> None:
    section.show_sending(SendingNow())
    assert section.network.text() == "This computer does not say what its network is called."
    assert section.only_button.isHidden()
    assert "does not say whether this network charges for what is sent; it is used" in section.cost.text()


def test_networks_that_cost_are_used_when_that_is_said(section: SendingSection, change: Change) -> None:
    section.metered.click()
    assert change.said == [{"sending_metered": True}]
    section.show_settings(Settings(sending_metered=True))
    assert section.metered.isChecked()
    assert len(change.said) == 1, "showing is no choice"


class FakeInformation(QObject):
    """What Qt would say of the network."""

    class Feature(Enum):
        Metered = 1

    reachabilityChanged = Signal(int)  # noqa: N815 - as Qt calls it
    isMeteredChanged = Signal(bool)  # noqa: N815 - as Qt calls it
    transportMediumChanged = Signal(int)  # noqa: N815 - as Qt calls it
    isBehindCaptivePortalChanged = Signal(bool)  # noqa: N815 - as Qt calls it
    there, metered, knows = True, False, True
    one: FakeInformation | None = None

    @classmethod
    def loadDefaultBackend(cls) -> bool:  # noqa: N802 - as Qt calls it
        return cls.there

    @classmethod
    def instance(cls) -> FakeInformation:
        cls.one = cls.one or cls()
        return cls.one

    def supports(self, feature: Feature) -> bool:
        return self.knows

    def isMetered(self) -> bool:  # noqa: N802 - as Qt calls it
        return self.metered


@pytest.mark.parametrize(("there", "knows", "said"), [(True, True, True), (True, False, None), (False, True, None)])
def test_another_network_is_noticed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, there: bool, knows: bool, said: bool | None
) -> None:
    """By what Qt says; where it says nothing, by looking now and then. After the end nothing is said."""
    monkeypatch.setattr("PySide6.QtNetwork.QNetworkInformation", FakeInformation)
    for name, value in (("there", there), ("knows", knows), ("metered", True), ("one", None)):
        monkeypatch.setattr(FakeInformation, name, value)
    monkeypatch.setattr(network_watch, "SETTLE_MS", 10)
    monkeypatch.setattr(network_watch, "LOOK_EVERY_MS", 20)
    told: list[bool | None] = []
    watch = NetworkWatch(told.append)
    qtbot.waitUntil(lambda: len(told) == 1)
    if there:
        FakeInformation.instance().isMeteredChanged.emit(True)
    qtbot.waitUntil(lambda: len(told) >= 2)
    assert set(told) == {said}
    watch.close()
    known = len(told)
    FakeInformation.instance().reachabilityChanged.emit(1)
    stays(lambda: len(told) == known, 0.05)
