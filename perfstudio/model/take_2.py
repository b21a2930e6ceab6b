"""Take format 2: what new takes are written in.

Beside what both formats share it has the voice with its boundaries, the countdown as a span, the vocabulary of every
label, and places for what is optional: a partner, a duet, turns, the room alone, the language played, tags, a
transcript. Optional means absent: a reader never meets a null there.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, StringConstraints

from perfstudio.model.as_sent import PartAsSent, changed_parts, parts_as_they_are
from perfstudio.model.base import Document
from perfstudio.model.dates import Moment
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.labels import Labels, WrittenLabels, written
from perfstudio.model.marks import MOST_MARKS, Marks
from perfstudio.model.played import Played
from perfstudio.model.prompt import Language
from perfstudio.model.take import ClipPlayed, JudgedPart, ShownWords, TakeManifest
from perfstudio.model.timing import Span
from perfstudio.model.two_in_a_scene import Duet, RecordedPartner

FORMAT: Final = "perfstudio-take/2"
MOST_SPANS = 10_000
"""Stretches of voice in one take: more are joined over their shortest pauses."""


def _absent(value: object) -> bool:
    return value is None


def _optional(**more: Any) -> Any:
    """A field that is left out while it has nothing to say."""
    return Field(default=None, exclude_if=_absent, **more)


class PromptShown2(ShownWords):
    """The exact words that were on the screen, and where they came from."""

    content_tags: Annotated[tuple[Slug, ...], Field(max_length=50)] | None = _optional()
    """What the scene touches, by tags of the published list, as its pack said; an empty list says "none of them".
    Absent where the pack does not say, which is not the same."""


class VoiceMethod(Document):
    """How the voice was found: enough to do it again, or to judge it."""

    name: Literal["energy-over-room"]
    """The mean square of frames, against the room: the mean of the quietest tenth of them. A frame that stands
    `over_room_db` over the room is voice; short pauses are joined, short stretches dropped."""
    version: Annotated[int, Field(ge=1)]
    """Raised whenever the same sound would give other boundaries."""
    frame_s: float = Field(ge=0)
    """Length of a frame in seconds; no boundary is finer."""
    over_room_db: float
    """How far over the room a frame has to stand, in dB."""
    joined_s: float = Field(ge=0)
    """Pauses up to this many seconds are part of a stretch."""
    shortest_s: float = Field(ge=0)
    """Stretches shorter than this are left out, in seconds."""


class VoiceActivity(Document):
    """Where a voice is heard. Measured by machine, heard by nobody: a cough counts, a whisper may not."""

    method: VoiceMethod
    """How it was found, with its thresholds."""
    room_dbfs: float
    """The level of the room that the thresholds count from, in dB below full scale (mean square, loudest channel)."""
    spans: Annotated[tuple[Span, ...], Field(max_length=MOST_SPANS)]
    """Stretches of voice, rising, in seconds of take time. An empty list: none was found."""


class Turn(Document):
    """A stretch in which one of two holds the floor."""

    start_s: float
    """Where it begins, in seconds of take time."""
    end_s: float
    """Where it ends, in seconds of take time."""
    who: Literal["performer", "partner"]
    """Whose turn it is."""
    kind: Literal["turn", "back_channel", "overlap"] = "turn"
    """A turn, a sign of listening inside the other's turn, or both at once."""


class CountdownSpan(Document):
    """The countdown on the screen. It is part of the files and not of the performance: cut it away."""

    asked_s: int = Field(ge=1)
    """How many seconds were counted down."""
    start_s: float | None = _optional()
    """Where it begins, in seconds of take time: when record was pressed (the marker "roll"). Absent while the take is
    a draft."""
    end_s: float | None = _optional()
    """Where the performance begins, in seconds of take time (the marker "go"); the take's end where it was cut before.
    Absent while the take is a draft."""


class RoomTone(Document):
    """The room without anybody speaking, in the file with the role room_tone: recorded with the take's microphone."""

    recorded_utc: Moment
    """When it was recorded."""
    duration_s: float = Field(ge=0)
    """How long, in seconds."""
    noise_dbfs: float
    """Its level in dB below full scale (mean square, loudest channel)."""


class TranscriptRef(Document):
    """The transcript, in the file transcript.json."""

    sha256: Sha256
    """SHA-256 of that file."""
    language: Language
    """The language that it is written in, as a BCP 47 tag."""
    made_by: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """What wrote it: the program or model with its version, or the performer."""
    draft: bool
    """Nobody has read it through yet."""


class RawFile(Document):
    """A file that stayed in `raw/`, as it was recorded."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    """Its name in `raw/`."""
    size: int = Field(ge=0)
    """Bytes."""
    sha256: Sha256
    """SHA-256 of its bytes."""


class TakeManifest2(TakeManifest):
    """take.json of format 2. Before the cut (`ended` is null) it is a draft: slate, prompt, devices and countdown only.

    Take time is seconds since the first sample of the take's sound. Times are in seconds, levels in dB below full
    scale, hashes are SHA-256 in lower-case hexadecimal digits. Fields marked *living* are what the performer adds after
    the take; all others are sealed.
    """

    format: Literal["perfstudio-take/2"]
    """This format."""
    prompt: PromptShown2
    """What was asked for, word for word."""
    countdown: CountdownSpan | None = _optional()
    """The countdown before the performance; absent where none was shown."""
    voice: VoiceActivity | None = _optional()
    """Where a voice is heard; absent while the take is a draft, or where the sound could not be measured."""
    turns: Annotated[tuple[Turn, ...], Field(max_length=MOST_SPANS)] | None = _optional()
    """Whose turn it is when, in a scene for two; absent while nobody has told them apart."""
    partner: RecordedPartner | None = _optional()
    """The recorded partner that was heard; absent where none was played."""
    duet: Duet | None = _optional()
    """The live partner at another machine; absent where there was none."""
    room_tone: RoomTone | None = _optional()
    """The room alone; absent where it was not recorded."""
    raw: Annotated[tuple[RawFile, ...], Field(max_length=100)] | None = _optional()
    """The files that were left in `raw/` when the take was made, where the finished files do not hold all of them.
    Absent where nothing was left. They stay with the performer and are never sent."""
    labels: WrittenLabels | None = _optional()
    """The performer's own words; absent while nothing was said. Living."""
    played: Played | None = _optional()
    """How it was played. Living."""
    marks: Annotated[Marks, Field(max_length=MOST_MARKS)] | None = _optional()
    """Moments that the performer marked when they watched it; absent where none was. Living."""
    transcript: TranscriptRef | None = _optional()
    """The words that were spoken; absent without a transcript. Living."""
    as_sent: Annotated[tuple[PartAsSent, ...], Field(max_length=20)] | None = _optional()
    """Living parts as they were when the take was last put on its way, by hash, so that a later change is noticed.
    Absent while it was never sent."""

    def bound_for_sending(self) -> Self:
        """With every living part that says something bound by its hash."""
        return self.model_copy(update={"as_sent": parts_as_they_are(self)})

    def changed_since_sent(self) -> tuple[JudgedPart, ...]:
        """What is no longer as it was when the take was last put on its way; empty while it was never sent."""
        return () if self.as_sent is None else changed_parts(self, self.as_sent)

    def said(self) -> Labels | None:
        """What the performer said about it, or None."""
        return self.labels.said() if self.labels else None

    def labelled(self, labels: Labels) -> Self:
        """With what the performer says about it."""
        return self.model_copy(update={"labels": written(labels, self.vocabulary_of)})

    def how_played(self) -> Played | None:
        """How it was played, or None."""
        return self.played

    def with_played(self, played: Played) -> Self:
        """With how it was played."""
        return self.model_copy(update={"played": played})

    def own_marks(self) -> Marks | None:
        """The moments that were marked in review."""
        return self.marks or ()

    def with_own_marks(self, marks: Marks) -> Self:
        """With these."""
        return self.model_copy(update={"marks": marks or None})

    def clip_played(self) -> ClipPlayed | None:
        """The clip that was played to the performer, or None."""
        heard = self.partner
        return ClipPlayed(heard.media, heard.offset_s, heard.first_heard_sample, heard.until_s) if heard else None
