"""What the performer chose: devices, look, name; and who they are."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from perfstudio.delivery.rate_cap import LEAST
from perfstudio.model.base import Document
from perfstudio.model.checks import FaceModel
from perfstudio.model.dates import Moment
from perfstudio.model.device import CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.ids import Slug, new_id
from perfstudio.session.takes.arranging import TakesView

KeyName = Annotated[str, Field(max_length=60)]
PageName = Annotated[str, Field(max_length=40)]


TEXT_SIZES = (100, 125, 150, 175, 200)
"""In percent: what is offered."""


class ThemeChoice(StrEnum):
    """Which theme: dark, light, or the system's."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class SetUp(Document):
    """A room that the performer plays in, by name: its devices, and where its lens is."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    camera: CameraRequest | None = None
    microphone: MicrophoneRequest | None = None
    camera_name: str = ""
    microphone_name: str = ""
    sound_only: bool = False
    headphones: str = Field(default="", max_length=400)
    headphones_name: str = Field(default="", max_length=300)
    line_x: float = Field(default=0.5, ge=0, le=1)
    line_y: float = Field(default=0.0, ge=0, le=1)


class Settings(Document):
    """settings.json. Unknown camera and microphone ids are kept: a device that is away may come back."""

    format: str = "perfstudio-settings/1"
    performer_id: str = Field(default_factory=new_id)
    signed_name: str = ""
    adult_stated: bool = False
    """The performer said to be 18 or older, before the first signature or the first duet."""
    adult_stated_at: Moment | None = None
    """When; None where an earlier version was told."""
    camera: CameraRequest | None = None
    microphone: MicrophoneRequest | None = None
    camera_name: str = ""
    microphone_name: str = ""
    """What the chosen devices are called, for the days on which they are away."""
    headphones: str = Field(default="", max_length=400)
    """What a recorded partner is heard in, by id: chosen, and confirmed to be heard; empty: nothing was."""
    headphones_name: str = Field(default="", max_length=300)
    """What it is called."""
    sound_only: bool = False
    set_ups: tuple[SetUp, ...] = Field(default=(), max_length=40)
    """The rooms that the performer has given a name, in the order in which they did."""
    theme: ThemeChoice = ThemeChoice.SYSTEM
    text_percent: int = Field(default=100, ge=100, le=200)
    reduced_motion: bool = False
    language: str = Field(default="", max_length=20)
    """What the window speaks, as the name of a catalogue (`de`); empty: as the system."""
    keys: dict[PageName, dict[KeyName, tuple[KeyName, ...]]] = Field(default={}, max_length=40)
    """By page of the window and the key that something came with: the keys that the performer chose in its place, as
    Qt names them everywhere (QKeySequence.PortableText)."""
    break_after_min: int = Field(default=45, ge=0, le=240)
    """Minutes on the stage after which a break is spoken of; 0: never."""
    cool_down: bool = True
    """Whether a word follows a scene that is heavy."""
    first_steps: int = Field(default=0, ge=0, le=100)
    """How many steps of the first start are behind the performer, done or skipped."""
    countdown_s: int = Field(default=3, ge=0, le=10)
    prompt_px: int = Field(default=45, ge=20, le=64)
    play_volume: int = Field(default=100, ge=0, le=100)
    """How loud takes are played on Review, in percent of what was recorded."""
    line_x: float = Field(default=0.5, ge=0, le=1)
    line_y: float = Field(default=0.0, ge=0, le=1)
    """Where the prompt stands on the stage, as shares of the room there; as here: at the top, in the middle."""
    self_view: bool = True
    """Whether the stage shows the performer to themselves."""
    tags_never: tuple[Slug, ...] = Field(default=(), max_length=200)
    """Content tags of scenes that are never offered."""
    tags_noted: tuple[Slug, ...] = Field(default=(), max_length=200)
    """Content tags of scenes that are offered with a note before."""
    play_language: str = Field(default="", max_length=60)
    """What was last chosen to be played in, as a BCP 47 tag; empty: what the pack asks for first."""
    face_model: FaceModel | None = None
    """A file for finding faces, in place of the finder that is built in."""
    deliveries_paused: bool = False
    """Read once more from files of 0.1.0; since then the outbox knows it (`delivery/outbox_switches.py`)."""
    sending_cap: int | None = Field(default=None, ge=LEAST)
    """Bytes a second that takes may leave at; None: as fast as the line allows."""
    sending_network: str = Field(default="", max_length=200)
    """The one network that takes are sent by, as the system names it; empty: any."""
    sending_metered: bool = False
    """Whether takes are sent by networks that are paid for by what is sent."""
    window_place: str = Field(default="", max_length=2000)
    """Where the window stood, and its size, as Qt writes it (QWidget.saveGeometry, base64); empty: as designed."""
    takes_view: TakesView = TakesView()
    """How the takes were last looked at."""
    place_told: str = ""
    """The folder of takes of which it was said that it is no plain one of this computer."""
    not_understood: tuple[str, ...] = ()
    """The keys of this file whose values mean nothing here, of which that was said."""

    def selection(self) -> DeviceSelection | None:
        """The devices to open, or None while nothing was chosen."""
        if self.microphone is None or (self.camera is None and not self.sound_only):
            return None
        return DeviceSelection(camera=None if self.sound_only else self.camera, microphone=self.microphone)
