"""The page of deliveries over the real outbox, with a studio's own document."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_desks import Office, studio_file
from ui_takes import take_ids

from perfstudio.model.consent import UseId
from perfstudio.model.delivery import DeliveryState, DeliveryStatus
from perfstudio.model.errors import ErrorCode
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.model.labels import Labels
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.sending_plan import Wait
from perfstudio.session.delivery.sending_rules import Hold
from perfstudio.session.delivery.this_network import Network
from perfstudio.session.statements import Statements
from perfstudio.ui.deliveries.delivery_row import DeliveryRow
from perfstudio.ui.widgets import Button, PlainLabel
from rigs.certificates import self_signed
from rigs.waiting import until

PATIENCE_MS = 60_000
S = DeliveryState


def test_another_key_of_a_studio_is_told_and_taken_when_the_performer_says_so(office: Office, tmp_path: Path) -> None:
    first, second = (SigningKey.generate().public_key for _ in range(2))
    page, form = office.page, office.page.form
    page._connect(str(studio_file(tmp_path, public_key=first)))
    assert "lab" in page.studios
    page._connect(str(studio_file(tmp_path, public_key=second)))
    assert fingerprint(first) in form.problem.text()
    assert fingerprint(second) in form.problem.text()
    assert not form.accept.isHidden()
    assert form.certificate.isHidden()
    form.accept.click()
    assert form.problem.isHidden()
    assert form.accept.isHidden()
    page._connect(str(studio_file(tmp_path, public_key=second)))
    assert form.problem.isHidden(), "from now on it is the studio's"


def test_nothing_yet_says_what_comes_here(office: Office) -> None:
    assert office.page.none_yet.isVisible()
    assert office.page.form.isHidden()
    office.page.connect_button.click()
    assert office.page.form.isVisible()


def test_what_a_take_waits_for_stands_here_with_the_way_there(office: Office) -> None:
    picture, sound = take_ids(office.home)
    for take_id in (picture, sound):
        office.home.takes.keep(take_id)
    office.signing.sign(
        picture,
        frozenset({UseId.STORE_REVIEW}),
        "Ines",
        passphrase=lambda: "correct horse",
        stated=Statements(adult=True),
    )
    office.home.takes.label(sound, Labels(meant=("anger",)))
    office.page.refresh()
    assert office.page.none_yet.isHidden(), "something waits"
    assert office.page.subtitle.text() == "2 waiting for you · everything is paused until you resume"
    said = {label.text() for label in office.page._sections["unready"].findChildren(PlainLabel)}
    assert {"Needs a label.", "Needs your signature."} <= said
    office.page.ready_buttons[picture].click()
    office.page.ready_buttons[sound].click()
    assert office.label.calls == [picture]
    assert office.consent.calls == [sound]
    office.home.takes.label(picture, Labels(meant=("anger",)))
    office.page.refresh()
    assert office.page.ready_buttons[picture].text() == "Connect a studio", "and then it is ready"


def test_a_document_with_a_fault_is_said_and_stays_typed(office: Office, tmp_path: Path) -> None:
    office.page.connect_button.click()
    office.page.form.address.setText(str(studio_file(tmp_path, tus=7)))
    office.page.form.go_button.click()
    assert "is not written as it should be" in office.page.form.problem.text()
    assert office.page.form.address.text()
    assert office.page.form.go_button.isEnabled()


def test_from_signed_to_queued_and_out_again(office: Office, tmp_path: Path) -> None:
    picture, _ = take_ids(office.home)
    office.accept(picture)
    office.page.refresh()
    assert office.page.ready_buttons[picture].text() == "Connect a studio"
    office.page.connect_button.click()
    office.page.form.address.setText(str(studio_file(tmp_path)))
    office.page.form.go_button.click()
    assert office.page.form.isHidden()
    assert office.page.studios["lab"].chip.text() == "not signed in"
    assert office.page.studios["lab"].token.isVisible(), "it asks at once"
    assert office.page.ready_buttons[picture].text() == "Send to Small Lab"
    office.page.ready_buttons[picture].click()
    assert list(office.page.rows) == [(picture, "lab")]
    assert picture not in office.page.ready_buttons
    office.page.rows[picture, "lab"].take_out.click()
    assert office.page.rows == {}, "nothing of it is on its way"
    said = {label.text() for label in office.page._sections["ready"].findChildren(PlainLabel)}
    assert any(words.endswith(" · to 127.0.0.1 · removed before") for words in said), said
    office.page.show_ready(picture)
    again = office.page.ready_buttons[picture]
    assert (again.text(), office.page.window().focusWidget()) == ("Send to Small Lab", again)
    again.click()
    assert office.page.rows[picture, "lab"].line.status.state is S.QUEUED
    office.page.rows[picture, "lab"].take_out.click()
    office.signing.withdraw(picture, passphrase=lambda: "correct horse")
    office.page.ready_buttons[picture].click()
    assert "taken back" in office.page._toast._words.text(), "what was on the screen is not what holds"
    office.page.refresh()
    assert picture not in office.page.ready_buttons
    assert office.page.copies.isVisible()


def test_the_keyboard_never_comes_to_what_takes_a_delivery_out(office: Office, tmp_path: Path) -> None:
    """A button that was pressed goes: the keyboard is at the same one, at the next of its kind, or at the page."""
    page = office.page
    for take_id in take_ids(office.home):
        office.accept(take_id)
    page._connect(str(studio_file(tmp_path)))
    page.window().activateWindow()
    first, second = page.ready_buttons

    def press(button: Button) -> QWidget | None:
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
        return page.window().focusWidget()

    assert press(page.ready_buttons[first]) is page.ready_buttons[second]
    assert press(page.ready_buttons[second]) is page
    row = page.rows[first, "lab"]
    row.pause.setFocus()
    page.refresh()
    assert page.window().focusWidget() is page.rows[first, "lab"].pause, "where it was"
    assert press(page.rows[first, "lab"].pause) is page.rows[first, "lab"].go_on
    assert press(page.rows[first, "lab"].go_on) is page.rows[first, "lab"].pause
    assert press(page.rows[first, "lab"].take_out) is page


def test_a_token_without_a_keyring_is_said_openly(office: Office, tmp_path: Path) -> None:
    office.page._connect(str(studio_file(tmp_path)))
    lab = office.page.studios["lab"]
    lab.token.setText("a-token-for-the-lab")
    lab._send()
    assert "kept until perfstudio is closed" in lab.note.text()
    assert lab.note.isVisible()
    assert lab.chip.text() == "token kept", "nobody has been asked yet"
    assert not lab.token.text()
    assert lab.window().focusWidget() is lab.open, "the keyboard stays with the studio"
    written = b"".join(file.read_bytes() for file in office.home.paths.home.rglob("*") if file.is_file())
    assert b"a-token-for-the-lab" not in written


def test_resting_and_going_on(office: Office) -> None:
    assert office.page.pause_button.text() == "Resume"
    office.page.pause_button.click()
    assert not office.home.settings.now.deliveries_paused
    assert office.page.pause_button.isHidden(), "nothing to pause"


def test_one_take_rests_and_goes_on(office: Office, tmp_path: Path) -> None:
    picture, _ = take_ids(office.home)
    office.accept(picture)
    office.page._connect(str(studio_file(tmp_path)))
    office.page.ready_buttons[picture].click()
    key = (picture, "lab")
    assert office.page.rows[key].pause.isVisible()
    assert office.page.rows[key].go_on.isHidden()
    office.page.rows[key].pause.click()
    assert office.page.rows[key].chip.text() == "paused"
    assert office.page.rows[key].pause.isHidden()
    office.page.rows[key].go_on.click()
    assert office.page.rows[key].chip.text() == "waiting its turn"


def test_a_network_that_is_not_to_be_used_is_said_with_a_way_out(office: Office, tmp_path: Path) -> None:
    picture, _ = take_ids(office.home)
    office.accept(picture)
    office.page._connect(str(studio_file(tmp_path, tus="https://post.lab.example/files/")))
    office.network = Network("Café", metered=True)
    office.post.limits.look()
    until(lambda: office.post.limits.now.hold is Hold.METERED)
    office.page.refresh()
    assert office.page.held.isHidden(), "nothing is on its way yet"
    office.page.ready_buttons[picture].click()
    assert office.page.held.sentence.text() == "“Café” charges for what is sent, so your takes are waiting."
    assert office.page.held.isVisible()
    assert office.post.plan(picture).wait is Wait.PAUSED, "said first, for it is the performer's own word"
    office.post.pause(False)
    assert office.post.plan(picture).wait is Wait.TOKEN
    office.page.held.findChild(Button).click()
    assert office.page.held.isHidden()
    office.home.settings.change(sending_network="Home", sending_cap=1_000_000)
    office.page.refresh()
    assert "this is “Café”" in office.page.held.sentence.text()
    assert office.page.subtitle.text().endswith("at most 1 MB a second (8 Mbit/s)")


def test_sending_from_another_page_reads_first(office: Office, tmp_path: Path) -> None:
    picture, _ = take_ids(office.home)
    office.page._connect(str(studio_file(tmp_path)))
    office.accept(picture)
    office.page.show_ready(picture)
    button = office.page.ready_buttons[picture]
    assert not office.page.rows, "nothing leaves by coming here"
    assert office.page.window().focusWidget() is button, "signed a moment ago, and under the keys"
    said = {label.text() for label in office.page._sections["ready"].findChildren(PlainLabel)}
    assert any(words.endswith(" · to 127.0.0.1") for words in said), "where to stands beside it"
    button.click()
    assert list(office.page.rows) == [(picture, "lab")]


def test_from_a_wrong_token_to_a_take_that_was_sent_and_taken_back(
    office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    """A receiver that knows one token: what it answers stands on chip, line and sum, and nothing else does."""
    picture, _ = take_ids(office.home)
    office.accept(picture)
    page, told = office.page, ReceiverSettings(studio_id="small-lab", name="Small Lab", legal_name="Small Lab e.V.")

    def until(chip: str, state: DeliveryState) -> DeliveryRow:
        def reached() -> bool:
            page.refresh()  # here nobody carries what the courier says to the page's thread
            return page.studios["small-lab"].chip.text() == chip and line().line.status.state is state

        qtbot.waitUntil(reached, timeout=PATIENCE_MS)
        return line()

    def line() -> DeliveryRow:
        return page.rows[picture, "small-lab"]

    def sign_in(token: str) -> None:
        page.studios["small-lab"].token.setText(token)
        page.studios["small-lab"]._send()

    lab = {"token": "the-right-one", "admission": admission("small-lab", practice=True), "settings": told}
    with Receiver(tmp_path / "lab", **lab) as receiver:
        page._connect(f"{receiver.url}/studio.json")
        assert page.studios["small-lab"].chip.text() == "not signed in"
        sign_in("the-wrong-one")
        page.ready_buttons[picture].click()
        until("token kept", S.QUEUED)
        page.pause_button.click()
        refused = until("does not know your token", S.PAUSED)
        assert refused.chip.text() == "needs another token"
        assert "does not know your sign-in token" in refused.reason.text()
        assert page.subtitle.text() == "1 waiting"
        sign_in("the-right-one")
        until("signed in", S.DELIVERED)
        assert page.subtitle.text() == "1 arrived"
        office.signing.withdraw(picture, passphrase=lambda: "correct horse")
        office.post.withdrawn(picture)
        qtbot.waitUntil(lambda: office.delivery_service.outbox.untold() == (), timeout=PATIENCE_MS)
        gone = until("signed in", S.CANCELLED)
        assert gone.reason.text().startswith("It arrived on ")
        assert "You took it back on " in gone.reason.text()
        assert "Small Lab was told on " in gone.reason.text()
        assert gone.receipt.isVisible(), "what was confirmed stays to be read"


def test_a_receiver_with_a_certificate_of_its_own_is_trusted_by_the_file(office: Office, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    told = ReceiverSettings(
        studio_id="small-lab", name="Small Lab", legal_name="Small Lab e.V.", tls=(certificate, key)
    )
    form = office.page.form
    form.ask()
    with Receiver(tmp_path / "lab", token="t" * 20, admission=admission("small-lab"), settings=told) as receiver:
        office.page._connect(f"{receiver.url}/studio.json")
        assert "does not trust the receiver's certificate" in form.problem.text()
        assert form.certificate.isVisible()
        form.certificate.click()
        (chosen,) = office.certificates
        wrong = tmp_path / "wrong.pem"
        wrong.write_text("no certificate")
        chosen(wrong)
        assert "wrong.pem" in form.problem.text()
        assert form.certificate.isVisible()
        chosen(certificate)
        assert "small-lab" in office.page.studios
        assert not form.isVisible()
        office.page._connect("hello")
        assert not form.certificate.isVisible(), "no certificate would mend that"


def test_of_a_studio_that_got_nothing_nothing_is_said(office: Office, tmp_path: Path) -> None:
    picture, _ = take_ids(office.home)
    office.accept(picture)
    office.page._connect(str(studio_file(tmp_path)))
    office.page.ready_buttons[picture].click()
    office.signing.withdraw(picture, passphrase=lambda: "correct horse")
    office.post.withdrawn(picture)
    office.page.refresh()
    said = office.page.rows[picture, "lab"].reason.text()
    assert said.startswith("You took it back on "), "nothing had arrived"
    assert said.endswith("nothing more of it is sent."), "and nobody had to be told"


def test_a_chip_follows_the_answer_without_being_asked(office: Office, tmp_path: Path) -> None:
    picture, _ = take_ids(office.home)
    office.accept(picture)
    page = office.page
    page._connect(str(studio_file(tmp_path)))
    page.studios["lab"].token.setText("some-token")
    page.studios["lab"]._send()
    page.ready_buttons[picture].click()
    for now, chip in (
        (DeliveryStatus(picture, "lab", S.SENDING, 100, 10, bytes_per_s=5.0), "signed in"),
        (DeliveryStatus(picture, "lab", S.PAUSED, 100, 10, reason=ErrorCode.TOKEN_WRONG), "does not know your token"),
    ):
        office.post._heard(now)
        page.show_status(now)
        assert page.studios["lab"].chip.text() == chip
    page.studios["lab"].token.setText("another-token")
    page.studios["lab"]._send()
    assert page.studios["lab"].chip.text() == "token kept"
