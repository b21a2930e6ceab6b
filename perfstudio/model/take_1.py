"""Take format 1, as perfstudio 0.1.0 writes it: read, labelled, signed, delivered and verified for ever, never written
anew. Its schema (`take-1.schema.json`) allows what it allowed then, and no more."""

from __future__ import annotations

from typing import Literal, Self

from perfstudio.model.base import Document
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.labels import Labels, Labels1, needs_format_2, written_1
from perfstudio.model.marks import Marks
from perfstudio.model.played import Played
from perfstudio.model.take import ClipPlayed, EndReason, FileEntry, FileRole, JudgedPart, PromptShown, TakeManifest


class FileEntry1(FileEntry):
    """One media file of the take."""

    role: Literal[
        FileRole.PICTURE, FileRole.SOUND, FileRole.THUMBNAIL, FileRole.MANIFEST, FileRole.CONSENT, FileRole.RECEIPT
    ]


class PartnerPlayed(Document):
    """A clip of the pack that was played to the performer, and the take time at which it began."""

    media: Slug
    """Its id in the pack."""
    sha256: Sha256
    """SHA-256 of the clip."""
    start_s: float
    """When it began, in seconds of take time."""


class TakeManifest1(TakeManifest):
    """take.json of format 1. Before the cut (`ended` is None) it is a draft: slate, prompt and devices only."""

    format: Literal["perfstudio-take/1"] = "perfstudio-take/1"
    """This format."""
    prompt: PromptShown
    """What was asked for, word for word."""
    ended: (
        Literal[
            EndReason.CUT, EndReason.ABANDONED, EndReason.CAMERA_LOST, EndReason.MICROPHONE_LOST, EndReason.DISK_FULL,
            EndReason.DISK_FAILED, EndReason.RECORDER_DIED, EndReason.APP_CLOSED, EndReason.SUSPENDED,
            EndReason.RECOVERED,
        ]
        | None
    ) = None  # fmt: skip
    """Why it ended; null while it is a draft."""
    partner: PartnerPlayed | None = None
    """The clip that was played to the performer; null without one."""
    files: tuple[FileEntry1, ...] = ()
    """The media files."""
    labels: Labels1 | None = None
    """The performer's own words; null while nothing was said. Living."""

    def bound_for_sending(self) -> Self:
        """As it is: this format has no place for that, and only a receipt holds what is judged."""
        return self

    def changed_since_sent(self) -> tuple[JudgedPart, ...]:
        """Nothing that could be told from the take alone."""
        return ()

    def said(self) -> Labels | None:
        """What the performer said about it, or None."""
        return self.labels.said() if self.labels else None

    def labelled(self, labels: Labels) -> Self:
        """With what the performer says about it. Raises LibraryError(SCALES_NO_PLACE, take)."""
        if needs_format_2(labels):
            raise LibraryError(ErrorCode.SCALES_NO_PLACE, take=self.take_id)
        return self.model_copy(update={"labels": written_1(labels, self.vocabulary_of)})

    def how_played(self) -> Played | None:
        """Nothing: this format has no place for that."""
        return None

    def with_played(self, played: Played) -> Self:
        """Raises LibraryError(PLAYED_NO_PLACE, take)."""
        raise LibraryError(ErrorCode.PLAYED_NO_PLACE, take=self.take_id)

    def own_marks(self) -> Marks | None:
        """Nothing: this format has no place for that."""
        return None

    def with_own_marks(self, marks: Marks) -> Self:
        """Raises LibraryError(MARKS_NO_PLACE, take)."""
        raise LibraryError(ErrorCode.MARKS_NO_PLACE, take=self.take_id)

    def clip_played(self) -> ClipPlayed | None:
        """The clip that was played to the performer, or None."""
        return ClipPlayed(self.partner.media, self.partner.start_s) if self.partner else None
