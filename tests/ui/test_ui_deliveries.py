"""Deliveries: rows for every state, and the page over the real outbox with a studio's own document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui_desks import Office, status, studio_file
from ui_takes import Told, take_ids

from perfstudio.model.clock import utc_now
from perfstudio.model.consent import UseId
from perfstudio.model.delivery import DeliveryState, DeliveryStatus, Receipt, ReceivedFile, SentNote
from perfstudio.model.errors import ErrorCode
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.model.labels import Labels
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.delivery.admission import admission
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.views import DeliveryLine, StudioLine, TakenBack
from perfstudio.texts import deliveries as words
from perfstudio.ui.deliveries.delivery_row import DeliveryRow, progress_words
from perfstudio.ui.pages.deliveries import DeliveriesView, _summary
from perfstudio.ui.widgets import PlainLabel
from rigs.certificates import self_signed

PATIENCE_MS = 60_000
S = DeliveryState


def row(qtbot: QtBot, now: DeliveryStatus) -> DeliveryRow:
    made = DeliveryRow(
        DeliveryLine(now, "The letter", 3, "Lab"), retry=Told(), take_out=Told(), sign_in=Told(), receipt=Told()
    )
    qtbot.addWidget(made)
    made.show()
    return made


def offered(made: DeliveryRow) -> list[str]:
    buttons = (made.sign_in, made.retry, made.receipt, made.take_out)
    return [button.text() for button in buttons if button.isVisible()]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (status(S.SENDING, bytes_per_s=145_000), "12 MB of 41 MB · 145 kB a second · about 3 min left"),
        (status(S.WAITING, next_try_s=41.6), "12 MB of 41 MB · tries again in 42 s"),
        (status(S.QUEUED, 0), "41 MB"),
        (status(S.DELIVERED, 41_000_000), "41 MB"),
    ],
)
def test_how_far_in_words(now: DeliveryStatus, words: str) -> None:
    assert progress_words(now) == words


@pytest.mark.parametrize(
    ("now", "buttons"),
    [
        (status(S.SENDING), ["Take it out"]),
        (status(S.WAITING, reason=ErrorCode.RECEIVER_UNREACHABLE), ["Try now", "Take it out"]),
        (status(S.PAUSED, reason=ErrorCode.TOKEN_MISSING), ["Sign in", "Take it out"]),
        (status(S.DELIVERED), ["Receipt"]),
        (status(S.REFUSED, reason=ErrorCode.RECEIVER_REFUSED), ["Try now"]),
        (status(S.CANCELLED), []),
        (status(S.CANCELLED, reason=ErrorCode.CONSENT_WITHDRAWN), []),
        (status(S.CANCELLED, reason=ErrorCode.CONSENT_WITHDRAWN, unfinished=True), ["Try now"]),
        (status(S.DELIVERED, unfinished=True), ["Try now", "Receipt"]),
    ],
)
def test_what_each_state_offers(qtbot: QtBot, now: DeliveryStatus, buttons: list[str]) -> None:
    assert offered(row(qtbot, now)) == buttons


def test_a_failure_says_what_happened_and_that_the_take_is_safe(qtbot: QtBot) -> None:
    made = row(qtbot, status(S.WAITING, reason=ErrorCode.RECEIVER_UNREACHABLE, facts=(("address", "lab.example"),)))
    assert "lab.example cannot be reached, or cannot take anything now. Your take is safe here." in made.reason.text()
    made.show_status(status(S.SENT, 41_000_000))
    assert "no way to confirm" in made.reason.text(), "sent is not delivered"
    assert "delivered" not in made.chip.text()
    made.show_status(status(S.DELIVERED, 41_000_000))
    assert made.chip.text() == "delivered"


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (status(S.PAUSED), "paused"),
        (status(S.PAUSED, 0, reason=ErrorCode.TOKEN_WRONG), "waits for another token"),
        (status(S.PAUSED, 0, reason=ErrorCode.TOKEN_MISSING), "waits for a token"),
        (status(S.PAUSED, 0, reason=ErrorCode.RECEIVER_UNSAFE), "held up"),
    ],
)
def test_what_rests_for_a_reason_was_not_paused_by_anybody(qtbot: QtBot, now: DeliveryStatus, word: str) -> None:
    made = row(qtbot, now)
    assert made.chip.text() == word
    assert "stays sent" not in made.reason.text()


@pytest.mark.parametrize(
    ("state", "sum_said"),
    [
        (S.QUEUED, "1 waiting"),
        (S.WAITING, "1 waiting"),
        (S.PAUSED, "1 waiting"),
        (S.SENDING, "1 on the way"),
        (S.VERIFYING, "1 on the way"),
        (S.DELIVERED, "1 arrived"),
        (S.SENT, "1 arrived"),
        (S.REFUSED, ""),
        (S.CANCELLED, ""),
    ],
)
def test_the_sum_says_what_is_so(state: DeliveryState, sum_said: str) -> None:
    assert _summary(DeliveriesView(), [status(state)]) == sum_said


@pytest.mark.parametrize(
    ("needs", "has", "known", "word"),
    [
        (False, False, None, "no sign-in needed"),
        (True, False, None, "not signed in"),
        (True, False, False, "not signed in"),
        (True, True, None, "token kept"),
        (True, True, True, "signed in"),
        (True, True, False, "does not know your token"),
    ],
)
def test_signed_in_is_what_the_studio_said(needs: bool, has: bool, known: bool | None, word: str) -> None:
    assert words.sign_in(StudioLine("lab", "Lab", "lab.example", needs, has, known))[0] == word


def test_the_receipt_unfolds_in_place(qtbot: QtBot, taken: Home) -> None:
    made = row(qtbot, status(S.DELIVERED))
    files = (ReceivedFile(role="picture", name="take.mp4", size=40_000_000, sha256="ab" * 32),)
    recorded_at = taken.takes.lines()[0].recorded
    made.show_receipt(
        Receipt(level="B", take_id="take", studio_id="lab", state="accepted", files=files, at=recorded_at)
    )
    assert made._papers.isVisible()
    made.show_receipt(None)
    assert made._papers.isHidden(), "once more folds it"


def test_a_receipt_says_who_has_signed_for_what() -> None:
    key = SigningKey.generate()
    signed = Receipt(level="B", take_id="t", studio_id="lab", state="accepted", files=(), at=utc_now()).signed(key)
    of_0_1_0 = signed.model_copy(update={"signature": None, "public_key": None})
    note = SentNote(take_id="t", studio_id="lab", files=(), at=utc_now())
    said = {
        "Signed by the receiver. Its key: " + fingerprint(key.public_key): signed,
        "The signature does not hold: this receipt was changed.": signed.model_copy(update={"take_id": "u"}),
        "Not signed: an earlier perfstudio wrote down what the receiver had answered.": of_0_1_0,
        "No receipt: this receiver has no way to confirm what arrived.": note,
    }
    for sentence, receipt in said.items():
        assert sentence in " ".join(words.receipt_words(receipt))


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


@pytest.fixture
def office(qtbot: QtBot, taken: Home) -> Iterator[Office]:
    host = QWidget()
    host.resize(1196, 800)
    qtbot.addWidget(host)
    made = Office(taken, host)
    host.show()
    made.page.refresh()
    yield made
    made.close()


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
    assert office.page.subtitle.text() == "2 waiting for you · everything rests until you go on"
    said = {label.text() for label in office.page._sections["unready"].findChildren(PlainLabel)}
    assert {"Waits for a label.", "Waits for your signature."} <= said
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
    assert "does not keep to its form" in office.page.form.problem.text()
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
    assert picture in office.page.ready_buttons or not office.page.rows[picture, "lab"].take_out.isVisible()
    assert office.page.copies.isVisible()


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
    assert office.page.pause_button.text() == "Go on"
    office.page.pause_button.click()
    assert not office.home.settings.now.deliveries_paused
    assert office.page.pause_button.isHidden(), "nothing to pause"


def test_sending_from_another_page_reads_first(office: Office, tmp_path: Path) -> None:
    picture, _ = take_ids(office.home)
    office.page._connect(str(studio_file(tmp_path)))
    office.accept(picture)
    office.page.send(picture)
    assert list(office.page.rows) == [(picture, "lab")], "signed a moment ago, and not on the page yet"


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
        assert refused.chip.text() == "waits for another token"
        assert "does not know your token" in refused.reason.text()
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
        assert "not trusted by this computer" in form.problem.text()
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


def test_a_studio_that_could_not_be_told_is_not_said_to_know() -> None:
    now = utc_now()
    waiting = words.taken_back("Small Lab", TakenBack(now, now, None, untold=True))
    assert waiting.endswith("Small Lab has not confirmed yet that it heard of it.")
    assert "told on" not in waiting


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
