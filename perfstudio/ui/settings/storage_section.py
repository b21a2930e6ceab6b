"""Where takes live, what they use, how much more fits, and the index made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from perfstudio.language.catalogue import _
from perfstudio.session.storage_location import StorageLocation
from perfstudio.session.takes.storage import PackStorage
from perfstudio.texts import devices as words
from perfstudio.ui.settings.setting_line import SettingLine, lines_card, parts_column
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, PlainLabel, ProgressLine, ScrollColumn


@dataclass(frozen=True, slots=True)
class Storage:
    """What the disk of the takes holds. `room_s` is recording time at the quality of the takes so far."""

    folder: Path
    takes: int
    used_bytes: int
    free_bytes: int
    time_left_s: float
    place: StorageLocation = field(default_factory=StorageLocation)
    packs: tuple[PackStorage, ...] = ()
    """What each pack's takes use, the most first."""


class StorageSection(ScrollColumn):
    """`open_folder` shows the folder in the system's own way, `rebuild` reads all take folders anew. `copy_button` is
    joined by who can copy everything."""

    def __init__(self, *, open_folder: Callable[[], object], rebuild: Callable[[], object]) -> None:
        super().__init__(spacing=16)
        self.folder = PlainLabel("", wrap=True, selectable=True)
        self.place = PlainLabel("", Role.SMALL, "look", wrap=True)
        self.open_button = Button(_("Open the folder"), icon="folder", on_click=open_folder)
        self.used = PlainLabel("", tabular=True, wrap=True)
        self.free = PlainLabel("", Role.SMALL, "text2", tabular=True, wrap=True)
        self.packs = PlainLabel("", tabular=True, wrap=True, selectable=True)
        self.share = ProgressLine(_("Disk used by takes"))
        self.rebuild_button = Button(_("Rebuild the list"), icon="again", on_click=rebuild)
        self.copy_button = Button(_("Copy everything of mine"), icon="copy")
        card = lines_card(
            [
                SettingLine(
                    _("Where takes are stored"),
                    parts_column(self.folder, self.place, self.open_button, gap_px=10),
                    _("Everything stays there."),
                ),
                SettingLine(_("Space"), parts_column(self.used, self.share, self.free, gap_px=10)),
                SettingLine(
                    _("By pack"),
                    parts_column(self.packs),
                    _("What is in the bin counts until you empty it, on the page of takes."),
                ),
                SettingLine(
                    _("A copy"),
                    parts_column(self.copy_button),
                    _("One folder with every take, what you signed and what was confirmed. No keys or tokens."),
                ),
                SettingLine(
                    _("List of takes"),
                    parts_column(self.rebuild_button),
                    _("Read again from the take folders. No take is touched."),
                ),
            ],
        )
        self.body.addWidget(card)
        self.body.addStretch(1)

    def show_storage(self, now: Storage) -> None:
        """Show folder, size and free space."""
        self.folder.say(words.folder(now.folder, Path.home()))
        place = words.place(now.place.kind, now.place.keeper)
        self.place.say(place)
        self.place.setVisible(bool(place))
        self.used.say(words.used(now.takes, now.used_bytes))
        self.free.say(words.room(now.free_bytes, now.time_left_s), "text2" if now.time_left_s > 1800 else "look")
        self.packs.say("\n".join(map(words.pack_storage, now.packs)) or words.used(0, 0))
        self.share.show_share(now.used_bytes / max(1, now.used_bytes + now.free_bytes))

    def show_rebuilding(self, *, on: bool) -> None:
        """While it works it cannot be asked twice."""
        self.rebuild_button.setEnabled(not on)
        self.rebuild_button.say(_("Reading every folder …") if on else _("Rebuild the list"))
