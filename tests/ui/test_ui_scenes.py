"""Scenes: searched and filtered, opened by key, imported by drop, and warned of before they are opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from ui_gallery import packs
from ui_scenes import scenes

from perfstudio.packs.signature import Authorship
from perfstudio.session.views import SceneState
from perfstudio.ui.scenes.pack_header import PackHeader
from perfstudio.ui.widgets.label import PlainLabel

__all__ = ["scenes"]


def test_scenes_are_searched_and_filtered(qtbot, scenes) -> None:
    assert len(scenes.tiles()) == 41
    scenes.filter.choose("done")
    assert {tile.card.state for tile in scenes.tiles()} == {SceneState.CIRCLED, SceneState.DELIVERED}
    head = scenes.findChildren(PackHeader)[0]
    said = [label.text() for label in head.findChildren(PlainLabel)]
    assert {"2 of 6 done", "1 delivered"} <= set(said), "a scene that was delivered is done, and nobody circled it"
    assert not any("circled" in words for words in said)
    scenes.filter.choose("all")
    qtbot.keyClicks(scenes.search, "ines Brother")
    assert scenes.tiles()
    assert all(tile.card.brief.name == "Ines" for tile in scenes.tiles())
    scenes.search.setText("no such feeling anywhere")
    assert scenes.tiles() == []
    assert scenes.nothing.isVisible()


def test_scenes_are_sifted_by_emotion_length_character_and_kind(scenes) -> None:
    menus, everything = scenes.sift.menus, len(scenes.tiles())
    assert scenes.sift.reset.isHidden()
    menus["kind"].choose("pair")
    pairs = scenes.tiles()
    assert 0 < len(pairs) < everything
    assert all("one of a pair" in tile.accessibleName() for tile in pairs)
    menus["character"].choose("Tomas")
    assert {tile.card.brief.name for tile in scenes.tiles()} == {"Tomas"}
    menus["emotion"].choose("shame")
    assert all("shame" in tile.accessibleName() for tile in scenes.tiles())
    scenes.sift.reset.click()
    assert (len(scenes.tiles()), scenes.sift.reset.isHidden()) == (everything, True)
    assert [menu.current for menu in menus.values()] == [""] * 4


def test_content_notes_stand_on_the_card_before_it_is_opened(scenes) -> None:
    tile = next(t for t in scenes.tiles() if t.card.prompt.content_notes)
    assert "Family estrangement" in tile.accessibleDescription()
    assert "The letter" in tile.accessibleName()
    assert "2 takes" in tile.accessibleName()
    with_notes = tile.grab().toImage()
    bare = tile.card.prompt.model_copy(update={"content_notes": ()})
    tile.show_card(replace(tile.card, prompt=bare))
    assert tile.grab().toImage() != with_notes


def test_scene_opens_by_key_and_by_click(qtbot, scenes) -> None:
    first, second = scenes.tiles()[:2]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Space)
    qtbot.keyClick(second, Qt.Key.Key_Return)
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert scenes.opened == [second.card, second.card, first.card]


def test_tiles_stay_when_only_their_state_changes(scenes) -> None:
    first = scenes.tiles()[0]
    first.setFocus()
    changed = packs()
    cards = (replace(changed[0].cards[0], state=SceneState.CIRCLED, takes=3), *changed[0].cards[1:])
    scenes.show_packs((replace(changed[0], cards=cards), changed[1]))
    assert scenes.tiles()[0] is first
    assert first.hasFocus()
    assert first.card.state is SceneState.CIRCLED


def test_a_dropped_pack_is_handed_in_and_nothing_else(scenes, tmp_path: Path) -> None:
    def drop(name: str) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)), QUrl("https://example.org/a.perfpack")])
        scenes.dropEvent(
            QDropEvent(
                QPointF(10, 10),
                Qt.DropAction.CopyAction,
                mime,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )

    drop("holiday.png")
    drop("Thresholds.PERFPACK")
    assert scenes.imported == [tmp_path / "Thresholds.PERFPACK"]


def test_no_packs_offers_the_import(scenes) -> None:
    sections = list(scenes._sections)
    scenes.show_packs(())
    assert not any(section.isVisible() for section in sections)
    assert scenes.none_yet.isVisible()
    assert not scenes.search.isVisible()


def test_back_from_a_scene_the_keyboard_is_at_its_card(qtbot, scenes) -> None:
    card, other = scenes.tiles()[3:5]
    qtbot.keyClick(card, Qt.Key.Key_Return)
    other.setFocus()
    scenes.setFocus()  # as the window does when the page comes to the front
    assert card.hasFocus()
    qtbot.keyClick(card, Qt.Key.Key_Right)
    assert other.hasFocus()
    scenes.search.setText("no such scene")
    scenes.setFocus()
    assert not card.hasFocus(), "it is not shown"


def test_whose_a_pack_is_stands_on_its_card_and_what_is_doubtful_looks_so(scenes) -> None:
    lab = next(pack for pack in packs() if not pack.bundled)
    heads = {}
    for author in Authorship:
        scenes.show_packs((replace(lab, author=author, signed_by="1a2b 3c4d 5e6f 7a8b"),))
        (head,) = (head for head in scenes.findChildren(PackHeader) if head.isVisible())
        heads[author] = (head._author.text(), head._author.isVisible(), head._author._tone)
    assert heads == {
        Authorship.UNKNOWN: ("", False, "text2"),
        Authorship.SIGNED: (f"Signed by {lab.studio.name} with the key 1a2b 3c4d 5e6f 7a8b", True, "text2"),
        Authorship.MISSING: (f"Not signed, although {lab.studio.name} signs its packs", True, "look"),
        Authorship.OTHER_KEY: (
            f"Signed with 1a2b 3c4d 5e6f 7a8b, which is not the key {lab.studio.name} is known by", True, "look"
        ),
    }  # fmt: skip


def test_what_to_know_before_is_read_whole_on_the_card(qtbot, scenes) -> None:
    """A text for somebody's safety is not cut: the card is higher."""
    tile = next(t for t in scenes.tiles() if t.card.prompt.content_notes)
    usual = tile.sizeHint().height()
    notes = ("Strong anger, and a quarrel that does not end.", "The death of a parent, spoken of at length.")
    tile.show_card(replace(tile.card, prompt=tile.card.prompt.model_copy(update={"content_notes": notes})))
    lines = tile.note_lines()
    assert len(lines) > 1
    assert " ".join(lines).split() == " · ".join(note.rstrip(".") for note in notes).split()
    assert tile.sizeHint().height() > usual
