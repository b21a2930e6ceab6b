"""Scenes for two on the page: chosen before the stage, the other's secret nowhere; media, skips, limits, sections."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.scene_facts import LeftOut
from perfstudio.session.skips import SkipReason
from perfstudio.ui.brief.media_card import read_picture
from perfstudio.ui.pages.brief import BriefChoices, BriefPage
from perfstudio.ui.pages.scenes import ScenesPage
from perfstudio.ui.scenes.section_head import SectionHead
from perfstudio.ui.settings.limits_section import LimitsSection
from perfstudio.ui.widgets import Banner
from rigs.duet_pack import LIGHT, SECRETS, duet, pack_folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A pack with two sections, a scene for two with a picture and a sound, and light ones. Nobody changes it."""
    place = tmp_path_factory.mktemp("scenes")
    folder = pack_folder(place / "evening", **evening())
    (folder / "media").mkdir()
    for name, data in MEDIA.items():
        (folder / "media" / name).write_bytes(data)
    with Home(AppPaths(place / "home"), use_keyring=False) as made:
        made.shelf._first_unfit = lambda files: None  # opened by a process of its own elsewhere
        made.scenes.import_pack(folder)
        yield made


def _png() -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice

    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("#c96"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


MEDIA = {"kitchen.png": _png(), "rain.wav": b"RIFF\x2c\0\0\0WAVEfmt " + b"\0" * 30}


def evening() -> dict[str, Any]:
    media = [
        {"id": name.partition(".")[0], "file": f"media/{name}", "kind": kind, "about": f"The {name}.",
         "sha256": hashlib.sha256(MEDIA[name]).hexdigest()}
        for name, kind in (("kitchen.png", "image"), ("rain.wav", "sound"))
    ]  # fmt: skip
    others = [LIGHT | {"id": name, "content_tags": ["none"]} for name in ("bus", "tram")]
    sections = [{"id": "w", "title": "Warm up", "about": "Short ones.", "prompts": ["tram"]}]
    return {
        "media": media,
        "prompts": [duet(media=["kitchen", "rain"], partner_kind="live"), *others],
        "sections": sections,
    }


def texts(page: QWidget) -> str:
    """Everything that is on a page and not hidden."""
    labels = [label.text() for label in page.findChildren(QLabel) if not label.isHidden()]
    return " ".join([*labels, *(child.accessibleName() for child in page.findChildren(QWidget))])


class Told:
    """A brief, and what it told its flow."""

    def __init__(self, qtbot: QtBot) -> None:
        self.all: list[tuple[object, ...]] = []
        choices = BriefChoices(
            role=lambda card, role: self.all.append(("role", role)),
            language=lambda card, tag: self.all.append(("language", tag)),
            skip=lambda card, *why: self.all.append(("skip", *why)),
            take_up=lambda card: self.all.append(("take up",)),
        )
        self.page = BriefPage(
            go_on=lambda card: self.all.append(("on", card.role)), go_back=lambda: None, choices=choices
        )
        qtbot.addWidget(self.page)


@pytest.fixture
def told(qtbot: QtBot) -> Told:
    return Told(qtbot)


def test_who_is_played_is_chosen_first_and_the_other_knows_what_they_know(told: Told, home: Home, qtbot: QtBot) -> None:
    page = told.page
    page.show_card(home.scenes.card("evening/duet"))
    assert not [secret for secret in SECRETS if secret in texts(page)]
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert told.all == [], "nobody steps on stage before"
    assert page.choosing is not None
    assert page.choosing.roles is not None
    page.choosing.roles.choose("b")
    assert told.all == [("role", "b")]
    page.show_card(home.scenes.card("evening/duet", "b"))
    assert SECRETS[1] in texts(page)
    assert SECRETS[0] not in texts(page)
    assert "Mara" in texts(page), "of the other the name"
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert told.all[-1] == ("on", "b")


def test_languages_are_chosen_and_a_missing_partner_is_said(told: Told, home: Home) -> None:
    page = told.page
    page.show_card(home.scenes.card("evening/duet", "a"))
    assert "perfstudio cannot bring one in" in texts(page)
    assert page.choosing is not None
    assert page.choosing.languages is not None
    page.choosing.languages.choose("de")
    assert told.all == [("language", "de")]


def test_pictures_are_shown_and_sounds_played_one_at_a_time(
    told: Told, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = told.page
    page.show_card(home.scenes.card("evening/duet", "a"))
    media = page.media
    assert media is not None
    assert [part.accessibleName() for part in media.parts] == ["The kitchen.png.", "The rain.wav."]
    opened: list[Path] = []
    monkeypatch.setattr(media.player, "open", lambda file, seconds: opened.append(file))
    sound = media.parts[1]
    sound.button.click()
    media.player.played.emit(True)
    assert (opened, sound.button.text()) == ([sound.file], "Stop")
    media.player.failed.emit()
    assert "cannot be played here" in texts(sound)
    assert sound.button.text() == "Play"
    sound.button.click()
    media.player.played.emit(True)
    page.hide()
    media.rest()
    assert sound.button.text() == "Play"
    assert read_picture(tmp_path / "no.png") is None


def test_skipping_asks_why_and_says_that_it_stays(told: Told, home: Home) -> None:
    page = told.page
    page.show_card(home.scenes.card("evening/bus"))
    page.skip.click()
    form = page.skipping
    assert form is not None
    assert "It stays on this computer." in texts(form)
    form.may_send.setChecked(True)
    assert "no way to send it yet" in texts(form)
    form.reasons.choose("unclear")
    form.words.setText(" Which bus? ")
    form.yes.click()
    assert told.all == [("skip", SkipReason.UNCLEAR, "Which bus?", True)]


def test_a_skipped_scene_says_so_with_the_way_back(told: Told, home: Home) -> None:
    home.scenes.skip(home.scenes.card("evening/bus"), SkipReason.OTHER, "No bus here.", may_send=True)
    told.page.show_card(home.scenes.card("evening/bus"))
    assert "You skipped this scene: No bus here." in texts(told.page)
    assert told.page.skip.isHidden()
    (banner,) = told.page.findChildren(Banner)
    assert banner.action is not None
    banner.action.click()
    assert told.all == [("take up",)]
    home.scenes.take_up(home.scenes.card("evening/bus"))


def test_sections_stand_above_their_scenes_and_what_is_left_out_is_counted(home: Home, qtbot: QtBot) -> None:
    asked: list[str] = []
    page = ScenesPage(
        open_scene=lambda card: None, import_file=lambda file: None, choose_file=lambda: None,
        open_limits=lambda: asked.append("limits"),
    )  # fmt: skip
    qtbot.addWidget(page)
    page.show_packs(home.scenes.packs()[:1])
    assert [tile.card.prompt.id for tile in page.tiles()][:3] == ["tram", "duet", "bus"]
    heads = [head.accessibleName() for head in page.findChildren(SectionHead) if not head.isHidden()]
    assert heads == ["Warm up"]
    assert page.limits.isHidden()
    home.settings.change(tags_never=("grief",))
    page.show_packs(home.scenes.packs())
    home.settings.change(tags_never=())
    assert "duet" not in [tile.card.prompt.id for tile in page.tiles()]
    assert not page.limits.isHidden()
    page.limits.link.click()
    assert asked == ["limits"]
    page.limits.show_left_out(LeftOut(2, 1))
    assert "2 scenes are hidden" in page.limits.words.text()


def test_breaks_and_the_way_out_of_a_role_are_the_performers(qtbot: QtBot, home: Home) -> None:
    section = LimitsSection(home.settings.change)
    qtbot.addWidget(section)
    section.show_settings(home.settings.now)
    assert (section.breaks.current(), section.cool_down.isChecked()) == ("45", True)
    section.breaks.choose("0")
    section.cool_down.click()
    assert (home.settings.now.break_after_min, home.settings.now.cool_down) == (0, False)
    section.show_settings(home.settings.change(break_after_min=100, cool_down=True))
    assert (section.breaks.current(), section.cool_down.isChecked()) == ("90", True)


def test_each_tag_is_played_told_before_or_never(qtbot: QtBot, home: Home) -> None:
    section = LimitsSection(home.settings.change)
    qtbot.addWidget(section)
    home.settings.on_change(section.show_settings)
    section.show_settings(home.settings.change(tags_never=("of-a-later-list",)))
    section.show()
    for choice in ("never", "note"):
        section.choices["grief"].choose(choice)
    section.choices["violence"].choose("never")
    now = home.settings.now
    assert (now.tags_never, now.tags_noted) == (("of-a-later-list", "violence"), ("grief",))
    section.choices["of-a-later-list"].choose("play")
    section.choices["grief"].choose("play")
    assert (home.settings.now.tags_never, home.settings.now.tags_noted) == (("violence",), ())
    home.settings.change(tags_never=())
    assert section.choices["violence"].current() == "play"
