"""What the performer chose: devices, look, name. One small JSON file, replaced whole, set aside when unreadable."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError

from perfstudio.model.base import Document
from perfstudio.model.checks import FaceModel
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.ids import new_id


class ThemeChoice(StrEnum):
    """Which look."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Settings(Document):
    """settings.json. Unknown camera and microphone ids are kept: a device that is away may come back."""

    format: str = "perfstudio-settings/1"
    performer_id: str = Field(default_factory=new_id)
    signed_name: str = ""
    camera: CameraRequest | None = None
    microphone: MicrophoneRequest | None = None
    camera_name: str = ""
    microphone_name: str = ""
    """What the chosen devices are called, for the days on which they are away."""
    sound_only: bool = False
    devices_chosen: bool = False
    theme: ThemeChoice = ThemeChoice.SYSTEM
    text_percent: int = Field(default=100, ge=100, le=200)
    reduced_motion: bool = False
    countdown_s: int = Field(default=3, ge=0, le=10)
    prompt_px: int = Field(default=25, ge=20, le=64)
    self_view: bool = True
    """Whether the stage shows the performer to themselves."""
    face_model: FaceModel | None = None
    """A file for finding faces, in place of the finder that is built in."""
    deliveries_paused: bool = False
    last_pack: str = ""
    place_told: str = ""
    """The folder of takes of which it was said that it is no plain one of this computer."""

    def selection(self) -> DeviceSelection | None:
        """The devices to open, or None while nothing was chosen."""
        if self.microphone is None or (self.camera is None and not self.sound_only):
            return None
        return DeviceSelection(camera=None if self.sound_only else self.camera, microphone=self.microphone)


class SettingsStore:
    """The settings in force, and the file they live in."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._heard: list[Callable[[Settings], None]] = []
        self.set_aside: Path | None = None
        """Where an unreadable settings file went, so that it can be said once."""
        self.now = self._read()

    def change(self, **values: object) -> Settings:
        """Replace some values and write the file; those who listen are told."""
        self.now = Settings.model_validate({**self.now.model_dump(), **values})
        self._write()
        for hear in tuple(self._heard):
            hear(self.now)
        return self.now

    def on_change(self, hear: Callable[[Settings], None]) -> None:
        """Call `hear` with the new settings after every change."""
        self._heard.append(hear)

    def _read(self) -> Settings:
        try:
            return Settings.model_validate(json.loads(self._file.read_text("utf-8")))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, ValidationError):
            self.set_aside = self._file.with_suffix(".unreadable.json")
            self._file.replace(self.set_aside)
        self.now = Settings()
        self._write()  # the performer id is made once
        return self.now

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(self.now.to_json(), out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._file)
