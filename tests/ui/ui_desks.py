"""The pages about takes, consent and deliveries over a real library, and what they asked the rest of the window for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from ui_takes import Told

from perfstudio.delivery.tokens import TokenStore
from perfstudio.model.consent import UseId
from perfstudio.model.delivery import DeliveryState, DeliveryStatus
from perfstudio.model.take import Labels
from perfstudio.session.consents import ConsentService
from perfstudio.session.delivery.delivery_queue import DeliveryQueue
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.this_network import Network
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.uses_again import UsesDesk
from perfstudio.session.views import DeliveryLine
from perfstudio.session.worker import InlineWorker, Worker
from perfstudio.ui.consent.send_choice import SendChoice
from perfstudio.ui.consent.spoken_card import SpokenCard
from perfstudio.ui.deliveries.delivery_row import DeliveryRow
from perfstudio.ui.pages.consent import ConsentPage
from perfstudio.ui.pages.deliveries import DeliveriesPage
from perfstudio.ui.pages.takes import TakesPage
from perfstudio.ui.takes.many_deeds import LeadsTo
from perfstudio.ui.widgets import Toast

SECRET = "correct horse battery"
ADULT = Statements(adult=True)
ADDRESS = "http://127.0.0.1:9/files/"


class Hall:
    """The page, and what it asked the rest of the window for."""

    def __init__(self, home: Home, host: QWidget, worker: Worker | None = None) -> None:
        self.home = home
        self.toast = Toast(host)
        self.ask, self.review, self.consent, self.deliver, self.label = Told(), Told(), Told(), Told(), Told()
        self.files = Told()
        self.page = TakesPage(
            takes=home.takes, worker=worker or InlineWorker(), toast=self.toast, ask=self.ask, busy=lambda: (),
            leads=LeadsTo(self.review, self.consent, self.label, self.deliver, Told(), Told(), self.files),
            uses=UsesDesk(home.consents), signing=worker or InlineWorker(),
            view=home.settings.now.takes_view,
            keep_view=lambda view: home.settings.change(takes_view=view.to_json()),
        )  # fmt: skip
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def shown(self) -> list[str]:
        return [take_id for take_id, tile in self.page.tiles.items() if tile.isVisible()]

    def focus(self, qtbot: QtBot, take_id: str) -> None:
        self.page.window().activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow, timeout=60_000)
        self.page.tiles[take_id].setFocus()

    def press(self, take_id: str, key: Qt.Key) -> None:
        QTest.keyClick(self.page.tiles[take_id], key)


class Desk:
    """The page over real consents whose key lives in a file under a passphrase."""

    def __init__(
        self,
        home: Home,
        host: QWidget,
        worker: Worker | None = None,
        sending: SendChoice | None = None,
        spoken: SpokenCard | None = None,
    ) -> None:
        self.home = home
        self.consents = ConsentService(
            home.library, home.shelf, home.settings, home.bus, home.paths.home, use_keyring=False
        )
        self.saved, self.go_on, self.leave, self.label = Told(), Told(), Told(), Told()
        self.page = ConsentPage(
            consents=self.consents, worker=worker or InlineWorker(), toast=Toast(host), save_receipt=self.saved,
            go_on=self.go_on, leave=self.leave, label=self.label, sending=sending, spoken=spoken,
        )  # fmt: skip
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        host.show()

    def show(self, take_id: str) -> None:
        self.page.show_take(take_id)

    def type_in(self, name: str = "Ines Example", secret: str = SECRET) -> None:
        self.page.card.name.setText(name)
        self.page.card.passphrase.setText(secret)
        self.page.card.again.setText(secret)
        self.page.card.adult.toggle.setChecked(True)


class Office:
    """The page over a real outbox; nothing can be reached, and everything rests."""

    def __init__(self, home: Home, host: QWidget) -> None:
        self.home = home
        home.settings.change(deliveries_paused=True)
        self.delivery_service = DeliveryService(home.library, home.paths)
        self.delivery_service.tokens = TokenStore(lambda: None)
        self.network = Network("Home", metered=False)
        self.post = DeliveryQueue(
            home.library, self.delivery_service, home.takes, home.settings, home.bus, look=lambda: self.network
        )
        self.files: list[object] = []
        self.certificates: list[object] = []
        self.label, self.consent = Told(), Told()
        self.page = DeliveriesPage(
            deliveries=self.post, worker=InlineWorker(), toast=Toast(host), choose_file=self.files.append,
            choose_certificate=self.certificates.append, takes=Told(), label=self.label, consent=self.consent,
        )  # fmt: skip
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def close(self) -> None:
        self.post.close()
        self.delivery_service.close()

    @property
    def signing(self) -> ConsentService:
        return ConsentService(
            self.home.library, self.home.shelf, self.home.settings, self.home.bus, self.home.paths.home,
            use_keyring=False,
        )  # fmt: skip

    def accept(self, take_id: str) -> None:
        self.home.takes.keep(take_id)
        self.home.takes.label(take_id, Labels(meant=("anger",)))
        self.signing.sign(
            take_id, frozenset({UseId.STORE_REVIEW}), "Ines", passphrase=lambda: "correct horse", stated=ADULT
        )


@pytest.fixture
def hall(qtbot: QtBot, taken: Home) -> Hall:
    """The Takes page over practice takes, shown."""
    host = QWidget()
    host.resize(1196, 800)
    qtbot.addWidget(host)
    made = Hall(taken, host)
    host.show()
    made.page.refresh()
    return made


@pytest.fixture
def office(qtbot: QtBot, taken: Home) -> Iterator[Office]:
    """An office over practice takes, shown."""
    host = QWidget()
    host.resize(1196, 800)
    qtbot.addWidget(host)
    made = Office(taken, host)
    host.show()
    made.page.refresh()
    yield made
    made.close()


def status(state: DeliveryState, sent: int = 12_000_000, **more: object) -> DeliveryStatus:
    return DeliveryStatus("take", "lab", state, 41_000_000, sent, **more)  # type: ignore[arg-type]


def row(qtbot: QtBot, now: DeliveryStatus) -> DeliveryRow:
    made = DeliveryRow(
        DeliveryLine(now, "The letter", 3, "Lab"),
        retry=Told(),
        pause=Told(),
        take_out=Told(),
        sign_in=Told(),
        receipt=Told(),
    )
    qtbot.addWidget(made)
    made.show()
    return made


def studio_file(folder: Path, **changes: object) -> Path:
    plain = {
        "format": "perfstudio-studio/1", "id": "lab", "name": "Small Lab", "legal_name": "Small Lab Ltd",
        "contact": "hello@lab.example", "tus": ADDRESS, "sign_in": "token",
    }  # fmt: skip
    file = folder / "studio.json"
    file.write_text(json.dumps({**plain, **changes}))
    return file
