"""What was taken back of a take, as its papers say."""

from __future__ import annotations

from pathlib import Path

from perfstudio.model.consent import ConsentEvent, ConsentRecord, ConsentStatus
from perfstudio.model.take import FILE_NAMES, FileRole

_WORD = ConsentStatus.WITHDRAWN.value.encode()


def acts_taking_back(record: ConsentRecord) -> tuple[ConsentEvent, ...]:
    """Every act that took lines back, in their order."""
    return tuple(act for act in record.events if act.state is ConsentStatus.WITHDRAWN)


def may_have_taken_back(folder: Path) -> bool:
    """Whether it is worth reading a take's record for that: thousands are asked at a start, few have anything."""
    try:
        return _WORD in (folder / FILE_NAMES[FileRole.CONSENT]).read_bytes()
    except OSError:
        return False
