"""What is signed is read on the page first, at its line; and a line comes back as it was given."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot
from test_ui_consent import SECRET, Desk
from ui_takes import SOUND, Told

from perfstudio.consent.verify import verify_record
from perfstudio.consent.warnings import findings
from perfstudio.model.consent import SEPARATE_USES, Compensation, RequestedUse, UseId
from perfstudio.model.device import DeviceSelection
from perfstudio.model.prompt import StudioInfo
from perfstudio.paths import AppPaths
from perfstudio.session import settings_file
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.views import ConsentOffer, KeyState
from perfstudio.texts import rights
from perfstudio.ui.consent.use_grid import UseGrid
from perfstudio.ui.consent.use_line import UseLine
from rigs.asking_pack import FULL_LINE, asking_pack, write_pack
from rigs.model_walk import changes

FULL = RequestedUse.model_validate(FULL_LINE)
"""One line with every field filled in."""


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one kept take of a pack that asks for much."""
    import threading

    folder = tmp_path_factory.mktemp("asked")
    with Home(AppPaths(folder / "home")) as made:
        made.scenes.import_pack(write_pack(folder / "asking.perfpack", asking_pack()))
        pair = DeviceSelection(camera=None, microphone=SOUND)
        take = record_take(made, "thresholds/own-door", pair, 1.2, RecordingHooks(threading.Event()))
        made.takes.keep(take.take_id)
    return folder / "home"


@pytest.fixture
def recorded(asked: Path) -> Path:
    """In place of the practice takes."""
    return asked


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1196, 800)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def desk(taken: Home, host: QWidget) -> Desk:
    made = Desk(taken, host)
    (line,) = taken.takes.lines()
    made.show(line.take_id)
    return made


@pytest.fixture
def take_id(taken: Home) -> str:
    return taken.takes.lines()[0].take_id


def read(widget: QWidget) -> str:
    """Everything that can be seen on it, once it is shown itself."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what was there before is gone by then
    QCoreApplication.sendPostedEvents()  # and what was just made is shown
    parts = [part for kind in (QLabel, QAbstractButton) for part in widget.findChildren(kind)]
    seen = [part.text() for part in parts if part.isVisibleTo(widget)]
    return "\n".join(seen).replace("\N{ZERO WIDTH SPACE}", "")


@pytest.fixture
def grid(qtbot: QtBot) -> UseGrid:
    """Read only: nothing of it is drawn."""
    made = UseGrid()
    qtbot.addWidget(made)
    return made


def unfolded(grid: UseGrid, offer: ConsentOffer) -> str:
    """What the lines of an offer say when each is unfolded."""
    grid.show_offer(offer)
    for line in grid.lines.values():
        line.unfold()
    return read(grid)


def test_every_leaf_of_a_line_is_read_before_it_is_signed(qtbot: QtBot) -> None:
    """On the line itself, of which the grid has one for each use."""

    def unfolded(use: RequestedUse) -> str:
        line = UseLine(use)
        qtbot.addWidget(line)
        line.unfold()
        return read(line)

    before, walked = unfolded(FULL), set()
    for change, use in changes(FULL):
        walked.add(change.path)
        said = unfolded(use)
        assert said != before, f"{change.path} = {change.value!r} is signed and never shown"
        assert change.word is None or change.word in said, f"{change.path} is signed and never shown"
    assert {"sublicense", "processing", "automated_decisions", "storage", "replica.suspension"} <= walked


def test_who_asks_and_what_is_paid_is_read_before_it_is_signed(desk: Desk, grid: UseGrid) -> None:
    offer = desk.page.offer
    assert offer is not None
    studio = StudioInfo.model_validate(offer.studio.to_json() | {"jurisdiction": ["Norway"], "address": "Quay 1"})
    pay = Compensation(basis="session", amount="40", currency="EUR", note="Soon")
    offer = replace(offer, studio=studio, pay=pay, uses=(FULL,))
    before = unfolded(grid, offer)
    for change, changed in changes(pay):
        assert unfolded(grid, replace(offer, pay=changed)) != before, f"pay.{change.path} is never shown"
    for change, changed in changes(studio):
        if change.path != "url":  # where it is sent to; not signed
            assert unfolded(grid, replace(offer, studio=changed)) != before, f"studio.{change.path} is never shown"
    terms = offer.terms
    desk.page.read_terms(terms)
    assert terms.text in desk.page.reader.text
    assert terms.summary in read(desk.page)
    assert f"version {terms.version}" in read(desk.page)


def test_a_line_says_what_weighs_before_it_is_unfolded(desk: Desk) -> None:
    said = read(desk.page.grid.lines[UseId.STORE_REVIEW])
    for words in ("others may also use it", "software alone may decide", "Anyone whom North Lab names"):
        assert words in said
    copy = read(desk.page.grid.lines[UseId.REPLICA_VOICE])
    for words in ("exclusive", "not asked again", "may stay when you leave", "€1"):
        assert words in copy


def test_what_is_inside_another_line_is_not_called_not_requested(desk: Desk) -> None:
    said = read(desk.page.grid)
    inside = "Not a line of its own, but part of “Keep this take and let named reviewers watch it”"
    assert f"Give it to others\n{inside}" in said
    assert f"Show this take publicly\n{inside}" in said
    assert f"Let finished software analyse it\n{rights.NOT_REQUESTED}" in said


def test_a_copy_inside_another_line_is_said_in_its_box(desk: Desk, grid: UseGrid) -> None:
    assert desk.page.offer is not None
    grid.show_offer(replace(desk.page.offer, uses=(FULL,)))
    said = read(grid)
    assert "This pack does not ask for it" not in said
    assert "Make something that sounds like me\nNot a line of its own" in said


def test_who_advised_is_chosen_signed_and_read(desk: Desk, take_id: str) -> None:
    assert "Advised by" in read(desk.page)
    desk.page.card.advised.choose("union")
    sign(desk)
    assert desk.consents.record(take_id).representation == "union"
    assert "Advised by a union" in read(desk.page)


def test_what_is_told_stands_beside_its_line_and_above_the_signature(desk: Desk, take_id: str) -> None:
    line = desk.page.grid.lines[UseId.STORE_REVIEW]
    assert "Stop and think\nThose who receive it may let others use it" in read(line)
    assert desk.page.warned.isHidden(), "nothing is on, and the text is fair"
    assert "no legal advice" in desk.page.warned.caution.text(), "that nothing is found does not mean that all is well"
    line.toggle.click()
    assert desk.page.sign_button.text() == "Sign anyway"
    said = read(desk.page.warned)
    assert said.startswith("Read this once more before you sign\nKeep this take and let named reviewers watch it\n")
    assert "Stop and think" in said
    desk.page.grid.lines[UseId.REPLICA_VOICE].toggle.click()
    line.toggle.click()
    assert desk.page.warned.isHidden()
    assert desk.page.sign_button.text() == "Sign"
    line.toggle.click()
    desk.page.card.advised.choose("union")
    desk.page.card.adviser.setText("Equity")
    desk.type_in()
    desk.page.sign()
    record = desk.consents.record(take_id)
    assert desk.page.offer is not None
    assert record.warned == desk.page.offer.told()
    assert desk.page.warned.isHidden()
    assert desk.page.warned.caution.isHidden()
    assert "Advised by a union: Equity" in desk.page.card.who.text()


def test_a_text_that_was_not_read_by_the_rules_is_said_to_be_so(desk: Desk) -> None:
    assert desk.page.offer is not None
    desk.page.read_terms(desk.page.offer.terms.model_copy(update={"language": "de"}))
    assert "The text is not in English." in read(desk.page.warned), "so few words show no language of their own"
    german = "Das Studio darf die Aufnahmen zeitlich und räumlich unbeschränkt nutzen und die Rechte übertragen."
    desk.page.read_terms(desk.page.offer.terms.model_copy(update={"text": german}))
    assert "The text is not in English." in read(desk.page.warned)
    desk.page.read_terms(desk.page.offer.terms)
    assert desk.page.warned.isHidden()


def test_a_copy_for_too_long_cannot_be_turned_on_and_says_why(desk: Desk, grid: UseGrid) -> None:
    assert desk.page.offer is not None
    long = FULL.model_copy(update={"id": UseId.REPLICA_LIKENESS, "term": "P11Y"})
    told = findings((long,), desk.page.offer.terms, desk.page.offer.pay)
    grid.show_offer(replace(desk.page.offer, uses=(long,), warned={"en": told}))
    line = grid.lines[long.id]
    line.toggle.click()
    assert grid.granted() == frozenset()
    assert "more than 10 years. Such a line cannot be signed here." in read(line)


def test_what_stands_apart_is_never_set_with_others(desk: Desk, grid: UseGrid) -> None:
    assert desk.page.offer is not None
    every = tuple(FULL.model_copy(update={"id": use, "replica": None}) for use in UseId)
    grid.show_offer(replace(desk.page.offer, uses=every))
    grid.choose(frozenset(UseId))
    assert grid.granted() == frozenset(UseId) - SEPARATE_USES


def sign(desk: Desk) -> None:
    for line in desk.page.grid.lines.values():
        line.toggle.click()
    desk.type_in()
    desk.page.sign()
    assert desk.page.problem.isHidden(), desk.page.problem.sentence.text()


def test_a_line_is_taken_back_where_it_was_given_after_one_question(desk: Desk, take_id: str) -> None:
    told = Told()
    desk.consents.withdrawn = told
    sign(desk)
    desk.page.show_lines()
    back = desk.page.grid.lines[UseId.REPLICA_VOICE].take_back
    assert back is not None
    back.link.click()
    assert "The voice is deleted." in back.words.text()
    back.keep.click()
    assert desk.consents.record(take_id).granted() == {UseId.STORE_REVIEW, UseId.REPLICA_VOICE}
    back.link.click()
    desk.page.card.passphrase.setText(SECRET)
    back.yes.click()
    record = desk.consents.record(take_id)
    assert record.granted() == {UseId.STORE_REVIEW}
    assert verify_record(record, desk.home.takes.manifest(take_id)) == ()
    assert told.calls == [take_id]
    assert desk.page.grid.lines[UseId.REPLICA_VOICE].take_back is None
    assert "taken back" in read(desk.page.grid.lines[UseId.REPLICA_VOICE])
    assert desk.page.grid.lines[UseId.STORE_REVIEW].take_back is not None


def test_a_line_taken_back_is_given_again_in_the_same_way(desk: Desk, take_id: str) -> None:
    told = Told()
    desk.consents.given = told
    sign(desk)
    signed = desk.consents.record(take_id)
    desk.consents.withdraw(take_id, frozenset({UseId.REPLICA_VOICE}), passphrase=lambda: SECRET)
    desk.show(take_id)
    again = desk.page.grid.lines[UseId.REPLICA_VOICE].give_again
    assert again is not None
    again.link.click()
    assert "from today for" in again.words.text()
    again.keep.click()
    again.link.click()
    again.yes.click()
    assert "passphrase" in desk.page.problem.sentence.text()
    desk.page.card.passphrase.setText(SECRET)
    again.yes.click()
    record = desk.consents.record(take_id)
    assert record.granted() == signed.granted()
    assert verify_record(record, desk.home.takes.manifest(take_id)) == ()
    assert told.calls == [take_id]
    assert desk.page.grid.lines[UseId.REPLICA_VOICE].take_back is not None


def test_a_needed_line_says_that_nothing_is_sent_without_it(desk: Desk) -> None:
    sign(desk)
    back = desk.page.grid.lines[UseId.STORE_REVIEW].take_back
    assert back is not None
    assert "nothing more of this take is sent" in back.words.text()


def test_a_passphrase_is_asked_for_before_a_line_is_taken_back(desk: Desk, take_id: str) -> None:
    sign(desk)
    back = desk.page.grid.lines[UseId.STORE_REVIEW].take_back
    assert back is not None
    back.yes.click()
    assert "passphrase" in desk.page.problem.sentence.text()
    assert desk.consents.record(take_id).granted() == {UseId.STORE_REVIEW, UseId.REPLICA_VOICE}


def test_a_damaged_key_hides_nothing_and_is_said_before_signing(desk: Desk, take_id: str) -> None:
    key = desk.home.paths.keys / "signing-key.json"
    key.write_text("{")
    desk.show(take_id)
    assert desk.page.offer is not None
    assert desk.page.offer.key is KeyState.DAMAGED
    assert "keys/signing-key.json" in desk.page.card.key_words.text()
    assert desk.page.card.passphrase.isHidden()
    desk.page.grid.lines[UseId.STORE_REVIEW].toggle.click()
    desk.page.card.name.setText("Ines")
    desk.page.card.adult.toggle.click()
    desk.page.sign()
    assert "keys/signing-key.json" in desk.page.problem.sentence.text()
    key.rename(key.with_name("old.json"))
    desk.show(take_id)
    sign(desk)


def test_a_signature_does_not_depend_on_the_settings(desk: Desk, take_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: Path, data: bytes) -> None:
        raise OSError(28, "no room", str(file))

    monkeypatch.setattr(settings_file, "write_durably", full)
    sign(desk)
    assert json.loads((desk.home.library.folder(take_id) / "consent.json").read_text())["events"]


def test_long_texts_stay_inside_the_smallest_window(desk: Desk, host: QWidget, qtbot: QtBot) -> None:
    assert desk.page.offer is not None
    long = FULL.model_copy(
        update={"exactly": "Word " * 300, "storage": ("w" * 180,), "territory": ("Some place " * 15,)}
    )
    host.resize(876, 600)
    desk.page.grid.show_offer(replace(desk.page.offer, uses=(long,)))
    line = desk.page.grid.lines[long.id]
    line.unfold()
    qtbot.waitUntil(lambda: line.details is not None and line.details.height() > 200, timeout=60_000)
    qtbot.waitUntil(lambda: line.width() <= desk.page.grid.viewport().width(), timeout=60_000)
