"""What a studio says, and signs, when it has deleted a take because its performer took it back."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from perfstudio.model.base import Document
from perfstudio.model.consent import UseId
from perfstudio.model.dates import Moment
from perfstudio.model.delivery import ConsentReceived, Uuid
from perfstudio.model.ids import Sha256
from perfstudio.model.signed import SignedDocument


class DeletedFile(Document):
    """A file that lay at the receiver."""

    role: str
    name: str
    size: int = Field(ge=0)
    """Bytes that had come of it."""
    sha256: Sha256 | None = None
    """By the receiver's own reckoning; absent of a file that had not come whole."""


class ExportHeld(Document):
    """A data set, or whatever else was made of takes, that held this one."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    noted_at: Moment
    """When the studio noted it."""


class DeletionStatement(SignedDocument):
    """That a take was deleted: what lay there, since when it is gone, and which exports held it.

    What was made of an export (a model that was trained) is not undone by this.
    """

    format: Literal["perfstudio-deletion/1"] = "perfstudio-deletion/1"
    studio_id: str
    take_id: str
    record_id: Uuid
    act_sha256: Sha256
    """SHA-256 of the act (RFC 8785) that this answers: an earlier statement does not pass for a later one."""
    use_ids: tuple[UseId, ...]
    """The lines that this act took back."""
    deleted_at: Moment
    """When the receiver looked, and nothing of it was left."""
    files: Annotated[tuple[DeletedFile, ...], Field(max_length=64)]
    """What had lain there until then; nothing, when nothing had come."""
    exports: Annotated[tuple[ExportHeld, ...], Field(max_length=1000)] = ()


class WithdrawalState(StrEnum):
    """What became of an act of withdrawal at the receiver."""

    DELETED = "deleted"  # what it was about is gone; the statements say what
    KEPT = "kept"  # lines were taken back that the studio can do without: the take stays, these uses end
    WAITS = "waits"  # the key of the record did not sign it: a person looks at it
    DISMISSED = "dismissed"  # a person has looked at it, and does not take it for the performer's


class DeletionWord(StrEnum):
    """What is known here of what became of a take that was taken back, once its receiver has been told."""

    DELETED = "deleted"  # the studio has signed that it deleted it
    KEPT = "kept"  # it keeps it, for the uses that still stand
    WAITS = "waits"  # a person there has to confirm that the message is the performer's
    DISMISSED = "dismissed"  # a person there did not take it for the performer's
    SILENT = "silent"  # it has heard, and said nothing of deleting
    KEYLESS = "keyless"  # its document has no key to hold a statement to
    UNPROVEN = "unproven"  # what it signed does not hold
    LOST = "lost"  # neither end has the record any more: it cannot be shown what was taken back
    LEFT = "left"  # a plain server was left the message; it cannot say more


class WithdrawalReceived(ConsentReceived):
    """Answer to a withdrawal."""

    state: WithdrawalState | None = None
    """Absent: the receiver is older than statements."""
    statements: tuple[dict[str, Any], ...] = ()
    """One `DeletionStatement` for each take that went, as it was signed."""
