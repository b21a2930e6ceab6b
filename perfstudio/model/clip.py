"""clip.json: a take of one performer, or part of it, as a file that a colleague plays to.

A `.perfclip` is a zip of clip.json and its media, none of them packed: the sound always, the picture where the one who
is seen said so. Clip time is seconds since the first sample of the clip's sound. Nothing in the file names a person who
did not ask for it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.consent import Line
from perfstudio.model.dates import Moment
from perfstudio.model.delivery import Uuid
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.opening import CLIP_SUFFIX
from perfstudio.model.prompt import Language
from perfstudio.model.spoken import only_when_said
from perfstudio.model.two_in_a_scene import ClipPerformer, TakeRef

FORMAT: Final = "perfstudio-clip/1"
ENDING: Final = CLIP_SUFFIX
CLIP_JSON: Final = "clip.json"
SOUND: Final = "sound.flac"
PICTURE: Final = "picture.mp4"
CLIP_JSON_BYTES: Final = 64 << 10
"""clip.json: some forty short values and one sentence."""
MOST_BYTES: Final = 2_000_000_000
"""The file: half an hour, the longest clip that is played, at 8 Mbit/s."""


class ClipUse(StrEnum):
    """What the one who receives a clip may do with it; nothing else is given with it."""

    HEAR = "hear"  # hear it in headphones while a take of the same scene rolls, and beside that take
    SEE = "see"  # see its picture beside that take


def clip_uses(*, picture: bool) -> tuple[ClipUse, ...]:
    """What may be done with a clip whose performer lets themselves be heard, or seen, too."""
    return (ClipUse.HEAR, ClipUse.SEE) if picture else (ClipUse.HEAR,)


class ClipAgreed(Document):
    """What the performer agreed to before the file was written."""

    at: Moment
    """When."""
    language: Language
    """The language of the sentence, as a BCP 47 tag."""
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    """The sentence that was read, word for word."""
    may: Annotated[tuple[ClipUse, ...], Field(min_length=1, max_length=len(ClipUse))]
    """What the one who receives it may do."""
    keep_until: Moment
    """Until when it may be kept: perfstudio plays it no more from then on, and deletes its copy."""


class ClipSound(Document):
    """sound.flac: the samples of the take's sound, from one to another, as they are there."""

    size: int = Field(ge=1)
    """Bytes."""
    sha256: Sha256
    """SHA-256 of its bytes. A take that was made against the clip names this one."""
    rate_hz: int = Field(ge=1, le=768_000)
    """Samples a second, nominal."""
    channels: int = Field(ge=1, le=8)
    """How many."""
    samples: int = Field(ge=1)
    """Samples of each channel."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.samples / self.rate_hz


class ClipPicture(Document):
    """picture.mp4: the take's picture, H.264 as it was recorded, without sound."""

    size: int = Field(ge=1)
    """Bytes."""
    sha256: Sha256
    """SHA-256 of its bytes."""
    width: int = Field(ge=1, le=16_384)
    """In pixels."""
    height: int = Field(ge=1, le=16_384)
    """In pixels."""
    fps: float = Field(ge=0.1, le=1000)
    """Pictures a second, measured over the file; of the take where the file has only one."""
    first_s: float = Field(ge=-60, le=60)
    """Clip time of the file's moment 0, in seconds. Below 0 where the picture has to begin before the sound, at the
    last one that stands for itself."""


class ClipScene(Document):
    """The scene that was played, as far as both who play in it read it."""

    studio_id: Slug
    """The studio that asked for it."""
    pack_id: Slug
    """The pack."""
    pack_version: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """Its version."""
    pack_title: Line
    """Its title."""
    prompt_id: Slug
    """The scene in it."""
    title: Line
    """The title of the scene."""
    sha256: Sha256
    """SHA-256 of what both roles read of it: the same words have the same hash, whatever the version of the pack."""
    language: Language
    """The language that was played, as a BCP 47 tag."""


class ClipRole(Document):
    """One of the two who play."""

    id: Slug
    """Its id in the scene."""
    name: Line
    """What it is called."""


class ClipDocument(Document):
    """clip.json: what a clip is made of, for whom, and what may be done with it."""

    format: Literal["perfstudio-clip/1"] = "perfstudio-clip/1"
    """This format."""
    clip_id: Uuid
    """Random; the same in every copy of the file."""
    made_utc: Moment
    """When it was made."""
    take_id: TakeRef
    """The take that it was made of."""
    seal_sha256: Sha256
    """The seal of that take: proves which take it was."""
    performer_id: ClipPerformer
    """The pseudonym of whoever played: the performer id of their takes. No name."""
    called: Line | None = only_when_said()
    """What they want to be called by the one who receives it; absent unless they said so."""
    practice: bool = False
    """The take was made with a practice device."""
    scene: ClipScene
    """What was played."""
    role: ClipRole | None = only_when_said()
    """Who was played, where the scene names roles."""
    answer: ClipRole | None = only_when_said()
    """Who is played by whoever answers, where the scene names roles."""
    first_sample: int = Field(ge=0)
    """The sample of the take's sound that is sample 0 of the clip: take time is clip time plus this many samples."""
    go_s: float
    """Clip time of the take's "go", in seconds; below 0 where the clip begins behind it."""
    sound: ClipSound
    """What is heard."""
    picture: ClipPicture | None = only_when_said()
    """What is seen; absent where only the sound was given."""
    agreed: ClipAgreed
    """What its performer agreed to."""

    @property
    def take_from_s(self) -> float:
        """Take time of clip time 0, in seconds."""
        return self.first_sample / self.sound.rate_hz

    @property
    def members(self) -> dict[str, ClipSound | ClipPicture]:
        """The media in the file beside clip.json, by name."""
        media: dict[str, ClipSound | ClipPicture] = {SOUND: self.sound}
        return media | ({PICTURE: self.picture} if self.picture is not None else {})
