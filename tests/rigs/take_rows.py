"""Rows of takes as the index has them, without a take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from perfstudio.library.take_row import TakeRow
from perfstudio.model.take import Decision, TakeState

_DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)


def take_row(number: int = 1, **changes: object) -> TakeRow:
    """A kept take of “The letter”; one of a higher number is younger by a minute."""
    row = TakeRow(
        take_id=f"{number:026d}", sealed=True, studio_id="lab", pack_id="practice", pack_version="1",
        prompt_id="the-letter", prompt_title="The letter", character="Ines", take_number=number, emotions=("anger",),
        started_utc=_DAY + timedelta(minutes=number), duration_s=12.0, state=TakeState.KEPT, decision=Decision.KEPT,
        circled=False, practice=False, verdict=None, meant=(), note="", sent="", size_bytes=1000,
    )  # fmt: skip
    return replace(row, **changes)  # type: ignore[arg-type]
