"""The Takes page over a real library: what is shown, decisions by key, the bin and its one question."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from ui_desks import Hall
from ui_takes import take_ids

from perfstudio.model.labels import Labels
from perfstudio.model.take import Decision, TakeState
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts.errors import sentence


def test_every_take_is_there_and_says_what_it_is(hall: Hall) -> None:
    picture, sound = take_ids(hall.home)
    assert hall.shown() == [sound, picture], "newest first"
    name = hall.page.tiles[picture].accessibleName()
    assert name.startswith("The letter, take 1. Ines · 0:0")
    assert name.endswith("to decide. practice")
    assert "on this computer" in hall.page.subtitle.text()
    assert hall.page.none_yet.isHidden()


def test_a_click_opens_and_letters_decide(hall: Hall, qtbot: QtBot) -> None:
    picture, _ = take_ids(hall.home)
    hall.page.tiles[picture].click()
    assert hall.review.calls == [picture]
    hall.focus(qtbot, picture)
    hall.press(picture, Qt.Key.Key_U)
    assert hall.consent.calls == [], "consent is for kept takes"
    hall.press(picture, Qt.Key.Key_K)
    assert hall.home.takes.manifest(picture).decision is Decision.KEPT
    hall.press(picture, Qt.Key.Key_C)
    assert hall.home.takes.manifest(picture).circled
    hall.press(picture, Qt.Key.Key_U)
    assert hall.consent.calls == [picture]
    hall.press(picture, Qt.Key.Key_S)
    assert hall.deliver.calls == [], "only what is signed can be sent"
    assert hall.label.calls == [picture], "it leads to what is missing first"
    assert hall.page.tiles[picture].hasFocus()


def test_a_kept_take_says_what_it_waits_for_and_leads_there(hall: Hall, qtbot: QtBot) -> None:
    picture, _ = take_ids(hall.home)

    def stands(words: str, *offered: str) -> None:
        hall.page.refresh()
        assert words in hall.page.tiles[picture].accessibleName()
        hall.page.show_actions(hall.page.tiles[picture])
        said = [action.text() for action in hall.page.menu.actions()]  # type: ignore[union-attr]
        hall.page.menu.close()  # type: ignore[union-attr]
        assert [one for one in offered if one in said] == list(offered)

    hall.home.takes.keep(picture)
    stands("kept. needs a label and your signature", "Say what you meant\tL", "Choose its uses\tU")
    hall.home.takes.label(picture, Labels(meant=("anger",)))
    stands("kept. needs your signature", "Choose its uses\tU")
    hall.focus(qtbot, picture)
    hall.press(picture, Qt.Key.Key_S)
    assert hall.consent.calls == [picture]


def test_filters_and_words_narrow(hall: Hall, qtbot: QtBot) -> None:
    picture, sound = take_ids(hall.home)
    hall.home.takes.circle(picture)
    hall.page.refresh()
    hall.page.filter.choose("circled")
    assert hall.shown() == [picture]
    hall.page.filter.choose("all")
    hall.page.search.setText("letter take 2")
    assert hall.shown() == [sound]
    hall.page.search.setText("nobody of that name")
    assert hall.shown() == []
    assert hall.page.nothing.isVisible()


def test_bin_undo_restore_and_the_one_question(hall: Hall, qtbot: QtBot) -> None:
    picture, sound = take_ids(hall.home)
    hall.focus(qtbot, sound)
    hall.press(sound, Qt.Key.Key_Delete)
    assert hall.shown() == [picture]
    hall.toast._button.click()
    assert hall.shown() == [sound, picture]
    hall.focus(qtbot, sound)
    hall.press(sound, Qt.Key.Key_Delete)
    hall.page.filter.choose("bin")
    assert hall.shown() == [sound]
    hall.page.empty_button.click()
    heading, _, choices = hall.ask.calls[0]  # type: ignore[misc]
    assert heading == "Delete 1 take for good?"
    assert choices[0].words == "Keep them", "the safe answer comes first"
    choices[0].then()
    assert hall.home.library.state(sound) is TakeState.BINNED
    choices[1].then()
    assert [line.take_id for line in hall.home.takes.lines(TakeState)] == [picture]
    assert "1 take deleted." in hall.toast._words.text()


def test_undo_brings_back_a_kept_take_as_kept(hall: Hall, qtbot: QtBot) -> None:
    picture, _ = take_ids(hall.home)
    hall.home.takes.keep(picture)
    hall.page.refresh()
    hall.focus(qtbot, picture)
    hall.press(picture, Qt.Key.Key_Delete)
    hall.toast._button.click()
    assert hall.home.takes.manifest(picture).decision is Decision.KEPT


def test_the_menu_names_what_can_be_done(hall: Hall) -> None:
    picture, _ = take_ids(hall.home)
    hall.page.show_actions(hall.page.tiles[picture])
    assert hall.page.menu is not None
    words = [action.text().partition("\t")[0] for action in hall.page.menu.actions() if not action.isSeparator()]
    assert words == ["Open", "Keep", "Circle", "Bin", "Show in folder"]
    hall.page.menu.actions()[-1].trigger()
    assert hall.files.calls == [(picture,)]
    hall.page.menu.close()


def test_without_takes_it_says_what_to_do(hall: Hall) -> None:
    for take_id in take_ids(hall.home):
        hall.home.takes.bin(take_id)
    hall.home.takes.empty_bin()
    hall.page.refresh()
    assert hall.page.none_yet.isVisible()
    assert hall.page.filter.isHidden() or not hall.page.filter.isVisible()


def test_back_from_a_take_the_keyboard_is_at_its_tile(hall: Hall, qtbot: QtBot) -> None:
    picture, sound = take_ids(hall.home)
    hall.focus(qtbot, picture)
    hall.press(picture, Qt.Key.Key_Return)
    assert hall.review.calls == [picture]
    hall.focus(qtbot, sound)
    hall.page.setFocus()  # as the window does when the page comes to the front
    assert hall.page.tiles[picture].hasFocus()


def test_a_damaged_take_says_why_in_the_words_of_verify(hall: Hall) -> None:
    picture, _ = take_ids(hall.home)
    paper = hall.home.library.folder(picture) / "take.json"
    whole = paper.read_bytes()
    for changed, words in (
        (whole.replace(b"Ines", b"Iris"), "It was changed after sealing"),
        (whole[:-100], "Its take.json cannot be read: it is not JSON"),
        (b'{"note": "", ' + whole.lstrip()[1:], "Its take.json is not valid"),
    ):
        paper.write_bytes(changed)
        hall.home.library.report_now()
        hall.page.refresh()
        tile = hall.page.tiles[picture]
        assert words in tile.accessibleName()
        assert tile.toolTip() == f"{words}."
        assert "needs attention" in tile.accessibleName()
    paper.write_bytes(whole.replace(b"Ines", b"Iris"))
    (said,) = [sentence(p) for p in verify_bundle(paper.parent).problems]
    assert ": it was changed after sealing." in said
