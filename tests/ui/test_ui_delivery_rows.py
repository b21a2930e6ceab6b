"""A delivery's row, its receipt and the sum: true words and the right buttons for every state."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from ui_desks import row, status

from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import DeliveryState, DeliveryStatus, Receipt, ReceivedFile, SentNote
from perfstudio.model.errors import ErrorCode
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.session.home import Home
from perfstudio.session.views import StudioLine, TakenBack
from perfstudio.texts import deliveries as words
from perfstudio.ui.deliveries import delivery_row
from perfstudio.ui.deliveries.delivery_row import DeliveryRow, progress_words
from perfstudio.ui.deliveries.view import DeliveriesView, summary

S = DeliveryState


def offered(made: DeliveryRow) -> list[str]:
    buttons = (made.sign_in, made.retry, made.receipt, made.take_out)
    return [button.text() for button in buttons if button.isVisible()]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (status(S.SENDING, next_try_s=44.0), "12 MB of 41 MB · no answer yet, trying again in 44 s"),
        (status(S.SENDING, sent=0, bytes_read=20_500_000), "41 MB · reading its files before they are sent, 50 %"),
        (
            status(S.VERIFYING, 41_000_000, next_try_s=90.0),
            "41 MB of 41 MB · waiting for its answer, 1 min 30 s more",
        ),
        (status(S.SENDING, bytes_per_s=145_000), "12 MB of 41 MB · 145 kB a second · about 3 min left"),
        (status(S.WAITING, next_try_s=41.6), "12 MB of 41 MB · trying again in 42 s"),
        (status(S.QUEUED, 0), "41 MB"),
        (status(S.DELIVERED, 41_000_000), "41 MB"),
    ],
)
def test_how_far_in_words(now: DeliveryStatus, words: str) -> None:
    assert progress_words(now) == words


@pytest.mark.parametrize(
    ("now", "buttons"),
    [
        (status(S.SENDING), ["Remove"]),
        (status(S.WAITING, reason=ErrorCode.RECEIVER_UNREACHABLE), ["Try now", "Remove"]),
        (status(S.PAUSED, reason=ErrorCode.TOKEN_MISSING), ["Sign in", "Remove"]),
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
    assert "lab.example cannot be reached, or cannot accept anything now. Your take is safe here." in made.reason.text()
    made.show_status(status(S.SENT, 41_000_000))
    assert "no way to confirm" in made.reason.text(), "sent is not delivered"
    assert "delivered" not in made.chip.text()
    made.show_status(status(S.DELIVERED, 41_000_000))
    assert made.chip.text() == "delivered"


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (status(S.PAUSED), "paused"),
        (status(S.PAUSED, 0, reason=ErrorCode.TOKEN_WRONG), "needs another token"),
        (status(S.PAUSED, 0, reason=ErrorCode.TOKEN_MISSING), "needs a token"),
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
    assert summary(DeliveriesView(), [status(state)]) == sum_said


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


def test_the_keyboard_goes_on_to_what_harms_nothing(qtbot: QtBot) -> None:
    """The delivery moves by itself while its button has the focus."""
    made = row(qtbot, status(S.SENDING))
    made.activateWindow()
    made.pause.setFocus()
    for now, focused in (
        (status(S.PAUSED), made.go_on),
        (status(S.PAUSED, reason=ErrorCode.TOKEN_MISSING), made.sign_in),
        (status(S.WAITING, reason=ErrorCode.RECEIVER_UNREACHABLE), made.pause),
        (status(S.DELIVERED), made.receipt),
    ):
        made.show_status(now)
        assert made.focusWidget() is focused, now


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
        "The signature is not valid: this receipt was changed.": signed.model_copy(update={"take_id": "u"}),
        "Not signed: an earlier perfstudio wrote down the receiver's answer.": of_0_1_0,
        "No receipt: this receiver has no way to confirm what arrived.": note,
    }
    for sentence, receipt in said.items():
        assert sentence in " ".join(words.receipt_words(receipt))


def test_what_is_waited_for_comes_nearer(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(delivery_row, "monotonic", lambda: clock[0])
    made = row(qtbot, status(S.WAITING, next_try_s=300.0))
    for gone_s, left in ((1.0, "4 min 59 s"), (299.0, "1 s"), (400.0, "1 s")):
        clock[0] = 100.0 + gone_s
        made.tick()
        assert made.words.text().endswith(f"trying again in {left}")


def test_a_studio_that_could_not_be_told_is_not_said_to_know() -> None:
    now = utc_now()
    waiting = words.taken_back("Small Lab", TakenBack(now, now, None, untold=True))
    assert waiting.endswith("Small Lab has not yet confirmed that it was told.")
    assert "told on" not in waiting
