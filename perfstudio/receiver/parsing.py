"""Reading what a sender says, strictly: records, announcements, acts of withdrawal."""

from __future__ import annotations

from pydantic import ValidationError

from perfstudio.model.consent import ConsentEvent, ConsentRecord, ConsentStatus
from perfstudio.model.delivery import Announcement
from perfstudio.model.ids import is_take_id
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.receiver.errors import RefusedError


def parse_record(record_id: str, data: bytes) -> ConsentRecord:
    """A consent record under its own id. Raises RefusedError(422)."""
    try:
        record = ConsentRecord.model_validate_json(data)
    except ValidationError as problem:
        raise RefusedError(422, _fields(problem)) from None
    if record.record_id != record_id:
        raise RefusedError(422, "record_id differs from the address")
    return record


def parse_withdrawal(data: bytes) -> ConsentEvent:
    """One act that takes consent back. Raises RefusedError(422)."""
    try:
        event = ConsentEvent.model_validate_json(data)
    except ValidationError as problem:
        raise RefusedError(422, _fields(problem)) from None
    if event.state is not ConsentStatus.WITHDRAWN:
        raise RefusedError(422, "not a withdrawal")
    return event


def parse_announcement(take_id: str, data: bytes) -> Announcement:
    """What will come of a take: one file of each role, under the role's own name. Raises RefusedError(422)."""
    if not is_take_id(take_id):
        raise RefusedError(422, "not a take id")
    try:
        announcement = Announcement.model_validate_json(data)
    except ValidationError as problem:
        raise RefusedError(422, _fields(problem)) from None
    files = announcement.files
    strange = any(f.filename != FILE_NAMES[f.role] for f in files)
    ours = {FileRole.CONSENT, FileRole.RECEIPT} & {f.role for f in files}
    twice = len({f.role for f in files}) != len(files) or len({f.file_id for f in files}) != len(files)
    if strange or ours or twice:
        raise RefusedError(422, "files: one of each role, under the role's own name")
    return announcement


def _fields(problem: ValidationError) -> str:
    layout = [".".join(str(part) for part in error["loc"]) or "body" for error in problem.errors()]
    return "wrong or missing: " + ", ".join(layout[:10])
